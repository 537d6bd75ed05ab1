package target

import "math"

// The second derivatives of the analytic targets, as products H u of the Hessian of
// log p at a point with a vector.

// eachHessian takes the points of a batch one by one through product, which writes
// H u at one point x to dst.
func eachHessian(dst, x, u []float64, d int, product func(dst, x, u []float64)) {
	if d == 0 {
		return
	}
	n := len(x) / d
	if len(x) != n*d || len(u) != len(x) || len(dst) != len(x) {
		panic("target: batch and dimension do not fit")
	}
	scratch := make([]float64, 3*d)
	out, point, vector := scratch[:d], scratch[d:2*d], scratch[2*d:]
	for i := range n {
		for k := range d {
			point[k], vector[k] = x[k*n+i], u[k*n+i]
		}
		product(out, point, vector)
		for k, v := range out {
			dst[k*n+i] = v
		}
	}
}

// HessianVector writes -C^-1 u.
func (g *Gaussian) HessianVector(dst, x, u []float64) { eachHessian(dst, x, u, g.Dim(), g.product) }

// product is the gradient at m + u, since that is linear.
func (g *Gaussian) product(dst, _, u []float64) {
	at := clone(u)
	for k, m := range g.mean {
		at[k] += m
	}
	g.at(at, dst)
}

// HessianVector writes sum_c r_c [H_c u + g_c (g_c.u)] - g (g.u), r_c the
// responsibilities and g_c, H_c gradients and Hessians of the components.
func (m *Mixture) HessianVector(dst, x, u []float64) {
	d := m.Dim()
	part, bent, total := make([]float64, d), make([]float64, d), make([]float64, d)
	eachHessian(dst, x, u, d, func(dst, x, u []float64) {
		lp := m.at(x, total)
		clear(dst)
		for c, g := range m.components {
			r := math.Exp(math.Log(m.weights[c]) + g.at(x, part) - lp)
			if r == 0 {
				continue
			}
			g.product(bent, x, u)
			along := dot(part, u)
			for k := range dst {
				dst[k] += r * (bent[k] + part[k]*along)
			}
		}
		along := dot(total, u)
		for k, g := range total {
			dst[k] -= g * along
		}
	})
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for k, v := range a {
		sum += v * b[k]
	}
	return sum
}

// HessianVector differentiates the two bent coordinates.
func (b *Banana) HessianVector(dst, x, u []float64) {
	eachHessian(dst, x, u, b.Dim(), func(dst, x, u []float64) {
		z := x[1] + b.b*(x[0]*x[0]-b.s*b.s)
		slope := 2 * b.b * x[0] // of z by x_1
		dz := u[1] + slope*u[0]
		dst[0] = -u[0]/(b.s*b.s) - 2*b.b*u[0]*z - slope*dz
		dst[1] = -dz
		for k, v := range u[2:] {
			dst[k+2] = -v
		}
	})
}

// HessianVector couples the scale with all other coordinates.
func (f *Funnel) HessianVector(dst, x, u []float64) {
	eachHessian(dst, x, u, f.Dim(), func(dst, x, u []float64) {
		inverse := math.Exp(-x[0])
		dst[0] = -u[0] / (f.s * f.s)
		for k, y := range x[1:] {
			dst[0] += inverse * (y*u[k+1] - y*y*u[0]/2)
			dst[k+1] = inverse * (y*u[0] - u[k+1])
		}
	})
}

// HessianVector has -1/s^2 along the radius and -(1 - r/rho)/s^2 across it; 0 at the
// centre, where the ring has a corner.
func (g *Ring) HessianVector(dst, x, u []float64) {
	eachHessian(dst, x, u, g.Dim(), func(dst, x, u []float64) {
		rho := math.Sqrt(dot(x, x))
		clear(dst)
		if rho == 0 {
			return
		}
		across := -(1 - g.r/rho) / (g.s * g.s)
		along := (-1/(g.s*g.s) - across) * dot(x, u) / (rho * rho)
		for k, v := range x {
			dst[k] = across*u[k] + along*v
		}
	})
}

// HessianVector goes pair by pair.
func (r *Rosenbrock) HessianVector(dst, x, u []float64) {
	eachHessian(dst, x, u, r.Dim(), func(dst, x, u []float64) {
		for k := 0; k < len(x); k += 2 {
			z, dz := x[k+1]-x[k]*x[k], u[k+1]-2*x[k]*u[k]
			dst[k] = -u[k] + 2*(u[k]*z+x[k]*dz)/r.q
			dst[k+1] = -dz / r.q
		}
	})
}

// HessianVector is diagonal, or for the joint form diagonal plus rank one.
func (t *StudentT) HessianVector(dst, x, u []float64) {
	scale := t.nu * t.s * t.s
	eachHessian(dst, x, u, t.Dim(), func(dst, x, u []float64) {
		if t.joint {
			b := scale + dot(x, x)
			m, along := t.nu+float64(t.Dim()), 2*dot(x, u)/b
			for k, v := range x {
				dst[k] = -m / b * (u[k] - v*along)
			}
			return
		}
		for k, v := range x {
			b := scale + v*v
			dst[k] = -(t.nu + 1) * (scale - v*v) / (b * b) * u[k]
		}
	})
}

// HessianVector is -exp(-x) u.
func (g *Gumbel) HessianVector(dst, x, u []float64) {
	for i, v := range x {
		dst[i] = -math.Exp(-v) * u[i]
	}
}
