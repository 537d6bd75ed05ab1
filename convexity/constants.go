package convexity

import (
	"errors"
	"math"

	"wgf/measure"
	"wgf/target"
)

// Interval bounds a constant; Low = High where it is known exactly.
type Interval struct{ Low, High float64 }

// Constants are what rates of convergence follow from. Poincare and LogSobolev are rates:
// the largest lambda with
//
//	Var f <= (1/lambda) E |grad f|^2,   Ent f^2 <= (2/lambda) E |grad f|^2;
//
// Langevin's chi^2 falls like exp(-2 lambda t) by the first, its relative entropy by the
// second. Convexity is the least eigenvalue of hess V, Smoothness the largest size of one,
// the Lipschitz constant of grad V, both within the interval that a grid covers.
type Constants struct {
	Convexity, Smoothness float64 // NaN: not known
	Poincare, LogSobolev  Interval
	PoincareError         float64 // of grid and interval, where Poincare was computed on one
	How                   []string
	Sources               []string
}

// ConstantsOf computes the constants of a Gaussian in any dimension, of products of equal
// coordinates, and of densities on the line: the Poincare constant by the spectrum of the
// generator on two grids, extrapolated, inside the bounds of Muckenhoupt; the log-Sobolev
// constant between the bounds of Barthe and Roberto, or of Bakry and Emery where V is
// strongly convex, and at most the Poincare constant. Other densities are refused.
func ConstantsOf(density target.Density) (*Constants, error) {
	if g, ok := density.(*target.Gaussian); ok {
		s, err := (measure.Gaussian{Mean: g.Mean(), Cov: g.Covariance()}).Spectrum()
		if err != nil {
			return nil, err
		}
		least, most := 1/s.Values[len(s.Values)-1], 1/s.Values[0]
		return &Constants{Convexity: least, Smoothness: most, Poincare: Interval{least, least}, LogSobolev: Interval{least, least},
			How: []string{"all three are 1/lambda_max of the covariance"}, Sources: []string{"Gross 1975; Bakry, Émery 1985"}}, nil
	}
	one, tensor := density, false
	if density.Dim() > 1 {
		g, ok := density.(*target.Gumbel)
		if !ok {
			return nil, errors.New("constants are computed for Gaussians, for products of equal coordinates (gumbel), and for densities on the line: take dim=1")
		}
		one, tensor = target.NewGumbel(1), g.Dim() > 1
	}
	c, err := onTheLine(one)
	if err == nil && tensor {
		c.How = append(c.How, "a product has the constants of its factors (tensorisation)")
	}
	return c, err
}

// cells of the coarser grid.
const cells = 4000

// cut is how far log p falls within the interval of the grid.
const cut = 300

// onGrid is the spectral gap on two grids, extrapolated, and the finer one.
func onGrid(density target.Density, cut float64) (gap, off float64, fine *line, err error) {
	low, high, err := support(density, cut)
	if err != nil {
		return 0, 0, nil, err
	}
	coarse, err := newLine(density, low, high, cells)
	if err != nil {
		return 0, 0, nil, err
	}
	if fine, err = newLine(density, low, high, 2*cells); err != nil {
		return 0, 0, nil, err
	}
	a, b := coarse.gap(), fine.gap()
	return b + (b-a)/3, math.Abs(b - a), fine, nil // the error falls with the square of the cells
}

func onTheLine(density target.Density) (*Constants, error) {
	gap, off, fine, err := onGrid(density, cut)
	if err != nil {
		return nil, err
	}
	if nearer, _, _, err := onGrid(density, cut/2); err == nil { // what lies beyond
		off = math.Max(off, math.Abs(nearer-gap))
	}
	c := &Constants{Convexity: math.Inf(1), Poincare: Interval{gap, gap}, PoincareError: off}
	for _, v := range fine.bend {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			c.Convexity, c.Smoothness = math.Min(c.Convexity, v), math.Max(c.Smoothness, math.Abs(v))
		}
	}
	c.How = append(c.How, "the Poincare constant is the spectral gap of the generator on a grid")
	c.Sources = append(c.Sources, "Muckenhoupt 1972; Bobkov, Götze 1999; Barthe, Roberto 2003")
	// C = 2/lambda: max b <= C <= 4 max B.
	small := func(t float64) float64 { return t * math.Log1p(1/(2*t)) }
	large := func(t float64) float64 { return t * math.Log1p(math.E*math.E/t) }
	near, far := fine.muckenhoupt(1e-12, small), fine.muckenhoupt(1e-60, small)
	if far > 1.3*near {
		c.How = append(c.How, "there is no log-Sobolev constant: the tails are heavier than Gaussian, and the integrals of Barthe and Roberto grow without end")
		return c, nil
	}
	c.LogSobolev = Interval{2 / (4 * fine.muckenhoupt(1e-60, large)), math.Min(2/far, gap)}
	how := "the log-Sobolev constant is bounded by integrals of tails (Barthe and Roberto)"
	if c.Convexity > c.LogSobolev.Low {
		c.LogSobolev.Low = math.Min(c.Convexity, c.LogSobolev.High)
		how = "the log-Sobolev constant is at least the convexity (Bakry and Emery)"
	}
	c.How = append(c.How, how+", and at most the Poincare constant")
	return c, nil
}

