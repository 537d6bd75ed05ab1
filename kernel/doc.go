// Package kernel holds radial kernels k(x, y) = phi(|x-y|^2), rules for their
// bandwidths, and sums over all pairs of particles in memory proportional to the
// particles.
//
// With delta = x - y, u = |delta|^2 and derivatives of phi by u,
//
//	grad_1 k           = 2 phi'(u) delta = -grad_2 k
//	div_1 grad_2 k     = -2 d phi'(u) - 4 u phi''(u)
//	grad_1 div_1 grad_2 k = -4 ((d+2) phi''(u) + 2 u phi'''(u)) delta,
//
// so that a family of kernels is four functions of one variable (Kernel.Radial) and
// every discrepancy with exact particle gradients (MMD, the energy distance, KSD) is
// a few weighted sums over pairs of phi and its derivatives times coordinates.
//
// The sums run over tiles of pairs: squared distances, taken from differences of
// coordinates so that near points lose no digits wherever the clouds lie; then the
// functions of them; then the products with what is summed. A tile stays in the
// first cache and no matrix of pairs is ever stored. Terms are added in blocks of a
// fixed size, so that results are the same to the bit for every number of threads.
package kernel
