package store

import "math"

// Resampled gives draws of equal weight: systematic resampling (Kitagawa 1996) of all
// weighted draws with the offset 1/2, a function of the weights alone. It returns d
// itself where there are no weights. Draws without any finite weight count as equal.
func (d *Draws) Resampled() *Draws {
	if d.LogWeight == nil {
		return d
	}
	index := systematic(d.LogWeight)
	out := *d
	out.LogWeight = nil
	pick := func(vs []Variable) []Variable {
		res := make([]Variable, len(vs))
		for i, v := range vs {
			size := v.Size()
			res[i] = v
			res[i].Values = make([]float64, 0, len(v.Values))
			for _, k := range index {
				res[i].Values = append(res[i].Values, v.Values[k*size:(k+1)*size]...)
			}
		}
		return res
	}
	out.Variables = pick(d.Variables)
	out.Stats = pick(d.Stats)
	out.PosteriorPredictive = pick(d.PosteriorPredictive)
	out.LogLikelihood = pick(d.LogLikelihood)
	return &out
}

// systematic picks as many draws as there are weights; draw i appears floor(n w_i) or one
// time more often.
func systematic(logw []float64) []int {
	highest := math.Inf(-1)
	for _, l := range logw {
		if !math.IsNaN(l) {
			highest = math.Max(highest, l)
		}
	}
	n := len(logw)
	index := make([]int, n)
	if math.IsInf(highest, 0) {
		for i := range index {
			index[i] = i
		}
		return index
	}
	var total float64
	w := make([]float64, n)
	for i, l := range logw {
		if !math.IsNaN(l) {
			w[i] = math.Exp(l - highest)
		}
		total += w[i]
	}
	i, below := 0, w[0]
	for k := range index {
		for u := (float64(k) + 0.5) * total / float64(n); below < u && i+1 < n; {
			i++
			below += w[i]
		}
		index[k] = i
	}
	return index
}
