package functional

import (
	"fmt"
	"math"

	"wgf/measure"
)

// finiteCloud refuses coordinates that are not finite.
func finiteCloud(c *measure.Cloud) error {
	for at, v := range c.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("coordinate %d of particle %d is %v: try a smaller step size or another start", at/c.N+1, at%c.N+1, v)
		}
	}
	return nil
}

// finiteResult refuses an evaluation with numbers that are not finite.
func finiteResult(name string, out *Evaluation, n int) error {
	if out.WantValue && (math.IsNaN(out.Value) || math.IsInf(out.Value, 0)) {
		return fmt.Errorf("functional %s is %v at these particles: try a smaller step size or another start", name, out.Value)
	}
	for _, row := range [][]float64{out.Gradient, out.Witness} {
		for at, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("functional %s is not finite at particle %d: try a smaller step size or another start", name, at%n+1)
			}
		}
	}
	return nil
}
