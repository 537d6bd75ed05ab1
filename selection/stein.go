package selection

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/internal/parallel"
	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// steinKernel is the Stein kernel of a target under a radial kernel with a matrix
// Gamma. With r = x-y, rho^2 = r^T Gamma^-1 r, and phi, psi, chi as in [kernel.Kernel.At]
// at rho^2,
//
//	k_pi(x,y) = phi s(x).s(y) - psi (s(x)-s(y)).Gamma^-1 r - psi tr Gamma^-1 - chi |Gamma^-1 r|^2.
//
// Riabiz et al. 2022, eq. 6 and section 2.3.
type steinKernel struct {
	scale scaling
	base  kernel.Kernel
	h     float64 // Gamma = h^2 I, or
	root  *mat.Dense
	inv   *mat.Dense
	trace float64 // of Gamma^-1
}

// places are points and scores in the coordinates of a steinKernel: u = Gamma^-1/2 x,
// v = Gamma^-1 x; v is nil where Gamma is a multiple of the identity.
type places struct {
	n, d    int
	u, v, s []float64
}

// newStein fits the kernel of a request to its draws.
func newStein(r *Request) (*steinKernel, error) {
	scale, draws := r.scaled(meanDeviations)
	k := &steinKernel{scale: scale, base: kernel.Kernel{Family: kernel.IMQ}}
	given := 0.0
	if r.Kernel != nil {
		k.base, given = *r.Kernel, r.Kernel.Bandwidth
	}
	if !k.base.Family.Smooth() {
		return nil, fmt.Errorf("the %v kernel has no Stein kernel: use imq, gaussian or matern52", k.base.Family)
	}
	k.base.Bandwidth = 1
	if given > 0 {
		if r.Preconditioner != "" {
			return nil, fmt.Errorf("a bandwidth and the preconditioner %s exclude each other", r.Preconditioner)
		}
		k.h = given
	} else {
		var err error
		if k.h, k.inv, k.root, err = precondition(r.Preconditioner, draws); err != nil {
			return nil, err
		}
	}
	if k.inv != nil {
		k.trace = mat.Trace(k.inv)
	} else {
		k.trace = float64(draws.D) / (k.h * k.h)
	}
	return k, nil
}

// places brings points and scores to the coordinates of the kernel.
func (k *steinKernel) places(c *measure.Cloud, score []float64) places {
	z := k.scale.down(c)
	p := places{n: c.N, d: c.D, u: z.X, s: append([]float64(nil), score...)}
	for c, v := range k.scale {
		for i := range p.n {
			p.s[c*p.n+i] *= v
		}
	}
	if k.inv != nil {
		p.u, p.v = multiply(k.root, z), multiply(k.inv, z)
		return p
	}
	for i := range p.u {
		p.u[i] /= k.h
	}
	return p
}

// diagonal writes k_pi(x_i, x_i).
func (k *steinKernel) diagonal(dst []float64, p places) {
	phi, psi, _ := k.base.At(0)
	clear(dst)
	for c := range p.d {
		for i, v := range p.s[c*p.n : (c+1)*p.n] {
			dst[i] += float64(v * v)
		}
	}
	for i, v := range dst {
		dst[i] = float64(phi*v) - float64(psi*k.trace)
	}
}

// add adds factor k_pi(x_i, y_j) to every number i, y_j one point of q.
func (k *steinKernel) add(dst []float64, factor float64, p, q places, j, threads int) {
	parallel.For(threads, blocks(p.n), func(_, b int) {
		var rho2, ss, sr, g2 [block]float64
		first, last := b*block, min(p.n, (b+1)*block)
		for c := range p.d {
			lo, hi := c*p.n+first, c*p.n+last
			u, s := p.u[lo:hi], p.s[lo:hi]
			s = s[:len(u)]
			yu, ys := q.u[c*q.n+j], q.s[c*q.n+j]
			if p.v == nil {
				for i, v := range u {
					t, a := v-yu, s[i]
					rho2[i] += float64(t * t)
					ss[i] += float64(a * ys)
					sr[i] += float64((a - ys) * t)
				}
				continue
			}
			w, yv := p.v[lo:hi], q.v[c*q.n+j]
			for i, v := range u {
				t, a, g := v-yu, s[i], w[i]-yv
				rho2[i] += float64(t * t)
				ss[i] += float64(a * ys)
				sr[i] += float64((a - ys) * g)
				g2[i] += float64(g * g)
			}
		}
		imq := k.base.Family == kernel.IMQ
		for i := first; i < last; i++ {
			l := i - first
			t, g := sr[l], g2[l]
			if p.v == nil {
				t, g = t/k.h, rho2[l]/(k.h*k.h)
			}
			var phi, psi, chi float64
			if imq {
				q := 1 / (1 + rho2[l])
				phi = math.Sqrt(q)
				psi = -phi * q
				chi = -3 * psi * q
			} else {
				phi, psi, chi = k.base.At(rho2[l])
			}
			dst[i] += float64(factor * (float64(phi*ss[l]) - float64(psi*(t+k.trace)) - float64(chi*g)))
		}
	})
}

// ksd is the kernel Stein discrepancy of equally weighted points. The cost is of order
// n^2 d.
func (k *steinKernel) ksd(p places, threads int) float64 {
	sums := make([]float64, p.n)
	for j := range p.n {
		k.add(sums, 1, p, p, j, threads)
	}
	total := 0.0
	for _, v := range sums {
		total += v
	}
	return math.Sqrt(math.Max(0, total)) / float64(p.n)
}

// scoresAt evaluates log density and score at points, in parts so that a run can be
// stopped. A point with weight and without a finite score is an error.
func scoresAt(ctx context.Context, density target.Density, c *measure.Cloud, threads int) (lp, score []float64, err error) {
	n, d := c.N, c.D
	lp, score = make([]float64, n), make([]float64, n*d)
	const part = 256
	parallel.For(threads, (n+part-1)/part, func(_, b int) {
		if ctx.Err() != nil {
			return
		}
		first := b * part
		m := min(part, n-first)
		x, g := make([]float64, m*d), make([]float64, m*d)
		for k := range d {
			copy(x[k*m:(k+1)*m], c.X[k*n+first:])
		}
		density.LogDensity(lp[first:first+m], g, x)
		for k := range d {
			copy(score[k*n+first:k*n+first+m], g[k*m:(k+1)*m])
		}
	})
	return lp, score, ctx.Err()
}

// scores are those of the request at its draws; draws without weight get 0.
func (r *Request) scores(ctx context.Context) (lp, score []float64, err error) {
	n, d := r.Draws.N, r.Draws.D
	if r.Scores != nil {
		score = append([]float64(nil), r.Scores...)
	} else if lp, score, err = scoresAt(ctx, r.Density, r.Draws, r.Threads); err != nil {
		return nil, nil, err
	}
	allowed := r.candidates()
	for i := range n {
		for k := range d {
			v := score[k*n+i]
			bad := math.IsNaN(v) || math.IsInf(v, 0) || lp != nil && (math.IsNaN(lp[i]) || math.IsInf(lp[i], 0))
			if allowed[i] && bad {
				return nil, nil, fmt.Errorf("draw %d lies where the target has no finite log density and gradient", i+1)
			}
			if bad {
				score[k*n+i] = 0
			}
		}
	}
	return lp, score, nil
}
