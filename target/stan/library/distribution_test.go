package library

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// An example is a distribution with parameters, its support, and some values of the variate; ints are exact.
type example struct {
	d      *Univariate
	params []float64
	lo, hi float64
	at     []float64
}

var examples = []example{
	{bernoulli, []float64{0.3}, 0, 1, []float64{0, 1}},
	{bernoulliLogit, []float64{-0.7}, 0, 1, []float64{0, 1}},
	{betaBinomial, []float64{9, 1.7, 2.3}, 0, 9, []float64{0, 4, 8}},
	{betaDist, []float64{2.5, 1.5}, 0, 1, []float64{0.2, 0.9}},
	{betaProportion, []float64{0.3, 6}, 0, 1, []float64{0.2, 0.8}},
	{binomial, []float64{9, 0.35}, 0, 9, []float64{0, 4, 9}},
	{binomialLogit, []float64{9, 0.4}, 0, 9, []float64{0, 4, 9}},
	{cauchy, []float64{0.5, 1.5}, -inf, inf, []float64{-3, 0.2, 8}},
	{chiSquare, []float64{4.5}, 0, inf, []float64{0.3, 4, 12}},
	{discreteRange, []float64{2, 7}, 2, 7, []float64{2, 5}},
	{doubleExponential, []float64{0.5, 1.5}, -inf, inf, []float64{-3, 0.2, 8}},
	{exponential, []float64{1.7}, 0, inf, []float64{0.1, 3}},
	{gammaDist, []float64{2.5, 1.7}, 0, inf, []float64{0.1, 1, 6}},
	{gumbel, []float64{0.5, 1.5}, -inf, inf, []float64{-2, 0.2, 8}},
	{invChiSquare, []float64{4.5}, 0, inf, []float64{0.1, 0.4, 3}},
	{invGamma, []float64{2.5, 1.7}, 0, inf, []float64{0.3, 1, 6}},
	{logistic, []float64{0.5, 1.5}, -inf, inf, []float64{-3, 0.2, 8}},
	{lognormal, []float64{0.2, 0.8}, 0, inf, []float64{0.2, 1, 7}},
	{negBinomial, []float64{3.5, 0.8}, 0, inf, []float64{0, 3, 20}},
	{negBinomial2, []float64{3.5, 2}, 0, inf, []float64{0, 3, 20}},
	{negBinomial2Log, []float64{1.2, 2}, 0, inf, []float64{0, 3, 20}},
	{normal, []float64{0.5, 1.5}, -inf, inf, []float64{-3, 0.2, 8}},
	{pareto, []float64{1.5, 2.5}, 1.5, inf, []float64{1.6, 3, 20}},
	{poisson, []float64{3.5}, 0, inf, []float64{0, 3, 12}},
	{poissonLog, []float64{1.2}, 0, inf, []float64{0, 3, 12}},
	{rayleigh, []float64{1.5}, 0, inf, []float64{0.2, 1, 5}},
	{scaledInvChiSquare, []float64{4.5, 1.2}, 0, inf, []float64{0.3, 1, 9}},
	{stdNormal, nil, -inf, inf, []float64{-3, 0.2, 4}},
	{studentT, []float64{3.5, 0.5, 1.5}, -inf, inf, []float64{-6, 0.2, 1, 8}},
	{uniform, []float64{-1, 2.5}, -1, 2.5, []float64{-0.5, 2}},
	{weibull, []float64{1.8, 1.5}, 0, inf, []float64{0.2, 1, 4}},
}

func (e example) discrete() bool { return e.d.Args[0].Int }

func (e example) values(y float64) []Value {
	args := []Value{Real(y)}
	for _, p := range e.params {
		args = append(args, Real(p))
	}
	for i, a := range e.d.Args {
		if a.Int {
			args[i].Type = IntType
		}
	}
	return args
}

func (e example) density(t testing.TB, table *Table, y float64) float64 {
	suffix := "_lpdf"
	if e.discrete() {
		suffix = "_lpmf"
	}
	return e.call(t, table, suffix, y)
}

func (e example) call(t testing.TB, table *Table, suffix string, y float64) float64 {
	v, err := table.Call(&Context{}, e.d.Name+suffix, e.values(y)...)
	if err != nil {
		t.Fatalf("%s%s: %v", e.d.Name, suffix, err)
	}
	return v.Data[0]
}

