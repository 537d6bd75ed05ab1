package simd

import (
	"math"
	"unsafe"
)

var softminGo = softminTable{
	dot:      [2]func(*SoftminArgs){softminDotGo, softminDotGo},
	distance: [2]func(*SoftminArgs){softminDistanceGo, softminDistanceGo},
	costs:    [2]func(*SoftminArgs){softminCostsGo, softminCostsGo},
	squares:  softminSquaresGo,
}

type lanes = [SoftminLanes]float64

func softminDotGo(p *SoftminArgs) {
	x, y := unsafe.Slice(p.X, p.D*SoftminLanes), unsafe.Slice(p.Y, p.D*p.M)
	h, ref := unsafe.Slice(p.H, p.M), (*lanes)(unsafe.Pointer(p.Ref))
	var s lanes
	for j, v := range h {
		for i, r := range ref {
			s[i] = v - r
		}
		for k, yk := range y[j*p.D : (j+1)*p.D] {
			for i, xk := range x[k*SoftminLanes : (k+1)*SoftminLanes] {
				s[i&(SoftminLanes-1)] += float64(xk * yk)
			}
		}
		p.add(j, &s)
	}
}

func softminDistanceGo(p *SoftminArgs) {
	h, ref := unsafe.Slice(p.H, p.M), (*lanes)(unsafe.Pointer(p.Ref))
	var s lanes
	for j, v := range h {
		p.squares(j, &s)
		for i, r := range ref {
			s[i] = v - r - float64(p.Scale*math.Sqrt(s[i]))
		}
		p.add(j, &s)
	}
}

func softminCostsGo(p *SoftminArgs) {
	h, c, ref := unsafe.Slice(p.H, p.M), unsafe.Slice(p.C, p.M*SoftminLanes), (*lanes)(unsafe.Pointer(p.Ref))
	var s lanes
	for j, v := range h {
		for i, t := range c[j*SoftminLanes : (j+1)*SoftminLanes] {
			s[i&(SoftminLanes-1)] = v - ref[i&(SoftminLanes-1)] - float64(p.Scale*t)
		}
		p.add(j, &s)
	}
}

func softminSquaresGo(p *SoftminArgs) {
	c := unsafe.Slice(p.C, p.M*SoftminLanes)
	for j := range p.M {
		p.squares(j, (*lanes)(c[j*SoftminLanes:]))
	}
}

// squares writes the squared distances of the tile to source j to s.
func (p *SoftminArgs) squares(j int, s *lanes) {
	x, y := unsafe.Slice(p.X, p.D*SoftminLanes), unsafe.Slice(p.Y, p.D*p.M)
	*s = lanes{}
	for k, yk := range y[j*p.D : (j+1)*p.D] {
		for i, xk := range x[k*SoftminLanes : (k+1)*SoftminLanes] {
			d := yk - xk
			s[i&(SoftminLanes-1)] += float64(d * d)
		}
	}
}

// add adds the terms of source j, whose scores are s.
func (p *SoftminArgs) add(j int, s *lanes) {
	sum, top := (*lanes)(unsafe.Pointer(p.Sum)), (*lanes)(unsafe.Pointer(p.Max))
	for i, v := range s {
		if v > top[i] {
			top[i] = v
		}
	}
	if p.E == nil {
		for i, v := range s {
			sum[i] += exp2(v)
		}
		return
	}
	e := (*lanes)(unsafe.Pointer(&unsafe.Slice(p.E, p.M*SoftminLanes)[j*SoftminLanes]))
	moment := (*lanes)(unsafe.Pointer(p.Moment))
	for i, v := range s {
		t := exp2(v)
		e[i] = t
		sum[i] += t
		moment[i] += float64(t * v)
	}
}

// exp2 is 2^s within 2 ULP, 0 below -1020. Numbers beyond 1020 give nonsense.
func exp2(s float64) float64 {
	if !(s > -1020) {
		return 0
	}
	const shift = 3 << 47 // rounds to multiples of 1/16
	n := s + shift
	r := s - (n - shift)
	bits := math.Float64bits(n)
	q := float64(r*exp2Short[5]) + exp2Short[4]
	q = float64(r*q) + exp2Short[3]
	q = float64(r*q) + exp2Short[2]
	q = float64(r*q) + exp2Short[1]
	q = float64(r*q) + exp2Short[0]
	t := exp2Table[bits&15]
	return math.Float64frombits(math.Float64bits(t+float64(t*r)*q) + uint64(int64(bits<<13)>>17)<<52)
}
