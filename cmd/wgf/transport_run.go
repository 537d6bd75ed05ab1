package main

import (
	"fmt"
	"math"
	"time"

	"wgf/transport"
)

type transportSolveCmd struct {
	A        string `arg:"" help:"First measure: points (CSV, NPY, NPZ:member, Zarr, CmdStan CSV) or a picture (PNG, JPEG, GIF)."`
	B        string `arg:"" help:"Second measure."`
	WeightsA string `name:"weights-a" placeholder:"FILE" help:"Weights of A: one column (NPY, CSV), not negative, of sum 1."`
	WeightsB string `name:"weights-b" placeholder:"FILE" help:"Weights of B."`
	solveFlags
	Unbalanced float64 `placeholder:"RHO" help:"Mass may be destroyed and created at the price RHO, in units of the cost (entropic); weights may then have any sum."`
	Partial    float64 `placeholder:"MASS" help:"Transport only this much mass, the part that is cheapest; weights may then have any sum."`
	Plan       string  `placeholder:"FILE.npz" help:"Write the plan, a sparse matrix that scipy.sparse.load_npz reads."`
	Map        string  `placeholder:"FILE" help:"Write the images of the points of A (.npy, .csv): the barycentric projection of the plan."`
	Plot       string  `placeholder:"FILE" help:"Draw both measures and the plan (.png, .svg); pictures as shapes on their way."`
	Animate    string  `placeholder:"FILE.gif" help:"Draw A on its way to B and back."`
	shared
}

func (transportSolveCmd) Help() string {
	return `The optimal transport problem between two measures, min <P, c> over the couplings P of A and B. cost is its
value for the cost named, distance the root of it where that is a distance (W_p for |x-y|^p with p >= 1), and
gap an upper bound of what the cost is above the optimum, from feasible potentials: zero up to rounding where
the method is exact. Weights that the files hold (.log_weight) count, and are normalised.

A picture is a measure too: every pixel is a point, and its mass is its darkness.

wgf transport geodesic and wgf transport barycentre have help of their own; a file of such a name is given as
./geodesic.

Examples:
  wgf transport a.csv b.csv
  wgf transport a.csv b.csv --plan plan.npz --map mapped.npy --plot plan.png
  wgf transport a.npy b.npy --cost euclidean --json
  wgf transport a.npy b.npy --method sinkhorn --epsilon 0.01
  wgf transport a.csv b.csv --weights-a wa.csv --weights-b wb.csv --cost costs.npy
  wgf transport heart.png star.png --plot morph.png --animate morph.gif
  wgf transport geodesic a.csv b.csv --times 11 --out path.npy
  wgf transport barycentre a.csv b.csv c.csv --weights 0.2,0.3,0.5 --out middle.csv`
}

// transportResult is the object that --json prints.
type transportResult struct {
	Cost       number   `json:"cost"`
	Distance   number   `json:"distance"`
	Gap        number   `json:"gap"`
	Iterations int      `json:"iterations"`
	Method     string   `json:"method"`
	Status     string   `json:"status"`
	CostName   string   `json:"cost_name"`
	N          int      `json:"n"`
	M          int      `json:"m"`
	Dimension  int      `json:"dimension"`
	Mass       number   `json:"mass"`
	Epsilon    number   `json:"epsilon"`
	Residual   number   `json:"residual"`
	Seconds    number   `json:"seconds"`
	Seed       uint64   `json:"seed"`
	Advice     []string `json:"advice"`
	Notes      []string `json:"notes,omitempty"`
	Files      []string `json:"files,omitempty"`
	References []string `json:"references,omitempty"`
}

