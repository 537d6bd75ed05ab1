package rng

// Uniforms sets dst[c*n+i] to a number uniform in (0, 1) for coordinate c < d of
// particle first+i, i < n, at the given step. The numbers are the odd multiples
// of 2^-53, the same in every variant of the kernels.
//
// dst must hold d*n numbers.
func (k Key) Uniforms(dst []float64, d, n, first int, step uint64) {
	k.fill(kindUniform, dst, d, n, first, step)
}

// Normals sets dst[c*n+i] to a standard normal number for coordinate c < d of
// particle first+i, i < n, at the given step. Two coordinates are made at a time
// by the transform of Box and Muller (1958) from two words of 64 bits,
//
//	x = sqrt(-2 log u) cos t,   y = sqrt(-2 log u) sin t,
//
// with u in [2^-64, 1], so that |x| reaches 9.4. The variants of the kernels
// differ by a few units in the last place.
//
// dst must hold d*n numbers. The cost is two to three nanoseconds a number with
// AVX2 or AVX-512 and twenty without.
func (k Key) Normals(dst []float64, d, n, first int, step uint64) {
	k.fill(kindNormal, dst, d, n, first, step)
}

// lanes is the number of particles that the vector kernels work on at a time.
const lanes = 8

// task is what a kernel is given: count particles, the first with the given
// counter, for one block of four coordinates of which width are wanted.
// Coordinate c of particle i goes to dst[c*stride+i]. The assembly reads this
// struct by offset.
type task struct {
	dst      *float64
	stride   int
	count    int // a multiple of lanes, except for the portable kernel
	width    int // 1..4
	counter  [4]uint64
	schedule schedule
}

func (k Key) fill(kind uint64, dst []float64, d, n, first int, step uint64) {
	if d <= 0 || n <= 0 {
		return
	}
	dst = dst[:d*n]
	t := task{stride: n, schedule: k.schedule()}
	kernel := kernelInUse()
	whole := n &^ (lanes - 1)
	if kernel == portable {
		whole = n
	}
	for c := 0; c < d; c += 4 {
		t.dst, t.count, t.width = &dst[c*n], whole, min(4, d-c)
		t.counter = [4]uint64{uint64(first), step, uint64(c / 4), kind}
		if whole > 0 {
			run(kernel, kind, &t)
		}
		if whole < n {
			tail(kernel, kind, t, dst[c*n:], whole, n)
		}
	}
}

// tail makes the numbers of particles from..n-1, fewer than lanes, in a buffer
// of full width, so that they have the bits that they would have in the body.
func tail(kernel int, kind uint64, t task, dst []float64, from, n int) {
	var buffer [4 * lanes]float64
	t.dst, t.stride, t.count = &buffer[0], lanes, lanes
	t.counter[0] += uint64(from)
	run(kernel, kind, &t)
	for c := range t.width {
		copy(dst[c*n+from:c*n+n], buffer[c*lanes:])
	}
}
