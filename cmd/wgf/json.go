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

// printJSON writes one object, indented, and a newline.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
