// Package tape turns a density, recorded once as scalar arithmetic, into a program that evaluates it and its gradient
// for a whole block of particles at a time.
//
// The way from a recording to a program:
//
//  1. Trace. Every operation arrives as scalar arithmetic on Num. Constants are folded, equal operations are stored
//     once (hash-consing), and simple identities are applied on the way in.
//  2. Optimise. Dead nodes go; sums with constant coefficients are collected into linear combinations; common factors
//     are taken out of sums; a sum of squares of many linear combinations of few numbers becomes a sum of squares of
//     few (the triangular factor of a QR factorisation replaces the data).
//  3. Differentiate. Reverse mode, written as further nodes of the same graph, so that value and gradient share what
//     they have in common and every optimisation serves both. A derivative is always expressed in operations that
//     have derivatives themselves.
//  4. Roll. Scalars that do the same thing to different data, as the bodies of an unrolled loop, are put into the rows
//     of one array and become one vector instruction; linear combinations of the same numbers become one matrix
//     product; recurrences stay step by step, each step writing a row of an array, so that whatever depends on all
//     steps is a vector instruction again.
//  5. Tile. What walks along the data is done a few rows at a time through all instructions, so that it stays in the
//     cache.
//  6. Run. Instructions are replayed for blocks of particles. A row holds one number per particle of the block, so
//     every kernel runs over contiguous memory, and rows are reused as soon as nobody reads them any more.
//
// The result for a particle depends neither on the block it is in nor on its place there.
//
// References: Griewank and Walther, Evaluating Derivatives (2008), chapters 3 and 6 (reverse mode, source
// transformation); Neubig, Goldberg and Dyer, On-the-fly operation batching in dynamic computation graphs (2017), for
// the agenda by which equal operations are gathered.
package tape
