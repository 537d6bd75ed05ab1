package transport

import (
	"math"

	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/internal/simd"
	"wgf/measure"
)

// gromovMatrix is inner costs as matrices. The linearisation is H = C P D, the
// linear cost -4 H, and
//
//	E = sum C_ik^2 a_i a_k + sum D_jl^2 b_j b_l - 2 sum_ij P_ij H_ij.
type gromovMatrix struct {
	n, m    int
	c, d    []float64 // d has rows padded to m8 numbers
	wa, wb  []float64
	a, b    *measure.Cloud
	parts   float64
	h       []float64 // n x m8
	first   []float64 // H of the product coupling
	m8      int
	cost    []float64
	plan    []float64 // n x m8
	half    []float64 // P D
	next    []float64
	threads int
	seed    uint64
}

func newGromovMatrix(c, wa, d, wb []float64, seed uint64, threads int) *gromovMatrix {
	n, k := len(wa), len(wb)
	m := &gromovMatrix{n: n, m: k, c: c, wa: wa, wb: wb, m8: (k + 7) &^ 7, seed: seed, threads: threads}
	m.a, m.b = measure.New(n, 0), measure.New(k, 0)
	m.a.LogW, m.b.LogW = logs(wa), logs(wb)
	m.d = make([]float64, k*m.m8)
	for j := range k {
		copy(m.d[j*m.m8:], d[j*k:(j+1)*k])
	}
	size := n * m.m8
	m.h, m.plan, m.half, m.next = make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)
	near := make([]float64, k)
	for j := range k {
		near[j] = simd.Dot(wb, d[j*k:(j+1)*k])
		for l, v := range d[j*k : (j+1)*k] {
			m.parts += float64(wb[j] * wb[l] * v * v)
		}
	}
	for i := range n {
		row := c[i*n : (i+1)*n]
		mean := simd.Dot(wa, row)
		for j, v := range near {
			m.h[i*m.m8+j] = mean * v
		}
		for l, v := range row {
			m.parts += float64(wa[i] * wa[l] * v * v)
		}
	}
	m.first = append(m.first, m.h...)
	return m
}

func (m *gromovMatrix) scale() float64 { return m.parts }

func (m *gromovMatrix) defaultStarts() int { return gromovRandoms }

// start is the product coupling, then the same with chance added to the linear
// cost, as much as the mean inner costs amount to.
func (m *gromovMatrix) start(k int) bool {
	copy(m.h, m.first)
	if k == 0 {
		return true
	}
	z := make([]float64, m.n*m.m8)
	rng.New(m.seed, rng.Init).Normals(z, m.n*m.m8, 1, 0, uint64(k))
	simd.AddScaled(m.h, m.parts/8, z)
	return true
}

func (m *gromovMatrix) problem() Problem {
	m.cost = make([]float64, m.n*m.m) // plans of earlier problems look at theirs
	for i := range m.n {
		simd.Scale(m.cost[i*m.m:(i+1)*m.m], -4, m.h[i*m.m8:i*m.m8+m.m])
	}
	return Problem{A: m.a, B: m.b, Cost: Matrix(m.cost, m.n, m.m)}
}

func (m *gromovMatrix) own() []float64 { return make([]float64, m.m) }

func (m *gromovMatrix) step(e *entropic, r *alternation, eps float64) (energy, linear, change float64) {
	const block = 32
	parallel.For(m.threads, (m.n+block-1)/block, func(_, at int) {
		for i := at * block; i < min(m.n, (at+1)*block); i++ {
			row := m.plan[i*m.m8 : i*m.m8+m.m]
			for j := range row {
				row[j] = (r.f[i]+r.g[j]-m.cost[i*m.m+j])/eps + e.la[i] + e.lb[j]
			}
			simd.Exp(row, row)
		}
	})
	for i := range m.n {
		linear += simd.Dot(m.plan[i*m.m8:i*m.m8+m.m], m.cost[i*m.m:(i+1)*m.m])
	}
	simd.MatMul(m.half, m.plan, m.d, m.n, m.m, m.m8, m.m8, 1, false)
	simd.MatMul(m.next, m.c, m.half, m.n, m.n, m.m8, m.n, 1, false)
	energy = m.parts - 2*simd.Dot(m.plan, m.next)
	moved := 0.0
	for i := range m.n {
		for j := range m.m {
			d := m.next[i*m.m8+j] - m.h[i*m.m8+j]
			moved += float64(m.wa[i] * m.wb[j] * d * d)
		}
	}
	if m.parts > 0 {
		change = math.Sqrt(moved) / m.parts
	}
	m.h, m.next = m.next, m.h
	return energy, linear, change
}

func (m *gromovMatrix) save() []float64 { return append([]float64(nil), m.h...) }

func (m *gromovMatrix) restore(state []float64) { copy(m.h, state) }