// integral is that of f from lo to hi, possibly infinite, by the double exponential (tanh-sinh) rule.
func integral(f func(x float64) float64, lo, hi float64) float64 {
	const h = 1.0 / 64
	sum := 0.0
	for k := -400; k <= 400; k++ {
		t := float64(k) * h
		s := math.Pi / 2 * math.Sinh(t)
		var x, dx float64
		switch {
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			x, dx = math.Sinh(s), math.Cosh(s)*math.Pi/2*math.Cosh(t)
		case math.IsInf(hi, 1):
			x, dx = lo+math.Exp(s), math.Exp(s)*math.Pi/2*math.Cosh(t)
		default:
			x = lo + (hi-lo)/(1+math.Exp(-2*s))
			dx = (hi - lo) / 2 / (math.Cosh(s) * math.Cosh(s)) * math.Pi / 2 * math.Cosh(t)
		}
		if !(x > lo && x < hi) || math.IsInf(x, 0) {
			continue
		}
		if v := f(x) * dx; !math.IsNaN(v) && !math.IsInf(v, 0) {
			sum += v
		}
	}
	return sum * h
}

// probability is P(Y <= y).
func (e example) probability(t testing.TB, table *Table, y float64) float64 {
	if e.discrete() {
		s := 0.0
		for k := e.lo; k <= y; k++ {
			s += math.Exp(e.density(t, table, k))
		}
		return s
	}
	f := func(x float64) float64 { return math.Exp(e.density(t, table, x)) }
	if math.IsInf(e.lo, -1) {
		// two pieces, because a density may have a kink at its location
		kink := y
		if len(e.params) > 0 {
			kink = math.Min(y, e.params[0])
		}
		return integral(func(x float64) float64 { return f(kink - x) }, 0, inf) + integral(f, kink, y)
	}
	return integral(f, e.lo, y)
}

func TestEveryDistributionHasAnExample(t *testing.T) {
	known := map[Distribution]bool{}
	for _, e := range examples {
		known[e.d] = true
	}
	for _, d := range distributions() {
		if u, ok := d.(*Univariate); ok && !known[u] {
			t.Errorf("%s has no line in examples", d.name())
		}
	}
}

func TestDensitiesIntegrateToOne(t *testing.T) {
	table := All()
	for _, e := range examples {
		total := 0.0
		switch {
		case e.discrete():
			total = e.probability(t, table, math.Min(e.hi, 400))
		case math.IsInf(e.hi, 1):
			middle := e.at[len(e.at)-1]
			total = e.probability(t, table, middle) + integral(func(x float64) float64 { return math.Exp(e.density(t, table, middle+x)) }, 0, inf)
		default:
			total = e.probability(t, table, e.hi)
		}
		if !closeTo(total, 1, 1e-9) {
			t.Errorf("%s: total probability %.12g", e.d.Name, total)
		}
	}
}

func TestDistributionFunctionsIntegrateDensities(t *testing.T) {
	table := All()
	for _, e := range examples {
		if e.d.LCDF == nil {
			continue
		}
		for _, y := range e.at {
			want := e.probability(t, table, y)
			if got := math.Exp(e.call(t, table, "_lcdf", y)); !closeTo(got, want, 1e-9) {
				t.Errorf("%s_lcdf(%g): probability %.12g, integral %.12g", e.d.Name, y, got, want)
			}
			if got := -math.Expm1(e.call(t, table, "_lccdf", y)); !closeTo(got, want, 1e-9) {
				t.Errorf("%s_lccdf(%g): probability %.12g, integral %.12g", e.d.Name, y, got, want)
			}
			if !e.d.NoCDF {
				if got := e.call(t, table, "_cdf", y); !closeTo(got, want, 1e-9) {
					t.Errorf("%s_cdf(%g) is %.12g, integral %.12g", e.d.Name, y, got, want)
				}
			}
		}
	}
}

// Random numbers follow the density: sqrt(n) times the largest distance of empirical and exact distribution functions
// exceeds 2.3 with probability 5e-5 (Kolmogorov; less for discrete distributions), 1.3e-3 over all distributions. Seeds are fixed.
func TestRandomNumbersFollowDensities(t *testing.T) {
	table := All()
	const n = 2000
	for i, e := range examples {
		if e.d.Random == nil {
			continue
		}
		c := &Context{RNG: rand.New(rand.NewPCG(20, uint64(i)))}
		args := e.values(0)[1:]
		draws := make([]float64, n)
		for k := range draws {
			v, err := table.Call(c, e.d.Name+"_rng", args...)
			if err != nil {
				t.Fatal(err)
			}
			draws[k] = v.Data[0]
		}
		sort.Float64s(draws)
		cdf := func(y float64) float64 { return e.probability(t, table, y) }
		if e.d.LCDF != nil {
			cdf = func(y float64) float64 { return math.Exp(e.call(t, table, "_lcdf", y)) }
		}
		worst := 0.0
		for k, y := range draws {
			if k+1 < n && draws[k+1] == y {
				continue
			}
			p := cdf(y)
			worst = math.Max(worst, math.Abs(p-float64(k+1)/n))
			if !e.discrete() {
				worst = math.Max(worst, math.Abs(p-float64(k)/n))
			}
		}
		if worst*math.Sqrt(n) > 2.3 {
			t.Errorf("%s_rng: sqrt(n) D = %.2f", e.d.Name, worst*math.Sqrt(n))
		}
	}
}