// MuckenhouptPoincare bounds the Poincare constant of a density on the line by
// 1/(4B) <= lambda <= 2/B, B = sup mu(beyond x) int_m^x 1/p. Muckenhoupt 1972.
func MuckenhouptPoincare(density target.Density) (Interval, error) {
	low, high, err := support(density, cut)
	if err != nil {
		return Interval{}, err
	}
	l, err := newLine(density, low, high, 2*cells)
	if err != nil {
		return Interval{}, err
	}
	b := l.muckenhoupt(1e-60, func(t float64) float64 { return t })
	return Interval{1 / (4 * b), 2 / b}, nil
}

// HolleyStroock is the constant that is left of lambda when V is changed by a function of
// oscillation osc: lambda exp(-osc). Holley and Stroock 1987.
func HolleyStroock(lambda, osc float64) float64 { return lambda * math.Exp(-osc) }

// Lipschitz is the constant of the image under an L-Lipschitz map: lambda/L^2.
func Lipschitz(lambda, l float64) float64 { return lambda / (l * l) }

// OrnsteinUhlenbeck is a log-Sobolev constant of the law at time t of dX = -X dt + sqrt 2 dW
// from a start with constant lambda: 1/(e^-2t/lambda + 1 - e^-2t).
func OrnsteinUhlenbeck(lambda, t float64) float64 {
	a := math.Exp(-2 * t)
	return 1 / (a/lambda + 1 - a)
}

// Advice is what constants say about a sampler.
type Advice struct {
	Sampler    string
	Step       float64 // the largest step that the statement allows; NaN: none
	Iterations float64 // to divide KL by 10, or W2 by 10; NaN: not known
	Says       string
	Source     string
}

// Advise turns constants into step sizes and numbers of iterations to divide the distance
// by 10, in d dimensions, for KL accuracy epsilon.
func (c *Constants) Advise(d int, epsilon float64) []Advice {
	nan := math.NaN()
	ula := Advice{Sampler: "ula", Step: nan, Iterations: nan, Says: "needs a smooth V", Source: "Vempala, Wibisono 2019, theorem 1"}
	fb := Advice{Sampler: "forward-backward", Step: nan, Iterations: nan, Says: "needs a smooth V", Source: "Salim, Korba, Luise 2020, theorem 4"}
	lambda, l := c.LogSobolev.Low, c.Smoothness
	if l > 0 && !math.IsInf(l, 0) && lambda > 0 {
		ula.Step = math.Min(lambda/(4*l*l), lambda*epsilon/(16*float64(d)*l*l))
		ula.Iterations = math.Log(10) / (lambda * ula.Step)
		ula.Says = "KL_k <= exp(-lambda h k) KL_0 + 8 h d L^2/lambda; the step leaves epsilon/2 of bias"
		fb.Step, fb.Says = 1/l, "no bias; KL - KL* <= W2^2/(2 h k) for convex V"
		if c.Convexity > 0 {
			fb.Iterations = math.Log(100) / -math.Log1p(-math.Min(c.Convexity/l, 1-1e-12))
			fb.Says = "no bias; W2^2 falls by 1 - lambda h a step"
		}
	}
	return []Advice{ula, fb, {Sampler: "svgd", Step: nan, Iterations: nan,
		Says: "no rate follows from these constants: KL falls by KSD^2, which bounded smooth kernels do not bound below by KL", Source: "Korba, Salim, Arbel, Luise, Gretton 2020; Duncan, Nüsken, Szpruch 2023"}}
}
