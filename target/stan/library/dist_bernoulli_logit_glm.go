package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// bernoulliLogitGLM is bernoulli_logit(x beta + alpha).
var bernoulliLogitGLM = &Multivariate{
	Name:       "bernoulli_logit_glm",
	Discrete:   true,
	Signatures: glmSignatures("int", "array[] int", ""),
	LogDensity: func(b *builder, a []Value) {
		b.fail(b.check(b.function, "Vector of dependent variables", probability, a[0].Nums(), !a[0].IsScalar()))
		m := b.linearModel(a[0], a[1], a[2], a[3])
		if m == nil {
			return
		}
		if constant(m.theta) {
			bernoulliLogit.LogDensity(b, []vec{m.y, m.theta})
			return
		}
		b.plusLinear(m)
		b.minus(b.Log1pExp(m.theta))
	},
	RandomSignatures: []string{"row_vector|matrix, vector, vector => array[] int"},
	Random: func(b *builder, a []Value) Value {
		x, alpha, beta := a[0], a[1], a[2]
		rows, cols := shape(x)
		n := max(rows, alpha.Len())
		b.checkSize("Weight Vector", beta, cols)
		if len(x.Dims) == 2 {
			b.checkSize("Vector of intercepts", alpha, rows)
			n = rows
		}
		out := New(syntax.ArrayOf(IntType, 1), n)
		if b.err != nil {
			return out
		}
		theta := product2(b.Context, x, beta, rows, cols, 1)
		for i := range out.Data {
			out.Data[i] = flip(b.RNG, tape.Eval1(tape.InvLogit, at(theta, i).V+alpha.At(i).V))
		}
		return out
	},
}
