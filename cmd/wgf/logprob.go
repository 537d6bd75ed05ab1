package main

import (
	"encoding/json"
	"fmt"
	"math"
	"text/tabwriter"

	"wgf/target/stan"
)

type logprobCmd struct {
	modelArgs
	At   string `required:"" placeholder:"POINTS.json" help:"Unconstrained points, a JSON array of arrays; - reads standard input."`
	Seed uint64 `default:"1" help:"Seed of the _rng functions in transformed data (${default})."`
	JSON bool   `name:"json" help:"Print one JSON object instead of a table."`
}

func (logprobCmd) Help() string {
	return `lp is the log density on the unconstrained scale with the Jacobian of the constraining transform, without
the constants that ~ drops; lp_full keeps them. The gradient is that of either.

Examples:
  wgf logprob model.stan model.data.json --at points.json
  echo '[[0.1, 0.2, 0.3]]' | wgf logprob model.stan --at - --json`
}

// logprobResult is the object that --json prints. A point without density has
// null everywhere but in Reasons.
type logprobResult struct {
	Names       []string        `json:"names"`
	LP          []*number       `json:"lp"`
	LPFull      []*number       `json:"lp_full"`
	Grad        [][]number      `json:"grad"`
	Constrained []*namedNumbers `json:"constrained"`
	Reasons     []*string       `json:"reasons"`
}

func (c logprobCmd) Run(s streams) error {
	if c.Model == "" {
		return usagef("logprob: name a Stan program: wgf logprob MODEL.stan [DATA.json] --at POINTS.json")
	}
	if c.At == "-" && (c.Model == "-" || c.Data == "-") {
		return usagef("only one of program, data and points can come from standard input")
	}
	model, err := c.bind(s, c.Seed)
	if err != nil {
		return err
	}
	points, err := c.points(s, model.Dim())
	if err != nil {
		return err
	}
	result := logprobResult{
		Names: model.Names(),
		LP:    make([]*number, len(points)), LPFull: make([]*number, len(points)),
		Grad: make([][]number, len(points)), Constrained: make([]*namedNumbers, len(points)),
		Reasons: make([]*string, len(points)),
	}
	for i, x := range points {
		result.evaluate(model, i, x)
	}
	if c.JSON {
		return printJSON(s.stdout, result)
	}
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "point\tlp\tlp_full\t|gradient|\t\n")
	for i := range points {
		if reason := result.Reasons[i]; reason != nil {
			fmt.Fprintf(w, "%d\t-\t-\t-\t  %s\n", i+1, *reason)
			continue
		}
		norm := 0.0
		for _, g := range result.Grad[i] {
			norm = math.Hypot(norm, float64(g))
		}
		fmt.Fprintf(w, "%d\t%.10g\t%.10g\t%.6g\t\n", i+1, *result.LP[i], *result.LPFull[i], norm)
	}
	return w.Flush()
}

// points reads the array of arrays and holds each point to the dimension.
func (c logprobCmd) points(s streams, dim int) ([][]float64, error) {
	src, err := readFile(s, c.At)
	if err != nil {
		return nil, err
	}
	var points [][]float64
	if err := json.Unmarshal(src, &points); err != nil {
		return nil, fmt.Errorf("%s: want a JSON array of arrays of numbers: %v", display(c.At), err)
	}
	for i, x := range points {
		if len(x) != dim {
			return nil, fmt.Errorf("%s: point %d has %d numbers, the program has %d unconstrained parameters", display(c.At), i+1, len(x), dim)
		}
	}
	return points, nil
}

// evaluate fills in row i, or the reason why there is no density at x.
func (r *logprobResult) evaluate(model *stan.Model, i int, x []float64) {
	lp, full, grad := make([]float64, 1), make([]float64, 1), make([]float64, len(x))
	model.LogDensity(lp, grad, x)
	model.LogDensityFull(full, x)
	constrained := make([]float64, model.NumConstrained())
	err := model.Explain(x)
	if err == nil {
		err = model.Constrain(constrained, x, 1)
	}
	if err == nil && (math.IsNaN(lp[0]) || math.IsInf(lp[0], 0)) {
		err = fmt.Errorf("the log density is %v", lp[0])
	}
	if err != nil {
		reason := err.Error()
		r.Reasons[i] = &reason
		return
	}
	value, fullValue := number(lp[0]), number(full[0])
	r.LP[i], r.LPFull[i], r.Grad[i] = &value, &fullValue, numbers(grad)
	r.Constrained[i] = &namedNumbers{model.VariableNames()[:model.NumConstrained()], numbers(constrained)}
}
