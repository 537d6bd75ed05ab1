package tape

import "math"

// op1 records a one-operand operation: folds constants and applies identities.
func (g *graph) op1(op Op, x Num) Num {
	if x.Ref == 0 {
		return Const(Eval1(op, x.V))
	}
	a := int32(x.Ref)
	n := g.nodes[a]
	switch op {
	case Neg:
		switch n.op {
		case Neg:
			return g.num(n.a)
		case Sub:
			return g.op2(Sub, g.num(n.b), g.num(n.a))
		case Mul:
			if n.b < 0 {
				return g.op2(Mul, g.num(n.a), Const(-g.consts[-n.b-1]))
			}
		}
	case Log:
		switch n.op {
		case Exp:
			return g.num(n.a)
		case Sqrt:
			return g.op2(Mul, Const(0.5), g.op1(Log, g.num(n.a)))
		case Inv:
			if g.has(n.a, flagPositive) {
				return g.op1(Neg, g.op1(Log, g.num(n.a)))
			}
		case InvLogit:
			return g.op1(Neg, g.op1(Log1pExp, g.op1(Neg, g.num(n.a))))
		}
	case Log1m:
		if n.op == InvLogit {
			return g.op1(Neg, g.op1(Log1pExp, g.num(n.a)))
		}
		return g.op1(Log1p, g.op1(Neg, x))
	case Log1p:
		if n.op == Exp {
			return g.op1(Log1pExp, g.num(n.a))
		}
		if n.op == Neg && g.nodes[n.a].op == InvLogit {
			return g.op1(Neg, g.op1(Log1pExp, g.num(g.nodes[n.a].a)))
		}
	case Exp:
		if n.op == Log && g.has(n.a, flagNonNegative) {
			return g.num(n.a)
		}
	case Logit:
		if n.op == InvLogit {
			return g.num(n.a)
		}
		return g.op2(Sub, g.op1(Log, x), g.op1(Log1m, x))
	case Sqrt:
		if n.op == Square {
			return g.op1(Abs, g.num(n.a))
		}
	case Square:
		switch n.op {
		case Neg, Abs:
			return g.op1(Square, g.num(n.a))
		case Sqrt:
			if g.has(n.a, flagNonNegative) {
				return g.num(n.a)
			}
		case Inv:
			return g.op1(Inv, g.op1(Square, g.num(n.a)))
		case Mul:
			if n.b > 0 && (g.isRoot(n.a) || g.isRoot(n.b)) {
				return g.product(g.op1(Square, g.num(n.a)), g.op1(Square, g.num(n.b)))
			}
		}
	case Abs:
		if g.has(a, flagNonNegative) {
			return x
		}
		if n.op == Neg {
			return g.op1(Abs, g.num(n.a))
		}
	case Inv:
		if n.op == Inv {
			return g.num(n.a)
		}
		if n.op == Neg {
			return g.op1(Neg, g.op1(Inv, g.num(n.a)))
		}
	case Not:
		return g.op2(EQ, x, Const(0))
	}
	return g.add(op, a, 0, 0)
}

