package stan

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"wgf/internal/tape"
)

// secondDerivatives are those of the special functions of the library, by their names there. The incomplete gamma and
// beta functions and the t distribution function have them by the limit of the integral; by a shape that is a
// parameter they have none.
func secondDerivatives() tape.Second {
	return tape.Second{
		"logPhi":            {secondLogPhi},
		"tgamma":            {secondGamma},
		"rising_excess":     {risingByBase, risingByCount},
		"log_student_t_cdf": {secondLogT, nil},
		"gamma_p":           {nil, func(x, dx []float64) { dx[1] = gammaSlope(x) * gammaDensity(x) }},
		"gamma_q":           {nil, func(x, dx []float64) { dx[1] = -gammaSlope(x) * gammaDensity(x) }},
		"log_gamma_p":       {nil, func(x, dx []float64) { dx[1] = ofLog(gammaDensity(x)/mathext.GammaIncReg(x[0], x[1]), gammaSlope(x)) }},
		"log_gamma_q": {nil, func(x, dx []float64) {
			dx[1] = ofLog(-gammaDensity(x)/mathext.GammaIncRegComp(x[0], x[1]), gammaSlope(x))
		}},
		"inc_beta": {nil, nil, func(x, dx []float64) { dx[2] = betaSlope(x) * betaDensity(x) }},
		"log_inc_beta": {nil, nil, func(x, dx []float64) {
			dx[2] = ofLog(betaDensity(x)/mathext.RegIncBeta(x[0], x[1], x[2]), betaSlope(x))
		}},
	}
}

// ofLog is the second derivative of log F, given its first, r = F'/F, and s = F”/F': r (s - r).
func ofLog(r, s float64) float64 { return r * (s - r) }

func digamma(x float64) float64  { return tape.Eval1(tape.Digamma, x) }
func trigamma(x float64) float64 { return tape.Eval1(tape.Trigamma, x) }
func lgamma(x float64) float64   { return tape.Eval1(tape.Lgamma, x) }

// secondLogPhi: with r = phi/Phi the derivative of log Phi, -r (x + r). Far below zero Phi = phi t/|x| with
// t = 1 - u s, u = 1/x^2, s = 1 - 3u + 15u^2 - ... (Abramowitz and Stegun 26.2.12), and r (x + r) = s/t^2.
func secondLogPhi(x, dx []float64) {
	v := x[0]
	if v < -20 {
		u := 1 / (v * v)
		s := 1 - 3*u*(1-5*u*(1-7*u*(1-9*u*(1-11*u*(1-13*u)))))
		t := 1 - u*s
		dx[0] = -s / (t * t)
		return
	}
	r := math.Exp(-0.5*v*v) / math.Sqrt(2*math.Pi) / (0.5 * math.Erfc(-v/math.Sqrt2))
	dx[0] = ofLog(r, -v)
}

// secondGamma: Gamma” = Gamma (psi^2 + psi').
func secondGamma(x, dx []float64) {
	p := digamma(x[0])
	dx[0] = math.Gamma(x[0]) * (p*p + trigamma(x[0]))
}

// risingByBase is the derivative of psi(a+n) - psi(a) - n/a, which is the sum over k < n of 1/(a+k) - 1/a.
func risingByBase(x, dx []float64) {
	a, n := x[0], x[1]
	if n <= 32 {
		dx[0] = 0
		for k := 1.0; k < n; k++ {
			q := a * (a + k)
			dx[0] += k * (2*a + k) / (q * q)
		}
	} else {
		dx[0] = trigamma(a+n) - trigamma(a) + n/(a*a)
	}
	dx[1] = trigamma(a+n) - 1/a
}

// risingByCount is the derivative of psi(a+n) - log a.
func risingByCount(x, dx []float64) {
	dx[1] = trigamma(x[0] + x[1])
	dx[0] = dx[1] - 1/x[0]
}

// secondLogT is the second derivative of the log distribution function of the t distribution by its argument, of
// (t, nu): with r the first one, r (-(nu+1) t/(nu+t^2) - r). By nu it is unknown, and so not asked for.
func secondLogT(x, dx []float64) {
	t, nu := x[0], x[1]
	density := math.Exp(lgamma((nu+1)/2) - lgamma(nu/2) - 0.5*math.Log(math.Pi*nu) - (nu+1)/2*math.Log1p(t*t/nu))
	var below float64 // P(T < t)
	if t*t < nu {
		below = 0.5 + math.Copysign(0.5*mathext.RegIncBeta(0.5, nu/2, t*t/(nu+t*t)), t)
	} else if below = 0.5 * mathext.RegIncBeta(nu/2, 0.5, 1/(1+t/nu*t)); t > 0 {
		below = 1 - below
	}
	dx[0] = ofLog(density/below, -(nu+1)*t/(nu+t*t))
	dx[1] = math.NaN()
}

// gammaDensity is x^(a-1) e^-x / Gamma(a) of (a, x), gammaSlope the derivative of its logarithm by x.
func gammaDensity(x []float64) float64 {
	return math.Exp((x[0]-1)*math.Log(x[1]) - x[1] - lgamma(x[0]))
}

func gammaSlope(x []float64) float64 { return (x[0]-1)/x[1] - 1 }

// betaDensity is x^(a-1) (1-x)^(b-1) / B(a, b) of (a, b, x), betaSlope the derivative of its logarithm by x.
func betaDensity(x []float64) float64 {
	a, b := x[0], x[1]
	return math.Exp((a-1)*math.Log(x[2]) + (b-1)*math.Log1p(-x[2]) - lgamma(a) - lgamma(b) + lgamma(a+b))
}

func betaSlope(x []float64) float64 { return (x[0]-1)/x[2] - (x[1]-1)/(1-x[2]) }
