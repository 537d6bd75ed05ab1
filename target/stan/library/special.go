package library

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// lbeta is log Beta(x, y) = lgamma(x) + lgamma(y) - lgamma(x+y). The terms cancel where both arguments are large:
// constants then go through Stirling's series.
func (c *Context) lbeta(x, y tape.Num) tape.Num {
	if x.Ref == 0 && y.Ref == 0 {
		return num(lbetaValue(x.V, y.V))
	}
	return c.sub(c.add(c.lgamma(x), c.lgamma(y)), c.lgamma(c.add(x, y)))
}

func digamma(x float64) float64 { return tape.Eval1(tape.Digamma, x) }

func lgammaValue(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// lbetaValue follows the three cases of Stirling's series for none, one or both arguments being large.
func lbetaValue(x, y float64) float64 {
	if math.IsNaN(x) || math.IsNaN(y) {
		return math.NaN()
	}
	if x > y {
		x, y = y, x
	}
	switch {
	case x == 0:
		return math.Inf(1)
	case math.IsInf(y, 1):
		return math.Inf(-1)
	case y < stirlingFrom:
		return lgammaValue(x) + lgammaValue(y) - lgammaValue(x+y)
	case x < stirlingFrom:
		// lgamma(y) - lgamma(x+y) by Stirling, lgamma(x) directly
		d := stirlingRest(y) - stirlingRest(x+y)
		return lgammaValue(x) + d + (y-0.5)*math.Log1p(-x/(x+y)) + x*(1-math.Log(x+y))
	}
	d := stirlingRest(x) + stirlingRest(y) - stirlingRest(x+y)
	return d + (x-0.5)*math.Log(x/(x+y)) + y*math.Log1p(-x/(x+y)) + halfLogTwoPi - 0.5*math.Log(y)
}

const stirlingFrom = 10

// stirlingRest is lgamma(x) - ((x-1/2) log x - x + log(2 pi)/2) for x >= 10, Abramowitz and Stegun 6.1.41.
func stirlingRest(x float64) float64 {
	u := 1 / (x * x)
	return (1.0/12 - u*(1.0/360-u*(1.0/1260-u*(1.0/1680-u*(1.0/1188-u*(691.0/360360-u*(1.0/156))))))) / x
}

// lchoose is the logarithm of the binomial coefficient, for real arguments by way of the beta function.
func (c *Context) lchoose(n, k tape.Num) tape.Num {
	if k.Ref == 0 && k.V == 0 {
		return num(0)
	}
	n1 := c.add(n, num(1))
	if k.Ref == 0 && n.Ref == 0 {
		return num(lchooseValue(n.V, k.V))
	}
	return c.neg(c.add(c.lbeta(c.sub(n1, k), c.add(k, num(1))), c.log(n1)))
}

func lchooseValue(n, k float64) float64 {
	if n >= 0 && k > n/2 {
		k = n - k
	}
	if k == 0 {
		return 0
	}
	if n+1 < stirlingFrom {
		return lgammaValue(n+1) - lgammaValue(k+1) - lgammaValue(n+1-k)
	}
	return -lbetaValue(n-k+1, k+1) - math.Log1p(n)
}

// gammaFunction is Gamma(x).
func gammaFunction(c *Context, x tape.Num) tape.Num { return c.call(tgamma, x) }

var tgamma = &tape.Func{
	Name:     "tgamma",
	Value:    func(x []float64) float64 { return math.Gamma(x[0]) },
	Partials: func(x, dx []float64) { dx[0] = math.Gamma(x[0]) * digamma(x[0]) },
}

// fallingFactorial is x (x-1) ... (x-n+1), with direction 1 the rising x (x+1) ... (x+n-1).
func fallingFactorial(c *Context, x, n tape.Num, direction float64) tape.Num {
	out := num(1)
	for k := 0.0; k < n.V; k++ {
		out = c.mul(out, c.add(x, num(direction*k)))
	}
	return out
}

// lmgamma is the logarithm of the multivariate Gamma function of dimension k.
func lmgamma(c *Context, x, k tape.Num) tape.Num {
	out := num(k.V * (k.V - 1) / 4 * math.Log(math.Pi))
	for j := 1.0; j <= k.V; j++ {
		out = c.add(out, c.lgamma(c.add(x, num((1-j)/2))))
	}
	return out
}

// chooseFunction is choose(n, k), the binomial coefficient as an int.
func chooseFunction() *Function {
	f := withInts("choose", false, true, func(c *Context, n, k tape.Num) tape.Num {
		if k.V > n.V || k.V < 0 {
			return num(0)
		}
		k.V = math.Min(k.V, n.V-k.V)
		out := 1.0
		for i := 1.0; i <= k.V; i++ {
			out = math.Round(out * (n.V - k.V + i) / i)
		}
		return num(out)
	})
	s := &f.Signatures[0]
	s.Text = "(ints, ints) => ints"
	match := s.Match
	s.Match = func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 2 || given[0].Kind != syntax.Int {
			return nil, syntax.Type{}, false
		}
		return match(given)
	}
	return f
}

// scalarFunctions lists special functions of scalars only.
func scalarFunctions() []*Function {
	return []*Function{
		{"inc_beta", sigs("real, real, real => real"), func(c *Context, a []Value) (Value, error) {
			return Scalar(c.call(incBeta, a[0].Num(), a[1].Num(), a[2].Num())), nil
		}},
	}
}
