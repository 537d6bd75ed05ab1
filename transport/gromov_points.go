package transport

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/rng"
	"wgf/internal/simd"
	"wgf/measure"
)

// gromovPoints is the squared Euclidean inner cost. The linearisation is
// the cross-covariance G = X^T P Y; with centred u and v, up to rows and columns,
//
//	L_ij = -4 u_i v_j - 16 x_i^T G y_j = -2 <p_i, q_j>,
//	p_i = (2^(1/2) u_i, 8^(1/2) x_i),  q_j = (2^(1/2) v_j, 8^(1/2) G y_j),
//
// for which |p_i - q_j|^2 stands. With m = sum a |x|^2 and m' = sum b |y|^2,
//
//	E = 2 (sum a |x|^4 + m^2) + 4 |Cov X|^2 + the same for Y
//	    - 4 sum_ij P_ij u_i v_j - 8 m m' - 8 |G|^2.
type gromovPoints struct {
	x, y       *measure.Cloud // centred
	wa, wb     []float64
	u, v       []float64 // |x|^2 and |y|^2, centred
	own2       []float64 // |q_j|^2
	axes       [2]gromovAxes
	parts      [2]float64 // sum C^2 a a and sum D^2 b b
	cross      float64    // 8 m m'
	g          []float64  // d x d', row-major
	seed       uint64
	p, q       *measure.Cloud
	functions  []float64 // y and v
	low, image []float64
}

// gromovAxes is the square root of a covariance: row k is sqrt(lambda_k) times
// axis k, the longest first.
type gromovAxes [][]float64

func newGromovPoints(a *measure.Cloud, wa []float64, b *measure.Cloud, wb []float64, seed uint64) *gromovPoints {
	m := &gromovPoints{x: a.Clone(), y: b.Clone(), wa: wa, wb: wb, seed: seed}
	m.x.LogW, m.y.LogW = logs(wa), logs(wb)
	m.cross = 8
	for side, c := range []*measure.Cloud{m.x, m.y} {
		w := [][]float64{wa, wb}[side]
		recentre(c, w, nil)
		recentre(c, w, nil) // means are rounded
		u := squaredNorms(c)
		mean := simd.Dot(w, u)
		fourth, covariance := 0.0, 0.0
		for i, v := range u {
			fourth += float64(w[i] * v * v)
			u[i] -= mean
		}
		var cov []float64
		cov, m.axes[side] = gromovCovariance(c, w)
		for _, v := range cov {
			covariance += float64(v * v)
		}
		m.parts[side] = 2*(fourth+mean*mean) + 4*covariance
		m.cross *= mean
		if side == 0 {
			m.u = u
		} else {
			m.v = u
		}
	}
	m.g = make([]float64, a.D*b.D)
	m.p = &measure.Cloud{N: a.N, D: a.D + 1, X: make([]float64, a.N*(a.D+1)), LogW: m.x.LogW}
	m.q = &measure.Cloud{N: b.N, D: a.D + 1, X: make([]float64, b.N*(a.D+1)), LogW: m.y.LogW}
	simd.Scale(m.p.X[:a.N], math.Sqrt2, m.u)
	simd.Scale(m.p.X[a.N:], 2*math.Sqrt2, m.x.X)
	m.functions = append(append(m.functions, m.y.X...), m.v...)
	m.low, m.image = make([]float64, a.N), make([]float64, a.N*(b.D+1))
	m.own2 = make([]float64, b.N)
	return m
}

func logs(w []float64) []float64 {
	out := make([]float64, len(w))
	simd.Log(out, w)
	return out
}

// gromovCovariance is the covariance of a centred cloud, row-major, and its axes.
func gromovCovariance(c *measure.Cloud, w []float64) ([]float64, gromovAxes) {
	d := c.D
	cov := make([]float64, d*d)
	for k := range d {
		for l := range k + 1 {
			s := 0.0
			y := c.Coordinate(l)
			for i, x := range c.Coordinate(k) {
				s += float64(w[i] * x * y[i])
			}
			cov[k*d+l], cov[l*d+k] = s, s
		}
	}
	axes := make(gromovAxes, d)
	var eigen mat.EigenSym
	if d > 0 && eigen.Factorize(mat.NewSymDense(d, append([]float64(nil), cov...)), true) {
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		values := eigen.Values(nil)
		for k := range d {
			at := d - 1 - k
			axes[k] = make([]float64, d)
			for l := range d {
				axes[k][l] = math.Sqrt(math.Max(0, values[at])) * vectors.At(l, at)
			}
		}
	} else {
		for k := range d {
			axes[k] = make([]float64, d)
		}
	}
	return cov, axes
}

