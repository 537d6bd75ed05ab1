// Package kernel holds radial kernels, their bandwidth rules and sums over all
// pairs of particles in memory proportional to the particles.
package kernel
