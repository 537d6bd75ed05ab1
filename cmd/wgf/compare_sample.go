package main

import (
	"fmt"
	"math"
	"strings"

	"wgf/diagnostics"
	"wgf/measure"
	"wgf/store"
	"wgf/target/stan"
)

// comparedSample is one file of a comparison.
type comparedSample struct {
	name     string
	points   *store.Points  // as read
	selected *store.Points  // the coordinates that are compared
	cloud    *measure.Cloud // after thinning
	whole    *measure.Cloud // all coordinates after thinning
	stein    *measure.Cloud // in the coordinates of the target
	ess      float64        // of draws, else NaN
}

// thin reduces draws to their effective sample size.
func (s *comparedSample) thin() {
	s.cloud, s.whole, s.ess = s.selected.Cloud, s.points.Cloud, math.NaN()
	if !s.points.Draws() {
		return
	}
	s.ess = diagnostics.SmallestESS(s.cloud, s.points.Chains)
	if math.IsNaN(s.ess) {
		return
	}
	n := max(1, int(math.Round(s.ess)))
	s.cloud, s.whole = diagnostics.Thin(s.cloud, n), diagnostics.Thin(s.whole, n)
}

// describe says what the file holds and what of it is used.
func (s *comparedSample) describe() string {
	n := s.points.Cloud.N
	what := several(n, "point", "points")
	if s.points.Width > 0 {
		what = fmt.Sprintf("image of %d x %d pixels, %s with mass", s.points.Width, s.points.Height, count(int64(n)))
	}
	if s.points.Draws() {
		what = several(n, "draw", "draws")
		switch {
		case math.IsNaN(s.ess):
			what += ", no effective sample size (constant or few draws): all used"
		case s.cloud.N < n:
			what += fmt.Sprintf(", thinned to their effective sample size of %s", count(int64(s.cloud.N)))
		default:
			what += fmt.Sprintf(", effective sample size %s: all used", count(int64(math.Round(s.ess))))
		}
	}
	if s.cloud.LogW != nil && s.points.Width == 0 {
		what += fmt.Sprintf(", weights worth %.4g equal ones", s.cloud.ESS())
	}
	return what
}

// score brings the points of a file to the coordinates of the target of KSD.
func (w *comparison) score(s *comparedSample) (err error) {
	dim := w.problem.density().Dim()
	if w.problem.model != nil {
		s.stein, err = w.unconstrained(s)
		return err
	}
	if s.cloud.D != dim {
		return fmt.Errorf("%s has %s (%s), the target %s has %d: name those to take with --columns",
			s.name, several(s.cloud.D, "coordinate", "coordinates"), some(s.selected.Names), w.problem.name, dim)
	}
	s.stein = s.cloud
	return nil
}

// unconstrained maps draws of a program's parameters to its unconstrained coordinates.
// Points without names are taken for unconstrained ones.
func (w *comparison) unconstrained(s *comparedSample) (*measure.Cloud, error) {
	model := w.problem.model
	if !s.points.Named {
		if s.points.Cloud.D != model.Dim() {
			return nil, fmt.Errorf("%s has %s without names, the program %s has %s: ksd needs draws with the program's parameters as columns, or its unconstrained coordinates in order",
				s.name, several(s.points.Cloud.D, "coordinate", "coordinates"), w.problem.name, several(model.Dim(), "unconstrained parameter", "unconstrained parameters"))
		}
		w.note(fmt.Sprintf("%s names no coordinates: for ksd they are taken for the unconstrained parameters of %s.", s.name, w.problem.name))
		return s.whole, nil
	}
	columns := map[string][]float64{}
	for k, name := range s.points.Names {
		columns[name] = s.whole.Coordinate(k)
	}
	type parameter struct {
		stan.Variable
		columns [][]float64 // elements row by row
	}
	var parameters []parameter
	for _, v := range model.Variables() {
		if v.Kind != "parameter" {
			continue
		}
		p := parameter{Variable: v, columns: make([][]float64, v.Size())}
		for e, name := range store.ElementNames(v.Name, v.Dims) {
			column, ok := columns[name]
			if !ok {
				return nil, fmt.Errorf("%s has no column %s, a parameter of %s; ksd needs all of them (the file has %s)", s.name, name, w.problem.name, some(s.points.Names))
			}
			p.columns[rowByRow(v.Dims, e)] = column
		}
		parameters = append(parameters, p)
	}
	out := &measure.Cloud{N: s.whole.N, D: model.Dim(), X: make([]float64, s.whole.N*model.Dim()), LogW: s.whole.LogW}
	for i := range out.N {
		data := stan.NewData(s.name)
		for _, p := range parameters {
			values := make([]float64, len(p.columns))
			for e, column := range p.columns {
				values[e] = column[i]
			}
			data.Set(p.Name, p.Dims, values...)
		}
		x, _, err := model.Unconstrain(data)
		if err != nil {
			return nil, fmt.Errorf("draw %d used of %s: %s", i+1, s.name, strings.TrimPrefix(err.Error(), s.name+": "))
		}
		for k, v := range x {
			out.X[k*out.N+i] = v
		}
	}
	w.note(fmt.Sprintf("ksd is measured on the unconstrained scale of %s, where its density is.", w.problem.name))
	return out, nil
}

// note keeps a sentence once.
func (w *comparison) note(text string) { w.notes = appendNew(w.notes, text) }

func appendNew(list []string, text string) []string {
	for _, have := range list {
		if have == text {
			return list
		}
	}
	return append(list, text)
}

// rowByRow turns the number of an element counted with the first index fastest into
// that counted with the last index fastest.
func rowByRow(dims []int, element int) int {
	at := make([]int, len(dims))
	for k, d := range dims {
		at[k] = element % d
		element /= d
	}
	out := 0
	for k, d := range dims {
		out = out*d + at[k]
	}
	return out
}