// op2 records a two-operand operation.
func (g *graph) op2(op Op, x, y Num) Num {
	if x.Ref == 0 && y.Ref == 0 {
		return Const(Eval2(op, x.V, y.V))
	}
	switch op {
	case Add:
		return g.sum2(x, y)
	case Sub:
		return g.difference(x, y)
	case Mul:
		return g.product(x, y)
	case Div:
		return g.quotient(x, y)
	case Pow:
		return g.power(x, y)
	case opMulZ:
		if x.Ref == 0 && x.V == 0 {
			return x
		}
		if y.Ref == 0 && !math.IsInf(y.V, 0) && !math.IsNaN(y.V) {
			return g.product(x, y)
		}
	case Min, Max, opMaxStop:
		if x == y {
			return x
		}
		if x.Ref == 0 || y.Ref != 0 && y.Ref < x.Ref {
			x, y = y, x
		}
	case GT:
		return g.op2(LT, y, x)
	case GE:
		return g.op2(LE, y, x)
	case NE:
		if y.Ref == 0 && y.V == 0 && g.isBool(int32(x.Ref)) {
			return x
		}
		return g.op1(Not, g.op2(EQ, x, y))
	case EQ:
		if x.Ref == 0 || y.Ref != 0 && y.Ref < x.Ref {
			x, y = y, x
		}
	case And, Or:
		return g.logical(op, x, y)
	case LogDiffExp:
		return g.op2(Add, x, g.op1(Log1mExp, g.op2(Sub, y, x)))
	case Polygamma:
		if x.Ref == 0 && x.V <= 1 {
			return g.op1([]Op{Digamma, Trigamma}[int(x.V)], y)
		}
	case Hypot:
		if x.Ref == 0 {
			x, y = y, x
		}
	}
	return g.add(op, g.ref(x), g.ref(y), 0)
}

// op3 records a three-operand operation.
func (g *graph) op3(op Op, x, y, z Num) Num {
	if x.Ref == 0 && y.Ref == 0 && z.Ref == 0 {
		return Const(Eval3(op, x.V, y.V, z.V))
	}
	switch op {
	case FMA:
		if x.Ref == 0 && y.Ref == 0 {
			return g.sum2(Const(x.V*y.V), z)
		}
		if z.Ref == 0 && z.V == 0 {
			return g.product(x, y)
		}
		if x.Ref == 0 || y.Ref != 0 && y.Ref < x.Ref {
			x, y = y, x
		}
		if y.Ref == 0 {
			switch y.V {
			case 1:
				return g.sum2(x, z)
			case -1:
				return g.difference(z, x)
			}
		}
	case Select:
		if x.Ref == 0 {
			if x.V != 0 {
				return y
			}
			return z
		}
		if y == z && (y.Ref != 0 || !math.IsNaN(y.V)) {
			return y
		}
	}
	return g.add(op, g.ref(x), g.ref(y), g.ref(z))
}

func (g *graph) sum2(x, y Num) Num {
	if x.Ref == 0 || y.Ref != 0 && y.Ref < x.Ref {
		x, y = y, x
	}
	if y.Ref == 0 {
		if y.V == 0 {
			return x
		}
		return g.add(Add, int32(x.Ref), g.constant(y.V), 0)
	}
	if n := g.nodes[y.Ref]; n.op == Neg {
		return g.difference(x, g.num(n.a))
	}
	if n := g.nodes[x.Ref]; n.op == Neg {
		return g.difference(y, g.num(n.a))
	}
	return g.add(Add, int32(x.Ref), int32(y.Ref), 0)
}

func (g *graph) difference(x, y Num) Num {
	if x.Ref == 0 && y.Ref == 0 {
		return Const(x.V - y.V)
	}
	if y.Ref == 0 {
		return g.sum2(x, Const(-y.V))
	}
	if x.Ref == 0 && x.V == 0 {
		return g.op1(Neg, y)
	}
	n := g.nodes[y.Ref]
	if n.op == Neg {
		return g.sum2(x, g.num(n.a))
	}
	if n.op == InvLogit && x == Const(1) {
		return g.op1(InvLogit, g.op1(Neg, g.num(n.a)))
	}
	return g.add(Sub, g.ref(x), int32(y.Ref), 0)
}

