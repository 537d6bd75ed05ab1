package stan

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// reference holds values made by Stan 2.39; see testdata/README.md.
type reference struct {
	UncNames []string `json:"unc_names"`
	Names    []string `json:"names"`
	Points   []struct {
		X           []float64
		LP          *float64 `json:"lp"`
		LPFull      float64  `json:"lp_full"`
		Grad        []float64
		Constrained []float64
		Error       string
	}
}

func readReference(t *testing.T, file string) reference {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var ref reference
	if err := json.Unmarshal(raw, &ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

func bindReference(t testing.TB, name string) *Model {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("testdata", "programs", name+".stan"))
	if err != nil {
		t.Fatal(err)
	}
	prog, err := Parse(name+".stan", src, ParseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join("testdata", "data", name+".json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	data, err := ReadData(name+".json", raw)
	if err != nil {
		t.Fatal(err)
	}
	model, err := prog.Bind(data, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// agree holds a model against the reference values: lp up to one constant, lp_full exactly, gradients to
// 1e-8 max(1, largest |gradient|), constrained values and all names. It returns the largest gradient error relative
// to that scale.
func agree(t *testing.T, model *Model, ref reference) float64 {
	t.Helper()
	if got := model.Names(); !slices.Equal(got, ref.UncNames) && len(ref.UncNames) > 0 {
		t.Errorf("names %v, Stan has %v", got, ref.UncNames)
	}
	names := model.VariableNames()[:model.NumConstrained()]
	for i, n := range ref.Names {
		if want := dotted(names[i]); want != n {
			t.Fatalf("constrained name %d is %s, Stan has %s", i, want, n)
		}
	}
	d := model.Dim()
	var shift, worst float64
	first := true
	n := len(ref.Points)
	batch := make([]float64, n*d)
	for i, p := range ref.Points {
		for k, v := range p.X {
			batch[k*n+i] = v
		}
	}
	lp, grad, full := make([]float64, n), make([]float64, n*d), make([]float64, n)
	constrained := make([]float64, n*len(names))
	model.LogDensity(lp, grad, batch)
	model.LogDensityFull(full, batch)
	if err := model.Constrain(constrained, batch, n); err != nil {
		t.Fatal(err)
	}
	for i, p := range ref.Points {
		if p.Error != "" {
			if !math.IsNaN(lp[i]) && !math.IsInf(lp[i], 0) {
				t.Errorf("point %d: density %v where Stan says %s", i, lp[i], p.Error)
			}
			continue
		}
		if err := model.Explain(p.X); err != nil {
			t.Errorf("point %d: Explain: %v", i, err)
		}
		scale := max(1, math.Abs(*p.LP))
		if first {
			shift, first = lp[i]-*p.LP, false
		}
		if e := math.Abs(lp[i] - *p.LP - shift); !(e <= 1e-10*scale) {
			t.Errorf("point %d: lp differs by %g from that of the first point", i, e)
		}
		if e := math.Abs(full[i] - p.LPFull); !(e <= 1e-10*scale) {
			t.Errorf("point %d: lp_full %v, Stan has %v", i, full[i], p.LPFull)
		}
		largest := 1.0
		for _, g := range p.Grad {
			largest = max(largest, math.Abs(g))
		}
		for k, g := range p.Grad {
			e := math.Abs(grad[k*n+i]-g) / largest
			if !(e <= 1e-8) {
				t.Errorf("point %d: gradient by %s is %v, Stan has %v", i, ref.UncNames[k], grad[k*n+i], g)
			}
			worst = max(worst, e)
		}
		for k, y := range p.Constrained {
			if e := math.Abs(constrained[k*n+i] - y); !(e <= 1e-10*max(1, math.Abs(y))) {
				t.Errorf("point %d: %s is %v, Stan has %v", i, names[k], constrained[k*n+i], y)
			}
		}
	}
	return worst
}

func dotted(name string) string {
	return strings.TrimSuffix(strings.NewReplacer("[", ".", ",", ".", "]", "").Replace(name), ".")
}

func TestReferenceGradients(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.stan")
	if err != nil || len(files) == 0 {
		t.Fatal("no programs", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".stan")
		t.Run(name, func(t *testing.T) {
			model := bindReference(t, name)
			worst := agree(t, model, readReference(t, filepath.Join("testdata", "gradients", name+".json")))
			s := model.Stats()
			t.Logf("gradient error %.1e, %d operations recorded, %d left, compiled in %v", worst, s.Recorded, s.Optimised, s.Compile)
		})
	}
}
