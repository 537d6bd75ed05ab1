package kernel

import (
	"math"

	"wgf/internal/simd"
)

// profile fills the planes that are not nil from the squared distances w.r2, see
// [Kernel.At]; the plane of chi holds chi r^2. The vector kernels give multiples of
// functions of the distance, one a slot.
func (k Kernel) profile(w *work, size int) {
	h, a := k.bandwidth(), &w.pair
	phi, psi, chi := w.plane[planePhi], w.plane[planePsi], w.plane[planeChi]
	a.U, a.W = &w.r2[0], &w.ones[0]
	a.Q = [6]*float64{}
	put := func(slot int, factor float64, to []float64) {
		if to != nil {
			a.Q[slot], a.F[slot] = &to[0], factor
		}
	}
	switch k.Family {
	case Energy: // sqrt(u), 1/sqrt(u)
		put(0, -1, phi)
		put(1, -1, psi)
		a.P = [2]float64{1, 0}
		simd.PairRoot(a)
	case IMQ: // v^(-1/2), v^(-3/2), v^(-5/2), v = 1 + u/h^2
		put(1, 1, phi)
		put(2, -1/(h*h), psi)
		put(3, 3/(h*h*h*h), chi)
		a.P = [2]float64{1 / (h * h), 1}
		simd.PairRoot(a)
	case Laplace: // e, e/r
		b := 1 / h
		put(2, 1, phi)
		put(3, -b, psi)
		a.P = [2]float64{-b * math.Log2E, b}
		simd.PairExponential(a)
	case Matern32: // (1+br) e, e, e/r
		b := math.Sqrt(3) / h
		put(1, 1, phi)
		put(2, -b*b, psi)
		put(3, b*b*b, chi)
		a.P = [2]float64{-b * math.Log2E, b}
		simd.PairExponential(a)
	case Matern52: // (1+br+(br)^2/3) e, (1+br) e, e
		b := math.Sqrt(5) / h
		put(0, 1, phi)
		put(1, -b*b/3, psi)
		put(2, b*b*b*b/3, chi)
		a.P = [2]float64{-b * math.Log2E, b}
		simd.PairExponential(a)
	default:
		k.riesz(w, size, phi, psi)
	}
	if chi != nil {
		simd.Mul(chi[:size], chi[:size], w.r2[:size])
	}
}

// riesz fills the planes of -r^p.
func (k Kernel) riesz(w *work, size int, phi, psi []float64) {
	p, r, r2 := k.exponent(), w.e[:size], w.r2[:size]
	simd.Log(r, r2)
	simd.Scale(r, p/2, r)
	simd.Exp(r, r)
	if phi != nil {
		simd.Scale(phi[:size], -1, r)
	}
	if psi != nil {
		psi = psi[:size]
		simd.Div(psi, r, r2)
		simd.Scale(psi, -p, psi)
		for i, v := range r2 {
			if v == 0 { // no pole where points coincide
				psi[i] = 0
			}
		}
	}
}
