// Package sampler draws from a posterior with a guarantee: an interacting
// ensemble of particles travels unadjusted to the target, then every tuning
// parameter is frozen and each proposal is tested, so that the kernel that made
// the returned draws leaves the target invariant. See References.
package sampler
