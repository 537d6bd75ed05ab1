package functional

import (
	"context"
	"math"
	"testing"

	"wgf/internal/spec"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

func clouds() (x, y *measure.Cloud) {
	x, y = measure.New(7, 2), measure.New(9, 2)
	for i := range x.X {
		x.X[i] = math.Sin(3.7*float64(i) + 1)
	}
	for i := range y.X {
		y.X[i] = 0.5 + 1.3*math.Cos(2.1*float64(i)*float64(i)+0.3)
	}
	x.LogW = []float64{0, -0.5, 0.3, -1, 0.2, 0, -0.7}
	return x, y
}

// Where a functional says that its particle gradient is exact, differences of the
// value say so too, on a weighted cloud.
func TestExactGradients(t *testing.T) {
	x, y := clouds()
	density, err := target.Parse("banana")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for _, e := range Catalogue() {
		v, err := spec.Parse("functional", e.Name, e.Params)
		if err != nil {
			t.Fatal(err)
		}
		f, err := e.Build(Setting{Density: density, Samples: y, Kernel: kernel.Kernel{Bandwidth: 0.8}, Params: v, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if !f.Traits().Exact {
			continue
		}
		out := Evaluation{WantValue: true, Gradient: make([]float64, len(x.X))}
		if err := f.Evaluate(ctx, &out, x); err != nil {
			t.Fatal(err)
		}
		w := x.Weights()
		const h = 1e-5
		for at := range x.X {
			value := func(step float64) float64 {
				moved := x.Clone()
				moved.X[at] += step
				e := Evaluation{WantValue: true}
				if err := f.Evaluate(ctx, &e, moved); err != nil {
					t.Fatal(err)
				}
				return e.Value
			}
			got := w[at%x.N] * out.Gradient[at]
			want := (value(h) - value(-h)) / (2 * h)
			if math.Abs(got-want) > 2e-6 {
				t.Errorf("%s, coordinate %d of particle %d: %.9g, differences give %.9g", e.Name, at/x.N, at%x.N, got, want)
			}
		}
	}
}

// The energy distance of point masses at a and b is 2|a-b|.
func TestEnergyOfPointMasses(t *testing.T) {
	x, y := measure.New(1, 1), measure.New(1, 1)
	x.X[0] = 3
	f := NewMMD(kernel.Kernel{Family: kernel.Energy}, kernel.Median, kernel.Of(y), 0)
	out := Evaluation{WantValue: true}
	if err := f.Evaluate(context.Background(), &out, x); err != nil || math.Abs(out.Value-3) > 1e-14 {
		t.Errorf("%v, %v, want 3", out.Value, err)
	}
}

// On the line the sliced energy is the energy distance; in the plane its mean over
// many directions is, to the error of the directions.
func TestSlicedEnergyIsEnergy(t *testing.T) {
	x, y := clouds()
	ctx := context.Background()
	for _, d := range []int{1, 2} {
		a, b := x, y
		if d == 1 {
			a = &measure.Cloud{N: x.N, D: 1, X: x.X[:x.N], LogW: x.LogW}
			b = &measure.Cloud{N: y.N, D: 1, X: y.X[:y.N]}
		}
		want := Evaluation{WantValue: true, Gradient: make([]float64, len(a.X))}
		if err := NewMMD(kernel.Kernel{Family: kernel.Energy}, kernel.Median, kernel.Of(b), 0).Evaluate(ctx, &want, a); err != nil {
			t.Fatal(err)
		}
		got := Evaluation{WantValue: true, Gradient: make([]float64, len(a.X))}
		if err := (&SlicedEnergy{Target: b, Directions: 40000, Seed: 1}).Evaluate(ctx, &got, a); err != nil {
			t.Fatal(err)
		}
		tolerance := []float64{0, 1e-12, 0.02}[d]
		if math.Abs(got.Value-want.Value) > tolerance {
			t.Errorf("d = %d: value %v, want %v", d, got.Value, want.Value)
		}
		for i, g := range got.Gradient {
			if math.Abs(g-want.Gradient[i]) > tolerance {
				t.Errorf("d = %d: gradient %v, want %v", d, g, want.Gradient[i])
			}
		}
	}
}
