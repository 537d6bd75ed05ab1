package tape

// signs derives what is known about the value of an operation from what is known about its operands.
func (g *graph) signs(op Op, a, b, c int32) uint8 {
	const pos = flagPositive | flagNonNegative
	switch op {
	case Exp, InvLogit, Cosh, Log1pExp, Erfc, Phi, Trigamma:
		if op == Trigamma && !g.has(a, flagPositive) {
			return 0
		}
		return pos
	case Square:
		if g.has(a, flagPositive) {
			return pos
		}
		return flagNonNegative
	case Abs:
		if g.has(a, flagPositive) {
			return pos
		}
		return flagNonNegative
	case Sqrt, Inv, Cbrt, Sinh, Asinh, Atan:
		s := g.sign(a)
		if op == Sqrt {
			s |= flagNonNegative
		}
		return s
	case Expm1, Log1p, Tanh, Erf:
		return g.sign(a)
	case Add:
		s, t := g.sign(a), g.sign(b)
		if s&flagNonNegative != 0 && t&flagNonNegative != 0 {
			return s | t
		}
	case Mul, opMulZ, Div, Min:
		return g.sign(a) & g.sign(b)
	case Max, opMaxStop:
		return g.sign(a) | g.sign(b)
	case Hypot:
		return flagNonNegative | (g.sign(a)|g.sign(b))&flagPositive
	case Pow:
		return g.sign(a)
	case FMA:
		s, t := g.sign(a)&g.sign(b), g.sign(c)
		if s&flagNonNegative != 0 && t&flagNonNegative != 0 {
			return s | t
		}
	case Select:
		return g.sign(b) & g.sign(c)
	case LT, LE, GT, GE, EQ, NE, And, Or, Not:
		return flagBool | flagNonNegative
	}
	return 0
}

func (g *graph) signsLin(list int32, coefs []float64, bias float64) uint8 {
	if bias < 0 {
		return 0
	}
	s := flagNonNegative
	if bias > 0 {
		s |= flagPositive
	}
	for i, r := range g.items(list) {
		if coefs != nil && !(coefs[i] >= 0) {
			return 0
		}
		t := g.sign(r)
		if t&flagNonNegative == 0 {
			return 0
		}
		if coefs == nil || coefs[i] > 0 {
			s |= t
		}
	}
	return s
}

func (g *graph) has(ref int32, flag uint8) bool { return g.sign(ref)&flag != 0 }

// sign gives the sign flags of a reference.
func (g *graph) sign(ref int32) uint8 {
	if ref > 0 {
		return g.nodes[ref].flags & (flagPositive | flagNonNegative)
	}
	switch v := g.consts[-ref-1]; {
	case v > 0:
		return flagPositive | flagNonNegative
	case v == 0:
		return flagNonNegative
	}
	return 0
}

func (g *graph) isBool(ref int32) bool {
	if ref > 0 {
		return g.nodes[ref].flags&flagBool != 0
	}
	v := g.consts[-ref-1]
	return v == 0 || v == 1
}

// Positive tells that a is known to be above zero wherever it is a number.
func (t *Trace) Positive(a Num) bool {
	if a.Ref == 0 {
		return a.V > 0
	}
	return t.g.nodes[a.Ref].flags&flagPositive != 0
}

// NonNegative tells that a is known to be at least zero wherever it is a number.
func (t *Trace) NonNegative(a Num) bool {
	if a.Ref == 0 {
		return a.V >= 0
	}
	return t.g.nodes[a.Ref].flags&flagNonNegative != 0
}
