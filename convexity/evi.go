package convexity

import (
	"errors"

	"wgf/measure"
	"wgf/target"
)

// Residuals are, between every two records of a flow to a Gaussian pi and for the Gaussian
// mu_t of the particles' moments, that of the evolution variational inequality of the
// relative entropy,
//
//	1/2 [W2^2(mu_t+, pi) - W2^2(mu_t, pi)]/dt + lambda/2 W2^2 + KL,   W2 and KL at the middle,
//
// which is not positive along the Wasserstein gradient flow where the entropy relative to
// pi is lambda-convex (Ambrosio, Gigli and Savare 2008, definition 4.0.1), and that of the
// dissipation, ([KL_t+ - KL_t]/dt + I)/I with I the relative Fisher information. Both are
// off by the square of dt. The dissipation is left out where I has fallen to 1e-9 of its
// start.
func Residuals(times []float64, n, d int, x, logW [][]float64, to *target.Gaussian, lambda float64) (evi, dissipation []float64, err error) {
	if len(times) < 2 {
		return nil, nil, errors.New("residuals need two records")
	}
	gaps := make([]Gap, len(times))
	for k := range times {
		c := &measure.Cloud{N: n, D: d, X: x[k]}
		if logW != nil {
			c.LogW = logW[k]
		}
		if gaps[k], err = GaussianGap(c, to); err != nil {
			return nil, nil, err
		}
	}
	for k := 1; k < len(times); k++ {
		dt := times[k] - times[k-1]
		if !(dt > 0) {
			continue
		}
		a, b := gaps[k-1], gaps[k]
		before, after := a.W2*a.W2, b.W2*b.W2
		evi = append(evi, (after-before)/(2*dt)+lambda/2*(before+after)/2+(a.KL+b.KL)/2)
		information := (a.Fisher + b.Fisher) / 2
		if information > 1e-9*gaps[0].Fisher { // below, rounding
			dissipation = append(dissipation, ((b.KL-a.KL)/dt+information)/information)
		}
	}
	if len(evi) == 0 {
		return nil, nil, errors.New("all records are at one time")
	}
	return evi, dissipation, nil
}
