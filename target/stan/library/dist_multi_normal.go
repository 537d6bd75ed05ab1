package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// multiNormal is the multivariate normal distribution with mean mu and covariance matrix Sigma = L L'.
//
//	log p(y) = -(K/2) log(2 pi) - sum log L_kk - |L^-1 (y - mu)|^2 / 2
var multiNormal = &Multivariate{
	Name:       "multi_normal",
	Signatures: []string{vectorOrArrays + ", " + vectorOrArrays + ", matrix"},
	LogDensity: func(b *builder, a []Value) {
		b.fail(checkSymmetric(b.function, "Covariance matrix", a[2]))
		if b.err != nil {
			return
		}
		l, err := b.cholesky(b.function, a[2].Nums(), a[2].Dims[0])
		b.fail(err)
		if err == nil {
			b.multiNormal(a[0], a[1], l, a[2].Dims[0], a[2].Dims[1])
		}
	},
	RandomSignatures: multiNormalRandom,
	Random: func(b *builder, a []Value) Value {
		b.fail(checkSymmetric(b.function, "Covariance matrix", a[1]))
		if b.err != nil {
			return Value{}
		}
		l, err := b.cholesky(b.function, a[1].Nums(), a[1].Dims[0])
		b.fail(err)
		if err != nil {
			return Value{}
		}
		return b.multiNormalDraw(a[0], l, a[1].Dims[0])
	},
}

// multiNormalCholesky is the same given the Cholesky factor L.
var multiNormalCholesky = &Multivariate{
	Name:       "multi_normal_cholesky",
	Signatures: multiNormal.Signatures,
	LogDensity: func(b *builder, a []Value) {
		b.multiNormal(a[0], a[1], a[2].Nums(), a[2].Dims[0], a[2].Dims[1])
	},
	RandomSignatures: multiNormalRandom,
	Random: func(b *builder, a []Value) Value {
		return b.multiNormalDraw(a[0], a[1].Nums(), a[1].Dims[0])
	},
}

var multiNormalRandom = []string{"vector|row_vector, matrix => vector", "array[] vector|array[] row_vector, matrix => array[] vector"}

// multiNormal adds the density for a Cholesky factor l.
func (b *builder) multiNormal(y, mu Value, l []tape.Num, rows, cols int) {
	ys, mus := b.vectors(y), b.vectors(mu)
	if len(ys) == 0 || len(mus) == 0 {
		return
	}
	n := max(len(ys), len(mus))
	if len(ys) > 1 && len(mus) > 1 && len(ys) != len(mus) {
		b.failf("y has size = %d, but mu has size %d; and they must be the same size.", len(ys), len(mus))
		return
	}
	k := len(ys[0])
	for _, s := range []struct {
		name string
		size int
	}{{"size of location parameter", len(mus[0])}, {"rows of covariance parameter", rows}, {"columns of covariance parameter", cols}} {
		if s.size != k {
			b.fail(sizeMismatch(b.function, "Size of random variable", k, s.name, s.size))
			return
		}
	}
	// L^-1 as a constant matrix, where L is constant: the residuals then go through one matrix product.
	var inverse []float64
	if constant(l) {
		for j := range k {
			b.fail(b.check(b.function, "Cholesky decomposition of a variance matrix", positive, l[j*k+j:j*k+j+1], false))
		}
		unit := identity(k).Nums()
		b.forward(l, unit, k, k)
		inverse = make([]float64, k*k)
		for i, v := range unit {
			inverse[i] = v.V
		}
	}
	b.n = n
	b.constant(-halfLogTwoPi * float64(k))
	b.minus(vec{b.logDiagonal(l, k)})
	b.n = 1
	for i := range n {
		b.fail(b.check(b.function, "Location parameter", finite, pick(mus, i), true))
		b.fail(b.check(b.function, "Random variable", notNaN, pick(ys, i), true))
		r := b.Sub(pick(ys, i), pick(mus, i))
		switch {
		case inverse != nil && !constant(r):
			r = vec(b.T.MatVec(inverse, k, k, r))
		default:
			b.forward(l, r, k, 1)
		}
		if !b.drop || !constant(r) {
			b.terms = append(b.terms, b.scale(-0.5, b.dot(r, r)))
		}
	}
}

// multiNormalDraw is mu + L z.
func (b *builder) multiNormalDraw(mu Value, l []tape.Num, k int) Value {
	many := mu.Type.ArrayDims > 0
	var out Value
	if many {
		out = New(syntax.ArrayOf(VectorType, 1), mu.Dims[0], k)
	} else {
		out = New(VectorType, k)
	}
	if len(l) != k*k || mu.Dims[len(mu.Dims)-1] != k {
		b.fail(sizeMismatch(b.function, "Size of location parameter", mu.Dims[len(mu.Dims)-1], "rows of covariance parameter", k))
		return out
	}
	z := make([]float64, k)
	for from := 0; from < len(out.Data); from += k {
		for i := range z {
			z[i] = b.RNG.NormFloat64()
			s := mu.Data[from+i]
			for j := 0; j <= i; j++ {
				s += float64(l[i*k+j].V * z[j])
			}
			out.Data[from+i] = s
		}
	}
	return out
}
