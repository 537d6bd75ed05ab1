package simd

import (
	"math"
	"unsafe"
)

var pairGo = pairTable{
	squares: pairSquaresGo, expand: pairExpandGo, products: pairProductsGo, differences: pairDifferencesGo, sums: pairSumsGo,
	gaussian: pairGaussianGo, exponential: pairExponentialGo, root: pairRootGo, stein: pairSteinGo,
}

type pairRow = [PairLanes]float64

// rowsOf is the memory of n rows of a tile.
func rowsOf(at *float64, n int) []pairRow { return unsafe.Slice((*pairRow)(unsafe.Pointer(at)), n) }

func pairSquaresGo(p *PairArgs) {
	x, y := rowsOf(p.X, p.D), unsafe.Slice(p.Y, p.D*p.M)
	for j, u := range rowsOf(p.U, p.M) {
		u = pairRow{}
		for k, yk := range y[j*p.D : (j+1)*p.D] {
			for i, xk := range &x[k] {
				d := xk - yk
				u[i] += float64(d * d)
			}
		}
		rowsOf(p.U, p.M)[j] = u
	}
}

func pairExpandGo(p *PairArgs) {
	us, a, b := rowsOf(p.U, p.M), &rowsOf(p.A, 1)[0], unsafe.Slice(p.B, p.M)
	for j := range us {
		for i, u := range &us[j] {
			us[j][i] = max(0, a[i]+b[j]-2*u)
		}
	}
}

func pairProductsGo(p *PairArgs) {
	x, s := rowsOf(p.X, p.D), rowsOf(p.S, p.D)
	y, t := unsafe.Slice(p.Y, p.D*p.M), unsafe.Slice(p.T, p.D*p.M)
	us, as, bs := rowsOf(p.U, p.M), rowsOf(p.A, p.M), rowsOf(p.B, p.M)
	for j := range us {
		var u, a, b pairRow
		for k := range p.D {
			yk, tk := y[j*p.D+k], t[j*p.D+k]
			sk := &s[k]
			for i, xk := range &x[k] {
				d := xk - yk
				u[i] += float64(d * d)
				a[i] += float64(sk[i] * tk)
				b[i] += float64((sk[i] - tk) * d)
			}
		}
		us[j], as[j], bs[j] = u, a, b
	}
}

func pairDifferencesGo(p *PairArgs) {
	x, g := rowsOf(p.X, p.D), rowsOf(p.G, p.D)
	y := unsafe.Slice(p.Y, p.D*p.M)
	us := rowsOf(p.U, p.M)
	for k := range p.D {
		var sum pairRow
		xk := &x[k]
		for j := range us {
			yk := y[j*p.D+k]
			for i, u := range &us[j] {
				sum[i] += float64(u * (xk[i] - yk))
			}
		}
		for i, v := range sum {
			g[k][i] += v
		}
	}
}

func pairSumsGo(p *PairArgs) {
	var sum pairRow
	us := rowsOf(p.U, p.M)
	for j := range us {
		for i, u := range &us[j] {
			sum[i] += u
		}
	}
	g := rowsOf(p.G, 1)
	for i, v := range sum {
		g[0][i] += v
	}
}

func pairGaussianGo(p *PairArgs) {
	us, q, w := rowsOf(p.U, p.M), rowsOf(p.Q[0], p.M), unsafe.Slice(p.W, p.M)
	for j := range us {
		f := w[j] * p.F[0]
		for i, u := range us[j] {
			q[j][i] = f * exp2Negative(p.P[0]*u)
		}
	}
}

// exp2Negative is 2^s for s <= 0, and NaN for NaN.
func exp2Negative(s float64) float64 {
	if s != s {
		return s
	}
	return exp2(s)
}

func pairExponentialGo(p *PairArgs) {
	a := p.P[1]
	p.eachRow(func(u *pairRow, q *[6]pairRow) {
		for l, u := range u {
			r := math.Sqrt(u)
			i := 0.0
			if u != 0 {
				i = 1 / r
			}
			e := exp2Negative(p.P[0] * r)
			t := min(a*r, 1e6)
			q[0][l] = (1 + t + t*t/3) * e
			q[1][l] = (1 + t) * e
			q[2][l] = e
			q[3][l] = i * e
			q[4][l] = i * i * (a + i) * e
			q[5][l] = i * i * i * (a*a + 3*i*(a+i)) * e
		}
	})
}

func pairRootGo(p *PairArgs) {
	p.eachRow(func(u *pairRow, q *[6]pairRow) {
		for l, u := range u {
			v := float64(p.P[0]*u) + p.P[1]
			r := math.Sqrt(v)
			i := 0.0
			if v != 0 {
				i = 1 / r
			}
			i2 := i * i
			q[0][l] = r
			q[1][l] = i
			q[2][l] = i * i2
			q[3][l] = i * i2 * i2
			q[4][l] = i * i2 * i2 * i2
		}
	})
}

// eachRow has body compute all results for the rows of the tile and keeps those wanted,
// with their factors.
func (p *PairArgs) eachRow(body func(u *pairRow, q *[6]pairRow)) {
	us, w := rowsOf(p.U, p.M), unsafe.Slice(p.W, p.M)
	var q [6]pairRow
	for j := range us {
		body(&us[j], &q)
		for m, at := range p.Q {
			if at == nil {
				continue
			}
			f := w[j] * p.F[m]
			out := &rowsOf(at, p.M)[j]
			for l, v := range &q[m] {
				out[l] = f * v
			}
		}
	}
}

func pairSteinGo(p *PairArgs) {
	n := p.M * PairLanes
	u, a, b := unsafe.Slice(p.U, n), unsafe.Slice(p.A, n), unsafe.Slice(p.B, n)
	q0, q1, q2 := unsafe.Slice(p.Q[0], n), unsafe.Slice(p.Q[1], n), unsafe.Slice(p.Q[2], n)
	for i := range u {
		u[i] = float64(q0[i]*a[i]) + float64(q1[i]*(p.P[0]+float64(p.P[1]*b[i]))) - float64(4*q2[i]*u[i])
	}
}
