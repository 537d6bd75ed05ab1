package transport

import (
	"context"

	"wgf/measure"
)

// alternating is the state of the free-support iteration on centred clouds.
type alternating struct {
	clouds []*measure.Cloud // centred
	w      []float64
	means  [][]float64
	nu     *measure.Cloud // centred
	at     []float64      // its mean
	target []float64      // sum_i w_i means_i, its mean after the first step
	scale  float64        // sum_i w_i tr Cov_i
}

func newAlternating(clouds []*measure.Cloud, w []float64, nu *measure.Cloud) *alternating {
	s := &alternating{w: w, nu: nu, target: make([]float64, nu.D)}
	for i, c := range clouds {
		mean := c.Mean()
		x := centred(c, mean)
		x.LogW = c.LogW
		s.clouds, s.means = append(s.clouds, x), append(s.means, mean)
		weights := c.Weights()
		for k := range c.D {
			s.target[k] += float64(w[i] * (mean[k] - s.means[0][k]))
			for j, v := range x.Coordinate(k) {
				s.scale += w[i] * weights[j] * v * v
			}
		}
	}
	for k, m := range s.means[0] {
		s.target[k] += m
	}
	s.at = nu.Mean()
	for k, m := range s.at {
		row := nu.Coordinate(k)
		for i := range row {
			row[i] -= m
		}
	}
	return s
}

// step solves the plans; next is where they send the points.
func (s *alternating) step(ctx context.Context, solver Solver) (objective float64, next []float64, err error) {
	next = make([]float64, len(s.nu.X))
	for i, c := range s.clouds {
		if s.w[i] == 0 {
			continue
		}
		r, err := solver.Solve(ctx, Problem{A: s.nu, B: c})
		if err != nil || ctx.Err() != nil {
			return 0, nil, err
		}
		objective += float64(s.w[i] * r.Cost)
		for k, v := range r.Plan().Barycentric(s.nu, c) {
			next[k] += float64(s.w[i] * v)
		}
	}
	return objective, next, nil
}

// between is the share of the means in the objective, sum_i w_i |mean_i - at|^2.
func (s *alternating) between() float64 {
	sum := 0.0
	for i, m := range s.means {
		for k, v := range m {
			sum += s.w[i] * (v - s.at[k]) * (v - s.at[k])
		}
	}
	return sum
}

// uncentre puts the mean back.
func (s *alternating) uncentre() {
	for k, m := range s.at {
		row := s.nu.Coordinate(k)
		for i := range row {
			row[i] += m
		}
	}
}
