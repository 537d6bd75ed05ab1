package flow

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Condition ends a run when it holds at a recorded step: a metric, "step", "time" or
// "seconds" is below or above a bound, or the relative change of a metric over the
// last five records is below it.
type Condition struct {
	Metric string
	Change bool // of the relative change, not the value
	Above  bool
	Bound  float64
}

// changeOver is the number of records over which a change is taken.
const changeOver = 5

// ParseStop reads conditions that hold together, separated by commas: "ksd<0.01",
// "seconds>60", "change(energy)<1e-4,step>100".
func ParseStop(text string) ([]Condition, error) {
	var out []Condition
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		at := strings.IndexAny(part, "<>")
		if at < 0 {
			return nil, refuse("stop %q: want METRIC<NUMBER, METRIC>NUMBER or change(METRIC)<NUMBER", part)
		}
		c := Condition{Metric: strings.TrimSpace(part[:at]), Above: part[at] == '>'}
		v, err := strconv.ParseFloat(strings.TrimSpace(part[at+1:]), 64)
		if err != nil || math.IsNaN(v) {
			return nil, refuse("stop %q: %q is no number", part, part[at+1:])
		}
		c.Bound = v
		if inner, ok := strings.CutPrefix(c.Metric, "change("); ok && strings.HasSuffix(inner, ")") {
			c.Metric, c.Change = strings.TrimSuffix(inner, ")"), true
		}
		known := append(MetricNames(), "step", "time", "seconds")
		if !slices.Contains(known, c.Metric) {
			return nil, refuse("stop %q: there is no metric %q; known are %s", part, c.Metric, strings.Join(known, ", "))
		}
		out = append(out, c)
	}
	return out, nil
}

func (r *Record) value(name string) float64 {
	switch name {
	case "step":
		return float64(r.Step)
	case "time":
		return r.Time
	case "seconds":
		return r.Seconds
	}
	if v, ok := r.Metrics[name]; ok {
		return v
	}
	return math.NaN()
}

// holds reports whether the condition holds at the last record.
func (c Condition) holds(trace []Record) bool {
	v := trace[len(trace)-1].value(c.Metric)
	if c.Change {
		if len(trace) <= changeOver {
			return false
		}
		before := trace[len(trace)-1-changeOver].value(c.Metric)
		v = math.Abs(v-before) / math.Max(math.Abs(before), 1e-300)
	}
	return c.Above && v > c.Bound || !c.Above && v < c.Bound
}

// stops returns the first of the alternatives that holds, nil if none does.
func stops(any [][]Condition, trace []Record) []Condition {
	for _, all := range any {
		holds := len(all) > 0
		for _, c := range all {
			holds = holds && c.holds(trace)
		}
		if holds {
			return all
		}
	}
	return nil
}
