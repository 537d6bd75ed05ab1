package library

import (
	"math"
	"testing"
)

// The distribution function far in the tails: reference values to 20 digits, by the power series of erf
// in 60-digit arithmetic.
func TestNormalTails(t *testing.T) {
	for _, test := range []struct{ x, want float64 }{
		{-8, -35.013437159914549896}, {-1, -1.8410216450092635058}, {0, -math.Ln2}, {3, -1.3508099647481937988e-3},
	} {
		if got := logNormalCDF(test.x); !closeTo(got, test.want, 1e-14) {
			t.Errorf("log Phi(%g) = %.17g, want %.17g", test.x, got, test.want)
		}
	}
	// the two formulas meet, and so do the derivatives
	for _, x := range []float64{-20, -19.999999, -20.000001} {
		d := make([]float64, 1)
		logPhi.Partials([]float64{x}, d)
		mills := -x / normalTail(x)
		if !closeTo(d[0], mills, 1e-12) {
			t.Errorf("derivative at %g: %.15g, asymptotically %.15g", x, d[0], mills)
		}
		asymptotic := -0.5*x*x - halfLogTwoPi - math.Log(-x) + math.Log(normalTail(x))
		if got := logNormalCDF(x); !closeTo(got, asymptotic, 1e-14) {
			t.Errorf("log Phi(%g) = %.17g, asymptotically %.17g", x, got, asymptotic)
		}
	}
}
