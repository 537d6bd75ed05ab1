package transport

import (
	"math"

	"wgf/internal/parallel"
	"wgf/internal/simd"
)

// nothing is the logarithm of no mass: finite, so that differences are numbers.
const nothing = -1e300

// gridKernel applies the Gibbs kernel of the cost |x-y|^2 on a grid in the log
// domain,
//
//	out_x = log sum_y exp(h_y - |x-y|^2/eps).
//
// The cost is a sum over axes, so the kernel is applied axis by axis (Solomon et
// al. 2015): n1 + n2 + ... terms a point instead of n1 n2 ....
//
// Along an axis, targets and sources are taken in blocks of b points about i0
// and j0. With i = i0+s, j = j0+t,
//
//	-(i-j)^2 = 2 s t + [2 i0 j - j^2] + [2 s j0 - i^2],
//
// so that a block of the kernel is exp(2st/eps), the same b x b matrix
// everywhere, between factors that depend on i or on j. These are taken into
// logarithms, with the largest source of each block at 1: products stay within
// exp(b^2/(2 eps)), b is chosen so that this is at most exp(256), and no term
// that matters is lost however far masses move. Of the n^2 terms of a line all
// but 2 n^2/b cost a multiplication instead of an exponential.
type gridKernel struct {
	shape   []int
	eps     float64
	threads int

	block  int
	matrix []float64 // exp(2 s t/eps), row-major

	turned [2][]float64  // the grid with another axis first
	work   []gridScratch // of a worker
}

type gridScratch struct{ h, u, e, top, part, total, best []float64 }

// gridColumns is the number of lines that a worker takes at a time.
const gridColumns = 64

func newGridKernel(shape []int, threads int) *gridKernel {
	n := 1
	for _, s := range shape {
		n *= s
	}
	k := &gridKernel{shape: shape, threads: threads}
	k.turned = [2][]float64{make([]float64, n), make([]float64, n)}
	k.work = make([]gridScratch, parallel.Threads(threads))
	return k
}

// scale sets the regularisation.
func (k *gridKernel) scale(eps float64) {
	if eps == k.eps {
		return
	}
	k.eps = eps
	k.block = int(math.Sqrt(512 * eps))
	k.block = max(1, min(k.block, 32))
	b := k.block
	k.matrix = make([]float64, b*b)
	for s := range b {
		for t := range b {
			k.matrix[s*b+t] = math.Exp(2 * k.offset(s) * k.offset(t) / eps)
		}
	}
}

// offset is the distance of entry s of a block from its middle.
func (k *gridKernel) offset(s int) float64 { return float64(s) - float64(k.block-1)/2 }

// apply writes the log-sums to out, which may be h.
func (k *gridKernel) apply(out, h []float64) {
	src := h
	// every step sums over the first axis and makes it the last: after all
	// steps the axes are in order again
	for axis, n := range k.shape {
		dst := k.turned[axis%2]
		if axis == len(k.shape)-1 && &out[0] != &src[0] {
			dst = out
		}
		k.axis(dst, src, n)
		src = dst
	}
	if &src[0] != &out[0] {
		copy(out, src)
	}
}

// axis sums over the first axis, of n points, and writes the transpose.
func (k *gridKernel) axis(dst, src []float64, n int) {
	lines := len(src) / n
	parallel.For(k.threads, (lines+gridColumns-1)/gridColumns, func(worker, at int) {
		k.lines(dst, src, n, lines, at*gridColumns, &k.work[worker])
	})
}

// lines sums over gridColumns lines from the given one.
func (k *gridKernel) lines(dst, src []float64, n, lines, from int, w *gridScratch) {
	count := min(gridColumns, lines-from)
	cols := (count + 7) &^ 7
	b := k.block
	w.h = grow(w.h, n*cols)
	w.u, w.e, w.part = grow(w.u, b*cols), grow(w.e, b*cols), grow(w.part, b*cols)
	w.total, w.best, w.top = grow(w.total, b*cols), grow(w.best, b*cols), grow(w.top, cols)
	for j := range n {
		row := w.h[j*cols : (j+1)*cols]
		copy(row, src[j*lines+from:j*lines+from+count])
		for c := count; c < cols; c++ {
			row[c] = nothing
		}
	}
	middle := float64(b-1) / 2
	for i := 0; i < n; i += b {
		height := min(b, n-i)
		i0 := float64(i) + middle
		for j := 0; j < n; j += b {
			width := min(b, n-j)
			j0 := float64(j) + middle
			u := w.u[:width*cols]
			top := w.top[:cols]
			for t := range width {
				at := float64(j + t)
				shift := (2*i0*at - at*at) / k.eps
				row, h := u[t*cols:(t+1)*cols], w.h[(j+t)*cols:(j+t+1)*cols]
				for c, v := range h {
					row[c] = v + shift
				}
				if t == 0 {
					copy(top, row)
					continue
				}
				for c, v := range row {
					top[c] = max(top[c], v)
				}
			}
			for t := range width {
				row := u[t*cols : (t+1)*cols]
				simd.Sub(row, row, top)
			}
			simd.Exp(u, u)
			part := w.part[:height*cols]
			simd.MatMul(part, k.matrix, u, height, width, cols, b, 1, false)
			// part exp(top + 2 s j0/eps - i^2/eps) joins the total, which is
			// relative to exp(best)
			k.join(w, i, height, cols, j0, j == 0)
		}
		total, best := w.total[:height*cols], w.best[:height*cols]
		simd.Log(total, total)
		for s := range height {
			for c := range count {
				dst[(from+c)*n+i+s] = best[s*cols+c] + total[s*cols+c]
			}
		}
	}
}

// join adds the part of a block of sources to the totals.
func (k *gridKernel) join(w *gridScratch, i, height, cols int, j0 float64, first bool) {
	for s := range height {
		at := float64(i + s)
		shift := (2*k.offset(s)*j0 - at*at) / k.eps
		part, total := w.part[s*cols:(s+1)*cols], w.total[s*cols:(s+1)*cols]
		best, e := w.best[s*cols:(s+1)*cols], w.e[s*cols:(s+1)*cols]
		if first {
			for c, v := range w.top[:cols] {
				best[c] = v + shift
			}
			copy(total, part)
			continue
		}
		for c, v := range w.top[:cols] {
			e[c] = -math.Abs(v + shift - best[c])
		}
		simd.Exp(e, e)
		for c, v := range w.top[:cols] {
			if v += shift; v > best[c] {
				best[c] = v
				total[c] = float64(total[c]*e[c]) + part[c]
			} else {
				total[c] += float64(part[c] * e[c])
			}
		}
	}
}
