// Package selection chooses few points that stand for many: support points, herding,
// Stein points and Stein thinning.
package selection
