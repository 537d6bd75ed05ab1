package simd

// SoftminLanes is the number of targets of a tile of the softmin kernels.
const SoftminLanes = 32

// SoftminLimit is the largest |Max| after a tile for which its sums are right:
// beyond, references were too far off and the tile must be done again with
// Ref + Max for Ref.
const SoftminLimit = 400

// SoftminArgs are the operands of a softmin kernel: a tile of SoftminLanes targets
// x_i and a block of M sources y_j. With scores
//
//	s_ij = H_j - Ref_i + <x_i, y_j>           (SoftminDot)
//	s_ij = H_j - Ref_i - Scale |x_i - y_j|    (SoftminDistance)
//	s_ij = H_j - Ref_i - Scale C_ji           (SoftminCosts)
//
// a kernel adds sum_j 2^s_ij to Sum_i and raises Max_i to max_j s_ij. The block
// thus adds to the sum 2^Ref_i Sum_i = sum_j 2^(H_j + ...), of which every score
// is at most Ref_i + Max_i.
//
// The number of sources must be positive and even, D positive; H must be finite
// (-1e300 for a source that is there to make the number even). Terms are
// relative to 2^Ref_i right to about 1 ULP and lost below 2^-1000; that is why
// the largest score must end within SoftminLimit of the reference.
//
// The assembly reads this struct by offset; softmin_test.go holds the offsets.
type SoftminArgs struct {
	X      *float64 // coordinate k of target i at k*SoftminLanes+i
	Y      *float64 // coordinate k of source j at j*D+k
	C      *float64 // number for target i and source j at j*SoftminLanes+i
	H      *float64 // M numbers
	Ref    *float64 // SoftminLanes references
	Sum    *float64 // SoftminLanes sums
	Max    *float64 // SoftminLanes maxima
	E      *float64 // nil, or gets 2^s_ij at j*SoftminLanes+i
	Moment *float64 // with E: sum_j 2^s_ij s_ij is added
	D, M   int
	Scale  float64
}

// SoftminDot adds a block with scores of inner products.
func SoftminDot(p *SoftminArgs) { softminTables[current()].dot[weights(p)](p) }

// SoftminDistance adds a block with scores of Euclidean distances.
func SoftminDistance(p *SoftminArgs) { softminTables[current()].distance[weights(p)](p) }

// SoftminCosts adds a block with scores that are read from C.
func SoftminCosts(p *SoftminArgs) { softminTables[current()].costs[weights(p)](p) }

// SoftminSquares writes |x_i - y_j|^2 to C.
func SoftminSquares(p *SoftminArgs) { softminTables[current()].squares(p) }

// softminTable holds the kernels of a variant; the second of a pair keeps E.
type softminTable struct {
	dot, distance, costs [2]func(*SoftminArgs)
	squares              func(*SoftminArgs)
}

func weights(p *SoftminArgs) int {
	if p.E != nil {
		return 1
	}
	return 0
}
