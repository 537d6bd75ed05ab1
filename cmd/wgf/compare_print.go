package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"wgf/store"
)

// compareMetric is one distance.
type compareMetric struct {
	name   string
	Value  number `json:"value"`
	Error  number `json:"error"`
	P      number `json:"p"`
	OneLaw number `json:"one_law"`
	Scale  number `json:"scale,omitempty"` // of the kernel, or the regularisation
}

// compareMetrics is a JSON object by the names of the metrics, in their order.
type compareMetrics []compareMetric

func (m compareMetrics) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, d := range m {
		value, err := json.Marshal(d)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(strconv.AppendQuote(out, d.name), ':')
		out = append(out, value...)
	}
	return append(out, '}'), nil
}

// print shows a table for every pair, one for the target, and the notes once.
func (r *compareResult) print(w io.Writer, c compareCmd, interrupted bool) error {
	tested := false
	if !c.Quiet {
		width := 0
		for _, s := range r.Samples {
			width = max(width, len(s.Name))
		}
		for _, s := range r.Samples {
			fmt.Fprintf(w, "%-*s  %s\n", width, s.Name, s.description)
		}
		fmt.Fprintf(w, "%s compared: %s\n", several(len(r.Columns), "coordinate", "coordinates"), some(r.Columns))
	}
	for _, p := range r.Pairs {
		rows := p.Metrics
		for len(rows) > 0 && strings.HasPrefix(rows[len(rows)-1].name, "ksd") {
			rows = rows[:len(rows)-1] // in the table of the target
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s and %s\n", p.A, p.B)
		tested = table(w, "distance", rows) || tested
	}
	var rows compareMetrics
	for _, s := range r.Samples {
		for _, m := range s.Metrics {
			m.name = s.Name
			rows = append(rows, m)
		}
	}
	if len(rows) > 0 {
		fmt.Fprintf(w, "\nKernel Stein discrepancy to the target %s\n", r.Target)
		tested = table(w, "file", rows) || tested
	}
	if c.Quiet {
		return nil
	}
	legend := fmt.Sprintf("Values with their standard error over samples of these sizes; seed %d.", r.Seed)
	if tested {
		legend = fmt.Sprintf("Values with their standard error over samples of these sizes; under \"one law\" the mean value of two samples of one law, from %s; seed %d.",
			several(r.Permutations, "permutation", "permutations"), r.Seed)
	}
	fmt.Fprintf(w, "\n%s\n", wrap(legend, 100))
	for _, n := range r.Notes {
		fmt.Fprintf(w, "- %s\n", strings.ReplaceAll(wrap(n, 98), "\n", "\n  "))
	}
	if interrupted {
		fmt.Fprintln(w, "\nInterrupted: these are the distances computed so far.")
	}
	if c.Cite {
		printReferences(w, r.references)
	}
	return nil
}

// table prints rows and says whether any has a value under one law.
func table(w io.Writer, head string, rows compareMetrics) (tested bool) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range rows {
		tested = tested || !math.IsNaN(float64(m.OneLaw))
	}
	if tested {
		fmt.Fprintf(t, "  %s\tvalue\t\tone law\tp\n", head)
	} else {
		fmt.Fprintf(t, "  %s\tvalue\t\n", head)
	}
	for _, m := range rows {
		value, spread := withError(float64(m.Value), float64(m.Error))
		fmt.Fprintf(t, "  %s\t%s\t%s", m.name, value, spread)
		if tested {
			p, null := "-", "-"
			if !math.IsNaN(float64(m.P)) {
				p = fmt.Sprintf("%.3g", float64(m.P))
			}
			if !math.IsNaN(float64(m.OneLaw)) {
				null = rounded(float64(m.OneLaw), float64(m.Error))
			}
			fmt.Fprintf(t, "\t%s\t%s", null, p)
		}
		switch {
		case m.Scale == 0:
		case m.name == "sinkhorn":
			fmt.Fprintf(t, "\tepsilon %.4g", float64(m.Scale))
		default:
			fmt.Fprintf(t, "\th %.4g", float64(m.Scale))
		}
		fmt.Fprintln(t)
	}
	t.Flush()
	return tested
}

// withError prints a value to the second digit of its error.
func withError(value, spread float64) (string, string) {
	if math.IsNaN(value) {
		return "-", ""
	}
	if math.IsNaN(spread) || spread <= 0 {
		return strconv.FormatFloat(value, 'g', 6, 64), ""
	}
	return rounded(value, spread), "± " + rounded(spread, spread)
}

// rounded prints a value with as many decimals as show two digits of spread.
func rounded(value, spread float64) string {
	if math.IsNaN(spread) || spread <= 0 || math.Abs(value) >= 1e7 || spread < 1e-5 {
		return strconv.FormatFloat(value, 'g', 5, 64)
	}
	decimals := max(0, 1-int(math.Floor(math.Log10(spread))))
	return strconv.FormatFloat(value, 'f', decimals, 64)
}

// write stores the distances as the extension says.
func (r *compareResult) write(path string) error {
	return store.WriteFile(path, func(w io.Writer) error {
		if strings.ToLower(filepath.Ext(path)) == ".json" {
			return printJSON(w, r)
		}
		return r.csv(w)
	})
}

// csv writes one line a distance; what is not known is empty.
func (r *compareResult) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"a", "b", "metric", "value", "error", "p", "one_law"})
	cell := func(x number) string {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return ""
		}
		return strconv.FormatFloat(float64(x), 'g', -1, 64)
	}
	line := func(a, b string, m compareMetric) {
		out.Write([]string{a, b, m.name, cell(m.Value), cell(m.Error), cell(m.P), cell(m.OneLaw)})
	}
	for _, p := range r.Pairs {
		for _, m := range p.Metrics {
			if !strings.HasPrefix(m.name, "ksd") {
				line(p.A, p.B, m)
			}
		}
	}
	for _, s := range r.Samples {
		for _, m := range s.Metrics {
			line(s.Name, r.Target, m)
		}
	}
	out.Flush()
	return out.Error()
}
