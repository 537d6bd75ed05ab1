package main

import (
	"math"
	"strconv"
	"strings"
)

// parseWeights reads a list of n weights; an empty text means equal ones.
func parseWeights(text string, n int, normalize bool) ([]float64, error) {
	out := make([]float64, n)
	if text == "" {
		for i := range out {
			out[i] = 1 / float64(n)
		}
		return out, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) != n {
		return nil, usagef("--weights %s: %d weights for %d measures", text, len(parts), n)
	}
	sum := 0.0
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, usagef("--weights %s: %q is no number", text, part)
		}
		if v < 0 {
			return nil, usagef("--weights %s: weight %d is negative", text, i+1)
		}
		out[i] = v
		sum += v
	}
	if sum == 0 || !normalize && math.Abs(sum-1) > 1e-6 {
		return nil, usagef("--weights %s: the weights sum to %.6g, want 1; --normalize divides them by their sum", text, sum)
	}
	for i := range out {
		out[i] /= sum
	}
	return out, nil
}

// parseTimes reads a number of times or a list of them.
func parseTimes(text string) ([]float64, error) {
	if n, err := strconv.Atoi(text); err == nil {
		if n < 2 || n > 1000 {
			return nil, usagef("--times %s: want 2 to 1000 times, or a list such as 0,0.5,1", text)
		}
		return evenTimes(n), nil
	}
	var out []float64
	for part := range strings.SplitSeq(text, ",") {
		t, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || !(t >= 0 && t <= 1) {
			return nil, usagef("--times %s: want a number of times, or times between 0 and 1 separated by commas", text)
		}
		if len(out) > 0 && t <= out[len(out)-1] {
			return nil, usagef("--times %s: want times that grow", text)
		}
		out = append(out, t)
	}
	return out, nil
}
