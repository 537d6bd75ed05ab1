package tape

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// model is a density recorded by hand as a front end would record it.
type model struct {
	name   string
	record func() (*Trace, Num)
	scale  float64 // of the points of a benchmark
}

var models = []model{
	{"eight schools", eightSchools, 1},
	{"autoregression 200x5", autoregression, 0.3},
	{"logistic 1000x25", logistic, 0.3},
	{"garch 200", garch, 0.5},
	{"hidden Markov 400x2", hiddenMarkov, 0.5},
	{"regression 5000x24", regression, 0.3},
	{"mixture 1000", mixture, 0.5},
	{"hierarchical 919 in 85", hierarchical, 0.5},
	{"poisson 11x11", poissonRows, 0.3},
}

// normalTerms records sum log N(y | mu, sigma) up to a constant.
func normalTerms(tr *Trace, y, mu []Num, sigma Num) Num {
	inv := tr.Op1(Inv, sigma)
	z := make([]Num, len(y))
	for i := range y {
		z[i] = tr.Op1(Square, tr.Op2(Mul, tr.Op2(Sub, y[i], mu[min(i, len(mu)-1)]), inv))
	}
	half := tr.Op2(Mul, Const(-0.5), tr.Sum(z))
	return tr.Op2(Sub, half, tr.Op2(Mul, Const(float64(len(y))), tr.Op1(Log, sigma)))
}

func standardNormal(tr *Trace, x ...Num) Num {
	return tr.Op2(Mul, Const(-0.5), tr.Dot(x, x))
}

// cauchy records the logarithm of a Cauchy density up to a constant.
func cauchy(tr *Trace, x Num, scale float64) Num {
	return tr.Op1(Neg, tr.Op1(Log1p, tr.Op1(Square, tr.Op2(Mul, x, Const(1/scale)))))
}

func eightSchools() (*Trace, Num) {
	y := []float64{28, 8, -3, 7, -1, 1, 18, 12}
	s := []float64{15, 10, 16, 11, 9, 11, 10, 18}
	tr := New(10)
	mu, u := tr.Input(8), tr.Input(9)
	tau := tr.Op1(Exp, u)
	lp := u
	var raw []Num
	for j := range 8 {
		raw = append(raw, tr.Input(j))
	}
	lp = tr.Op2(Add, lp, standardNormal(tr, raw...))
	lp = tr.Op2(Add, lp, tr.Op2(Mul, Const(-0.5), tr.Op1(Square, tr.Op2(Div, mu, Const(5)))))
	lp = tr.Op2(Add, lp, cauchy(tr, tau, 5))
	var terms []Num
	for j := range 8 {
		theta := tr.Op2(Add, mu, tr.Op2(Mul, tau, raw[j]))
		z := tr.Op2(Div, tr.Op2(Sub, Const(y[j]), theta), Const(s[j]))
		terms = append(terms, tr.Op1(Square, z))
	}
	return tr, tr.Op2(Add, lp, tr.Op2(Mul, Const(-0.5), tr.Sum(terms)))
}

func noise(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	return x
}

func autoregression() (*Trace, Num) {
	const k, n = 5, 200
	y := noise(n, 1)
	tr := New(k + 2)
	alpha, u := tr.Input(0), tr.Input(k+1)
	sigma := tr.Op1(Exp, u)
	lp := tr.Op2(Add, u, cauchy(tr, sigma, 2.5))
	for i := range k + 1 {
		lp = tr.Op2(Add, lp, tr.Op2(Mul, Const(-0.005), tr.Op1(Square, tr.Input(i))))
	}
	for t := k; t < n; t++ {
		mu := alpha
		for j := 1; j <= k; j++ {
			mu = tr.Op2(Add, mu, tr.Op2(Mul, tr.Input(j), Const(y[t-j])))
		}
		z := tr.Op2(Div, tr.Op2(Sub, Const(y[t]), mu), sigma)
		lp = tr.Op2(Add, lp, tr.Op2(Mul, Const(-0.5), tr.Op1(Square, z)))
		lp = tr.Op2(Sub, lp, tr.Op1(Log, sigma))
	}
	return tr, lp
}