// Derivatives by every real argument, one at a time and all at once, agree with finite differences.
func TestDerivativesOfDistributions(t *testing.T) {
	table := All()
	for _, e := range examples {
		suffixes := []string{"_lpdf", "_lupdf"}
		if e.discrete() {
			suffixes = []string{"_lpmf", "_lupmf"}
		}
		if e.d.LCDF != nil {
			suffixes = append(suffixes, "_lcdf", "_lccdf")
		}
		for _, suffix := range suffixes {
			for _, y := range e.at {
				base := e.values(y)
				for subset := 1; subset < 1<<len(base); subset++ {
					checkDerivatives(t, table, e.d.Name+suffix, base, subset)
				}
			}
		}
	}
}

// checkDerivatives makes the real arguments in subset traced.
func checkDerivatives(t *testing.T, table *Table, name string, base []Value, subset int) {
	t.Helper()
	var x []float64
	tr := tape.New(len(base))
	args := append([]Value(nil), base...)
	var places []int
	for i, a := range base {
		if subset>>i&1 == 1 && a.Type.Kind == syntax.Real {
			args[i] = Scalar(tr.Input(i))
			places = append(places, i)
		}
		x = append(x, a.Data[0])
	}
	if len(places) == 0 {
		return
	}
	label := fmt.Sprintf("%s at %v, arguments %v traced", name, x, places)
	v, err := table.Call(&Context{T: tr, Propto: true}, name, args...)
	if err != nil {
		t.Fatalf("%s: %v", label, err)
	}
	if v.Refs == nil {
		return // constant in these arguments
	}
	p, err := tr.Compile([]tape.Num{v.Num()}, tape.Options{Gradient: true})
	if err != nil {
		t.Fatal(err)
	}
	f := func(i int, d float64) float64 {
		z := append([]float64(nil), x...)
		z[i] += d
		out := make([]float64, 1)
		p.Run(out, make([]float64, len(x)), z, 1)
		return out[0]
	}
	out, grad := make([]float64, 1), make([]float64, len(x))
	p.Run(out, grad, x, 1)
	for _, i := range places {
		h := 1e-4 * math.Max(0.1, math.Min(1, math.Abs(x[i])))
		want := (8*(f(i, h)-f(i, -h)) - (f(i, 2*h) - f(i, -2*h))) / (12 * h)
		if !closeTo(grad[i], want, 2e-7) {
			t.Errorf("%s: derivative by argument %d is %.10g, finite differences %.10g", label, i, grad[i], want)
		}
	}
}

// A density of containers is the sum of the densities of their elements.
func TestVectorisedDensityIsASum(t *testing.T) {
	table := All()
	for _, e := range examples {
		suffix := "_lpdf"
		if e.discrete() {
			suffix = "_lpmf"
		}
		n := len(e.at)
		want := 0.0
		var args []Value
		for i, a := range e.values(0) {
			kind := syntax.ArrayOf(a.Type, 1)
			v := New(kind, n)
			for k := range v.Data {
				v.Data[k] = a.Data[0]
				if i > 0 && a.Type.Kind == syntax.Real {
					v.Data[k] *= 1 + 0.01*float64(k)
				}
				if i == 0 {
					v.Data[k] = e.at[k]
				}
			}
			args = append(args, v)
		}
		for k := range n {
			var one []Value
			for _, a := range args {
				one = append(one, a.Element(k).Promote(a.Type.Element()))
			}
			v, err := table.Call(&Context{}, e.d.Name+suffix, one...)
			if err != nil {
				t.Fatal(err)
			}
			want += v.Data[0]
		}
		got, err := table.Call(&Context{}, e.d.Name+suffix, args...)
		if err != nil || !closeTo(got.Data[0], want, 1e-13) {
			t.Errorf("%s: vectorised %.15g (%v), sum %.15g", e.d.Name, got.Data[0], err, want)
		}
		for i := range args {
			args[i] = New(args[i].Type, 0)
		}
		empty, err := table.Call(&Context{}, e.d.Name+suffix, args...)
		if err != nil || empty.Data[0] != 0 {
			t.Errorf("%s of empty arrays: %v, %v", e.d.Name, empty.Data, err)
		}
	}
}
