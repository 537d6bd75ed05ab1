package sampler

import (
	"fmt"
	"math"

	"wgf/internal/rng"
	"wgf/target"
)

const (
	initTries  = 100 // redraws of a start without density
	initJitter = 0.1 // half-width of the jitter around a superchain's start
)

// scatter puts the particles at their starts: superchain s at a start point of
// its own, uniform on (-r, r)^d or given, each particle with a jitter uniform
// on (-0.1, 0.1)^d. A start whose log density or gradient is not finite is
// redrawn; after 100 redraws the error says why, if the target can.
func (en *ensemble) scatter(opt Options, inner target.Density, names []string) ([][]float64, error) {
	d, n := en.d, en.n
	key := rng.New(opt.Seed, rng.Init)
	radius := max(0, opt.InitRadius)
	points := make([][]float64, superchains)
	lp, grad := make([]float64, 1), make([]float64, d)
	for s := range points {
		var ok bool
		for try := range initTries + 1 {
			points[s] = startPoint(opt, inner.Dim(), d, s, radius, key, uint64(try))
			en.density.LogDensity(lp, grad, points[s])
			if ok = finiteAll(lp) && finiteAll(grad); ok {
				break
			}
			if complete(opt.InitPoints, s) {
				return nil, noDensity(inner, names, points[s], lp[0], grad,
					fmt.Sprintf("initial point %d has no density", s%len(opt.InitPoints)+1))
			}
		}
		if !ok {
			return nil, noDensity(inner, names, points[s], lp[0], grad,
				fmt.Sprintf("no initial point with a density found in %d tries, uniform on (-%g, %g) in every coordinate", initTries+1, radius, radius))
		}
	}
	for _, b := range en.blocks {
		for i := range b.n {
			en.place(b, i, points[(b.first+i)/(n/superchains)], key, 0)
		}
		en.evaluate(b)
		one := make([]float64, d)
		for i := range b.n {
			for try := 1; !b.finiteGradient(i, d); try++ {
				if try > initTries { // the start itself has density
					copy(one, points[(b.first+i)/(n/superchains)])
				} else {
					en.place(b, i, points[(b.first+i)/(n/superchains)], key, try)
					for k := range d {
						one[k] = b.x[k*b.n+i]
					}
				}
				en.density.LogDensity(lp, grad, one)
				b.lp[i] = lp[0]
				for k := range d {
					b.x[k*b.n+i], b.g[k*b.n+i] = one[k], grad[k]
				}
				if try > initTries {
					break
				}
			}
		}
	}
	en.depth++
	return points, nil
}

// startPoint is the given point of superchain s, with coordinates that are not
// given drawn afresh.
func startPoint(opt Options, inner, d, s int, radius float64, key rng.Key, try uint64) []float64 {
	p := make([]float64, d)
	key.Uniforms(p, d, 1, s, try)
	for k := range p {
		p[k] = radius * (2*p[k] - 1)
	}
	if len(opt.InitPoints) > 0 {
		for k, v := range opt.InitPoints[s%len(opt.InitPoints)][:inner] {
			if !math.IsNaN(v) {
				p[k] = v
			}
		}
	}
	return p
}

// complete reports whether the start of superchain s is given in full.
func complete(points [][]float64, s int) bool {
	return len(points) > 0 && !hasNaN(points[s%len(points)])
}

// place puts particle i of a block at a start plus jitter.
func (en *ensemble) place(b *block, i int, start []float64, key rng.Key, try int) {
	jitter := make([]float64, en.d)
	key.Uniforms(jitter, en.d, 1, b.first+i, uint64(1000+try))
	for k, v := range jitter {
		b.x[k*b.n+i] = start[k] + initJitter*(2*v-1)
	}
}

func (b *block) finiteGradient(i, d int) bool {
	if math.IsNaN(b.lp[i]) || math.IsInf(b.lp[i], 0) {
		return false
	}
	for k := range d {
		if g := b.g[k*b.n+i]; math.IsNaN(g) || math.IsInf(g, 0) {
			return false
		}
	}
	return true
}

// noDensity is the error of a start, with the target's own reason, or the
// coordinates at fault.
func noDensity(inner target.Density, names []string, point []float64, lp float64, grad []float64, what string) error {
	point = point[:inner.Dim()]
	if e, ok := inner.(target.Explainer); ok {
		if err := e.Explain(point); err != nil {
			return fmt.Errorf("sampler: %s: %w", what, err)
		}
	}
	if !finiteAll([]float64{lp}) {
		return fmt.Errorf("sampler: %s: the log density is %g at %s", what, lp, describe(names, point))
	}
	for k, g := range grad[:inner.Dim()] {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return fmt.Errorf("sampler: %s: the derivative by %s is %g at %s", what, names[k], g, describe(names, point))
		}
	}
	return fmt.Errorf("sampler: %s", what)
}

// describe writes a point as name=value pairs, the first few.
func describe(names []string, point []float64) string {
	text := ""
	for k, v := range point {
		if k == 5 {
			return text + ", ..."
		}
		if k > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s=%.4g", names[k], v)
	}
	return text
}

func finiteAll(v []float64) bool {
	for _, a := range v {
		if math.IsNaN(a) || math.IsInf(a, 0) {
			return false
		}
	}
	return true
}

func hasNaN(v []float64) bool {
	for _, a := range v {
		if math.IsNaN(a) {
			return true
		}
	}
	return false
}