func (g *graph) product(x, y Num) Num {
	if x.Ref == 0 && y.Ref == 0 {
		return Const(x.V * y.V)
	}
	if x.Ref == 0 || y.Ref != 0 && y.Ref < x.Ref {
		x, y = y, x
	}
	n := g.nodes[x.Ref]
	if y.Ref == 0 {
		switch {
		case y.V == 1:
			return x
		case y.V == -1:
			return g.op1(Neg, x)
		case y.V == 0 && n.op == opInput:
			return Const(0)
		case n.op == Neg:
			return g.product(g.num(n.a), Const(-y.V))
		case n.op == Mul && n.b < 0:
			return g.product(g.num(n.a), Const(y.V*g.consts[-n.b-1]))
		}
		return g.add(Mul, int32(x.Ref), g.constant(y.V), 0)
	}
	if x == y {
		return g.op1(Square, x)
	}
	m := g.nodes[y.Ref]
	// Signs and constant factors go outwards, so that equal products meet.
	switch {
	case n.op == Neg:
		return g.op1(Neg, g.product(g.num(n.a), y))
	case m.op == Neg:
		return g.op1(Neg, g.product(x, g.num(m.a)))
	case n.op == Mul && n.b < 0:
		return g.product(g.product(g.num(n.a), y), g.num(n.b))
	case m.op == Mul && m.b < 0:
		return g.product(g.product(x, g.num(m.a)), g.num(m.b))
	}
	return g.add(Mul, int32(x.Ref), int32(y.Ref), 0)
}

// quotient writes a division as a product with a reciprocal: reciprocals are shared, also with the derivative.
func (g *graph) quotient(x, y Num) Num {
	if y.Ref == 0 {
		return g.product(x, Const(1/y.V))
	}
	inv := g.op1(Inv, y)
	if x.Ref == 0 && x.V == 1 {
		return inv
	}
	return g.product(x, inv)
}

// power reduces constant exponents; a positive base goes through logarithm and exponential.
func (g *graph) power(x, y Num) Num {
	if y.Ref == 0 {
		switch y.V {
		case 0:
			return Const(1)
		case 1:
			return x
		case 0.5:
			return g.op1(Sqrt, x)
		case -0.5:
			return g.op1(Inv, g.op1(Sqrt, x))
		case 1.5:
			return g.product(x, g.op1(Sqrt, x))
		}
		if k := int(y.V); float64(k) == y.V && k >= -8 && k <= 8 {
			if k < 0 {
				return g.op1(Inv, g.power(x, Const(-y.V)))
			}
			half := g.op1(Square, g.power(x, Const(float64(k/2))))
			if k%2 == 1 {
				return g.product(half, x)
			}
			return half
		}
	}
	if x.Ref == 0 && x.V == math.E {
		return g.op1(Exp, y)
	}
	if x.Ref == 0 && x.V > 0 || x.Ref != 0 && g.has(int32(x.Ref), flagPositive) {
		return g.op1(Exp, g.product(y, g.op1(Log, x)))
	}
	return g.add(Pow, g.ref(x), g.ref(y), 0)
}

// logical writes and, or as product and maximum of numbers that are 0 or 1.
func (g *graph) logical(op Op, x, y Num) Num {
	if x.Ref == 0 {
		x, y = y, x
	}
	if y.Ref == 0 {
		holds := y.V != 0
		if holds == (op == Or) {
			return Const(truth(holds))
		}
		return g.boolean(x)
	}
	x, y = g.boolean(x), g.boolean(y)
	if x == y {
		return x
	}
	var r Num
	if op == And {
		r = g.product(x, y)
	} else {
		r = g.op2(Max, x, y)
	}
	if r.Ref != 0 {
		g.nodes[r.Ref].flags |= flagBool | flagNonNegative
	}
	return r
}

// boolean turns any number into 0 or 1.
func (g *graph) boolean(x Num) Num {
	if x.Ref == 0 {
		return Const(truth(x.V != 0))
	}
	if g.isBool(int32(x.Ref)) {
		return x
	}
	return g.op2(EQ, g.op2(EQ, x, Const(0)), Const(0))
}

// isRoot tells that the square of a node is simpler than the node: a square root or its reciprocal.
func (g *graph) isRoot(ref int32) bool {
	n := &g.nodes[ref]
	if n.op == Inv && n.a > 0 {
		n = &g.nodes[n.a]
	}
	return n.op == Sqrt && n.a > 0 && g.has(n.a, flagNonNegative)
}
