package target

import (
	"math"
	"math/rand/v2"
)

// StudentT is Student's t distribution with nu degrees of freedom and scale s,
// independent in every coordinate or, if Joint, the multivariate one,
//
//	log p(x) = -(nu+d)/2 log(1 + |x|^2/(nu s^2)).
//
// The mean exists for nu > 1 and the variance nu s^2/(nu-2) for nu > 2.
type StudentT struct {
	Density
	nu, s float64
	joint bool
}

// NewStudentT returns the distribution in dim dimensions.
func NewStudentT(dim int, nu, s float64, joint bool) *StudentT {
	if dim < 1 || !(nu > 0) || !(s > 0) {
		panic("target: Student t needs a dimension, positive degrees of freedom and scale")
	}
	scale := nu * s * s
	f := func(x, grad []float64) float64 {
		lp := 0.0
		for k, v := range x {
			lp -= (nu + 1) / 2 * math.Log1p(v*v/scale)
			if grad != nil {
				grad[k] = -(nu + 1) * v / (scale + v*v)
			}
		}
		return lp
	}
	if joint {
		f = func(x, grad []float64) float64 {
			sum := 0.0
			for _, v := range x {
				sum += v * v
			}
			m := nu + float64(dim)
			if grad != nil {
				for k, v := range x {
					grad[k] = -m * v / (scale + sum)
				}
			}
			return -m / 2 * math.Log1p(sum/scale)
		}
	}
	return &StudentT{Density: New(dim, f), nu: nu, s: s, joint: joint}
}

// Mean returns 0, NaN for nu <= 1.
func (t *StudentT) Mean() []float64 {
	if t.nu <= 1 {
		return constant(t.Dim(), math.NaN())
	}
	return make([]float64, t.Dim())
}

// Covariance is diagonal, +Inf there for nu <= 2.
func (t *StudentT) Covariance() []float64 {
	v := math.Inf(1)
	if t.nu > 2 {
		v = t.nu * t.s * t.s / (t.nu - 2)
	}
	return diagonal(constant(t.Dim(), v))
}

// Sample writes n independent draws.
func (t *StudentT) Sample(dst []float64, n int, seed uint64) {
	sampleEach(dst, t.Dim(), n, seed, func(r *rand.Rand, x []float64) {
		w := 0.0
		for k := range x {
			if k == 0 || !t.joint {
				w = t.s * math.Sqrt(t.nu/(2*gammaDraw(r, t.nu/2)))
			}
			x[k] = w * r.NormFloat64()
		}
	})
}

// gammaDraw draws from the gamma distribution of shape a and scale 1
// (Marsaglia and Tsang 2000).
func gammaDraw(r *rand.Rand, a float64) float64 {
	if a < 1 {
		return gammaDraw(r, a+1) * math.Pow(r.Float64(), 1/a)
	}
	d := a - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// Gumbel is a product of Gumbel distributions: log p(x) = -x - exp(-x), with mean
// Euler's constant and variance pi^2/6.
type Gumbel struct{ Density }

// eulerGamma is Euler's constant.
const eulerGamma = 0.57721566490153286060651209008240243

// NewGumbel returns the product of dim of them.
func NewGumbel(dim int) *Gumbel {
	return &Gumbel{New(dim, func(x, grad []float64) float64 {
		lp := 0.0
		for k, v := range x {
			e := math.Exp(-v)
			lp -= v + e
			if grad != nil {
				grad[k] = e - 1
			}
		}
		return lp
	})}
}

// Mean returns Euler's constant.
func (g *Gumbel) Mean() []float64 { return constant(g.Dim(), eulerGamma) }

// Covariance is pi^2/6 on the diagonal.
func (g *Gumbel) Covariance() []float64 { return diagonal(constant(g.Dim(), math.Pi*math.Pi/6)) }

// Sample writes n independent draws.
func (g *Gumbel) Sample(dst []float64, n int, seed uint64) {
	sampleEach(dst, g.Dim(), n, seed, func(r *rand.Rand, x []float64) {
		for k := range x {
			x[k] = -math.Log(r.ExpFloat64())
		}
	})
}

func tEntry(name, description string, joint bool) Entry {
	return Entry{
		Name: name, Description: description,
		Params: []Param{{"dim", 10, "dimension"}, {"dof", 3, "degrees of freedom"}, {"scale", 1, "scale"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			nu, err := v.positive("dof")
			if err != nil {
				return nil, err
			}
			s, err := v.positive("scale")
			if err != nil {
				return nil, err
			}
			return NewStudentT(d, nu, s, joint), nil
		},
	}
}

func studentEntry() Entry {
	return tEntry("student-t", "independent Student t coordinates: heavy tails", false)
}

func multivariateTEntry() Entry {
	return tEntry("multivariate-t", "the multivariate Student t: heavy tails that all coordinates share", true)
}

func gumbelEntry() Entry {
	return Entry{
		Name: "gumbel", Description: "independent Gumbel coordinates: skewed", Params: []Param{{"dim", 1, "dimension"}},
		build: func(v values) (Density, error) {
			d, err := v.dim(1)
			if err != nil {
				return nil, err
			}
			return NewGumbel(d), nil
		},
	}
}
