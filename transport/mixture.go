package transport

import (
	"context"
	"fmt"
	"math"

	"wgf/measure"
)

// MixtureDistance solves the transport problem between two Gaussian mixtures
// whose couplings are Gaussian mixtures themselves,
//
//	MW2^2 = min_P sum_kl P_kl W2^2(component k of a, component l of b),
//
// a discrete problem between the components. It is a distance between mixtures,
// at least their W2, and W2 itself between single Gaussians. The result's Cost
// is MW2^2, its Distance MW2, its Plan is over components. The cost is of order
// (K + L + K L) d^3 and that of the exact solver for K x L.
//
// Errors are those of Mixture.Check, and dimensions that differ.
//
// Reference: Delon and Desolneux 2020, A Wasserstein-type distance in the space
// of Gaussian mixture models, proposition 4.
func MixtureDistance(ctx context.Context, a, b measure.Mixture) (*Result, error) {
	var clouds [2]*measure.Cloud
	for i, m := range []measure.Mixture{a, b} {
		if err := m.Check(); err != nil {
			return nil, fmt.Errorf("transport: the mixture %s: %w", "AB"[i:i+1], err)
		}
		w, err := m.Normalised()
		if err != nil {
			return nil, err
		}
		clouds[i] = measure.New(len(w), 1)
		clouds[i].LogW = make([]float64, len(w))
		for k, v := range w {
			clouds[i].LogW[k] = math.Log(v)
		}
	}
	all := append(append([]measure.Gaussian(nil), a.Components...), b.Components...)
	roots, err := gaussianRoots(all)
	if err != nil {
		return nil, err
	}
	k, l := len(a.Components), len(b.Components)
	costs := make([]float64, k*l)
	for i, g := range a.Components {
		for j, h := range b.Components {
			if costs[i*l+j], err = bures2(g, h, roots[i], roots[k+j]); err != nil {
				return nil, err
			}
		}
	}
	r, err := Exact{}.Solve(ctx, Problem{A: clouds[0], B: clouds[1], Cost: Matrix(costs, k, l)})
	if err != nil {
		return nil, err
	}
	r.Method, r.root = "gaussian mixture", 2
	r.References = append(r.References, "Delon and Desolneux (2020), A Wasserstein-type distance in the space of Gaussian mixture models, SIAM Journal on Imaging Sciences 13")
	return r, nil
}
