// Package kernel holds radial kernels k(x, y) = phi(|x-y|), their bandwidth
// rules, and sums over all pairs of particles, in memory proportional to the
// particles.
//
// The bandwidth h is a length in every kernel. Weights may be of either sign, so
// that differences of measures are sums too.
package kernel
