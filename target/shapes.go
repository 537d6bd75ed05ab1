package target

import (
	"math"
	"math/rand/v2"
)

// Banana is a Gaussian with a bent axis (Haario, Saksman, Tamminen 1999):
// x_1 ~ N(0, s^2), x_2 = z - b (x_1^2 - s^2) with z and all other coordinates
// N(0, 1). The map has Jacobian 1, so that mean and variances are exact.
type Banana struct {
	Density
	s, b float64
}

// NewBanana returns the banana of curvature b and scale s in dim >= 2 dimensions.
func NewBanana(dim int, b, s float64) *Banana {
	if dim < 2 || !(s > 0) {
		panic("target: banana needs two dimensions and a positive scale")
	}
	return &Banana{s: s, b: b, Density: New(dim, func(x, grad []float64) float64 {
		z := x[1] + b*(x[0]*x[0]-s*s)
		lp := -x[0]*x[0]/(2*s*s) - z*z/2
		for _, v := range x[2:] {
			lp -= v * v / 2
		}
		if grad != nil {
			grad[0] = -x[0]/(s*s) - 2*b*x[0]*z
			grad[1] = -z
			for k, v := range x[2:] {
				grad[k+2] = -v
			}
		}
		return lp
	})}
}

// Mean returns 0.
func (b *Banana) Mean() []float64 { return make([]float64, b.Dim()) }

// Covariance is diagonal: s^2, 1 + 2 b^2 s^4, 1, ...
func (b *Banana) Covariance() []float64 {
	v := constant(b.Dim(), 1)
	v[0] = b.s * b.s
	v[1] = 1 + 2*b.b*b.b*v[0]*v[0]
	return diagonal(v)
}

// Sample writes n independent draws.
func (b *Banana) Sample(dst []float64, n int, seed uint64) {
	sampleEach(dst, b.Dim(), n, seed, func(r *rand.Rand, x []float64) {
		for k := range x {
			x[k] = r.NormFloat64()
		}
		x[0] *= b.s
		x[1] -= b.b * (x[0]*x[0] - b.s*b.s)
	})
}

// Funnel is Neal's funnel (2003, section 8): x_1 = v ~ N(0, s^2) and the other
// coordinates N(0, exp(v)) given v. Its neck defeats a single step size.
type Funnel struct {
	Density
	s float64
}

// NewFunnel returns the funnel in dim >= 1 dimensions with scale s of v.
func NewFunnel(dim int, s float64) *Funnel {
	if dim < 1 || !(s > 0) {
		panic("target: funnel needs a dimension and a positive scale")
	}
	return &Funnel{s: s, Density: New(dim, func(x, grad []float64) float64 {
		v := x[0]
		inverse, sum := math.Exp(-v), 0.0
		for k, y := range x[1:] {
			sum += y * y
			if grad != nil {
				grad[k+1] = -y * inverse
			}
		}
		m := float64(dim - 1)
		if grad != nil {
			grad[0] = -v/(s*s) + sum*inverse/2 - m/2
		}
		return -v*v/(2*s*s) - sum*inverse/2 - m*v/2
	})}
}

// Mean returns 0.
func (f *Funnel) Mean() []float64 { return make([]float64, f.Dim()) }

// Covariance is diagonal: s^2, then exp(s^2/2).
func (f *Funnel) Covariance() []float64 {
	v := constant(f.Dim(), math.Exp(f.s*f.s/2))
	v[0] = f.s * f.s
	return diagonal(v)
}

// Sample writes n independent draws.
func (f *Funnel) Sample(dst []float64, n int, seed uint64) {
	sampleEach(dst, f.Dim(), n, seed, func(r *rand.Rand, x []float64) {
		x[0] = f.s * r.NormFloat64()
		for k := range x[1:] {
			x[k+1] = math.Exp(x[0]/2) * r.NormFloat64()
		}
	})
}

// Ring is concentrated around a sphere: log p(x) = -(|x| - r)^2/(2 s^2).
type Ring struct {
	Density
	r, s float64
}

// NewRing returns the ring of radius r and thickness s.
func NewRing(dim int, r, s float64) *Ring {
	if dim < 1 || !(r >= 0) || !(s > 0) {
		panic("target: ring needs a dimension, a radius and a positive thickness")
	}
	return &Ring{r: r, s: s, Density: New(dim, func(x, grad []float64) float64 {
		rho := 0.0
		for _, v := range x {
			rho = math.Hypot(rho, v)
		}
		z := (rho - r) / s
		if grad != nil {
			for k, v := range x {
				grad[k] = 0
				if rho > 0 {
					grad[k] = -z / s * v / rho
				}
			}
		}
		return -z * z / 2
	})}
}

// Mean returns 0.
func (g *Ring) Mean() []float64 { return make([]float64, g.Dim()) }

// Covariance is E[rho^2]/d on the diagonal, the expectation under the density
// rho^(d-1) exp(-(rho-r)^2/(2 s^2)) of the radius, by the trapezoidal rule,
// which is accurate to rounding here.
func (g *Ring) Covariance() []float64 {
	d := g.Dim()
	mode := g.mode()
	var mass, square float64
	const steps = 4000
	low, high := max(0, mode-12*g.s), mode+12*g.s
	for i := range steps + 1 {
		rho := low + (high-low)*float64(i)/steps
		w := math.Exp(g.radial(rho) - g.radial(mode))
		if i == 0 || i == steps {
			w /= 2
		}
		mass += w
		square += w * rho * rho
	}
	return diagonal(constant(d, square/mass/float64(d)))
}

