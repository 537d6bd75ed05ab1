package transport

import (
	"fmt"
	"math"

	"wgf/internal/simd"
	"wgf/measure"
)

// result derives the values from the potentials of the problem made ready.
func (e *entropic) result(r *alternation, eps float64) *Result {
	out := &Result{
		Problem: e.problem, Method: "sinkhorn",
		Status: r.status, Iterations: r.iterations, Residual: r.residual, Epsilon: eps,
		References: []string{
			"Cuturi (2013), Sinkhorn distances: lightspeed computation of optimal transport, NeurIPS",
			"Peyré and Cuturi (2019), Computational Optimal Transport, section 4.4",
		},
	}
	low, cost := make([]float64, e.a.N), make([]float64, e.a.N)
	e.forA.averages(low, nil, cost, nil, 0, r.g, e.lb, eps)
	for i, w := range e.wa {
		mass := float64(w * math.Exp((r.f[i]-low[i])/eps))
		out.Cost += float64(mass * cost[i])
		out.Dual += float64(w * r.f[i])
	}
	for j, w := range e.wb {
		out.Dual += float64(w * r.g[j])
	}
	out.Cost += e.offset
	out.Dual += e.offset
	out.entropic, out.centred = e, r
	out.F, out.G = e.extend(r, eps)
	out.makePlan = func() *Plan { return e.plan(r, eps) }
	return out
}

// normalise moves the constant between the potentials so that both have the
// same mean, half of the value.
func (e *entropic) normalise(r *alternation) {
	t := (simd.Dot(e.wb, r.g) - simd.Dot(e.wa, r.f)) / 2
	for i := range r.f {
		r.f[i] += t
	}
	for j := range r.g {
		r.g[j] -= t
	}
}

// extend takes the potentials to all points of the problem, those without
// weight included, and puts back what centring took out.
func (e *entropic) extend(r *alternation, eps float64) (f, g []float64) {
	f = e.complete(e.problem.A, e.forA, e.ma, r.f, e.ia, r.g, e.lb, eps)
	g = e.complete(e.problem.B, e.forB, e.mb, r.g, e.ib, r.f, e.la, eps)
	e.uncentre(f, e.problem.A, e.ma, 1)
	e.uncentre(g, e.problem.B, e.mb, -1)
	return f, g
}

// complete is own at the points with weight and the soft minimum at the others.
func (e *entropic) complete(c *measure.Cloud, s *softmin, at, own []float64, index []int32, other, logw []float64, eps float64) []float64 {
	out := make([]float64, c.N)
	if index == nil {
		copy(out, own)
		return out
	}
	s = s.to(centred(c, at))
	if e.problem.Cost.kind == matrix { // s knows the points with weight only
		s.cost = e.problem.Cost
		if s.swapped {
			s.cost = subMatrix(s.cost, e.ia, nil, e.a.N, c.N)
		} else {
			s.cost = subMatrix(s.cost, nil, e.ib, c.N, e.b.N)
		}
	}
	s.apply(out, other, logw, eps)
	for k, i := range index {
		out[i] = own[k]
	}
	return out
}

// uncentre adds sign 2 <D, x'> + |D|^2/2.
func (e *entropic) uncentre(f []float64, c *measure.Cloud, at []float64, sign float64) {
	if e.shift == nil {
		return
	}
	for k, d := range e.shift {
		for i, v := range c.Coordinate(k) {
			f[i] += float64(sign * 2 * d * (v - at[k]))
		}
	}
	for i := range f {
		f[i] += e.shift2 / 2
	}
}

// centred is a copy with the point at subtracted; nil: 0.
func centred(c *measure.Cloud, at []float64) *measure.Cloud {
	out := &measure.Cloud{N: c.N, D: c.D, X: append([]float64(nil), c.X...)}
	if at != nil {
		recentre(out, nil, at)
	}
	return out
}

// EvaluatePotential is the potential f at new points,
//
//	f(x) = -eps log sum_j b_j exp((g_j - c(x, y_j))/eps),
//
// the canonical extension of F of an entropic result. The weights of the points
// are not looked at. It is not possible for a cost matrix.
func (r *Result) EvaluatePotential(points *measure.Cloud) ([]float64, error) {
	f, _, err := r.outOfSample(points, false)
	return f, err
}

