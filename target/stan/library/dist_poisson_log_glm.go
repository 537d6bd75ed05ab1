package library

// poissonLogGLM is poisson_log(x beta + alpha).
var poissonLogGLM = &Multivariate{
	Name:       "poisson_log_glm",
	Discrete:   true,
	Signatures: glmSignatures("int", "array[] int", ""),
	LogDensity: func(b *builder, a []Value) {
		b.fail(b.check(b.function, "Vector of dependent variables", nonnegative, a[0].Nums(), !a[0].IsScalar()))
		m := b.linearModel(a[0], a[1], a[2], a[3])
		if m == nil {
			return
		}
		b.minus(b.Lgamma(b.Shift(m.y, 1)))
		b.plusLinear(m)
		b.minus(b.Exp(m.theta))
	},
}
