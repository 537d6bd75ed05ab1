package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are the "key = value" comments, "(Default)" removed; of a repeated key the
// first counts.
func (f *csvFile) settings() map[string]string {
	s := map[string]string{}
	for _, c := range f.comments {
		key, value, ok := strings.Cut(c, "=")
		key = strings.TrimSpace(key)
		if !ok || strings.ContainsAny(key, " \t") {
			continue
		}
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "(Default)"))
		if _, known := s[key]; !known {
			s[key] = value
		}
	}
	return s
}

// warmUp is the number of rows at the start that are warm-up, and a note where the file
// holds fewer draws than it announces.
func (f *csvFile) warmUp(s map[string]string) (skip int, note string, err error) {
	if !f.cmdStan() {
		return 0, "", nil
	}
	switch s["method"] {
	case "optimize", "diagnose":
		return 0, "", fmt.Errorf("%s: the method is %s, which gives no draws", f.name, s["method"])
	case "variational":
		return min(1, f.n), "", nil // the first row is the mean of the approximation
	case "sample":
	default:
		return 0, "", nil
	}
	thin := max(1, integer(s["thin"]))
	if (s["save_warmup"] == "true" || s["save_warmup"] == "1") && s["algorithm"] != "fixed_param" {
		skip = f.adapted
		if skip < 0 && slices.Contains(f.header, "stepsize__") { // a sampler that adapts
			skip = min(f.n, (integer(s["num_warmup"])+thin-1)/thin)
		}
		skip = max(skip, 0)
		if skip >= f.n && f.n > 0 {
			return 0, "", fmt.Errorf("%s: all %d draws are warm-up: the run ended before sampling", f.name, f.n)
		}
	}
	want := (integer(s["num_samples"]) + thin - 1) / thin
	if got := f.n - skip; got < want {
		note = fmt.Sprintf("%s holds %d of the %d draws that it announces: the run did not finish", f.name, got, want)
	}
	return skip, note, nil
}

func integer(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// record reads the run record back, or assembles one from CmdStan's comments.
func (f *csvFile) record(s map[string]string) Record {
	var r Record
	prefix := strings.TrimPrefix(recordComment, "# ")
	for _, c := range f.comments {
		if text, ok := strings.CutPrefix(c, prefix); ok && json.Unmarshal([]byte(text), &r) == nil {
			return r
		}
	}
	r = Record{}
	if !f.cmdStan() {
		return r
	}
	r.Program = "CmdStan"
	r.Version = s["stan_version_major"] + "." + s["stan_version_minor"] + "." + s["stan_version_patch"]
	r.Model = strings.TrimSuffix(s["model"], "_model")
	r.Data = s["file"]
	r.Algorithm = s["engine"]
	if r.Algorithm == "" {
		r.Algorithm = s["algorithm"]
	}
	r.Seed, _ = strconv.ParseUint(s["seed"], 10, 64)
	r.WarmUp, r.Thin, r.MaxDepth = integer(s["num_warmup"]), integer(s["thin"]), integer(s["max_depth"])
	if t, err := time.Parse("2006-01-02 15:04:05 MST", s["start_datetime"]); err == nil {
		r.Started = t
	}
	for i, c := range f.comments {
		c = strings.TrimSpace(strings.TrimPrefix(c, "Elapsed Time:"))
		if value, phase, ok := strings.Cut(c, " seconds ("); ok {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				continue
			}
			switch phase {
			case "Warm-up)":
				r.Seconds.WarmUp = v
			case "Sampling)":
				r.Seconds.Sample = v
			case "Total)":
				r.Seconds.Total = v
			}
		}
		if strings.HasPrefix(c, "Diagonal elements of inverse mass matrix") && i+1 < len(f.comments) {
			r.Adaptation = append(r.Adaptation, f.adaptation(f.comments[i+1]))
		}
	}
	return r
}

// adaptation joins the step size with the diagonal of the inverse mass matrix.
func (f *csvFile) adaptation(diagonal string) Adaptation {
	var a Adaptation
	for cell := range strings.SplitSeq(diagonal, ",") {
		if v, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
			a.InverseMetric = append(a.InverseMetric, v)
		}
	}
	for _, c := range f.comments {
		if text, ok := strings.CutPrefix(c, "Step size = "); ok {
			a.StepSize, _ = strconv.ParseFloat(text, 64)
		}
	}
	return a
}
