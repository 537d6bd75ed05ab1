package stan

import (
	"fmt"
	"math"

	"wgf/internal/tape"
	"wgf/target"
)

var _ target.Curved = (*Model)(nil)

// Curvature says why the density has no second derivatives, nil if it has them: a special function of the program
// that has none, or that the program rejects every point. The first call of it or of HessianVector records and
// compiles the second derivatives, which takes two to three times as long as for the gradient; ask before a
// run.
func (mod *Model) Curvature() error {
	_, err := mod.hessian()
	return err
}

func (mod *Model) hessian() (*tape.Program, error) {
	return mod.curvature.get(func() (*tape.Program, error) {
		if mod.rejected != nil {
			return nil, fmt.Errorf("no second derivatives of a density that is nowhere: %w", mod.rejected)
		}
		quiet := mod.opt
		quiet.Print = nil
		t, out, err := mod.trace(true, quiet)
		if err != nil {
			return nil, err
		}
		p, err := t.CompileCurvature(out, secondDerivatives())
		if err != nil {
			return nil, fmt.Errorf("no second derivatives of this program: %w", err)
		}
		return p, nil
	})
}

// HessianVector writes the products of the Hessians of the log density, Jacobian of the constraints included, with
// vectors; see target.Curved. The derivatives are exact, by forward over reverse accumulation. It costs one to three
// gradients. Where Curvature gives an error all products are NaN.
func (mod *Model) HessianVector(dst, x, u []float64) {
	if len(dst) != len(x) || len(u) != len(x) || mod.dim > 0 && len(x)%mod.dim != 0 {
		panic("stan: batch and dimension do not fit")
	}
	if len(x) == 0 {
		return
	}
	prog, err := mod.hessian()
	if err != nil {
		for i := range dst {
			dst[i] = math.NaN()
		}
		return
	}
	both, _ := mod.pairs.Get().(*[]float64)
	if both == nil {
		both = new([]float64)
	}
	*both = append(append((*both)[:0], x...), u...)
	prog.Run(dst, nil, *both, len(x)/mod.dim)
	mod.pairs.Put(both)
}
