package sampler

// draws is the store of the sampling stage: one slab of d x N numbers for each
// stored time. Where it would pass its limit it drops every second slab and
// stores every second draw from then on, and so on.
type draws struct {
	d, n     int
	limit    int // slabs
	stride   int
	seen     int // draws offered
	slabs    [][]float64
	lps      [][]float64
	freeX    [][]float64
	freeLP   [][]float64
	pendingX [][]float64 // the round in work
	pendingL [][]float64
}

func newDraws(d, n int, bytes int64) *draws {
	limit := int(bytes / int64(8*(d+1)*n))
	return &draws{d: d, n: n, limit: max(16, limit), stride: 1}
}

// open makes room for a round of count draws.
func (s *draws) open(count int) {
	for len(s.pendingX) < count {
		if last := len(s.freeX) - 1; last >= 0 {
			s.pendingX, s.freeX = append(s.pendingX, s.freeX[last]), s.freeX[:last]
			s.pendingL, s.freeLP = append(s.pendingL, s.freeLP[last]), s.freeLP[:last]
			continue
		}
		s.pendingX = append(s.pendingX, make([]float64, s.d*s.n))
		s.pendingL = append(s.pendingL, make([]float64, s.n))
	}
}

// put writes the particles of a block as draw t of the round.
func (s *draws) put(b *block, t int) {
	x := s.pendingX[t]
	for k := range s.d {
		copy(x[k*s.n+b.first:], b.x[k*b.n:(k+1)*b.n])
	}
	lp := s.pendingL[t][b.first : b.first+b.n]
	copy(lp, b.lp)
	if s.d*b.n < len(b.x) { // the coordinate that was added to a target of one dimension
		for i, y := range b.x[b.n:] {
			lp[i] += float64(y*y) / 2
		}
	}
}

// commit stores the first count draws of the round and frees the rest.
func (s *draws) commit(count int) {
	for t := range s.pendingX {
		x, l := s.pendingX[t], s.pendingL[t]
		if t < count {
			s.seen++
			if s.seen%s.stride == 0 {
				s.slabs, s.lps = append(s.slabs, x), append(s.lps, l)
				if len(s.slabs) >= s.limit {
					s.halve()
				}
				continue
			}
		}
		s.freeX, s.freeLP = append(s.freeX, x), append(s.freeLP, l)
	}
	s.pendingX, s.pendingL = s.pendingX[:0], s.pendingL[:0]
}

// halve keeps every second slab, those whose number is a multiple of the new stride.
func (s *draws) halve() {
	kept := 0
	for i := range s.slabs {
		if (i+1)%2 == 0 {
			s.slabs[kept], s.slabs[i] = s.slabs[i], s.slabs[kept]
			s.lps[kept], s.lps[i] = s.lps[i], s.lps[kept]
			kept++
		}
	}
	s.freeX, s.freeLP = append(s.freeX, s.slabs[kept:]...), append(s.freeLP, s.lps[kept:]...)
	s.slabs, s.lps = s.slabs[:kept], s.lps[:kept]
	s.stride *= 2
}

// flatten joins the slabs, leaving out coordinates from keep on.
func (s *draws) flatten(keep int) (x, lp []float64) {
	x, lp = make([]float64, 0, len(s.slabs)*keep*s.n), make([]float64, 0, len(s.slabs)*s.n)
	for t, slab := range s.slabs {
		x = append(x, slab[:keep*s.n]...)
		lp = append(lp, s.lps[t]...)
	}
	return x, lp
}
