package store

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cmdStanText imitates CmdStan's output with the given settings.
func cmdStanText(saveWarmUp bool, warmUp, samples, thin int, rows ...string) string {
	save := "false (Default)"
	if saveWarmUp {
		save = "true"
	}
	adaptation := []string{"# Adaptation terminated", "# Step size = 0.75", "# Diagonal elements of inverse mass matrix:", "# 0.5, 2"}
	at := 0
	if saveWarmUp {
		at = (warmUp + thin - 1) / thin
	}
	if at <= len(rows) {
		rows = slices.Insert(slices.Clone(rows), at, adaptation...)
	}
	return strings.Join([]string{
		"# stan_version_major = 2", "# stan_version_minor = 36", "# stan_version_patch = 0", "# model = bern_model",
		"# start_datetime = 2025-02-03 04:05:06 UTC", "# method = sample (Default)", "#   sample",
		"#     num_samples = " + itoa(samples), "#     num_warmup = " + itoa(warmUp), "#     save_warmup = " + save,
		"#     thin = " + itoa(thin), "#     algorithm = hmc (Default)", "#       hmc", "#         engine = nuts (Default)",
		"#             max_depth = 10 (Default)", "#         metric = diag_e (Default)", "#         metric_file =  (Default)",
		"# data", "#   file = bern.data.json", "# random", "#   seed = 77", "# output", "#   file = out.csv",
		"lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,a,b.1.1,b.2.1,b.1.2,b.2.2,p:1,p:2.1,p:2.2",
	}, "\n") + "\n" + strings.Join(rows, "\n") +
		"\n# \n#  Elapsed Time: 0.5 seconds (Warm-up)\n#                0.25 seconds (Sampling)\n#                0.75 seconds (Total)\n# \n"
}

func itoa(n int) string { return string(number(nil, float64(n), Int)) }

func cmdStanRow(x int) string {
	s := itoa(x)
	return "-" + s + ",0.9,0.75,2,3,0,1.5," + s + ",11,21,12,22,7,8,9"
}

func read(t *testing.T, texts ...string) (*Draws, error) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, text := range texts {
		p := filepath.Join(dir, "out_"+itoa(i+1)+".csv")
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	d, err := Read(paths...)
	if err != nil && strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("more than one line: %v", err)
	}
	return d, err
}

func TestReadCmdStan(t *testing.T) {
	first := cmdStanText(false, 1000, 2, 1, cmdStanRow(1), cmdStanRow(2))
	second := cmdStanText(false, 1000, 2, 1, cmdStanRow(3), "# a comment in between", cmdStanRow(4))
	d, err := read(t, first, second)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range d.Columns() {
		names = append(names, c.Name)
	}
	want := []string{"lp__", "a", "b[1,1]", "b[2,1]", "b[1,2]", "b[2,2]", "p.1", "p.2[1]", "p.2[2]"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names: %s", diff)
	}
	if diff := cmp.Diff([]float64{1, 2, 3, 4}, d.Variables[0].Values); diff != "" {
		t.Errorf("a: %s", diff)
	}
	if b := d.Variables[1]; !slices.Equal(b.Dims, []int{2, 2}) || !slices.Equal(b.Values[:4], []float64{11, 12, 21, 22}) {
		t.Errorf("b is %v", b)
	}
	if d.Stats[3].Name != "tree_depth" || d.Stats[3].Type != Int || d.Stats[5].Type != Bool {
		t.Errorf("statistics: %v", d.Stats)
	}
	r := d.Record
	if r.Program != "CmdStan" || r.Version != "2.36.0" || r.Model != "bern" || r.Seed != 77 || r.Algorithm != "nuts" || r.Data != "bern.data.json" ||
		r.Seconds != (Seconds{0, 0.5, 0.25, 0.75}) || len(r.Adaptation) != 2 || r.Adaptation[1].StepSize != 0.75 ||
		!slices.Equal(r.Adaptation[1].InverseMetric, []float64{0.5, 2}) || r.Started.Year() != 2025 {
		t.Errorf("record %+v", r)
	}
	if len(d.Notes) != 0 {
		t.Errorf("notes: %q", d.Notes)
	}
}

func TestReadCmdStanWarmUp(t *testing.T) {
	rows := []string{cmdStanRow(90), cmdStanRow(91), cmdStanRow(92), cmdStanRow(1), cmdStanRow(2)}
	d, err := read(t, cmdStanText(true, 5, 4, 2, rows...)) // ceil(5/2) = 3 of warm-up
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.Variables[0].Values, []float64{1, 2}) || len(d.Notes) != 0 {
		t.Errorf("a = %v, notes %q", d.Variables[0].Values, d.Notes)
	}
	if d, err = read(t, cmdStanText(true, 3, 10, 1, rows...)); err != nil || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "2 of the 10 draws") {
		t.Errorf("interrupted while sampling: %v, %v", err, d)
	}
	if _, err = read(t, cmdStanText(true, 100, 10, 1, rows...)); err == nil || !strings.Contains(err.Error(), "all 5 draws are warm-up") {
		t.Errorf("interrupted in warm-up: %v", err)
	}
}

