package scheme

import (
	"context"
	"errors"
	"fmt"
	"math"

	"wgf/measure"
)

// scratch is memory that schemes reuse between steps.
type scratch struct{ v, u, xi, next []float64 }

func sized(v *[]float64, n int) []float64 {
	if cap(*v) < n {
		*v = make([]float64, n)
	}
	return (*v)[:n]
}

// move writes x + delta, or what the geometry makes of it, to dst and refuses what is
// not finite.
func move(p *Problem, dst []float64, c *measure.Cloud, delta []float64) error {
	if p.Move != nil {
		if err := p.Move(dst, c, delta); err != nil {
			return err
		}
	} else {
		for i, v := range c.X {
			dst[i] = v + delta[i]
		}
	}
	return finite(dst, c.N)
}

func finite(x []float64, n int) error {
	for at, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("coordinate %d of particle %d became %v: the step size is too large, try a tenth of it", at/n+1, at%n+1, v)
		}
	}
	return nil
}

// speed2 is sum_i w_i |v_i|^2.
func speed2(c *measure.Cloud, v []float64) float64 {
	w, sum := c.Weights(), 0.0
	for k := range c.D {
		for i, a := range v[k*c.N : (k+1)*c.N] {
			sum += float64(w[i] * a * a)
		}
	}
	return sum
}

// advance counts a step that took a time h.
func (s *State) advance(h float64) {
	s.Step++
	s.Time += h
}

// velocity evaluates the velocity into v and reports its size.
func velocity(ctx context.Context, p *Problem, v []float64, c *measure.Cloud) (float64, error) {
	if err := p.Velocity(ctx, v, c); err != nil {
		return 0, err
	}
	if err := finite(v, c.N); err != nil {
		return 0, errors.New("the velocity of a particle is not finite: try a smaller step size or another start")
	}
	return speed2(c, v), nil
}

// finiteEnergy refuses a value or a gradient that is not finite.
func finiteEnergy(value float64, grad []float64, n int) error {
	if value-value != 0 || finite(grad, n) != nil {
		return errors.New("the energy or its gradient is not finite at the particles: try another start")
	}
	return nil
}
