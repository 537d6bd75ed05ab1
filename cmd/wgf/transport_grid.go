package main

import (
	"context"
	"fmt"
	"math"

	"wgf/transport"
)

// gridFits says whether two measures are pictures whose entropic problem can be
// solved on the grid of their pixels, which is much faster than between points.
func (f solveFlags) gridFits(a, b measureIn, method string) bool {
	return method == "sinkhorn" && f.Cost == "sqeuclidean" && pictures(a, b) && sameSize([]measureIn{a, b}) == nil
}

// solveGrid is entropic transport between pictures of one size. Lengths are in
// units of the longer side, as everywhere.
func (f solveFlags) solveGrid(ctx context.Context, a, b measureIn, sh shared, show *progress) (*outcome, error) {
	side := float64(max(a.points.Width, a.points.Height))
	unit := side * side
	r, err := transport.GridSinkhorn(ctx, gridOf(a), gridOf(b), transport.GridOptions{
		Epsilon: f.Epsilon * unit, Tolerance: orDefault(f.Tolerance, 1e-6),
		MaxIterations: int(orDefault(float64(f.MaxIterations), 10000)), Threads: sh.Threads,
		Progress: func(step int, residual float64) {
			show.say("sinkhorn", map[string]any{"iteration": step, "residual": number(residual)}, fmt.Sprintf("iteration %d, residual %.2g", step, residual))
		},
	})
	if err != nil {
		return nil, plain(err)
	}
	o := blank("sinkhorn")
	o.cost, o.distance, o.epsilon, o.residual = r.Cost/unit, math.Sqrt(math.Max(0, r.Cost)/unit), r.Epsilon/unit, r.Residual
	o.iterations, o.status, o.references = r.Iterations, r.Status, r.References
	if r.Status == transport.Converged {
		o.gap = entropicGap(o.cost, r.Dual/unit, o.epsilon, a.cloud(), b.cloud())
	}
	o.notes = []string{"Solved on the grid of the pixels."}
	o.mapping = func() ([]float64, error) { return gridImages(a, r.F), nil }
	o.reverse = func() []float64 { return gridImages(b, r.G) }
	return o, nil
}

// pictureEpsilon is the default regularisation between pictures: 0.005 of the mean
// cost when both are centred, so that shapes keep their outlines.
func pictureEpsilon(a, b measureIn) float64 {
	scale := 0.0
	for _, m := range []measureIn{a, b} {
		c := m.cloud().Covariance()
		scale += c[0] + c[3]
	}
	return 0.005 * scale
}

// gridImages are the images of the pixels under the entropic map x - grad f(x)/2,
// the potential f, in squared pixels, differentiated on the grid.
func gridImages(a measureIn, f []float64) []float64 {
	w, h := a.points.Width, a.points.Height
	side := float64(max(w, h))
	c := a.cloud()
	out := make([]float64, len(c.X))
	slope := func(low, high, pixels int) float64 { return (f[high] - f[low]) / float64(max(1, pixels)) }
	for i := range c.N {
		column := int(math.Floor(c.X[i] * side))
		row := h - 1 - int(math.Floor(c.X[c.N+i]*side))
		left, right := max(0, column-1), min(w-1, column+1)
		up, down := max(0, row-1), min(h-1, row+1)
		dx := slope(row*w+left, row*w+right, right-left)
		dy := slope(up*w+column, down*w+column, down-up) // downwards
		out[i] = c.X[i] - dx/2/side
		out[c.N+i] = c.X[c.N+i] + dy/2/side
	}
	return out
}
