// Package diagnostics says how far Monte Carlo draws can be trusted: effective
// sample sizes, R-hat, Monte Carlo standard errors, and distances between samples.
//
// Two kinds of input are told apart.
//
// Chains are sequences in time that each explore the target for themselves
// ([Summarize], [ESSBulk], [RHat] ...). The definitions are those of Vehtari,
// Gelman, Simpson, Carpenter and Buerkner (2021), "Rank-normalization, folding,
// and localization: an improved R-hat", Bayesian Analysis 16(2), with Geyer's
// initial monotone sequence (Geyer 1992, Statistical Science 7(4)) for the
// autocorrelation time.
//
// Ensembles are many short particles grouped into superchains ([Ensemble],
// [EnsembleESS], [NestedRHat]): the spread of the particles' time means gives
// the errors, no autocorrelation has to be estimated. Nested R-hat is that of
// Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari and Gelman (2024),
// "Nested R-hat: assessing the convergence of Markov chain Monte Carlo when
// running many short chains", Bayesian Analysis.
//
// Samples are compared with each other, and with a density, by [Compare]: Wasserstein,
// sliced and Sinkhorn distances, energy distance, MMD, kernel Stein discrepancy and a
// classifier, each with its standard error and a test. Tests want independent points:
// [ThinToESS] thins chains to what they are worth.
//
// What is undefined is NaN: constant draws, draws that are not finite, chains of
// fewer than four draws. Nothing here panics except for ragged input.
package diagnostics