// EntropicMap is the entropic map at new points,
//
//	T(x) = sum_j p_j(x) y_j,  p_j(x) proportional to b_j exp((g_j - c(x, y_j))/eps),
//
// coordinate-major. For the squared Euclidean cost it is x - grad f(x)/2, an
// estimate of the optimal map (Pooladian and Niles-Weed 2021).
func (r *Result) EntropicMap(points *measure.Cloud) ([]float64, error) {
	_, t, err := r.outOfSample(points, true)
	return t, err
}

func (r *Result) outOfSample(points *measure.Cloud, withMap bool) (f, t []float64, err error) {
	e := r.entropic
	switch {
	case e == nil:
		return nil, nil, fmt.Errorf("transport: a %s result has no entropic potentials", r.Method)
	case e.problem.Cost.kind == matrix:
		return nil, nil, fmt.Errorf("transport: a cost matrix says nothing about new points")
	case points.D != e.a.D:
		return nil, nil, fmt.Errorf("transport: the points have %d coordinates, the measures %d", points.D, e.a.D)
	}
	if err := points.Check(); err != nil {
		return nil, nil, err
	}
	for at, v := range points.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, nil, fmt.Errorf("transport: coordinate %d of point %d is %v", at/points.N+1, at%points.N+1, v)
		}
	}
	x := centred(points, e.ma)
	s := e.forA.to(x)
	f = make([]float64, x.N)
	if !withMap {
		s.apply(f, r.centred.g, e.lb, r.Epsilon)
		e.uncentre(f, points, e.ma, 1)
		return f, nil, nil
	}
	t = make([]float64, x.N*x.D)
	s.averages(f, t, nil, e.b.X, x.D, r.centred.g, e.lb, r.Epsilon)
	for k, m := range e.mb {
		for i := range x.N {
			t[k*x.N+i] += m
		}
	}
	return f, t, nil
}

// negligible is the part of a row or a column of the plan that is left out, at
// most.
const negligible = 1e-10

// plan lists the atoms P_ij = a_i b_j exp((f_i + g_j - c_ij)/eps), tile by tile.
// Atoms below negligible/m of their row and negligible/n of their column are left
// out.
func (e *entropic) plan(r *alternation, eps float64) *Plan {
	n, m := e.a.N, e.b.N
	low := append([]float64(nil), r.f...)
	e.forA.apply(low, r.g, e.lb, eps) // the references that make sums 1
	type atom struct {
		j    int32
		mass float64
	}
	rows := make([][]atom, n)
	e.forA.run(append([]float64(nil), low...), r.g, e.lb, eps, &visitor{
		begin: func(w *softminWork, tile int) {
			for i := tile * softminLanes; i < min(n, (tile+1)*softminLanes); i++ {
				rows[i] = rows[i][:0]
			}
		},
		block: func(w *softminWork, tile, from, count int) {
			for l := range min(softminLanes, n-tile*softminLanes) {
				i := tile*softminLanes + l
				mass := e.wa[i] * math.Exp((r.f[i]-low[i])/eps)
				small := negligible / (float64(n) * mass)
				for j := range count {
					if p := w.weights[j*softminLanes+l]; p > negligible/float64(m) || p > small*e.wb[from+j] {
						rows[i] = append(rows[i], atom{int32(from + j), p * mass})
					}
				}
			}
		},
		end: func(*softminWork, int, *[softminLanes]float64, *[softminLanes]float64) {},
	})
	p := &Plan{N: e.problem.A.N, M: e.problem.B.N}
	total := 0
	for _, row := range rows {
		total += len(row)
	}
	p.I, p.J, p.Mass = make([]int32, 0, total), make([]int32, 0, total), make([]float64, 0, total)
	for i, row := range rows {
		for _, t := range row {
			p.I, p.J, p.Mass = append(p.I, original(e.ia, i)), append(p.J, original(e.ib, int(t.j))), append(p.Mass, t.mass)
		}
		rows[i] = nil
	}
	return p
}

// original is the index in the cloud of the problem of a point with weight.
func original(index []int32, i int) int32 {
	if index == nil {
		return int32(i)
	}
	return index[i]
}
