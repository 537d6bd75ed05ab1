package target_test

import (
	"math"
	"testing"

	"wgf/target"
)

// Hessian-vector products of the whole zoo against central differences of gradients.
func TestHessianVector(t *testing.T) {
	specs := []string{"gaussian:dim=5,condition=1e2", "gaussian:dim=3,correlation=0.9,mean=2", "mixture:dim=3,modes=3,weight=0.6,separation=1",
		"banana:dim=4", "ring:dim=1", "eight-schools:centred=1"}
	for _, e := range target.Catalogue() {
		specs = append(specs, e.Name)
	}
	for _, spec := range specs {
		density, err := target.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		curved, ok := density.(target.Curved)
		if !ok {
			t.Errorf("%s has no second derivatives", spec)
			continue
		}
		const n, h = 4, 1e-5
		d := density.Dim()
		x, u, got := make([]float64, n*d), make([]float64, n*d), make([]float64, n*d)
		for i := range x {
			x[i], u[i] = 0.5*math.Sin(1.7*float64(i)+1)+0.6, math.Cos(2.3*float64(i))
		}
		if b, ok := density.(target.Bounded); ok {
			lower, upper := b.Box()
			for i := range x {
				k := i / n
				x[i] = lower[k] + (upper[k]-lower[k])*(0.5+0.3*math.Sin(1.7*float64(i)))
			}
		}
		curved.HessianVector(got, x, u)
		gradient := func(step float64) []float64 {
			at, lp, g := make([]float64, n*d), make([]float64, n), make([]float64, n*d)
			for i := range x {
				at[i] = x[i] + step*u[i]
			}
			density.LogDensity(lp, g, at)
			return g
		}
		up, down := gradient(h), gradient(-h)
		largest := 0.0
		for _, v := range got {
			largest = max(largest, math.Abs(v))
		}
		for i, v := range got {
			if want := (up[i] - down[i]) / (2 * h); math.Abs(v-want) > 1e-6*(1+largest) {
				t.Errorf("%s, number %d: %.9g, differences give %.9g", spec, i, v, want)
			}
		}
	}
}
