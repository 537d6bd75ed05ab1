package transport

import (
	"math"

	"wgf/measure"
)

// Glue joins two plans that start at the same points, p from X to Y and q from X
// to Z, to a plan from Y to Z: the (Y, Z) marginal of a coupling of all three whose
// other marginals are p and q (gluing lemma, Villani 2003, lemma 7.6). There are
// many; given x, the atoms of both are joined in their order. The plan has at
// most as many atoms as both together. The cost is linear in the atoms. It panics
// if p.N and q.N differ.
func Glue(p, q *Plan) *Plan {
	if p.N != q.N {
		panic("transport: Glue: the plans start at different numbers of points")
	}
	out := &Plan{N: p.M, M: q.M}
	k, l := 0, 0
	for i := range int32(p.N) {
		left, room := 0.0, 0.0
		for {
			for left <= 0 && k < len(p.I) && p.I[k] == i {
				left, k = p.Mass[k], k+1
			}
			for room <= 0 && l < len(q.I) && q.I[l] == i {
				room, l = q.Mass[l], l+1
			}
			if left <= 0 || room <= 0 { // what is over is rounding
				break
			}
			m := math.Min(left, room)
			out.I, out.J, out.Mass = append(out.I, p.J[k-1]), append(out.J, q.J[l-1]), append(out.Mass, m)
			left, room = left-m, room-m
		}
		for k < len(p.I) && p.I[k] == i {
			k++
		}
		for l < len(q.I) && q.I[l] == i {
			l++
		}
	}
	out.order()
	out.merge()
	return out
}

// merge adds up the atoms of the same pair; they are in order.
func (p *Plan) merge() {
	n := 0
	for k := range p.Mass {
		if n > 0 && p.I[n-1] == p.I[k] && p.J[n-1] == p.J[k] {
			p.Mass[n-1] += p.Mass[k]
			continue
		}
		p.I[n], p.J[n], p.Mass[n] = p.I[k], p.J[k], p.Mass[k]
		n++
	}
	p.I, p.J, p.Mass = p.I[:n], p.J[:n], p.Mass[:n]
}

// Value is the cost sum_ij P_ij c(x_i, y_j) of any plan of the problem.
func (p Problem) Value(plan *Plan) float64 {
	x, y := make([]float64, p.A.D), make([]float64, p.B.D)
	total := 0.0
	for k, mass := range plan.Mass {
		i, j := int(plan.I[k]), int(plan.J[k])
		total += float64(mass * p.Cost.at(p.A, p.B, i, j, x, y))
	}
	return total
}

// at is c(x_i, y_j); x and y are buffers of d numbers.
func (c Cost) at(a, b *measure.Cloud, i, j int, x, y []float64) float64 {
	if c.kind == matrix {
		return c.matrix[i*c.m+j]
	}
	a.Point(x, i)
	b.Point(y, j)
	if c.kind == function {
		return c.f(x, y)
	}
	s := 0.0
	for k, v := range x {
		s += float64((v - y[k]) * (v - y[k]))
	}
	if c.kind == sqEuclidean {
		return s
	}
	return powerCost(math.Sqrt(s), c.p)
}
