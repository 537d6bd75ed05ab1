package tape

import (
	"testing"
)

// TestModels compares the models of the benchmarks with the scalar reference, value and gradient.
func TestModels(t *testing.T) {
	for _, m := range models {
		tr, out := m.record()
		p := compile(t, tr, out)
		x := noise(tr.Inputs(), 11)
		for i := range x {
			x[i] *= m.scale
		}
		v, grad := at(p, x...)
		f := func(x []float64) float64 { return reference(tr, []Num{out}, x)[0] }
		if want := f(x); !closeTo(v, want, 1e-12) {
			t.Errorf("%s: value %v, want %v", m.name, v, want)
		}
		for k := 0; k < len(x); k += max(1, len(x)/10) {
			q := append([]float64(nil), x...)
			want := slope(func(s float64) float64 { q[k] = s; return f(q) }, x[k])
			if !closeTo(grad[k], want, 1e-6) {
				t.Errorf("%s: derivative %d is %v, want %v", m.name, k, grad[k], want)
			}
		}
		t.Logf("%s: %+v", m.name, p.Stats())
	}
}
