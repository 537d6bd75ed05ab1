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
