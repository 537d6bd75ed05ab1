package transport_test

import (
	"math"

	"wgf/measure"
)

// What testdata/make_pot.py calls uniform, points, weights and ground, bit for
// bit: see there. Products are rounded before they are added.

func uniform(seed uint64, count int) []float64 {
	out := make([]float64, count)
	for i := range out {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		out[i] = float64((z^z>>31)>>11) * 0x1p-53
	}
	return out
}

func bell(seed uint64, count int) []float64 {
	u := uniform(seed, 12*count)
	out := make([]float64, count)
	for i := range out {
		s := 0.0
		for _, v := range u[12*i : 12*i+12] {
			s += v
		}
		out[i] = s - 6
	}
	return out
}

// generatePoints returns n points in d dimensions of the named kind, for the
// first (side 0) or second cloud of a problem.
func generatePoints(kind string, side, n, d int, seed uint64) *measure.Cloud {
	s := 1000*seed + uint64(side)
	var x []float64 // point-major
	switch kind {
	case "uniform":
		x = uniform(s, n*d)
	case "bell":
		x = bell(s, n*d)
		if side == 1 {
			for i, v := range x {
				x[i] = float64(0.5*v) + 1
			}
		}
	case "clusters":
		x = bell(s, n*d)
		centre := uniform(1000*seed+9, 5*d)
		for i, v := range x {
			x[i] = float64(10*centre[i/d%5*d+i%d]) + float64(0x1p-7*v)
		}
	case "lattice":
		x = uniform(s, n*d)
		for i, v := range x {
			x[i] = math.Floor(4 * v)
		}
	case "collinear":
		x = make([]float64, n*d)
		for i, v := range uniform(s, n) {
			for k := range d {
				x[i*d+k] = v * float64(k+1)
			}
		}
	case "repeated":
		x = make([]float64, n*d)
		few := uniform(s, 7*d)
		for i := range x {
			x[i] = few[i/d%7*d+i%d]
		}
	case "same":
		x = uniform(1000*seed, n*d)
		if side == 1 {
			forward := append([]float64(nil), x...)
			for i := range x {
				x[i] = forward[(n-1-i/d)*d+i%d]
			}
		}
	case "far":
		x = uniform(s, n*d)
		for i, v := range x {
			x[i] = 1e8 + v
		}
	case "tiny":
		x = uniform(s, n*d)
		for i, v := range x {
			x[i] = 3 + float64(0x1p-20*v)
		}
	case "sparse":
		x = uniform(s, n*d)
		for i, v := range x {
			x[i] = math.Max(0, v-0.75)
		}
	default:
		panic(kind)
	}
	c := measure.New(n, d)
	for i := range n {
		for k := range d {
			c.X[k*n+i] = x[i*d+k]
		}
	}
	return c
}

// generateWeights returns weights that are not normalised.
func generateWeights(kind string, side, n int, seed uint64) []float64 {
	w := uniform(1000*seed+2+uint64(side), n)
	for i, u := range w {
		switch kind {
		case "equal":
			w[i] = 1
		case "random":
			w[i] = u + 0x1p-7
		case "zeros":
			w[i] = 0
			if i%3 == 0 {
				w[i] = u + 0x1p-7
			}
		case "unequal":
			w[i] = u + 0x1p-7
			if i%2 == 1 {
				w[i] *= 1e-9
			}
		case "spread":
			w[i] = math.Pow10(-(i % 13)) * (u + 0.5)
		case "integer":
			w[i] = 1 + math.Floor(5*u)
		default:
			panic(kind)
		}
	}
	return w
}

// generateCloud is the points with their weights.
func generateCloud(points, weights string, side, n, d int, seed uint64) *measure.Cloud {
	c := generatePoints(points, side, n, d, seed)
	if weights != "equal" {
		for _, w := range generateWeights(weights, side, n, seed) {
			c.LogW = append(c.LogW, math.Log(w))
		}
	}
	return c
}

// generateMatrix is an n x m cost matrix that is no function of points.
func generateMatrix(kind string, top, n, m int, seed uint64) []float64 {
	c := uniform(1000*seed+8, n*m)
	for i, u := range c {
		switch kind {
		case "integers":
			c[i] = math.Floor(float64(top) * u)
		case "signed":
			c[i] = u - 0.5
		case "products":
			c[i] = float64(i/m+1) * float64(i%m+1)
		default:
			panic(kind)
		}
	}
	return c
}
