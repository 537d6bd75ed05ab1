package simd

// The functions of this file write f(x[i]) to dst[i]. dst and x must have the
// same length (any, zero included) and be either the same slice or disjoint.
// Special values are those of package math. An error bound is the largest
// distance to the exact value seen in the tests, in units in the last place
// (ULP) of the exact value, rounded up; it holds for all variants, denormal
// arguments and results included.

// mathTable holds the elementary and gamma functions of one variant.
type mathTable struct {
	exp, log, log1p, expm1, log1pExp, invLogit, tanh, lgamma, digamma, sqrt func(dst, x []float64)
}

// mathFor checks the shapes and returns the functions of the variant in use.
func mathFor(dst, x []float64) *mathTable {
	if len(dst) != len(x) {
		panic("simd: dst and x differ in length")
	}
	return &mathTables[current()]
}

// Exp writes exp(x[i]) to dst[i], within 1 ULP.
func Exp(dst, x []float64) { mathFor(dst, x).exp(dst, x) }

// Log writes the natural logarithm of x[i] to dst[i], within 1 ULP. It is -Inf
// at 0 and NaN below.
func Log(dst, x []float64) { mathFor(dst, x).log(dst, x) }

// Log1p writes log(1+x[i]) to dst[i], within 1 ULP. It is -Inf at -1 and NaN
// below.
func Log1p(dst, x []float64) { mathFor(dst, x).log1p(dst, x) }

// Expm1 writes exp(x[i])-1 to dst[i], within 1 ULP.
func Expm1(dst, x []float64) { mathFor(dst, x).expm1(dst, x) }

// Log1pExp writes log(1+exp(x[i])), the softplus function, to dst[i].
func Log1pExp(dst, x []float64) { mathFor(dst, x).log1pExp(dst, x) }

// InvLogit writes 1/(1+exp(-x[i])), the logistic function, to dst[i].
func InvLogit(dst, x []float64) { mathFor(dst, x).invLogit(dst, x) }

// Tanh writes the hyperbolic tangent of x[i] to dst[i].
func Tanh(dst, x []float64) { mathFor(dst, x).tanh(dst, x) }

// Lgamma writes log|Gamma(x[i])| to dst[i].
func Lgamma(dst, x []float64) { mathFor(dst, x).lgamma(dst, x) }

// Digamma writes the derivative of log Gamma at x[i] to dst[i].
func Digamma(dst, x []float64) { mathFor(dst, x).digamma(dst, x) }

// Sqrt writes the square root of x[i], correctly rounded, to dst[i].
func Sqrt(dst, x []float64) { mathFor(dst, x).sqrt(dst, x) }
