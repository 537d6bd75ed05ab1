package library

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"wgf/internal/tape"
)

// lkjCorrCholesky is the LKJ distribution of a correlation matrix, by its K x K Cholesky factor L, with shape eta:
//
//	log p(L) = c(eta, K) + sum_{k=2..K} (K - k + 2 eta - 2) log L_kk
//
// with the constant of Lewandowski, Kurowicka and Joe (2009), theorem 5.
var lkjCorrCholesky = &Multivariate{
	Name:       "lkj_corr_cholesky",
	Signatures: []string{"matrix, real"},
	LogDensity: func(b *builder, a []Value) {
		l, eta := a[0], b.vec(a[1])
		b.fail(checkSquare(b.function, "Random variable", l))
		b.fail(b.check(b.function, "Shape parameter", positive, eta, false))
		if b.err != nil || l.Dims[0] == 0 {
			return
		}
		n := l.Dims[0]
		b.plus(vec{b.lkjConstant(eta[0], n)})
		weights, logs := b.alloc(n-1), b.alloc(n-1)
		for k := range weights {
			diagonal := l.At((k+1)*n + k + 1)
			b.fail(b.check(b.function, "Random variable", positive, []tape.Num{diagonal}, false))
			weights[k] = b.add(num(float64(n-k-4)), b.scale(2, eta[0]))
			logs[k] = b.log(diagonal)
		}
		if n > 1 {
			b.plusProduct(weights, logs)
		}
	},
	RandomSignatures: []string{"int, real => matrix"},
	Random: func(b *builder, a []Value) Value {
		n, eta := a[0].Int(), a[1].Data[0]
		b.fail(b.check(b.function, "Shape parameter", positive, a[1].Nums(), false))
		if n < 0 {
			b.failf("K is %d, but must be nonnegative!", n)
		}
		if b.err != nil {
			return Value{}
		}
		// Row by row from canonical partial correlations: those of column j are symmetric beta draws.
		out := New(MatrixType, n, n)
		for i := range n {
			rest := 1.0 // what is left of the length of the row
			for j := range i {
				shape := eta + 0.5*float64(n-j-2)
				z := 2*distuv.Beta{Alpha: shape, Beta: shape, Src: b.RNG}.Rand() - 1
				out.Data[i*n+j] = z * math.Sqrt(rest)
				rest *= 1 - float64(z*z)
			}
			out.Data[i*n+i] = math.Sqrt(rest)
		}
		return out
	},
}

// lkjConstant is the logarithm of the normalising constant.
func (c *Context) lkjConstant(eta tape.Num, n int) tape.Num {
	terms := []tape.Num{c.scale(float64(n-1), c.lgamma(c.add(eta, num(0.5*float64(n-1)))))}
	for k := 1; k < n; k++ {
		terms = append(terms, num(-0.5*float64(k)*math.Log(math.Pi)), c.neg(c.lgamma(c.add(eta, num(0.5*float64(n-1-k))))))
	}
	return c.sum(terms)
}
