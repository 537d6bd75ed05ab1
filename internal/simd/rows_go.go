package simd

import "unsafe"

// rowOf is row r of an operand that begins at base.
func rowOf(base *float64, r, stride, cols int) []float64 {
	return unsafe.Slice((*float64)(unsafe.Add(unsafe.Pointer(base), r*stride*8)), cols)
}

// numberOf is the number of row r of an operand of kind C.
func numberOf(base *float64, r, stride int) float64 {
	return *(*float64)(unsafe.Add(unsafe.Pointer(base), r*stride*8))
}

func rowSumVGo(p *RowArgs)  { reduceGo(p, false, V) }
func rowDotVVGo(p *RowArgs) { reduceGo(p, true, V) }
func rowDotVCGo(p *RowArgs) { reduceGo(p, true, C) }

// reduceGo is RowSum, and RowDot where dot is set. A column has four partial
// sums; row r goes to number r mod 4. Eight columns are worked on at a time, so
// that the sums stay in the first-level cache.
func reduceGo(p *RowArgs, dot bool, kindB Kind) {
	const width = 8
	d := rowOf(p.Dst, 0, 0, p.Cols)
	for from := 0; from < p.Cols; from += width {
		var s [4][width]float64
		if p.C != nil {
			copy(s[0][:], rowOf(p.C, 0, 0, p.Cols)[from:])
		}
		for r := range p.Rows {
			a := (*[width]float64)(rowOf(p.A, r, p.SA, p.Cols)[from:])
			t := &s[r&3]
			switch {
			case !dot:
				for j := range a {
					t[j] += a[j]
				}
			case kindB == C:
				b := numberOf(p.B, r, p.SB)
				for j := range a {
					t[j] += float64(a[j] * b)
				}
			default:
				b := (*[width]float64)(rowOf(p.B, r, p.SB, p.Cols)[from:])
				for j := range a {
					t[j] += float64(a[j] * b[j])
				}
			}
		}
		for j := range width {
			d[from+j] = (s[0][j] + s[1][j]) + (s[2][j] + s[3][j])
		}
	}
}

func rowGatherVGo(p *RowArgs) {
	for r, k := range unsafe.Slice(p.Idx, p.Rows) {
		copy(rowOf(p.Dst, r, p.Cols, p.Cols), rowOf(p.A, int(k), p.SA, p.Cols))
	}
}

func rowScatterAddVGo(p *RowArgs) {
	for r, k := range unsafe.Slice(p.Idx, p.Rows) {
		d := rowOf(p.Dst, int(k), p.Cols, p.Cols)
		a := rowOf(p.A, r, p.SA, p.Cols)[:len(d)]
		for j := range d {
			d[j] += a[j]
		}
	}
}