func logistic() (*Trace, Num) {
	const n, d = 1000, 25
	x := noise(n*d, 2)
	tr := New(d)
	var beta []Num
	for k := range d {
		x[k*d] = 1
		beta = append(beta, tr.Input(k))
	}
	eta := tr.MatVec(x, n, d, beta)
	var terms []Num
	for i, e := range eta {
		if i%3 == 0 {
			e = tr.Op1(Neg, e)
		}
		terms = append(terms, tr.Op1(Log1pExp, e))
	}
	return tr, tr.Op2(Sub, standardNormal(tr, beta...), tr.Sum(terms))
}

func garch() (*Trace, Num) {
	const n = 200
	y := noise(n, 3)
	tr := New(4)
	mu := tr.Input(0)
	alpha0 := tr.Op1(Exp, tr.Input(1))
	alpha1 := tr.Op1(InvLogit, tr.Input(2))
	beta1 := tr.Op2(Mul, tr.Op2(Sub, Const(1), alpha1), tr.Op1(InvLogit, tr.Input(3)))
	lp := tr.Input(1)
	sigma := Const(0.5)
	for t := range n {
		if t > 0 {
			s2 := tr.Op2(Add, tr.Op2(Add, alpha0, tr.Op2(Mul, alpha1, tr.Op1(Square, tr.Op2(Sub, Const(y[t-1]), mu)))),
				tr.Op2(Mul, beta1, tr.Op1(Square, sigma)))
			sigma = tr.Op1(Sqrt, s2)
		}
		z := tr.Op2(Div, tr.Op2(Sub, Const(y[t]), mu), sigma)
		lp = tr.Op2(Add, lp, tr.Op2(Sub, tr.Op2(Mul, Const(-0.5), tr.Op1(Square, z)), tr.Op1(Log, sigma)))
	}
	return tr, lp
}

func hiddenMarkov() (*Trace, Num) {
	const n = 400
	u := noise(n, 4)
	tr := New(6)
	logTheta := [2][2]Num{}
	for j := range 2 {
		p := tr.Input(j)
		logTheta[j][0] = tr.Op1(Log, tr.Op1(InvLogit, p))
		logTheta[j][1] = tr.Op1(Log1m, tr.Op1(InvLogit, p))
	}
	rate := [2]Num{tr.Op1(Exp, tr.Input(2)), tr.Op1(Exp, tr.Input(3))}
	location := [2]Num{tr.Input(4), tr.Input(5)}
	emission := func(t, k int) Num {
		z := tr.Op2(Sub, Const(u[t]), location[k])
		return tr.Op2(Sub, tr.Op1(Log, rate[k]), tr.Op2(Mul, rate[k], tr.Op1(Square, z)))
	}
	gamma := [2]Num{emission(0, 0), emission(0, 1)}
	for t := 1; t < n; t++ {
		var next [2]Num
		for k := range 2 {
			acc := make([]Num, 2)
			for j := range 2 {
				acc[j] = tr.Op2(Add, gamma[j], tr.Op2(Add, logTheta[j][k], emission(t, k)))
			}
			next[k] = tr.LogSumExp(acc)
		}
		gamma = next
	}
	return tr, tr.LogSumExp(gamma[:])
}

func regression() (*Trace, Num) {
	const n, d = 5000, 24
	x, y := noise(n*d, 5), noise(n, 6)
	tr := New(d + 2)
	var beta, ys []Num
	for k := range d {
		beta = append(beta, tr.Input(k))
	}
	mu := tr.MatVec(x, n, d, beta)
	for i := range mu {
		mu[i] = tr.Op2(Add, mu[i], tr.Input(d))
		ys = append(ys, Const(y[i]))
	}
	sigma := tr.Op1(Exp, tr.Input(d+1))
	return tr, tr.Op2(Add, normalTerms(tr, ys, mu, sigma), standardNormal(tr, beta...))
}

