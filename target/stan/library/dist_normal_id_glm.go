package library

// normalIDGLM is normal(x beta + alpha, sigma).
var normalIDGLM = &Multivariate{
	Name:       "normal_id_glm",
	Signatures: glmSignatures("real", "vector", ", real|vector"),
	LogDensity: func(b *builder, a []Value) {
		sigma := a[4]
		m := b.linearModel(a[0], a[1], a[2], a[3])
		n := a[0].Len()
		if m != nil {
			n = b.n
		}
		b.checkSize("Vector of scale parameters", sigma, n)
		b.fail(b.check(b.function, "Scale vector", positiveFinite, sigma.Nums(), !sigma.IsScalar()))
		if m == nil || b.err != nil {
			return
		}
		normal.LogDensity(b, []vec{m.y, m.theta, b.vec(sigma)})
	},
}
