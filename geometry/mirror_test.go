package geometry

import (
	"math"
	"strings"
	"testing"

	"wgf/internal/spec"
	"wgf/measure"
)

// A small step delta moves a particle by delta over the curvature of the mirror map,
// the square of the noise factor; large steps stay inside.
func TestMirrorMaps(t *testing.T) {
	for _, text := range []string{"mirror:lower=-3,upper=1", "mirror:lower=-3,upper=1,map=1"} {
		g := build(t, text, Setting{Dim: 1}).(*Mirror)
		c := measure.New(7, 1)
		copy(c.X, []float64{-2.99, -2, -1.2, -1, 0, 0.5, 0.99})
		const n = 7
		root, ones, up, down, delta := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range n {
			ones[i], delta[i] = 1, 1e-4
		}
		if err := g.Noise(root, ones, c); err != nil {
			t.Fatal(err)
		}
		if math.Abs(root[3]-1) > 1e-15 {
			t.Errorf("%s: curvature %g in the centre, want 1", text, root[3]*root[3])
		}
		move := func(dst []float64, a float64) {
			for i := range delta {
				delta[i] = a
			}
			if err := g.Move(dst, c, delta); err != nil {
				t.Fatal(err)
			}
		}
		move(up, 1e-5)
		move(down, -1e-5)
		for i := range n {
			want := 1 / (root[i] * root[i])
			if got := (up[i] - down[i]) / 2e-5; math.Abs(got-want) > 1e-6*want+1e-10 {
				t.Errorf("%s at %g: dx/dy = %g, want %g", text, c.X[i], got, want)
			}
		}
		for _, a := range []float64{1e300, -1e300, math.Inf(1), 1e5} {
			move(up, a)
			for _, x := range up {
				if !(x > -3 && x < 1) {
					t.Errorf("%s: a step of %g left the box, to %v", text, a, x)
				}
			}
		}
		move(up, 0)
		near(t, "no step", up, c.X, 1e-14)
		c.X[2] = 1
		if err := g.Move(up, c, delta); err == nil || !strings.Contains(err.Error(), "outside of the box") {
			t.Errorf("a particle outside: %v", err)
		}
	}
}

func TestMirrorRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"mirror":                        "needs a box",
		"mirror:lower=1,upper=-1":       "no inside",
		"mirror:lower=-1,upper=1,map=2": "log barrier",
	} {
		for _, e := range Catalogue() {
			if e.Name != "mirror" {
				continue
			}
			v, err := spec.Parse("geometry", text, e.Params)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := e.Build(Setting{Dim: 2, Params: v}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	if _, err := NewMirror([]float64{0}, []float64{math.Inf(1)}, false); err == nil {
		t.Error("a half line was accepted")
	}
}
