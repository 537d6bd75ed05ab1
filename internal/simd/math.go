package simd

// The functions of this file write f(x[i]) to dst[i]. dst and x have the same
// length, which may be zero, and are the same slice or do not overlap. NaN,
// infinities, zeros of both signs and overflow give what package math gives.
// The stated error bounds are in units in the last place (ULP) of the exact
// value; they hold for every variant, denormal arguments and results included,
// and the tests enforce them against evaluation in 320 bits.
//
// Exponentials follow P. T. P. Tang, "Table-driven implementation of the
// exponential function in IEEE floating-point arithmetic", ACM TOMS 15 (1989);
// all polynomials are minimax fits made by gen/math/coefficients.py.

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
// at zero and NaN below.
func Log(dst, x []float64) { mathFor(dst, x).log(dst, x) }

// Log1p writes log(1+x[i]) to dst[i], within 1.5 ULP. It is -Inf at -1 and NaN
// below.
func Log1p(dst, x []float64) { mathFor(dst, x).log1p(dst, x) }

// Expm1 writes exp(x[i])-1 to dst[i], within 1.5 ULP.
func Expm1(dst, x []float64) { mathFor(dst, x).expm1(dst, x) }

// Log1pExp writes log(1+exp(x[i])), the softplus function, to dst[i], within
// 1.5 ULP. It does not overflow before x itself.
func Log1pExp(dst, x []float64) { mathFor(dst, x).log1pExp(dst, x) }

// InvLogit writes 1/(1+exp(-x[i])), the logistic function, to dst[i], within
// 1.5 ULP.
func InvLogit(dst, x []float64) { mathFor(dst, x).invLogit(dst, x) }

// Tanh writes the hyperbolic tangent of x[i] to dst[i], within 1.5 ULP.
func Tanh(dst, x []float64) { mathFor(dst, x).tanh(dst, x) }

// Lgamma writes log|Gamma(x[i])| to dst[i], within 5 ULP for x >= 0, also
// around the zeros at 1 and 2. For x < 0 the bound is 5 ULP or, close to the
// zeros there, an absolute error of 4e-15, as far as -20; negative numbers are
// computed one by one and are about ten times slower. It is +Inf at zero and
// the negative integers and -Inf at -Inf.
func Lgamma(dst, x []float64) { mathFor(dst, x).lgamma(dst, x) }

// Digamma writes the derivative of log Gamma at x[i] to dst[i], within 5 ULP
// for x >= 0, also around the zero at 1.46. For x < 0 the bound is 5 ULP or,
// close to the zeros there, an absolute error of 4e-15, as far as -20; negative
// numbers are computed one by one and are about ten times slower. It is -Inf at
// +0, +Inf at -0, and NaN at the negative integers and at -Inf.
func Digamma(dst, x []float64) { mathFor(dst, x).digamma(dst, x) }

// Sqrt writes the square root of x[i], correctly rounded, to dst[i].
func Sqrt(dst, x []float64) { mathFor(dst, x).sqrt(dst, x) }
