package library

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// dirichlet is the distribution of a simplex theta with prior sample sizes alpha.
//
//	log p(theta) = lgamma(sum alpha) - sum lgamma(alpha_k) + sum (alpha_k - 1) log theta_k
var dirichlet = &Multivariate{
	Name:       "dirichlet",
	Signatures: []string{vectorOrArrays + ", " + vectorOrArrays},
	LogDensity: func(b *builder, a []Value) {
		theta, alpha := b.vectors(a[0]), b.vectors(a[1])
		n := max(len(theta), len(alpha))
		if len(theta) == 0 || len(alpha) == 0 {
			return
		}
		for i := range n {
			p, k := pick(theta, i), pick(alpha, i)
			if len(p) != len(k) {
				b.failf("probabilities has size = %d, but prior sample sizes has size %d; and they must be the same size.", len(p), len(k))
				return
			}
			b.fail(b.check(b.function, "prior sample sizes", positive, k, true))
			b.checkSimplex("probabilities", p)
			b.plus(vec{b.sub(b.lgamma(b.sum(k)), b.sum(b.Lgamma(k)))})
			b.plusProduct(b.Shift(k, -1), b.Log(p))
		}
	},
	RandomSignatures: []string{"vector => vector"},
	Random: func(b *builder, a []Value) Value {
		b.fail(b.check(b.function, "prior size vector", positive, a[0].Nums(), true))
		// Logarithms of gamma draws, so that small shapes do not underflow: if x has shape a+1, x u^(1/a) has shape a.
		logs := make([]tape.Num, a[0].Len())
		for i, shape := range a[0].Data {
			x := distuv.Gamma{Alpha: shape + 1, Beta: 1, Src: b.RNG}.Rand()
			logs[i].V = math.Log(x) + math.Log1p(-b.RNG.Float64())/shape
		}
		total := b.logSumExp(logs)
		return mapValue(VectorOf(logs), func(x tape.Num) tape.Num { return b.exp(b.sub(x, total)) })
	},
}

const vectorOrArrays = "vector|row_vector|array[] vector|array[] row_vector"

// vectors splits an argument into its vectors: one, or those of an array.
func (b *builder) vectors(v Value) []vec {
	if v.Type.ArrayDims == 0 {
		return []vec{b.vec(v)}
	}
	out := make([]vec, v.Dims[0])
	for i := range out {
		out[i] = b.vec(v.Element(i))
	}
	return out
}

// pick is vector i, or the only one.
func pick(v []vec, i int) vec {
	if len(v) == 1 {
		return v[0]
	}
	return v[i]
}

// checkSimplex checks that numbers are nonnegative and add up to 1.
func (b *builder) checkSimplex(name string, p []tape.Num) {
	const tolerance = 1e-8
	if len(p) == 0 {
		b.failf("%s has size 0, but must have a non-zero size", name)
		return
	}
	off := b.abs(b.sub(b.sum(p), num(1)))
	ok := b.atMost(off, num(tolerance))
	switch {
	case ok.Ref != 0:
		b.T.Guard(ok, b.function+": "+name+" is not a valid simplex")
	case ok.V == 0:
		b.failf("%s is not a valid simplex. sum(%s) = %s, but should be 1", name, name, fmt.Sprintf("%.10g", b.sum(p).V))
	}
	for i, x := range p {
		switch {
		case x.Ref != 0:
			b.T.Guard(isNonnegative(b.Context, x), b.function+": "+name+" is not a valid simplex")
		case !(x.V >= 0):
			b.failf("%s is not a valid simplex. %s[%d] = %s, but should be greater than or equal to 0", name, name, i+1, show(x.V))
		}
	}
}
