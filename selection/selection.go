// Package selection chooses few points that stand for many draws: support points,
// kernel herding, Stein thinning and Stein points.
//
// Support points and herding need the draws only. The Stein recipes need scores of
// the target too, and correct for draws that are biased.
package selection

import (
	"context"
	"fmt"
	"math"

	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Embedding is the mean embedding of a target in closed form: values z -> E k(z, Y) and
// gradients, either nil if not wanted, and Norm2 = E k(Y, Y').
type Embedding interface {
	Embed(k kernel.Kernel, value, gradient []float64, z kernel.Points)
	Norm2(k kernel.Kernel) float64
}

// Request says what to select from and how much. Zero values are the defaults.
type Request struct {
	Draws   *measure.Cloud // weighted or not; draws without weight are never chosen
	Count   int            // points to select, 1 to N; 0: 64, or N if that is less
	Density target.Density // gives the scores of the Stein recipes
	Scores  []float64      // grad log p at the draws, coordinate-major, in place of Density

	Kernel         *kernel.Kernel // nil: gaussian for herding, imq for the Stein recipes; bandwidth 0: from the draws
	Rule           kernel.Rule    // how herding chooses a bandwidth; the zero value is the median rule
	Embedding      Embedding      // of the target of herding, with Raw; nil: that of the draws, which are then candidates only
	Preconditioner string         // of the Stein recipes: med (default), id, sclmed, smpcov

	Raw        bool // keep the coordinates' scales; by default each is divided by its spread
	Distinct   bool // choose no draw twice
	Refine     int  // rounds of local search after each Stein point; 0: candidates are the draws
	Iterations int  // of support points at most; 0: 500
	Reference  int  // draws that support points, herding's mean embedding and the energy distance use at most; 0: 10000, < 0: all
	Seed       uint64
	Threads    int // 0: one a processor; changes no bit of the result
	Progress   func(done, total int, discrepancy float64)
}

// Record is the discrepancy of a selection under way: after Count points for greedy
// recipes, after Step steps on all points for support points.
type Record struct {
	Step        int
	Count       int
	Discrepancy float64
}

// Result is a selection, of equal weights.
type Result struct {
	Cloud       *measure.Cloud
	Indices     []int  // of the draws chosen, in order; nil where the points are no draws
	Metric      string // what Trace holds: energy distance, mmd, ksd
	Trace       []Record
	Interrupted bool // the context ended first: what there was by then
	Converged   bool // support points: no point moved by 1e-5 of the spread any more, or 20 iterations gained less than 1e-5
}

// defaultReference bounds the draws of sums over pairs of draws.
const defaultReference = 10000

// Select runs the named recipe. If ctx ends, what there is comes back with Interrupted
// set, or the error of ctx where there is nothing. Errors are bad requests: unknown
// names, counts that do not fit, numbers that are not finite, scores that are missing.
func Select(ctx context.Context, name string, r Request) (*Result, error) {
	entry, err := Find(name)
	if err != nil {
		return nil, err
	}
	if r.Draws == nil {
		return nil, fmt.Errorf("selection %s: no draws", name)
	}
	if r.Count == 0 {
		r.Count = min(64, r.Draws.N)
	}
	if err := r.check(entry); err != nil {
		return nil, fmt.Errorf("selection %s: %w", name, err)
	}
	out, err := entry.run(ctx, &r)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("selection %s: %w", name, err)
	}
	return out, err
}

func (r *Request) check(e Entry) error {
	c := r.Draws
	if err := c.Check(); err != nil {
		return err
	}
	if c.N < 1 || c.D < 1 {
		return fmt.Errorf("no draws")
	}
	for i, v := range c.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("draw %d has coordinate %d = %v, which is no finite number", i%c.N+1, i/c.N+1, v)
		}
	}
	switch {
	case r.Count < 1 || r.Count > c.N:
		return fmt.Errorf("cannot select %d points from %d draws: want 1 to %d", r.Count, c.N, c.N)
	case r.Refine < 0:
		return fmt.Errorf("%d rounds of refinement: want 0 or more", r.Refine)
	case r.Iterations < 0:
		return fmt.Errorf("%d iterations: want 0 (the default) or more", r.Iterations)
	case r.Refine > 0 && e.Name != "stein-points":
		return fmt.Errorf("only stein-points refines its points")
	case r.Embedding != nil && (e.Name != "herding" || !r.Raw):
		return fmt.Errorf("an embedding is for herding in raw coordinates")
	case r.Kernel != nil && !e.Kernel:
		return fmt.Errorf("the recipe has no kernel to choose")
	case r.Preconditioner != "" && !e.Scores:
		return fmt.Errorf("only the Stein recipes have a preconditioner")
	}
	if r.Kernel != nil {
		if err := r.Kernel.Check(); err != nil {
			return err
		}
	}
	if r.Distinct && e.Indices {
		n := 0
		for _, w := range c.Weights() {
			if w > 0 {
				n++
			}
		}
		if r.Count > n {
			return fmt.Errorf("cannot select %d distinct draws: only %d have weight", r.Count, n)
		}
	}
	if !e.Scores {
		return nil
	}
	switch {
	case r.Scores != nil && len(r.Scores) != c.N*c.D:
		return fmt.Errorf("%d scores for %d draws in %d dimensions", len(r.Scores), c.N, c.D)
	case r.Scores == nil && r.Density == nil:
		return fmt.Errorf("scores of the target are needed: name a target, or use support-points or herding, which need the draws only")
	case r.Density != nil && r.Density.Dim() != c.D:
		return fmt.Errorf("the draws have %d coordinates, the target has %d", c.D, r.Density.Dim())
	case r.Refine > 0 && r.Density == nil:
		return fmt.Errorf("refinement needs the density of the target, scores at the draws do not do")
	}
	return nil
}

func (r *Request) progress(done, total int, discrepancy float64) {
	if r.Progress != nil {
		r.Progress(done, total, discrepancy)
	}
}

// candidates are the draws that may be chosen.
func (r *Request) candidates() []bool {
	out := make([]bool, r.Draws.N)
	for i, w := range r.Draws.Weights() {
		out[i] = w > 0
	}
	return out
}

// reference is the draws, or as many of many as sums over pairs use.
func (r *Request) reference(c *measure.Cloud) *measure.Cloud {
	most := r.Reference
	if most == 0 {
		most = defaultReference
	}
	if most < 0 || c.N <= most {
		return c
	}
	return c.Resample(most, r.Seed)
}

// chosen is the cloud of the draws with the given indices.
func chosen(c *measure.Cloud, indices []int) *measure.Cloud {
	n := len(indices)
	out := measure.New(n, c.D)
	for k := range c.D {
		for i, j := range indices {
			out.X[k*n+i] = c.X[k*c.N+j]
		}
	}
	return out
}