func (m *gromovPoints) scale() float64 { return m.parts[0] + m.parts[1] }

// signs is the number of orientations that are tried.
func (m *gromovPoints) signs() int { return 1 << min(m.x.D, m.y.D, 3) }

func (m *gromovPoints) defaultStarts() int { return 1 + m.signs() }

// start is the product coupling, G = 0; then couplings that match the axes,
// G = sum_k +-axis_k axis'_k^T; then axes turned at random.
func (m *gromovPoints) start(k int) bool {
	clear(m.g)
	d, e := m.x.D, m.y.D
	shared := min(d, e)
	switch {
	case shared == 0:
		return k == 0
	case k == 0:
		return true
	case k <= m.signs():
		for at := range shared {
			sign := 1.0
			if at < 3 && (k-1)>>at&1 == 1 {
				sign = -1
			}
			m.addOuter(sign, m.axes[0][at], m.axes[1][at])
		}
		return true
	}
	z := make([]float64, d*shared)
	rng.New(m.seed, rng.Init).Normals(z, d*shared, 1, 0, uint64(k))
	turn := mat.NewDense(d, shared, z)
	var svd mat.SVD
	if !svd.Factorize(turn, mat.SVDThin) {
		return false
	}
	var left, right mat.Dense
	svd.UTo(&left)
	svd.VTo(&right)
	turn.Mul(&left, right.T()) // the orthogonal factor
	for at := range d {
		for to := range shared {
			m.addOuter(turn.At(at, to), m.axes[0][at], m.axes[1][to])
		}
	}
	return true
}

// addOuter adds sign a b^T to G.
func (m *gromovPoints) addOuter(sign float64, a, b []float64) {
	for k, v := range a {
		for l, w := range b {
			m.g[k*len(b)+l] += float64(sign * v * w)
		}
	}
}

func (m *gromovPoints) problem() Problem {
	n := m.y.N
	simd.Scale(m.q.X[:n], math.Sqrt2, m.v)
	rest := m.q.X[n:]
	clear(rest)
	for k := range m.x.D {
		dst := rest[k*n : (k+1)*n]
		for l := range m.y.D {
			simd.AddScaled(dst, 2*math.Sqrt2*m.g[k*m.y.D+l], m.y.Coordinate(l))
		}
	}
	copy(m.own2, squaredNorms(m.q))
	return Problem{A: m.p, B: m.q}
}

func (m *gromovPoints) own() []float64 { return m.own2 }

func (m *gromovPoints) step(e *entropic, r *alternation, eps float64) (energy, linear, change float64) {
	n, d, to := m.x.N, m.x.D, m.y.D
	copy(m.low, r.f)
	cost := make([]float64, n)
	e.forA.averages(m.low, m.image, cost, m.functions, to+1, r.g, e.lb, eps)
	mass := make([]float64, n)
	for i, v := range m.low {
		mass[i] = e.wa[i] * math.Exp((r.f[i]-v)/eps)
		linear += float64(mass[i] * cost[i])
	}
	fourth := 0.0
	for i, v := range m.image[to*n:] {
		fourth += float64(mass[i] * m.u[i] * v)
	}
	size, moved := 0.0, 0.0
	for k := range d {
		x := m.x.Coordinate(k)
		for l := range to {
			s := 0.0
			for i, v := range m.image[l*n : (l+1)*n] {
				s += float64(mass[i] * x[i] * v)
			}
			old := &m.g[k*to+l]
			moved += (s - *old) * (s - *old)
			size += s * s
			*old = s
		}
	}
	energy = m.parts[0] + m.parts[1] - 4*fourth - m.cross - 8*size
	// relative to the largest that G could be
	bound := math.Sqrt(m.axes[0].square() * m.axes[1].square())
	if bound > 0 {
		change = math.Sqrt(moved) / bound
	}
	return energy, linear + e.offset, change
}

// square is the trace of the covariance.
func (a gromovAxes) square() float64 {
	s := 0.0
	for _, axis := range a {
		s += simd.Dot(axis, axis)
	}
	return s
}

func (m *gromovPoints) save() []float64 { return append([]float64(nil), m.g...) }

func (m *gromovPoints) restore(state []float64) { copy(m.g, state) }
