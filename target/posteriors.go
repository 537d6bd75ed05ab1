package target

import (
	"fmt"
	"math"
	"math/rand/v2"

	"wgf/internal/rng"
)

// named adds coordinate names and second derivatives to a density.
type named struct {
	Density
	names   []string
	product func(dst, x, u []float64) // H u at one point
}

// HessianVector goes point by point.
func (n named) HessianVector(dst, x, u []float64) { eachHessian(dst, x, u, n.Dim(), n.product) }

// Names returns the coordinates' names.
func (n named) Names() []string { return append([]string(nil), n.names...) }

// EightSchools is the posterior of Rubin (1981) with the priors mu ~ N(0, 5) and
// tau ~ half-Cauchy(5) (Gelman et al., Bayesian Data Analysis, section 5.5), in
// 10 dimensions: eight effects, mu and log tau. Centred, the coordinates are the
// effects theta_j ~ N(mu, tau), which makes a funnel; otherwise their
// standardised forms (theta_j - mu)/tau.
func EightSchools(centred bool) Density {
	y := [8]float64{28, 8, -3, 7, -1, 1, 18, 12}
	sigma := [8]float64{15, 10, 16, 11, 9, 11, 10, 18}
	f := func(x, grad []float64) float64 {
		mu, tau := x[8], math.Exp(x[9])
		lp := x[9] - mu*mu/50 - math.Log1p(tau*tau/25)
		gmu, gtau := -mu/25, 1-2*tau*tau/(25+tau*tau)
		for j := range y {
			var z, r float64 // standardised effect, standardised residual
			if centred {
				z, r = (x[j]-mu)/tau, (y[j]-x[j])/sigma[j]
				lp -= x[9]
				gmu += z / tau
				gtau += z*z - 1
			} else {
				z, r = x[j], (y[j]-mu-tau*x[j])/sigma[j]
				gmu += r / sigma[j]
				gtau += r / sigma[j] * z * tau
			}
			lp -= (z*z + r*r) / 2
			if grad != nil {
				if centred {
					grad[j] = r/sigma[j] - z/tau
				} else {
					grad[j] = r/sigma[j]*tau - z
				}
			}
		}
		if grad != nil {
			grad[8], grad[9] = gmu, gtau
		}
		return lp
	}
	names := make([]string, 10)
	for j := range y {
		names[j] = fmt.Sprintf("theta_trans.%d", j+1)
		if centred {
			names[j] = fmt.Sprintf("theta.%d", j+1)
		}
	}
	names[8], names[9] = "mu", "log_tau"
	return named{New(10, f), names, schoolsHessian(y[:], sigma[:], centred)}
}

// schoolsHessian is the product with the Hessian of [EightSchools].
func schoolsHessian(y, sigma []float64, centred bool) func(dst, x, u []float64) {
	return func(dst, x, u []float64) {
		mu, tau, du := x[8], math.Exp(x[9]), u[8]
		dtau := tau * u[9]
		b := 25 + tau*tau
		hmu, htau := -du/25, -100*tau*dtau/(b*b)
		for j := range y {
			s := sigma[j]
			if centred {
				z := (x[j] - mu) / tau
				dz := (u[j] - du - z*dtau) / tau
				bend := dz/tau - z*dtau/(tau*tau) // of z/tau
				dst[j] = -u[j]/(s*s) - bend
				hmu += bend
				htau += 2 * z * dz
				continue
			}
			z, r := x[j], (y[j]-mu-tau*x[j])/s
			dr := -(du + tau*u[j] + dtau*x[j]) / s
			dst[j] = (dr*tau+r*dtau)/s - u[j]
			hmu += dr / s
			htau += (dr*z*tau + r*u[j]*tau + r*z*dtau) / s
		}
		dst[8], dst[9] = hmu, htau
	}
}

func eightSchoolsEntry() Entry {
	return Entry{
		Name: "eight-schools", Description: "the hierarchical posterior of Rubin (1981), d = 10",
		Params: []Param{{"centred", 0, "1: the centred form, a funnel"}},
		build: func(v values) (Density, error) {
			c := v.get("centred")
			if c != 0 && c != 1 {
				return nil, v.refuse("centred", "0 or 1")
			}
			return EightSchools(c == 1), nil
		},
	}
}

// Brownian is the posterior of a Brownian path of the given number of points
// that is observed with noise, but for its middle third: innovations N(0, a),
// noise N(0, b), log a and log b ~ N(0, 2). The coordinates are log a, log b and
// the path; the observations are drawn with a = 0.1, b = 0.15 and a fixed seed.
// With few observations the scales have long tails towards zero: necks.
func Brownian(points int) Density {
	if points < 3 {
		panic("target: a Brownian path needs three points")
	}
	r := rand.New(rng.New(1, rng.Target).Source(0, 2))
	y := make([]float64, points)
	at := 0.0
	for t := range y {
		at += 0.1 * r.NormFloat64()
		y[t] = at + 0.15*r.NormFloat64()
		if t >= points/3 && t < points-points/3 {
			y[t] = math.NaN()
		}
	}
	f := func(x, grad []float64) float64 {
		la, lb, path := x[0], x[1], x[2:]
		a, b := math.Exp(-2*la), math.Exp(-2*lb) // precisions
		lp := -(la*la + lb*lb) / 8
		ga, gb := -la/4, -lb/4
		if grad != nil {
			clear(grad)
		}
		last := 0.0
		for t, v := range path {
			step := v - last
			lp -= step*step*a/2 + la
			ga += step*step*a - 1
			if grad != nil {
				grad[t+2] -= step * a
				if t > 0 {
					grad[t+1] += step * a
				}
			}
			last = v
			if e := y[t] - v; !math.IsNaN(e) {
				lp -= e*e*b/2 + lb
				gb += e*e*b - 1
				if grad != nil {
					grad[t+2] += e * b
				}
			}
		}
		if grad != nil {
			grad[0], grad[1] = ga, gb
		}
		return lp
	}
	names := []string{"log_innovation", "log_noise"}
	for t := range points {
		names = append(names, fmt.Sprintf("path.%d", t+1))
	}
	return named{New(points+2, f), names, pathHessian(y)}
}

// pathHessian is the product with the Hessian of [Brownian].
func pathHessian(y []float64) func(dst, x, u []float64) {
	return func(dst, x, u []float64) {
		a, b := math.Exp(-2*x[0]), math.Exp(-2*x[1])
		da, db := -2*a*u[0], -2*b*u[1]
		ha, hb := -u[0]/4, -u[1]/4
		clear(dst)
		last, dlast := 0.0, 0.0
		for t, v := range x[2:] {
			step, dstep := v-last, u[t+2]-dlast
			ha += 2*step*dstep*a + step*step*da
			pull := dstep*a + step*da
			dst[t+2] -= pull
			if t > 0 {
				dst[t+1] += pull
			}
			last, dlast = v, u[t+2]
			if e := y[t] - v; !math.IsNaN(e) {
				de := -u[t+2]
				hb += 2*e*de*b + e*e*db
				dst[t+2] += de*b + e*db
			}
		}
		dst[0], dst[1] = ha, hb
	}
}

func brownianEntry() Entry {
	return Entry{
		Name: "brownian", Description: "a noisily observed Brownian path with unknown scales, its middle missing",
		Params: []Param{{"points", 30, "points of the path; the dimension is two more"}},
		build: func(v values) (Density, error) {
			n, err := v.integer("points", 3)
			if err != nil {
				return nil, err
			}
			return Brownian(n), nil
		},
	}
}
