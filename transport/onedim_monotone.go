package transport

import "math"

// monotone couples quantile with quantile: the north-west corner rule on
// sorted atoms. Atoms of the plan are in the order of both.
func monotone(a, b *Quantile) *Plan {
	n, m := len(a.X), len(b.X)
	p := &Plan{N: n, M: m}
	p.I = make([]int32, 0, n+m-1)
	p.J = make([]int32, 0, n+m-1)
	p.Mass = make([]float64, 0, n+m-1)
	add := func(i, j int, mass float64) {
		p.I, p.J, p.Mass = append(p.I, int32(i)), append(p.J, int32(j)), append(p.Mass, mass)
	}
	if a.equal && b.equal { // in units of 1/(n m) nothing is rounded
		left, room := int64(m), int64(n)
		for i, j := 0, 0; i < n && j < m; {
			t := min(left, room)
			add(i, j, float64(t)/(float64(n)*float64(m)))
			if left -= t; left == 0 {
				i, left = i+1, int64(m)
			}
			if room -= t; room == 0 {
				j, room = j+1, int64(n)
			}
		}
		return p
	}
	// The last atom of either side takes what is left of the other: the sums
	// of the weights differ by rounding.
	i, j := 0, 0
	left, room := a.W[0], b.W[0]
	for {
		t := math.Min(left, room)
		if i == n-1 {
			t = room
		} else if j == m-1 {
			t = left
		}
		add(i, j, t)
		if i == n-1 && j == m-1 {
			return p
		}
		left, room = left-t, room-t
		nextA, nextB := left <= 0 && i < n-1, room <= 0 && j < m-1
		if nextA {
			i++
			left = a.W[i]
		}
		if nextB {
			j++
			room = b.W[j]
		}
	}
}

// monotonePotentials are potentials that are tight on the staircase of the
// monotone plan, by x = f_i, y = g_j. For a convex cost the matrix has the
// Monge property, so that f_i + g_j <= c_ij everywhere else (Burkard, Klinz and
// Rudolf 1996, Perspectives of Monge properties, section 2). Where the plan
// goes on in both i and j the staircase passes (i+1, j).
func monotonePotentials(a, b *Quantile, plan *Plan, p float64) (f, g []float64) {
	f, g = make([]float64, len(a.X)), make([]float64, len(b.X))
	i, j := -1, 0
	for k := range plan.I {
		if to := int(plan.I[k]); to > i {
			i = to
			f[i] = powerCost(a.X[i]-b.X[j], p) - g[j]
		}
		if to := int(plan.J[k]); to > j {
			j = to
			g[j] = powerCost(a.X[i]-b.X[j], p) - f[i]
		}
	}
	// Halve the constant between the two sides: large numbers lose digits.
	c := 0.0
	for i, w := range a.W {
		c += w * f[i]
	}
	for j, w := range b.W {
		c -= w * g[j]
	}
	for i := range f {
		f[i] -= c / 2
	}
	for j := range g {
		g[j] += c / 2
	}
	return f, g
}

// extendPotentials gives the points without weight their potential, the
// largest that is feasible: the minimum of c(x, y_j) - g_j over j, which by the
// Monge property is reached at the atom where the staircase passes x.
func extendPotentials(q *Quantile, x []float64, f []float64, other *Quantile, g []float64, pass []int32, p float64) []float64 {
	out := make([]float64, len(x))
	known := make([]bool, len(x))
	for k, i := range q.Index {
		out[i], known[i] = f[k], true
	}
	for i, v := range x {
		if known[i] {
			continue
		}
		// atom k is the first one above x
		lo, hi := 0, len(q.X)
		for lo < hi {
			if mid := (lo + hi) / 2; q.X[mid] > v {
				hi = mid
			} else {
				lo = mid + 1
			}
		}
		j := pass[lo]
		out[i] = powerCost(v-other.X[j], p) - g[j]
	}
	return out
}

// passes says for every gap between atoms of one side, the ones before the
// first and after the last included, at which atom of the other side the
// staircase crosses it.
func passes(plan *Plan) (a, b []int32) {
	a, b = make([]int32, plan.N+1), make([]int32, plan.M+1)
	i, j := int32(0), int32(0)
	for k := range plan.I {
		for ; i < plan.I[k]; i++ {
			a[i+1] = j
		}
		for ; j < plan.J[k]; j++ {
			b[j+1] = i
		}
	}
	a[plan.N], b[plan.M] = j, i
	return a, b
}
