package sampler

import "math"

// The isokinetic dynamics. A particle has a position x and a direction u on the
// unit sphere of R^d; W is a factor of the metric, g_w = W^T grad log p the
// whitened gradient. All functions below work on a block of cols particles,
// coordinate-major, and treat every particle by itself.
//
// Source: Robnik, De Luca, Silverstein, Seljak, "Microcanonical Hamiltonian
// Monte Carlo" (arXiv 2212.08549), equations for the position and momentum
// updates; Robnik, Cohn-Gordon, Seljak (arXiv 2503.01707) for the kinetic term.

// mcLachlan is b1 of the second-order minimal-norm splitting
// B(b1) A(1/2) B(1-2 b1) A(1/2) B(b1) (McLachlan 1995).
const mcLachlan = 0.1931833275

// tinyForce is the length of a gradient below which it has no direction.
const tinyForce = 1e-300

// split turns the whitened gradients in e into unit vectors, and writes their
// lengths to norm. A gradient that is shorter than tinyForce gets norm 0.
func split(e, norm []float64, d int) {
	cols := len(norm)
	clear(norm)
	for k := range d {
		row := e[k*cols : (k+1)*cols]
		for i, v := range row {
			norm[i] += float64(v * v)
		}
	}
	for i, v := range norm {
		norm[i] = math.Sqrt(v)
		if math.IsInf(norm[i], 1) || (v < 1e-280 && v >= 0) {
			norm[i] = scaledNorm(e, i, cols, d)
		}
		if norm[i] < tinyForce {
			norm[i] = 0
		}
	}
	for k := range d {
		row := e[k*cols : (k+1)*cols]
		for i, n := range norm {
			if n != 0 {
				row[i] /= n
			} else {
				row[i] = 0
			}
		}
	}
}

// scaledNorm is the Euclidean length of column i of e where the plain sum of
// squares overflows or underflows.
func scaledNorm(e []float64, i, cols, d int) float64 {
	scale := 0.0
	for k := range d {
		scale = max(scale, math.Abs(e[k*cols+i]))
	}
	if scale == 0 || math.IsInf(scale, 1) || math.IsNaN(scale) {
		return scale
	}
	sum := 0.0
	for k := range d {
		v := e[k*cols+i] / scale
		sum += float64(v * v)
	}
	return scale * math.Sqrt(sum)
}

// kick is B(h): the exact flow of du/dt = (1 - u u^T) g_w / (d-1) for time h,
// and adds the change of kinetic energy to kinetic. With e = g_w/|g_w|,
// p = u.e, del = h |g_w|/(d-1) and z = exp(-del):
//
//	u <- normalise(e (1-z)(1+z+p(1-z)) + 2 z u)
//	K += (d-1) (del - ln 2 + ln(1+p + (1-p) z^2))
//
// 1+p is taken as q = |u+e|^2/2, which keeps its relative precision where u and
// e are opposite; 1+z+p(1-z) is then 2z + q(1-z). s1, s2, s3 are scratch of one
// number a particle.
func kick(u, e, norm, kinetic []float64, h float64, d int, s1, s2, s3 []float64) {
	cols := len(norm)
	clear(s1)
	for k := range d {
		ur, er := u[k*cols:(k+1)*cols], e[k*cols:(k+1)*cols]
		for i, v := range ur {
			w := v + er[i]
			s1[i] += float64(w * w)
		}
	}
	m := float64(d - 1)
	for i, n := range norm {
		q := min(s1[i]/2, 2)
		del := h * n / m
		z := math.Exp(-del)
		mix := q + float64((2-q)*(z*z))
		switch {
		case n == 0:
			s1[i], s2[i] = 0, 1
		case q == 0 || mix < 1e-290: // u stands exactly against the force
			s1[i], s2[i] = 0, 1
			kinetic[i] -= m * del
		default:
			s1[i] = float64((1-z)*(2*z)) + float64(float64((1-z)*(1-z))*q)
			s2[i] = 2 * z
			kinetic[i] += m * (del - math.Ln2 + math.Log(mix))
		}
	}
	clear(s3)
	for k := range d {
		ur, er := u[k*cols:(k+1)*cols], e[k*cols:(k+1)*cols]
		for i, v := range ur {
			w := float64(er[i]*s1[i]) + float64(v*s2[i])
			ur[i] = w
			s3[i] += float64(w * w)
		}
	}
	rescale(u, s3, d)
}

// refresh is O: u <- normalise(u + nu xi), a partial refreshment of the
// direction by standard normal numbers xi. s is scratch.
func refresh(u, xi []float64, nu float64, d int, s []float64) {
	cols := len(s)
	clear(s)
	for k := range d {
		ur, xr := u[k*cols:(k+1)*cols], xi[k*cols:(k+1)*cols]
		for i, v := range ur {
			w := v + float64(nu*xr[i])
			ur[i] = w
			s[i] += float64(w * w)
		}
	}
	rescale(u, s, d)
}

// refreshment is nu of O(h) for the decoherence length L: sqrt((exp(2h/L)-1)/d).
func refreshment(h, length float64, d int) float64 {
	return math.Sqrt(math.Expm1(2*h/length) / float64(d))
}

// rescale divides every column of u by the square root of its entry in squares.
func rescale(u, squares []float64, d int) {
	cols := len(squares)
	for i, s := range squares {
		squares[i] = 1 / math.Sqrt(s)
	}
	for k := range d {
		ur := u[k*cols : (k+1)*cols]
		for i, s := range squares {
			ur[i] *= s
		}
	}
}

// axpy is y += a x.
func axpy(y []float64, a float64, x []float64) {
	for i, v := range x {
		y[i] += float64(a * v)
	}
}
