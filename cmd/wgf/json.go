package main

import (
	"encoding/json"
	"io"

	"wgf/report"
)

// number is a float that JSON can hold: one that is not finite is null.
type number = report.Number

// numbers converts a slice.
func numbers(xs []float64) []number {
	out := make([]number, len(xs))
	for i, x := range xs {
		out[i] = number(x)
	}
	return out
}

// namedNumbers is a JSON object whose members keep their order.
type namedNumbers struct {
	names  []string
	values []number
}

// MarshalJSON writes the members in the order of names.
func (n namedNumbers) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, name := range n.names {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := n.values[i].MarshalJSON()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, key...), ':'), value...)
	}
	return append(out, '}'), nil
}

// printJSON writes one object, indented, and a newline.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
