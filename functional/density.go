package functional

import (
	"fmt"
	"math"

	"wgf/internal/parallel"
	"wgf/target"
)

// batch is the number of particles that one goroutine evaluates at a time.
const batch = 256

// potentials evaluates a density at all particles of a cloud on several threads.
type potentials struct {
	density target.Density
	threads int
	scratch [][]float64 // of each worker: point block, gradient block
}

// evaluate writes log p(x_i) to lp and its gradient to grad if that is not nil, and
// says which particle has none.
func (p *potentials) evaluate(lp, grad, x []float64) error {
	n, d := len(lp), p.density.Dim()
	blocks := (n + batch - 1) / batch
	workers := min(parallel.Threads(p.threads), blocks)
	for len(p.scratch) < workers {
		p.scratch = append(p.scratch, make([]float64, 2*d*batch))
	}
	parallel.For(workers, blocks, func(worker, b int) {
		first := b * batch
		m := min(batch, n-first)
		px, pg := p.scratch[worker][:m*d], p.scratch[worker][batch*d:][:m*d]
		for k := range d {
			copy(px[k*m:(k+1)*m], x[k*n+first:])
		}
		if grad == nil {
			pg = nil
		}
		p.density.LogDensity(lp[first:first+m], pg, px)
		if grad == nil {
			return
		}
		for k := range d {
			copy(grad[k*n+first:k*n+first+m], pg[k*m:])
		}
	})
	for i, v := range lp {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return noDensity(p.density, x, i, n, v)
		}
	}
	for at, v := range grad {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("the gradient of the log density is %v in coordinate %d of particle %d: try a smaller step size or another start", v, at/n+1, at%n+1)
		}
	}
	return nil
}

func noDensity(density target.Density, x []float64, i, n int, lp float64) error {
	if e, ok := density.(target.Explainer); ok {
		point := make([]float64, density.Dim())
		for k := range point {
			point[k] = x[k*n+i]
		}
		if err := e.Explain(point); err != nil {
			return fmt.Errorf("particle %d has no density: %w; try a smaller step size or another start", i+1, err)
		}
	}
	return fmt.Errorf("the log density is %v at particle %d: try a smaller step size or another start", lp, i+1)
}