func TestReadCSVErrors(t *testing.T) {
	whole := cmdStanText(false, 10, 2, 1, cmdStanRow(1), cmdStanRow(2))
	row := strings.Index(whole, cmdStanRow(2))
	for name, c := range map[string]struct{ text, want string }{
		"cut within a row":       {whole[:row+20], ":30: the last line is cut off after 7 of 15 values"},
		"cut within a number":    {whole[:row+len(cmdStanRow(2))], "the last line is cut off after 15 of 15 values"},
		"header only":            {whole[:strings.Index(whole, "# Adaptation")], "has a header and no draws"},
		"optimisation":           {strings.Replace(whole, "method = sample (Default)", "method = optimize", 1), "the method is optimize, which gives no draws"},
		"empty":                  {"", "no header and no numbers"},
		"comments only":          {"# a\n# b\n", "no header and no numbers"},
		"ragged":                 {"a,b\n1,2\n3\n4,5\n", ":3: 1 values under a header of 2 names"},
		"too wide":               {"a,b\n1,2,3\n4,5\n", ":2: 3 values under a header of 2 names"},
		"text":                   {"a,b\n1,2\n3,setosa\n", `:3: column "b" holds "setosa", which is no number`},
		"empty cell":             {"a,b\n1,\n", `:2: column "b" holds "", which is empty`},
		"out of range":           {"a\n1e999\n", "beyond the range of a double"},
		"same name":              {"a,b.1,b[1]\n1,2,3\n", `two columns are named "b[1]"`},
		"no name":                {"a,,b\n1,2,3\n", "column 2 has no name"},
		"open quote":             {"a,\"b\n1,2\n", ":1: a quoted cell is not closed"},
		"unequal table":          {".chain,.iteration,a\n1,1,0\n1,2,0\n2,1,0\n", "chain 2 has 1 draws, the one before 2"},
		"table without a number": {".chain,.iteration,a\n1,1,0\nnan,2,0\n", "row 2 has no chain or iteration number"},
	} {
		if _, err := read(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := read(t, whole, "a,b\n1,2\n"); err == nil || !strings.Contains(err.Error(), "have different columns") {
		t.Errorf("different columns: %v", err)
	}
	if _, err := read(t, "a\n1\n2\n", "a\n1\n"); err == nil || !strings.Contains(err.Error(), "has 1 draws") {
		t.Errorf("chains of different lengths: %v", err)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.csv")); err == nil || !strings.Contains(err.Error(), "none.csv: no such file") {
		t.Errorf("missing file: %v", err)
	}
}

func TestReadPlainCSV(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		names []string
		first []float64
	}{
		"header":          {"mu,theta[1],theta[2]\n1,2,3\n4,5,6\n", []string{"mu", "theta[1]", "theta[2]"}, []float64{1, 4}},
		"no header":       {"1,2\n3,4\n", []string{"x[1]", "x[2]"}, []float64{1, 3}},
		"one column":      {"1\n2\n3", []string{"x"}, []float64{1, 2, 3}},
		"R's row names":   {"\"\",\"mu\",\"b[1,1]\",\"b[1,2]\"\n\"1\",NA,2,3\n\"2\",-Inf,5,6\n", []string{"mu", "b[1,1]", "b[1,2]"}, []float64{math.NaN(), math.Inf(-1)}},
		"line ends":       {"\ufeffa, b\r\n1, 2\r\n\r\n3, 4\r\n", []string{"a", "b"}, []float64{1, 3}},
		"holes":           {"a.1,a.3\n1,2\n", []string{"a[1]", "a[3]"}, []float64{1}},
		"unordered":       {"a[2],a[1]\n1,2\n", []string{"a[1]", "a[2]"}, []float64{2}},
		"no indices":      {"a.x,b.0,c[],d[1]x\n1,2,3,4\n", []string{"a.x", "b.0", "c[]", "d[1]x"}, []float64{1}},
		"huge index":      {"a.99999999999,a.1\n1,2\n", []string{"a[99999999999]", "a[1]"}, []float64{1}},
		"table unordered": {".chain,.iteration,.draw,a\n2,1,3,30\n1,2,2,20\n1,1,1,10\n2,2,4,40\n", []string{"a"}, []float64{10, 20, 30, 40}},
	} {
		d, err := read(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var names []string
		for _, c := range d.Columns() {
			names = append(names, c.Name)
		}
		if diff := cmp.Diff(c.names, names); diff != "" {
			t.Errorf("%s: names %s", name, diff)
		}
		if diff := cmp.Diff(c.first, d.Columns()[0].all(), sameBits); diff != "" {
			t.Errorf("%s: values %s", name, diff)
		}
	}
}
