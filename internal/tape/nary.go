package tape

import "math"

// Sum records the sum of numbers as one operation.
func (t *Trace) Sum(xs []Num) Num { return t.weighted(xs, nil) }

// Dot records sum xs[i]*ys[i].
func (t *Trace) Dot(xs, ys []Num) Num {
	if len(xs) != len(ys) {
		panic("tape: Dot of different lengths")
	}
	terms := make([]Num, len(xs))
	var coefs []float64
	for i, x := range xs {
		y := ys[i]
		if x.Ref == 0 {
			x, y = y, x
		}
		if y.Ref != 0 || x.Ref == 0 {
			terms[i] = t.Op2(Mul, x, y)
			continue
		}
		if coefs == nil {
			coefs = make([]float64, len(xs))
			for j := range coefs {
				coefs[j] = 1
			}
		}
		terms[i], coefs[i] = x, y.V
	}
	return t.weighted(terms, coefs)
}

// weighted records sum coefs[i]*xs[i]; coefs nil means 1.
func (t *Trace) weighted(xs []Num, coefs []float64) Num {
	if t.full(1) {
		return Num{}
	}
	var l linear
	for i, x := range xs {
		c := 1.0
		if coefs != nil {
			c = coefs[i]
		}
		if x.Ref == 0 {
			l.bias += c * x.V
		} else {
			l.append(int32(x.Ref), c)
		}
	}
	return l.record(t.g)
}

// MatVec records the product of a constant row-major matrix (rows x cols) with a vector. It stays one matrix product
// over the block of particles. m is copied.
func (t *Trace) MatVec(m []float64, rows, cols int, x []Num) []Num {
	if len(m) != rows*cols || len(x) != cols {
		panic("tape: MatVec with wrong sizes")
	}
	out := make([]Num, rows)
	if t.full(rows) {
		return out
	}
	if sparse(m) {
		for r := range out {
			row := m[r*cols : (r+1)*cols]
			var l linear
			for k, c := range row {
				switch {
				case x[k].Ref == 0:
					l.bias += c * x[k].V
				case c != 0:
					l.append(int32(x[k].Ref), c)
				}
			}
			out[r] = l.record(t.g)
		}
		return out
	}
	// One list for all rows: they are recognised as one product by it.
	var l linear
	column := make([]int, cols) // place of column k among the terms, -1: constant
	place := make(map[Ref]int, cols)
	for k, v := range x {
		column[k] = -1
		if v.Ref == 0 {
			continue
		}
		p, seen := place[v.Ref]
		if !seen {
			p = len(l.refs)
			place[v.Ref] = p
			l.append(int32(v.Ref), 0)
		}
		column[k] = p
	}
	list := int32(0)
	if len(l.refs) > 0 {
		list = t.g.list(l.refs)
	}
	for r := range out {
		clear(l.coefs)
		bias := 0.0
		for k, c := range m[r*cols : (r+1)*cols] {
			if p := column[k]; p >= 0 {
				l.coefs[p] += c
			} else {
				bias += c * x[k].V
			}
		}
		if len(l.refs) == 0 {
			out[r] = Const(bias)
			continue
		}
		out[r] = t.g.linList(list, l.coefs, bias)
	}
	return out
}

// sparse tells that a matrix is better kept by its entries than as a whole.
func sparse(m []float64) bool {
	zeros := 0
	for _, v := range m {
		if v == 0 {
			zeros++
		}
	}
	return 4*(len(m)-zeros) <= len(m)
}

// LogSumExp records log sum exp(xs[i]). The gradient is the softmax; where every argument is -Inf the value is -Inf
// and the gradient 0.
func (t *Trace) LogSumExp(xs []Num) Num {
	switch len(xs) {
	case 0:
		return Const(math.Inf(-1))
	case 1:
		return xs[0]
	}
	if t.full(4*len(xs) + 4) {
		return Num{}
	}
	return t.g.logSumExp(xs)
}

