package library

import (
	"fmt"
	"math/rand/v2"

	"wgf/internal/tape"
)

// categorical is the distribution over 1..K with the probabilities theta.
//
//	log p(n) = log theta_n
var categorical = &Multivariate{
	Name:       "categorical",
	Discrete:   true,
	Signatures: []string{"int, vector", "array[] int, vector"},
	LogDensity: func(b *builder, a []Value) {
		theta := b.vec(a[1])
		name := "Number of categories"
		if !a[0].IsScalar() {
			name = "element of outcome array"
		}
		counts := b.categoryCounts(name, a[0], len(theta))
		if b.err == nil {
			b.checkSimplex("Probabilities parameter", theta)
			b.plusCounts(counts, b.Log(theta))
		}
	},
	RandomSignatures: []string{"vector => int"},
	Random: func(b *builder, a []Value) Value {
		b.checkSimplex("Probabilities parameter", a[0].Nums())
		if b.err != nil {
			return Value{}
		}
		return Int(categoryDraw(b.RNG, a[0].Data))
	},
}

// categoryCounts counts how often each of the categories 1..k occurs; 0 categories stand for a failed check.
func (b *builder) categoryCounts(name string, n Value, k int) vec {
	counts := make(vec, k)
	for i, v := range n.Data {
		if v < 1 || v > float64(k) {
			place := ""
			if !n.IsScalar() {
				place = fmt.Sprintf("[%d]", i+1)
			}
			b.failf("%s%s is %s, but must be in the interval [1, %d]", name, place, show(v), k)
			return nil
		}
		counts[int(v)-1].V++
	}
	return counts
}

// categoryDraw draws from 1..len(p) with the probabilities p.
func categoryDraw(r *rand.Rand, p []float64) int {
	u := r.Float64()
	for i, q := range p {
		if u -= q; u < 0 {
			return i + 1
		}
	}
	return len(p)
}

// categoricalLogit is the distribution over 1..K with probabilities softmax(beta).
//
//	log p(n) = beta_n - log sum exp(beta_k)
var categoricalLogit = &Multivariate{
	Name:       "categorical_logit",
	Discrete:   true,
	Signatures: []string{"int, vector", "array[] int, vector"},
	LogDensity: func(b *builder, a []Value) {
		beta := b.vec(a[1])
		counts := b.categoryCounts("categorical outcome out of support", a[0], len(beta))
		b.fail(b.check(b.function, "log odds parameter", finite, beta, true))
		if b.err != nil || a[0].Len() == 0 {
			return
		}
		b.plusCounts(counts, beta)
		b.minus(vec{b.scale(float64(a[0].Len()), b.logSumExp(beta))})
	},
	RandomSignatures: []string{"vector => int"},
	Random: func(b *builder, a []Value) Value {
		b.fail(b.check(b.function, "Log odds parameter", finite, a[0].Nums(), true))
		p := make([]float64, a[0].Len())
		total := b.logSumExp(a[0].Nums())
		for i, x := range a[0].Data {
			p[i] = tape.Eval1(tape.Exp, x-total.V)
		}
		return Int(categoryDraw(b.RNG, p))
	},
}