// radial is the log density of the radius.
func (g *Ring) radial(rho float64) float64 {
	z := (rho - g.r) / g.s
	if g.Dim() == 1 {
		return -z * z / 2
	}
	return float64(g.Dim()-1)*math.Log(rho) - z*z/2
}

// mode is where the density of the radius is largest.
func (g *Ring) mode() float64 {
	return (g.r + math.Sqrt(g.r*g.r+4*g.s*g.s*float64(g.Dim()-1))) / 2
}

// Sample writes n independent draws. The radius comes by rejection from
// N(mode, s^2), which dominates since log of its density is concave with second
// derivative at most -1/s^2.
func (g *Ring) Sample(dst []float64, n int, seed uint64) {
	mode := g.mode()
	sampleEach(dst, g.Dim(), n, seed, func(r *rand.Rand, x []float64) {
		rho := 0.0
		for {
			z := r.NormFloat64()
			rho = mode + g.s*z
			if rho > 0 && math.Log(r.Float64()) < g.radial(rho)-g.radial(mode)+z*z/2 {
				break
			}
		}
		norm := 0.0
		for k := range x {
			x[k] = r.NormFloat64()
			norm = math.Hypot(norm, x[k])
		}
		for k := range x {
			x[k] *= rho / norm
		}
	})
}

// Rosenbrock is a product of bent pairs: odd coordinates x ~ N(1, 1), even ones
// y ~ N(x^2, q) given x. Small q makes long thin valleys.
type Rosenbrock struct {
	Density
	q float64
}

// NewRosenbrock returns pairs*2 dimensions with variance q across the valley.
func NewRosenbrock(pairs int, q float64) *Rosenbrock {
	if pairs < 1 || !(q > 0) {
		panic("target: rosenbrock needs pairs and a positive variance")
	}
	return &Rosenbrock{q: q, Density: New(2*pairs, func(x, grad []float64) float64 {
		lp := 0.0
		for k := 0; k < len(x); k += 2 {
			a, z := x[k]-1, x[k+1]-x[k]*x[k]
			lp -= a*a/2 + z*z/(2*q)
			if grad != nil {
				grad[k] = -a + 2*x[k]*z/q
				grad[k+1] = -z / q
			}
		}
		return lp
	})}
}

// Mean returns 1, 2, 1, 2, ...
func (r *Rosenbrock) Mean() []float64 {
	m := make([]float64, r.Dim())
	for k := range m {
		m[k] = float64(1 + k%2)
	}
	return m
}

// Covariance has blocks (1, 2; 2, 6+q).
func (r *Rosenbrock) Covariance() []float64 {
	d := r.Dim()
	c := make([]float64, d*d)
	for k := 0; k < d; k += 2 {
		c[k*d+k], c[k*d+k+1], c[(k+1)*d+k], c[(k+1)*d+k+1] = 1, 2, 2, 6+r.q
	}
	return c
}

// Sample writes n independent draws.
func (r *Rosenbrock) Sample(dst []float64, n int, seed uint64) {
	sampleEach(dst, r.Dim(), n, seed, func(g *rand.Rand, x []float64) {
		for k := 0; k < len(x); k += 2 {
			x[k] = 1 + g.NormFloat64()
			x[k+1] = x[k]*x[k] + math.Sqrt(r.q)*g.NormFloat64()
		}
	})
}

func bananaEntry() Entry {
	return Entry{
		Name: "banana", Description: "a Gaussian with a bent axis (Haario 1999)",
		Params: []Param{{"dim", 2, "dimension"}, {"curvature", 0.1, "bend b of x2 = z - b (x1^2 - scale^2)"}, {"scale", 3, "standard deviation of x1"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(2)
			if err != nil {
				return nil, err
			}
			s, err := v.positive("scale")
			if err != nil {
				return nil, err
			}
			return NewBanana(d, v.get("curvature"), s), nil
		},
	}
}

func funnelEntry() Entry {
	return Entry{
		Name: "funnel", Description: "Neal's funnel: the scale of all coordinates but the first is exp(x1/2)",
		Params: []Param{{"dim", 10, "dimension"}, {"scale", 3, "standard deviation of x1"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			s, err := v.positive("scale")
			if err != nil {
				return nil, err
			}
			return NewFunnel(d, s), nil
		},
	}
}

func ringEntry() Entry {
	return Entry{
		Name: "ring", Description: "mass around a circle or sphere",
		Params: []Param{{"dim", 2, "dimension"}, {"radius", 3, "radius of the sphere"}, {"width", 0.3, "standard deviation across it"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			s, err := v.positive("width")
			if err != nil {
				return nil, err
			}
			if v.get("radius") < 0 {
				return nil, v.refuse("radius", "a number of at least 0")
			}
			return NewRing(d, v.get("radius"), s), nil
		},
	}
}

func rosenbrockEntry() Entry {
	return Entry{
		Name: "rosenbrock", Description: "independent pairs along parabolas: x ~ N(1,1), y ~ N(x^2, q)",
		Params: []Param{{"dim", 36, "dimension, an even number"}, {"q", 0.1, "variance across the valley"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(2)
			if err != nil {
				return nil, err
			}
			if d%2 != 0 {
				return nil, v.refuse("dim", "an even number")
			}
			q, err := v.positive("q")
			if err != nil {
				return nil, err
			}
			return NewRosenbrock(d/2, q), nil
		},
	}
}