func (g *graph) logSumExp(xs []Num) Num {
	// Constants are one term.
	rest := make([]Num, 0, len(xs))
	largest, bias := math.Inf(-1), 0.0
	for _, x := range xs {
		if x.Ref != 0 {
			rest = append(rest, x)
		} else {
			largest = math.Max(largest, x.V)
		}
	}
	if !math.IsInf(largest, -1) {
		for _, x := range xs {
			if x.Ref == 0 {
				bias += math.Exp(x.V - largest)
			}
		}
		c := largest + math.Log(bias)
		if len(rest) == 0 || math.IsInf(largest, 1) {
			return Const(c)
		}
		rest = append(rest, Const(c))
	}
	if len(rest) == 0 {
		return Const(largest)
	}
	if len(rest) == 1 {
		return rest[0]
	}
	// The clamp keeps -Inf - (-Inf) away: with all arguments -Inf the sum is 0 and its logarithm -Inf.
	m := g.largest(rest, -math.MaxFloat64)
	terms := make([]Num, len(rest))
	for i, x := range rest {
		terms[i] = g.op1(Exp, g.difference(x, m))
	}
	var s Num
	if len(terms) <= 4 {
		s = terms[0]
		for _, e := range terms[1:] {
			s = g.sum2(s, e)
		}
	} else {
		var l linear
		for _, e := range terms {
			l.append(int32(e.Ref), 1)
		}
		s = l.record(g)
	}
	return g.sum2(m, g.add(opLogSum, int32(s.Ref), 0, 0))
}

// largest is max(floor, xs...), a constant to differentiation.
func (g *graph) largest(xs []Num, floor float64) Num {
	if len(xs) <= 8 {
		m := xs[0]
		for _, x := range xs[1:] {
			m = g.op2(opMaxStop, m, x)
		}
		return g.op2(opMaxStop, m, Const(floor))
	}
	return g.extreme(opMaxN, xs, floor)
}

// linear is bias + sum coefs[i]*refs[i] under construction.
type linear struct {
	refs  []int32
	coefs []float64
	bias  float64
}

func (l *linear) append(ref int32, c float64) {
	l.refs = append(l.refs, ref)
	l.coefs = append(l.coefs, c)
}

// record merges equal terms, in the order of first appearance, and stores the combination.
func (l *linear) record(g *graph) Num {
	if len(l.refs) > 1 {
		l.merge()
	}
	switch {
	case len(l.refs) == 0:
		return Const(l.bias)
	case len(l.refs) == 1:
		return g.sum2(g.product(g.num(l.refs[0]), Const(l.coefs[0])), Const(l.bias))
	case len(l.refs) == 2 && l.bias == 0 && l.coefs[0] == 1 && l.coefs[1] == 1:
		return g.sum2(g.num(l.refs[0]), g.num(l.refs[1]))
	}
	return g.lin(l.refs, l.coefs, l.bias)
}

func (l *linear) merge() {
	if len(l.refs) <= 8 {
		n := 0
	next:
		for i, r := range l.refs {
			for j := range n {
				if l.refs[j] == r {
					l.coefs[j] += l.coefs[i]
					continue next
				}
			}
			l.refs[n], l.coefs[n] = r, l.coefs[i]
			n++
		}
		l.refs, l.coefs = l.refs[:n], l.coefs[:n]
		return
	}
	ascending := true
	for i := 1; i < len(l.refs); i++ {
		if l.refs[i] <= l.refs[i-1] {
			ascending = false
			break
		}
	}
	if ascending {
		return
	}
	place := make(map[int32]int, len(l.refs))
	n := 0
	for i, r := range l.refs {
		if j, seen := place[r]; seen {
			l.coefs[j] += l.coefs[i]
			continue
		}
		place[r] = n
		l.refs[n], l.coefs[n] = r, l.coefs[i]
		n++
	}
	l.refs, l.coefs = l.refs[:n], l.coefs[:n]
}
