package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
)

// Trajectory is the course of a particle flow: what the group flow of a Zarr store holds,
// next to the last particles in the group posterior.
//
// Arrays: particles (record, particle, coordinate), log_weight (record, particle) if
// particles have weights, step, time and seconds (record), and one array a metric.
type Trajectory struct {
	N, D    int
	Steps   []float64 // of each record
	Times   []float64 // of the flow
	Seconds []float64 // since the start of the run
	// X holds each record's particles, coordinate-major.
	X [][]float64
	// LogW holds each record's log weights, nil where all are equal; nil: never any.
	LogW       [][]float64
	Metrics    map[string][]float64 // NaN where not known
	Names      []string             // of the coordinates; nil: 0, 1, ...
	Attributes map[string]string    // recipe, functional, geometry, scheme, options
}

const (
	flowGroup     = "flow"
	flowAttribute = "wgf_flow"
)

// flow writes the group.
func (w *zarrWriter) flow(t *Trajectory, common map[string]any) error {
	records := len(t.Steps)
	if records == 0 || len(t.X) != records || len(t.Times) != records || len(t.Seconds) != records {
		return fmt.Errorf("store: a flow of %d steps, %d times and %d clouds", records, len(t.Times), len(t.X))
	}
	attributes := with(common, flowAttribute, t.Attributes)
	delete(attributes, "sample_dims")
	node := groupNode(attributes)
	w.nodes[flowGroup] = node
	if err := w.node(flowGroup, node); err != nil {
		return err
	}
	particles := make([]float64, 0, records*t.N*t.D)
	for _, x := range t.X {
		if len(x) != t.N*t.D {
			return fmt.Errorf("store: a record of %d numbers for %d particles in %d dimensions", len(x), t.N, t.D)
		}
		for i := range t.N {
			for k := range t.D {
				particles = append(particles, x[k*t.N+i])
			}
		}
	}
	record := []string{"record"}
	if err := w.numbers(flowGroup+"/particles", Float, []int{records, t.N, t.D}, []string{"record", "particle", "coordinate"}, particles); err != nil {
		return err
	}
	if t.LogW != nil {
		var weights []float64
		for _, l := range t.LogW {
			if l == nil {
				l = make([]float64, t.N)
			}
			weights = append(weights, l...)
		}
		if err := w.numbers(flowGroup+"/log_weight", Float, []int{records, t.N}, []string{"record", "particle"}, weights); err != nil {
			return err
		}
	}
	series := map[string][]float64{"step": t.Steps, "time": t.Times, "seconds": t.Seconds}
	for name, v := range t.Metrics {
		if _, taken := series[name]; taken || len(v) != records {
			return fmt.Errorf("store: metric %q of a flow has %d values for %d records, or the name of another array", name, len(v), records)
		}
		series[name] = v
	}
	for name, v := range series {
		kind := Float
		if name == "step" {
			kind = Int
		}
		if err := w.numbers(flowGroup+"/"+name, kind, []int{records}, record, v); err != nil {
			return err
		}
	}
	for dim, c := range map[string]coordinate{"record": {size: records}, "particle": {size: t.N}, "coordinate": {size: t.D, labels: t.Names}} {
		if err := w.coordinate(flowGroup+"/"+dim, dim, c); err != nil {
			return err
		}
	}
	return nil
}

// flow reads the group, nil if there is none.
func (r *zarrReader) flow() (*Trajectory, error) {
	if _, err := fs.Stat(r.files, flowGroup); err != nil {
		return nil, nil
	}
	node, err := r.node(flowGroup)
	if err != nil {
		return nil, err
	}
	t := &Trajectory{Metrics: map[string][]float64{}}
	if raw, ok := node.Attributes[flowAttribute]; ok && json.Unmarshal(raw, &t.Attributes) != nil {
		return nil, errors.New("flow: the attributes of the run are not readable")
	}
	read := func(name string, axes int) (*zarrArray, []float64, error) {
		at := path.Join(flowGroup, name)
		doc, err := r.node(at)
		if err != nil {
			return nil, nil, err
		}
		a, err := doc.array(at)
		switch {
		case err != nil:
			return nil, nil, err
		case a.text || len(a.shape) != axes:
			return nil, nil, fmt.Errorf("%s: want an array of numbers with %d axes", at, axes)
		}
		v, err := r.numbers(a)
		return a, v, err
	}
	a, particles, err := read("particles", 3)
	if err != nil {
		return nil, err
	}
	records := a.shape[0]
	t.N, t.D = a.shape[1], a.shape[2]
	if records == 0 || t.N == 0 || t.D == 0 {
		return nil, errors.New("flow: there are no particles")
	}
	for k := range records {
		x := make([]float64, t.N*t.D)
		for i := range t.N {
			for c := range t.D {
				v := particles[(k*t.N+i)*t.D+c]
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, fmt.Errorf("flow: coordinate %d of particle %d is %v at record %d", c+1, i+1, v, k+1)
				}
				x[c*t.N+i] = v
			}
		}
		t.X = append(t.X, x)
	}
	if _, err := fs.Stat(r.files, path.Join(flowGroup, "log_weight")); err == nil {
		a, v, err := read("log_weight", 2)
		if err != nil {
			return nil, err
		}
		if a.shape[0] != records || a.shape[1] != t.N {
			return nil, fmt.Errorf("flow: log weights of shape %v for %d records of %d particles", a.shape, records, t.N)
		}
		for k := range records {
			t.LogW = append(t.LogW, v[k*t.N:(k+1)*t.N])
		}
	}
	if doc, err := r.node(path.Join(flowGroup, "coordinate")); err == nil {
		if a, err := doc.array("flow/coordinate"); err == nil && a.text && slices.Equal(a.shape, []int{t.D}) {
			if t.Names, err = r.strings(a); err != nil {
				return nil, err
			}
		}
	}
	entries, err := fs.ReadDir(r.files, flowGroup)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if !e.IsDir() || slices.Contains([]string{"particles", "log_weight", "record", "particle", "coordinate"}, name) {
			continue
		}
		a, v, err := read(name, 1)
		if err != nil {
			return nil, err
		}
		if a.shape[0] != records {
			return nil, fmt.Errorf("flow/%s: %d values for %d records", name, a.shape[0], records)
		}
		switch name {
		case "step":
			t.Steps = v
		case "time":
			t.Times = v
		case "seconds":
			t.Seconds = v
		default:
			t.Metrics[name] = v
		}
	}
	if t.Steps == nil || t.Times == nil || t.Seconds == nil {
		return nil, errors.New("flow: the steps, times or seconds of the records are missing")
	}
	return t, nil
}
