package kernel

// sumGradientDots is SumGradient, either of which may be nil, where it is better taken
// by matrix products; it reports whether it did.
func (k Kernel) sumGradientDots(sum, grad []float64, x, y Points, threads int) bool {
	t := k.newDots(x, y)
	if t == nil {
		return false
	}
	n, d := x.N, x.D
	var sums []dotsSum
	if sum != nil && (grad == nil || k.Family != Gaussian) {
		sums = append(sums, dotsSum{order: 0, rows: t.left, q: 1, stride: d + 2})
	}
	if grad != nil {
		sums = append(sums, dotsSum{order: 1, rows: t.left, q: d + 1, stride: d + 2})
	}
	back, factor := 1/(2*t.unit), 2*t.scale(1)
	t.run(n, threads, sums, func(first, count int, total [][]float64) {
		if sum != nil {
			copy(sum[first:first+count], total[0])
		}
		if grad == nil {
			return
		}
		all := total[len(total)-1]
		for c := range d {
			for l := range count {
				i := c*n + first + l
				grad[i] = factor * (float64(t.x[i]*all[l]) + float64(back*all[(c+1)*dotsLanes+l]))
			}
		}
	})
	return true
}

// applyDots is Apply by matrix products; it reports whether it did.
func (k Kernel) applyDots(dst []float64, x, y Points, v []float64, q, threads int) bool {
	t := k.newDots(x, y)
	if t == nil {
		return false
	}
	rows := make([]float64, q*y.N)
	for c := range q {
		for j, value := range v[c*y.N : (c+1)*y.N] {
			rows[j*q+c] = value
		}
	}
	t.run(x.N, threads, []dotsSum{{rows: rows, q: q, stride: q}}, func(first, count int, total [][]float64) {
		for c := range q {
			copy(dst[c*x.N+first:c*x.N+first+count], total[0][c*dotsLanes:])
		}
	})
	return true
}

// velocityDots is SteinVelocity by matrix products; it reports whether it did. With
// phi' = a phi, as the Gaussian has it, one product gives
//
//	sum_j w_j phi (s_j + 2 a x_j)  and  sum_j w_j phi.
func (k Kernel) velocityDots(dst []float64, x Points, score []float64, threads int) bool {
	t := k.newDots(x, x)
	if t == nil {
		return false
	}
	n, d := x.N, x.D
	single := k.Family == Gaussian
	a := 2 * t.scale(1)
	rows := make([]float64, n*(d+1))
	for j := range n {
		row := rows[j*(d+1) : (j+1)*(d+1)]
		row[0] = 1
		for c := range d {
			row[c+1] = score[c*n+j]
			if single {
				row[c+1] += float64(a * t.x[c*n+j])
			}
		}
	}
	sums := []dotsSum{{rows: rows, q: d + 1, stride: d + 1}}
	if !single {
		sums = append(sums, dotsSum{order: 1, rows: t.left, q: d + 1, stride: d + 2})
	}
	back := 1 / (2 * t.unit)
	t.run(n, threads, sums, func(first, count int, total [][]float64) {
		drift := total[0]
		for c := range d {
			for l := range count {
				i := c*n + first + l
				dst[i] = drift[(c+1)*dotsLanes+l]
				if single {
					dst[i] -= float64(a * t.x[i] * drift[l])
					continue
				}
				dst[i] -= 2 * (float64(t.x[i]*total[1][l]) + float64(back*total[1][(c+1)*dotsLanes+l]))
			}
		}
	})
	return true
}
