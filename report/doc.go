// Package report turns results into text for people: the summary table of a sampling
// run, and what its diagnostics advise.
package report
