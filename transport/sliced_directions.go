package transport

import (
	"math"

	"wgf/internal/rng"
)

// directions returns count unit vectors, uniform on the sphere each, direction l
// at [l*d : (l+1)*d].
//
// In the plane a block is an orthogonal pair; the angles of the B pairs are drawn
// one from each of B equal arcs of the quarter circle, so that the error falls
// like 1/B^(3/2) (stratified sampling). Above, a block is d columns of a uniform
// orthogonal matrix, by Gram and Schmidt from normal vectors (Stewart 1980).
func (s Sliced) directions(d, count int) []float64 {
	out := make([]float64, count*d)
	key := rng.New(s.Seed, rng.Direction)
	switch {
	case d <= 1:
		for i := range out {
			out[i] = 1
		}
		return out
	case d == 2 && !s.Independent:
		blocks := (count + 1) / 2
		u := make([]float64, blocks)
		key.Uniforms(u, 1, blocks, 0, s.Draw)
		for l := range count {
			b := l / 2
			sin, cos := math.Sincos(math.Pi / 2 * (float64(stratum(b, blocks)) + u[b]) / float64(blocks))
			if l%2 == 1 {
				sin, cos = cos, -sin
			}
			out[2*l], out[2*l+1] = cos, sin
		}
		return out
	}
	columns := make([]float64, count*d)
	key.Normals(columns, d, count, 0, s.Draw)
	for l := range count {
		v := out[l*d : (l+1)*d]
		for k := range v {
			v[k] = columns[k*count+l]
		}
		first := l
		if !s.Independent {
			first = l / d * d
		}
		for range 2 { // the second pass takes off what rounding left
			for m := first; m < l; m++ {
				o := out[m*d : (m+1)*d]
				dot := 0.0
				for k, x := range o {
					dot += float64(x * v[k])
				}
				for k, x := range o {
					v[k] -= float64(dot * x)
				}
			}
			normalise(v)
		}
	}
	return out
}

// normalise scales to unit length and returns the length.
func normalise(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += float64(x * x)
	}
	length := math.Sqrt(sum)
	if length > 0 {
		for k := range v {
			v[k] /= length
		}
	}
	return length
}

// stratum is the arc of a pair: a permutation under which every prefix is spread
// over the quarter circle, for runs that are interrupted.
func stratum(b, blocks int) int {
	step := int(math.Round(0.6180339887498949 * float64(blocks)))
	for step = max(step, 1); gcd(step, blocks) != 1; step++ {
	}
	return b * step % blocks
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// standardError is that of the mean of the values, from the spread between
// blocks.
func (s Sliced) standardError(values []float64, mean float64, d int, interrupted bool) float64 {
	n := len(values)
	if n < 2 {
		return math.NaN()
	}
	size := 1
	if !s.Independent && n >= 8*d {
		size = d
	}
	blocks := (n + size - 1) / size
	sums := make([]float64, blocks) // of deviations from the mean
	for l, v := range values {
		sums[l/size] += v - mean
	}
	total := 0.0
	if d == 2 && size == 2 && !interrupted {
		// One draw an arc: second differences between neighbours take out the
		// trend, which is not part of the error, and keep the spread within arcs.
		order := make([]float64, blocks)
		for b, v := range sums {
			order[stratum(b, blocks)] = v
		}
		for b, v := range order {
			w := order[(b+blocks-1)%blocks] - 2*v + order[(b+1)%blocks]
			total += float64(w * w)
		}
		return math.Sqrt(total/6) / float64(n)
	}
	for _, v := range sums {
		total += float64(v * v)
	}
	return math.Sqrt(total*float64(blocks)/float64(blocks-1)) / float64(n)
}
