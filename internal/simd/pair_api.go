package simd

import "unsafe"

// PairLanes is the number of targets of a tile of the pair kernels.
const PairLanes = 32

// PairArgs are the operands of a pair kernel: a tile of PairLanes targets x_i and a
// block of M sources y_j. Numbers that belong to a pair are kept at j*PairLanes+i.
// Coordinate k of target i is at k*PairLanes+i, that of source j at j*D+k. D and M
// must be positive. Only the fields that a kernel names need be set.
//
// The assembly reads this struct by offset; pair_test.go holds the offsets.
type PairArgs struct {
	X, Y *float64    // coordinates of targets and sources
	S, T *float64    // further vectors of targets and sources, laid out as X and Y
	U    *float64    // squared distances, read by the functions of them
	A, B *float64    // inner products of PairProducts
	W    *float64    // M weights of the sources
	G    *float64    // sums, laid out as X
	Q    [6]*float64 // results of the functions of distances; nil: not wanted
	F    [6]float64  // their factors
	P    [2]float64  // their parameters
	D, M int
}

// PairSquares writes u_ij = |x_i - y_j|^2 to U, from differences of coordinates: the
// relative error is that of a sum of D squares, however near the points are.
func PairSquares(p *PairArgs) { pairTables[current()].squares(p) }

// PairExpand turns the inner products <x_i, y_j> in U into squared distances
//
//	max(0, A_i + B_j - 2 u_ij),
//
// A being the PairLanes squared lengths of the targets and B the M ones of the sources.
// Their absolute error is that of the largest of the three numbers.
func PairExpand(p *PairArgs) { pairTables[current()].expand(p) }

// PairProducts writes |x_i - y_j|^2 to U, <s_i, t_j> to A and <s_i - t_j, x_i - y_j>
// to B.
func PairProducts(p *PairArgs) { pairTables[current()].products(p) }

// PairDifferences adds sum_j u_ij (x_i - y_j) to G. The sum over the block is taken
// first, so that blocks of moderate size keep the errors of long sums small.
func PairDifferences(p *PairArgs) { pairTables[current()].differences(p) }

// PairSums adds sum_j u_ij to G, one number a target.
func PairSums(p *PairArgs) { pairTables[current()].sums(p) }

// PairGaussian writes
//
//	Q_0 = W_j F_0 2^(P_0 u_ij),  P_0 <= 0,
//
// within 2 ULP for P_0 u, itself rounded, above -1000, and below 2^-1000 beyond.
func PairGaussian(p *PairArgs) { pairTables[current()].gaussian(p) }

// PairExponential writes, with r = sqrt(u_ij), e = exp(-a r), a = P_1, where P_0 must
// be -a/log 2, and i = 1/r, but 0 at r = 0,
//
//	Q_0 = W_j F_0 (1 + a r + (a r)^2/3) e
//	Q_1 = W_j F_1 (1 + a r) e
//	Q_2 = W_j F_2 e
//	Q_3 = W_j F_3 i e
//	Q_4 = W_j F_4 i^2 (a + i) e
//	Q_5 = W_j F_5 i^3 (a^2 + 3 a i + 3 i^2) e,
//
// each of which is, but for a factor, the derivative by u of the one before it.
func PairExponential(p *PairArgs) { pairTables[current()].exponential(p) }

// PairRoot writes, with v = P_0 u_ij + P_1 and i = 1/sqrt(v), but 0 at v = 0,
//
//	Q_0 = W_j F_0 sqrt(v)
//	Q_m = W_j F_m i^(2m-1) for m = 1, 2, 3, 4.
func PairRoot(p *PairArgs) { pairTables[current()].root(p) }

// PairStein writes to U, which may be one of the operands,
//
//	Q_0 A_ij + Q_1 (P_0 + P_1 B_ij) - 4 Q_2 u_ij
func PairStein(p *PairArgs) { pairTables[current()].stein(p) }

// pairTable holds the kernels of a variant.
type pairTable struct {
	squares, expand, products, differences, sums, gaussian, exponential, root, stein func(*PairArgs)
}

// Aligned returns n numbers that begin at a multiple of 64 bytes, as tiles should: a
// vector that lies across two cache lines costs twice.
func Aligned(n int) []float64 {
	const line = 64 / 8
	x := make([]float64, n+line-1)
	at := 0
	for at < line-1 && uintptr(unsafe.Pointer(&x[at]))%64 != 0 {
		at++
	}
	return x[at : at+n : at+n]
}
