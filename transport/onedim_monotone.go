package transport

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
	// In units of 2^-61 of the mass the sums are equal, and nothing is rounded on
	// the way. An atom that goes in one piece keeps its weight to the last digit.
	sup, dem := units(a.W, b.W)
	left, room := sup[0], dem[0]
	for i, j := 0, 0; i < n && j < m; {
		t := min(left, room)
		switch t {
		case sup[i]:
			add(i, j, a.W[i])
		case dem[j]:
			add(i, j, b.W[j])
		default:
			add(i, j, float64(t)*0x1p-61)
		}
		if left -= t; left == 0 {
			if i++; i < n {
				left = sup[i]
			}
		}
		if room -= t; room == 0 {
			if j++; j < m {
				room = dem[j]
			}
		}
	}
	return p
}

// monotonePotentials are potentials f_i, g_j of the points x and y, tight on a
// staircase of pairs that holds the monotone plan, points without weight
// included. For a convex cost the matrix of the sorted points has the Monge
// property, so that f_i + g_j <= c_ij everywhere else (Burkard, Klinz and
// Rudolf 1996, Perspectives of Monge properties in optimization, section 2).
func monotonePotentials(a, b *Quantile, x, y []float64, plan *Plan, p float64) (f, g []float64) {
	f, g = make([]float64, len(x)), make([]float64, len(y))
	i, j := 0, 0
	u, v := a.order[0], b.order[0]
	f[u] = powerCost(x[u]-y[v], p)
	walk := func(toI, toJ int) {
		for i < toI {
			i++
			u = a.order[i]
			f[u] = powerCost(x[u]-y[v], p) - g[v]
		}
		for j < toJ {
			j++
			v = b.order[j]
			g[v] = powerCost(x[u]-y[v], p) - f[u]
		}
	}
	for k := range plan.I {
		walk(int(a.rank[plan.I[k]]), int(b.rank[plan.J[k]]))
	}
	walk(len(x)-1, len(y)-1)
	// Both sides get the same mean: large numbers lose digits.
	c := 0.0
	for k, at := range a.Index {
		c += a.W[k] * f[at]
	}
	for k, at := range b.Index {
		c -= b.W[k] * g[at]
	}
	for i := range f {
		f[i] -= c / 2
	}
	for j := range g {
		g[j] += c / 2
	}
	return f, g
}