func (c transportSolveCmd) Run(s streams) error {
	var out outputs
	if err := c.check(&out); err != nil {
		return err
	}
	loose := c.Unbalanced > 0 || c.Partial > 0
	a, err := readMeasure(c.A, c.WeightsA, c.Normalize || loose)
	if err != nil {
		return err
	}
	b, err := readMeasure(c.B, c.WeightsB, c.Normalize || loose)
	if err != nil {
		return err
	}
	cost, matrix, err := c.cost(a.cloud().N, b.cloud().N)
	if err != nil {
		return err
	}
	if !matrix {
		if err := sameDimension(a, b); err != nil {
			return err
		}
	} else if a.cloud().D != b.cloud().D && c.Map+c.Plot+c.Animate != "" {
		return fmt.Errorf("%s and %s live in %d and %d dimensions: with a cost matrix that is possible, but there is no --map, --plot or --animate", c.A, c.B, a.cloud().D, b.cloud().D)
	}
	problem := transport.Problem{A: a.cloud(), B: b.cloud(), Cost: cost}
	if pictures(a, b) && c.Epsilon == 0 && c.Cost == "sqeuclidean" && c.Partial == 0 {
		c.Epsilon = pictureEpsilon(a, b)
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	began := time.Now()
	var o *outcome
	if loose {
		o, err = c.solveLoose(s.ctx, problem, c.mass(a, c.WeightsA), c.mass(b, c.WeightsB))
	} else {
		method, chosen := c.choose(problem, matrix)
		if chosen != nil {
			return chosen
		}
		if c.Plan == "" && c.gridFits(a, b, method) {
			o, err = c.solveGrid(s.ctx, a, b, c.shared, show)
		} else {
			o, err = c.solve(s.ctx, problem, method, c.shared, show)
		}
	}
	show.done()
	if err != nil {
		return err
	}
	if err := c.needsPlan(o); err != nil {
		return err
	}
	took := time.Since(began)
	if o.status != transport.Interrupted {
		if err := c.write(&out, a, b, o); err != nil {
			return err
		}
	}
	if c.JSON {
		r := transportResult{
			Cost: number(o.cost), Distance: number(o.distance), Gap: number(o.gap), Iterations: o.iterations, Method: o.method,
			Status: o.status.String(), CostName: c.Cost, N: a.cloud().N, M: b.cloud().N, Dimension: a.cloud().D,
			Mass: number(o.mass), Epsilon: number(o.epsilon), Residual: number(o.residual), Seconds: number(took.Seconds()), Seed: c.Seed,
			Advice: append([]string{}, o.advice()...), Notes: o.notes, Files: out.files,
		}
		if c.Cite {
			r.References = o.references
		}
		err = printJSON(s.stdout, r)
	} else {
		err = c.print(s.stdout, a, b, o, took, out.files)
	}
	if err != nil {
		return err
	}
	return o.ending()
}

// check refuses flags that make no sense, and outputs that cannot be written.
func (c transportSolveCmd) check(out *outputs) error {
	if err := c.shared.check(); err != nil {
		return err
	}
	if err := c.solveFlags.check(); err != nil {
		return err
	}
	switch {
	case c.Unbalanced < 0 || math.IsNaN(c.Unbalanced):
		return usagef("--unbalanced %v: want a positive price", c.Unbalanced)
	case c.Partial < 0 || math.IsNaN(c.Partial) || math.IsInf(c.Partial, 0):
		return usagef("--partial %v: want a positive mass", c.Partial)
	case c.Unbalanced > 0 && c.Partial > 0:
		return usagef("--unbalanced and --partial exclude each other")
	case c.Unbalanced > 0 && c.Method != "auto" && c.Method != "sinkhorn":
		return usagef("--unbalanced is entropic: it goes with --method sinkhorn or without")
	case c.Partial > 0 && c.Method != "auto" && c.Method != "sinkhorn" && c.Method != "exact":
		return usagef("--partial goes with --method exact or sinkhorn")
	}
	if err := out.want("--plan", c.Plan, ".npz"); err != nil {
		return err
	}
	if err := out.want("--map", c.Map, ".npy", ".csv"); err != nil {
		return err
	}
	if err := out.want("--plot", c.Plot, ".png", ".svg"); err != nil {
		return err
	}
	return out.want("--animate", c.Animate, ".gif")
}

// needsPlan refuses files that a method without a plan cannot give.
func (c transportSolveCmd) needsPlan(o *outcome) error {
	switch {
	case o.result == nil && c.Plan != "":
		return usagef("--plan: --method %s gives no plan", o.method)
	case o.mapping == nil && c.Animate != "":
		return usagef("--animate: --method %s gives no plan", o.method)
	case o.result != nil && c.Plan != "" && dense(o.result, 1e8):
		return fmt.Errorf("--plan: an entropic plan between %d and %d points has too many atoms to be written; --map writes where the points go, and --method exact has a sparse plan", o.result.Problem.A.N, o.result.Problem.B.N)
	case o.mapping == nil && c.Map != "":
		return usagef("--map: --method %s gives no map", o.method)
	}
	return nil
}
