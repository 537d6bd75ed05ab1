package tape

import (
	"math"
	"slices"
)

// several is the number of terms with something in common that are worth taking together.
const several = 4

// sum records a sum of terms, after taking out what they have in common:
//
//	sum c s z_i          becomes  c s sum z_i
//	sum (s z_i)^2        becomes  s^2 sum z_i^2
//	sum w_i (L_i x)^2    becomes  sum (R_j x)^2, R the triangular factor of the rows sqrt(w_i) L_i, if there are fewer
//	sum w_i L_i x        becomes  (sum w_i L_i) x
//
// where s and z are nodes, c and w constants and L x linear combinations of one list x.
func (g *graph) sum(l linear) Num {
	for i, r := range l.refs {
		l.refs[i], l.coefs[i] = g.peel(r, l.coefs[i])
	}
	l.merge()
	if len(l.refs) < several {
		return l.record(g)
	}
	l = g.takeCoefficients(l)
	l = g.takeFactors(l)
	l = g.reduceSquares(l)
	l = g.composeRows(l)
	l.merge()
	return l.record(g)
}

// peel moves constant factors of a term into its coefficient.
func (g *graph) peel(ref int32, c float64) (int32, float64) {
	for {
		n := &g.nodes[ref]
		switch {
		case n.op == Neg:
			ref, c = n.a, -c
		case n.op == Mul && n.b < 0:
			ref, c = n.a, c*g.consts[-n.b-1]
		default:
			return ref, c
		}
	}
}

// include adds a term.
func (l *linear) include(v Num, c float64) {
	if v.Ref == 0 {
		l.bias += c * v.V
	} else {
		l.append(int32(v.Ref), c)
	}
}

// takeCoefficients sums the terms that have one coefficient before the multiplication.
func (g *graph) takeCoefficients(l linear) linear {
	count := make(map[float64]int)
	for _, c := range l.coefs {
		count[c]++
	}
	var common []float64
	for c, k := range count {
		if c != 1 && k >= several {
			common = append(common, c)
		}
	}
	if len(common) == 0 {
		return l
	}
	slices.Sort(common)
	rest := linear{bias: l.bias}
	parts := make([]linear, len(common))
	for i, c := range l.coefs {
		if k, found := slices.BinarySearch(common, c); found {
			parts[k].append(l.refs[i], 1)
		} else {
			rest.append(l.refs[i], c)
		}
	}
	for k, c := range common {
		rest.include(g.sum(parts[k]), c)
	}
	return rest
}

// factor is a node to a power, 1 or 2.
type factor struct {
	ref   int32
	power int
}

// factors gives the two ways to write a node as a product.
func (g *graph) factors(ref int32) (f [2]factor, rest [2]func() Num, n int) {
	v := g.nodes[ref]
	switch {
	case v.op == Mul && v.b > 0:
		return [2]factor{{v.a, 1}, {v.b, 1}}, [2]func() Num{
			func() Num { return g.num(v.b) }, func() Num { return g.num(v.a) }}, 2
	case v.op == Square && g.nodes[v.a].op == Mul && g.nodes[v.a].b > 0:
		w := g.nodes[v.a]
		return [2]factor{{w.a, 2}, {w.b, 2}}, [2]func() Num{
			func() Num { return g.op1(Square, g.num(w.b)) }, func() Num { return g.op1(Square, g.num(w.a)) }}, 2
	}
	return f, rest, 0
}

