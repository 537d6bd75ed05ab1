// Package transport solves optimal transport problems between weighted clouds,
// Gaussians and Gaussian mixtures.
//
// A [Problem] is two measures and a ground cost; a [Solver] (Exact, Sinkhorn,
// OneDimensional ...) gives a [Result], from which plan, potentials, map, cost
// and gradients are derived on demand.
package transport
