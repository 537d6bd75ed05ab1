package transport

import (
	"math"

	"wgf/measure"
)

// neighbours is the memory of one goroutine.
type neighbours struct {
	squares []float64 // squared distances to all points
	near    []int     // the nearest points, nearest first
}

// find lists the k points of least squared distance, ties by index.
func (s *neighbours) find(k int) {
	s.near = s.near[:0]
	limit := math.Inf(1)
	for i, v := range s.squares {
		if v >= limit {
			continue
		}
		if len(s.near) < k {
			s.near = append(s.near, 0)
		}
		j := len(s.near) - 1
		for ; j > 0 && s.squares[s.near[j-1]] > v; j-- {
			s.near[j] = s.near[j-1]
		}
		s.near[j] = i
		if len(s.near) == k {
			limit = s.squares[s.near[k-1]]
		}
	}
}

// at writes the image of point p to out.
func (m *displacement) at(out []float64, points *measure.Cloud, p int, s *neighbours) {
	s.squares = grow(s.squares, m.n)
	clear(s.squares)
	for k := range m.d {
		v := points.X[k*points.N+p]
		for i, x := range m.x[k*m.n : (k+1)*m.n] {
			s.squares[i] += float64((x - v) * (x - v))
		}
	}
	count := 4 * (m.d + 1)
	s.find(count + 1)
	near := s.near
	edge := math.Inf(1)
	if len(near) > count {
		edge, near = math.Sqrt(s.squares[near[count]]), near[:count]
	}
	least := math.Sqrt(s.squares[near[0]])
	if least == 0 {
		m.coincide(out, points, p, near, s.squares)
		return
	}
	total := 0.0
	weight := func(i int) float64 {
		r := math.Sqrt(s.squares[i])
		w := least / r * (1 - r/edge)
		return m.mass[i] * w * w
	}
	for _, i := range near {
		total += weight(i)
	}
	for k := range m.d {
		sum := 0.0
		for _, i := range near {
			w := 1 / float64(len(near)) // all as far as the edge
			if total > 0 {
				w = weight(i) / total
			}
			sum += float64(w * (m.to[k*m.n+i] - m.x[k*m.n+i]))
		}
		out[k*points.N+p] = points.X[k*points.N+p] + sum
	}
}

// coincide writes the mean image of the points that lie where point p lies.
func (m *displacement) coincide(out []float64, points *measure.Cloud, p int, near []int, squares []float64) {
	for k := range m.d {
		image, total := 0.0, 0.0
		for _, i := range near {
			if squares[i] == 0 {
				total += m.mass[i]
				image += (m.to[k*m.n+i] - image) * m.mass[i] / total
			}
		}
		out[k*points.N+p] = image
	}
}
