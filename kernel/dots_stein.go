package kernel

// steinDots is Stein by matrix products; it reports whether it did. All of
//
//	s_i.s_j phi - 2 phi' ((s_i-s_j).(x_i-y_j) + d) - 4 r^2 phi''
//
// is linear in the numbers 1, y_j, |y_j|^2, s_j and s_j.y_j of the source.
func (k Kernel) steinDots(dst []float64, x Points, sx []float64, y Points, sy []float64, threads int) bool {
	t := k.newDots(x, y)
	if t == nil {
		return false
	}
	n, m, d := x.N, y.N, x.D
	own := d + 2
	stride := own + d + 1
	rows := make([]float64, m*stride)
	for j := range m {
		row := rows[j*stride : (j+1)*stride]
		copy(row, t.left[j*own:(j+1)*own])
		for c := range d {
			s := sy[c*m+j]
			row[own+c] = s
			row[own+d] += float64(s * t.source(c, j))
		}
	}
	sums := []dotsSum{{rows: rows, q: stride, stride: stride}}
	if k.Family != Gaussian {
		sums = []dotsSum{
			{order: 0, rows: rows[own:], q: d, stride: stride},
			{order: 1, rows: rows, q: stride, stride: stride},
			{order: 2, rows: rows, q: own, stride: stride},
		}
	}
	t.run(n, threads, sums, func(first, count int, total [][]float64) {
		value, slope, curve := total[0], total[0], total[0]
		if k.Family == Gaussian {
			value = value[own*dotsLanes:]
		} else {
			slope, curve = total[1], total[2]
		}
		scores := slope[own*dotsLanes:]
		for l := range count {
			inner, square := 0.0, 0.0                                     // s_i.s_j phi and |x_i|^2
			cross := scores[d*dotsLanes+l] + float64(float64(d)*slope[l]) // by phi'
			products := 0.0                                               // x_i.(-2 unit y_j) phi''
			for c := range d {
				xi, si := t.x[c*n+first+l], sx[c*n+first+l]
				inner += float64(si * value[c*dotsLanes+l])
				yc := slope[(c+1)*dotsLanes+l] / (-2 * t.unit)
				cross += float64(si*(float64(xi*slope[l])-yc)) - float64(xi*scores[c*dotsLanes+l])
				square += float64(xi * xi)
				products += float64(xi * curve[(c+1)*dotsLanes+l])
			}
			distance := float64(square*curve[l]) + (products+curve[(d+1)*dotsLanes+l])/t.unit
			dst[first+l] = inner - float64(2*t.scale(1)*cross) - float64(4*t.scale(2)*distance)
		}
	})
	return true
}
