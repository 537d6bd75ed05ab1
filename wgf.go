// Package wgf samples by optimising over probability measures.
//
// The root package holds the name and the version of the project, in one
// place, and nothing else. The library lives in the packages below it:
//
//   - sampler: posterior draws with a guarantee
//   - target: what is sampled; target/stan reads Stan programs
//   - diagnostics: effective sample sizes, R-hat, Monte Carlo errors
//   - store, report: files and tables
//   - measure: weighted particle clouds
//
// ARCHITECTURE.md says how they fit together.
package wgf

// Name is the project's name, as it stands in the files that it writes.
const Name = "wgf"

// Version is the version of library and program.
const Version = "0.1.0"
