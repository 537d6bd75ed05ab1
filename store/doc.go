// Package store writes and reads the draws of a sampling run, in the formats that other
// programs open: CmdStan's CSV (cmdstanpy, posterior), a plain CSV table (posterior,
// spreadsheets), Zarr v3 (ArviZ, xarray), NPY and NPZ (NumPy).
//
// [Write] and [Read] choose the format by the name's extension; [Draws] is what all of
// them hold. An output appears complete or not at all: it is written beside its place
// under a temporary name and renamed.
package store
