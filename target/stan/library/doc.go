// Package library is the function library of the Stan language: the value type of the evaluator, operators,
// mathematical functions and probability distributions.
//
// Everything is written once, against tape.Num: a number that is either a constant or a node of a recorded graph.
// Constants are computed at once as plain floats and leave no node behind, so the same code runs transformed data,
// the trace of the density and generated quantities.
//
// A function is a Function (a name, signatures, an Eval); a distribution is a Distribution in a file of its own
// (dist_normal.go) and one line in the table of All. Names, argument types, error texts and the meaning of every
// function are those of the Stan Functions Reference, version 2.39.
package library