func mixture() (*Trace, Num) {
	const n = 1000
	y := noise(n, 7)
	tr := New(5)
	mu := [2]Num{tr.Input(0), tr.Op2(Add, tr.Input(0), tr.Op1(Exp, tr.Input(1)))}
	sigma := [2]Num{tr.Op1(Exp, tr.Input(2)), tr.Op1(Exp, tr.Input(3))}
	weight := [2]Num{tr.Op1(Log, tr.Op1(InvLogit, tr.Input(4))), tr.Op1(Log1m, tr.Op1(InvLogit, tr.Input(4)))}
	var terms []Num
	for i := range n {
		var l [2]Num
		for k := range 2 {
			z := tr.Op2(Div, tr.Op2(Sub, Const(y[i]), mu[k]), sigma[k])
			d := tr.Op2(Sub, tr.Op2(Mul, Const(-0.5), tr.Op1(Square, z)), tr.Op1(Log, sigma[k]))
			l[k] = tr.Op2(Add, weight[k], d)
		}
		terms = append(terms, tr.LogSumExp(l[:]))
	}
	return tr, tr.Sum(terms)
}

func hierarchical() (*Trace, Num) {
	const n, groups = 919, 85
	y := noise(n, 8)
	tr := New(groups + 4)
	mu, beta := tr.Input(groups), tr.Input(groups+1)
	tau, sigma := tr.Op1(Exp, tr.Input(groups+2)), tr.Op1(Exp, tr.Input(groups+3))
	var a, ys, ms []Num
	for j := range groups {
		a = append(a, tr.Input(j))
	}
	lp := normalTerms(tr, a, []Num{mu}, tau)
	for i := range n {
		ys = append(ys, Const(y[i]))
		ms = append(ms, tr.Op2(Add, a[(i*i)%groups], tr.Op2(Mul, beta, Const(float64(i%2)))))
	}
	return tr, tr.Op2(Add, lp, normalTerms(tr, ys, ms, sigma))
}

func poissonRows() (*Trace, Num) {
	const n = 11
	tr := New(n)
	var f []Num
	for i := range n {
		f = append(f, tr.Input(i))
	}
	l := noise(n*n, 9)
	eta := tr.MatVec(l, n, n, f)
	lp := standardNormal(tr, f...)
	for i, e := range eta {
		lp = tr.Op2(Add, lp, tr.Op2(Sub, tr.Op2(Mul, e, Const(float64(i))), tr.Op1(Exp, e)))
	}
	return tr, lp
}

func BenchmarkModels(b *testing.B) {
	for _, m := range models {
		tr, out := m.record()
		p := compile(b, tr, out)
		for _, n := range []int{128} {
			b.Run(fmt.Sprintf("%s/n=%d", m.name, n), func(b *testing.B) {
				x := noise(tr.Inputs()*n, 10)
				for i := range x {
					x[i] *= m.scale
				}
				v, grad := make([]float64, n), make([]float64, len(x))
				p.Run(v, grad, x, n)
				if math.IsNaN(v[0]) {
					b.Fatal("NaN")
				}
				b.ResetTimer()
				for b.Loop() {
					p.Run(v, grad, x, n)
				}
				s := p.Stats()
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/gradient")
				b.ReportMetric(float64(s.Instructions), "instr")
				b.ReportMetric(float64(s.Block), "block")
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, m := range models {
		b.Run(m.name, func(b *testing.B) {
			nodes := 0
			for b.Loop() {
				tr, out := m.record()
				nodes = compile(b, tr, out).Stats().Recorded
			}
			b.ReportMetric(float64(nodes), "nodes")
		})
	}
}
