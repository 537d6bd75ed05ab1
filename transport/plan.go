package transport

import "wgf/measure"

// Plan is a coupling as a list of its atoms: Mass[k] goes from point I[k] of A
// to point J[k] of B. Atoms are ordered by I, then J.
type Plan struct {
	N, M int // points of A and of B
	I, J []int32
	Mass []float64
}

// Marginals are the row and column sums of the plan.
func (p *Plan) Marginals() (a, b []float64) {
	a, b = make([]float64, p.N), make([]float64, p.M)
	for k, w := range p.Mass {
		a[p.I[k]] += w
		b[p.J[k]] += w
	}
	return a, b
}

// order sorts the atoms by I, then J, in linear time.
func (p *Plan) order() {
	byJ := counting(p.J, p.M, nil)
	order := counting(p.I, p.N, byJ)
	i, j, mass := make([]int32, len(order)), make([]int32, len(order)), make([]float64, len(order))
	for k, at := range order {
		i[k], j[k], mass[k] = p.I[at], p.J[at], p.Mass[at]
	}
	p.I, p.J, p.Mass = i, j, mass
}

// counting is the order of the keys, which are less than n; ties are in the
// order given (nil: ascending).
func counting(key []int32, n int, order []int32) []int32 {
	next := make([]int32, n+1)
	for _, v := range key {
		next[v+1]++
	}
	for v := range n {
		next[v+1] += next[v]
	}
	out := make([]int32, len(key))
	for k := range key {
		at := int32(k)
		if order != nil {
			at = order[k]
		}
		out[next[key[at]]] = at
		next[key[at]]++
	}
	return out
}

// Barycentric is the barycentric projection T(x_i) = sum_j P_ij y_j / sum_j P_ij,
// coordinate-major like b.X; a point that sends no mass stays where it is in a.
// It is the optimal map where the plan is one (Brenier), for the squared
// Euclidean cost.
func (p *Plan) Barycentric(a, b *measure.Cloud) []float64 {
	out, mass := make([]float64, p.N*b.D), make([]float64, p.N)
	for k, w := range p.Mass {
		mass[p.I[k]] += w
	}
	for d := range b.D {
		col, y := out[d*p.N:(d+1)*p.N], b.X[d*b.N:(d+1)*b.N]
		for k, w := range p.Mass {
			col[p.I[k]] += w * y[p.J[k]]
		}
		for i, w := range mass {
			if w > 0 {
				col[i] /= w
			} else {
				col[i] = a.X[d*a.N+i]
			}
		}
	}
	return out
}
