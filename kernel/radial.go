package kernel

import "math"

// Radial returns phi and its first three derivatives at u = r^2 >= 0, for the kernel
// phi(|x-y|^2). Where a derivative is infinite at u = 0 it is given as 0: what the
// sums multiply it with is 0 there, or, for kernels that are not smooth, the point
// does not act on itself. The kernel must have its bandwidth.
func (k Kernel) Radial(u float64) [4]float64 {
	k.mustHaveBandwidth()
	h := k.Bandwidth
	r := math.Sqrt(u)
	inverse := 0.0 // 1/r
	if u != 0 {
		inverse = 1 / r
	}
	switch k.Family {
	case Gaussian:
		c := -1 / (2 * h * h)
		e := math.Exp(c * u)
		return [4]float64{e, c * e, c * c * e, c * c * c * e}
	case Laplace:
		a := 1 / h
		e := math.Exp(-a * r)
		return [4]float64{e,
			-a / 2 * inverse * e,
			a / 4 * (a + inverse) * inverse * inverse * e,
			-a / 8 * (a*a + 3*inverse*(a+inverse)) * inverse * inverse * inverse * e}
	case IMQ:
		p := 1 / math.Sqrt(1+u/(h*h))
		q := p / h
		return [4]float64{p, -p * q * q / 2, 3 * p * q * q * q * q / 4, -15 * p * q * q * q * q * q * q / 8}
	case Matern32:
		a := math.Sqrt(3) / h
		e := math.Exp(-a * r)
		return [4]float64{polynomial(1, a*r) * e,
			-a * a / 2 * e,
			a * a * a / 4 * inverse * e,
			-a * a * a / 8 * (a + inverse) * inverse * inverse * e}
	case Matern52:
		a := math.Sqrt(5) / h
		e := math.Exp(-a * r)
		return [4]float64{polynomial(2, a*r) * e,
			-a * a / 6 * polynomial(1, a*r) * e,
			a * a * a * a / 12 * e,
			-a * a * a * a * a / 24 * inverse * e}
	case InverseLog:
		p := 1 / (1 + math.Log1p(u/(h*h)))
		v := 1 / (h*h + u)
		return [4]float64{p,
			-p * p * v,
			p * p * (1 + 2*p) * v * v,
			-p * p * (2 + p*(6+6*p)) * v * v * v}
	case Energy:
		return [4]float64{-r, -inverse / 2, inverse * inverse * inverse / 4, -3 * inverse * inverse * inverse * inverse * inverse / 8}
	case Riesz:
		if u == 0 {
			return [4]float64{}
		}
		b := k.exponent() / 2
		p := -math.Pow(u, b)
		return [4]float64{p, b * p / u, b * (b - 1) * p / (u * u), b * (b - 1) * (b - 2) * p / (u * u * u)}
	}
	panic("kernel: unknown family")
}

// polynomial is that of the Matern kernels of order 3/2 and 5/2, large t first tamed
// so that its product with exp(-t) is 0 and not NaN at infinity.
func polynomial(order int, t float64) float64 {
	t = math.Min(t, 1e6)
	if order == 1 {
		return 1 + t
	}
	return 1 + t + t*t/3
}

// Value is k(x, y) for |x-y|^2 = u.
func (k Kernel) Value(u float64) float64 { return k.Radial(u)[0] }

func (k Kernel) mustHaveBandwidth() {
	if k.Family.Scaled() && !(k.Bandwidth > 0) {
		panic("kernel: the bandwidth has not been chosen")
	}
}