// takeFactors takes a node out of the terms that it multiplies, if there are several.
func (g *graph) takeFactors(l linear) linear {
	count := make(map[factor]int)
	for _, r := range l.refs {
		f, _, n := g.factors(r)
		for _, x := range f[:n] {
			count[x]++
		}
	}
	rest := linear{bias: l.bias}
	var order []factor
	parts := make(map[factor]*linear)
	for i, r := range l.refs {
		f, others, n := g.factors(r)
		best := -1
		for k := range n {
			if count[f[k]] >= several && (best < 0 || count[f[k]] > count[f[best]]) {
				best = k
			}
		}
		if best < 0 {
			rest.append(r, l.coefs[i])
			continue
		}
		part := parts[f[best]]
		if part == nil {
			part = new(linear)
			parts[f[best]] = part
			order = append(order, f[best])
		}
		part.include(others[best](), l.coefs[i])
	}
	for _, f := range order {
		s := g.num(f.ref)
		if f.power == 2 {
			s = g.op1(Square, s)
		}
		rest.include(g.product(g.sum(*parts[f]), s), 1)
	}
	return rest
}

// reduceSquares replaces squares of many linear combinations of one list by squares of few.
func (g *graph) reduceSquares(l linear) linear {
	groups := make(map[int32][]int) // list: terms
	var order []int32
	for i, r := range l.refs {
		n := &g.nodes[r]
		if n.op != Square || g.nodes[n.a].op != opLin || l.coefs[i] <= 0 {
			continue
		}
		list := g.nodes[n.a].a
		if groups[list] == nil {
			order = append(order, list)
		}
		groups[list] = append(groups[list], i)
	}
	drop := make([]bool, len(l.refs))
	var more linear
	for _, list := range order {
		terms := groups[list]
		k := len(g.items(list))
		if len(terms) <= k+1 || len(terms) > maxQRWork/((k+1)*(k+1)) {
			continue
		}
		q := newTriangular(k + 1)
		row := make([]float64, k+1)
		for _, i := range terms {
			n := &g.nodes[g.nodes[l.refs[i]].a]
			w := math.Sqrt(l.coefs[i])
			coefs := g.linCoefs(n)
			for j := range k {
				row[j] = w * coefAt(coefs, j)
			}
			row[k] = 0
			if n.c != 0 {
				row[k] = w * g.consts[-n.c-1]
			}
			q.add(row)
		}
		rows, finite := q.factor()
		if !finite {
			continue
		}
		for _, i := range terms {
			drop[i] = true
		}
		for j := range k {
			r := rows[j*(k+1) : (j+1)*(k+1)]
			more.include(g.op1(Square, g.linList(list, r[:k], r[k])), 1)
		}
		more.bias += rows[k*(k+1)+k] * rows[k*(k+1)+k]
	}
	return l.replace(drop, more)
}

// replace drops terms and adds others.
func (l *linear) replace(drop []bool, more linear) linear {
	out := linear{bias: l.bias + more.bias}
	for i, r := range l.refs {
		if !drop[i] {
			out.append(r, l.coefs[i])
		}
	}
	out.refs = append(out.refs, more.refs...)
	out.coefs = append(out.coefs, more.coefs...)
	return out
}

// composeRows adds up the coefficients of linear combinations of one list.
func (g *graph) composeRows(l linear) linear {
	groups := make(map[int32][]int)
	var order []int32
	for i, r := range l.refs {
		if n := &g.nodes[r]; n.op == opLin {
			if groups[n.a] == nil {
				order = append(order, n.a)
			}
			groups[n.a] = append(groups[n.a], i)
		}
	}
	drop := make([]bool, len(l.refs))
	var more linear
	for _, list := range order {
		terms := groups[list]
		items := g.items(list)
		if len(terms) < 2 || len(terms) < len(items) {
			continue
		}
		sum := linear{refs: slices.Clone(items), coefs: make([]float64, len(items))}
		for _, i := range terms {
			n := &g.nodes[l.refs[i]]
			coefs := g.linCoefs(n)
			for j := range sum.coefs {
				sum.coefs[j] += l.coefs[i] * coefAt(coefs, j)
			}
			if n.c != 0 {
				sum.bias += l.coefs[i] * g.consts[-n.c-1]
			}
			drop[i] = true
		}
		more.include(sum.record(g), 1)
	}
	return l.replace(drop, more)
}
