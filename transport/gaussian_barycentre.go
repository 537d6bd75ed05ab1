package transport

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"wgf/measure"
)

// GaussianBarycentreResult is a barycentre and how it was found.
type GaussianBarycentreResult struct {
	measure.Gaussian
	Objective  float64 // sum_i w_i W2^2(a_i, barycentre)
	Iterations int
	Residual   float64 // the last step of the root of the covariance, relative
	Status     Status
	References []string
}

// GaussianBarycentre is the W2 barycentre of Gaussians with the given weights
// (normalised; nil: equal), N(sum_i w_i m_i, S) where
//
//	S = sum_i w_i (S^1/2 C_i S^1/2)^1/2.
//
// It is found by the fixed-point iteration
//
//	S <- S^-1/2 (sum_i w_i (S^1/2 C_i S^1/2)^1/2)^2 S^-1/2
//
// from the weighted mean of the covariances. It is done on a root, S = R R^T, as
// R <- sum_i w_i C_i^1/2 U_i with U_i the orthogonal matrix that brings C_i^1/2
// closest to R: nothing is inverted, so that covariances may be singular, and
// the objective never rises. It stops when a step is below 1e-13 of |R|, or after
// 2000. A step costs order d^3 a Gaussian. Convergence is linear where a covariance is
// regular (Chewi, Maunu, Rigollet and Stromme 2020).
//
// Errors are no Gaussians, dimensions that differ, matrices that are no
// covariances and weights that are none.
//
// Reference: Agueh and Carlier 2011, theorem 6.1; Álvarez-Esteban, del Barrio,
// Cuesta-Albertos and Matrán 2016, theorem 4.2.
func GaussianBarycentre(all []measure.Gaussian, weights []float64) (*GaussianBarycentreResult, error) {
	w, err := mixingWeights(len(all), weights)
	if err != nil {
		return nil, err
	}
	roots, err := gaussianRoots(all)
	if err != nil {
		return nil, err
	}
	d := all[0].Dim()
	out := &GaussianBarycentreResult{
		Gaussian: measure.Gaussian{Mean: make([]float64, d), Cov: make([]float64, d*d)},
		Status:   Budget,
		References: []string{
			"Agueh and Carlier (2011), Barycenters in the Wasserstein space, SIAM Journal on Mathematical Analysis 43",
			"Álvarez-Esteban, del Barrio, Cuesta-Albertos and Matrán (2016), A fixed-point approach to barycenters in Wasserstein space, Journal of Mathematical Analysis and Applications 441",
		},
	}
	for i, g := range all {
		for k, m := range g.Mean {
			out.Mean[k] += float64(w[i] * (m - all[0].Mean[k]))
		}
		for k, c := range g.Cov {
			out.Cov[k] += float64(w[i] * c)
		}
	}
	for k, m := range all[0].Mean {
		out.Mean[k] += m
	}
	begin, err := gaussianRoots([]measure.Gaussian{out.Gaussian})
	if err != nil {
		return nil, err
	}
	root := begin[0]
	last := math.Inf(1)
	for out.Status == Budget && out.Iterations < 2000 {
		next := mat.NewDense(d, d, nil)
		var turned mat.Dense
		for i := range all {
			if w[i] == 0 {
				continue
			}
			if err := procrustes(&turned, root, roots[i]); err != nil {
				return nil, err
			}
			turned.Scale(w[i], &turned)
			next.Add(next, &turned)
		}
		size := mat.Norm(next, 2)
		root.Sub(root, next)
		out.Residual = 0
		if size > 0 {
			out.Residual = mat.Norm(root, 2) / size
		}
		root = next
		out.Iterations++
		// Rounding may keep steps just above the tolerance.
		if out.Residual <= 1e-13 || out.Residual <= 1e-11 && out.Residual >= last {
			out.Status = Converged
		}
		last = out.Residual
	}
	symmetricProduct(out.Cov, root)
	for i, g := range all {
		if w[i] == 0 {
			continue
		}
		v, err := bures2(out.Gaussian, g, root, roots[i])
		if err != nil {
			return nil, err
		}
		out.Objective += float64(w[i] * v)
	}
	return out, nil
}

// mixingWeights normalises the weights of n measures; nil means equal ones.
func mixingWeights(n int, weights []float64) ([]float64, error) {
	if n == 0 {
		return nil, fmt.Errorf("transport: there are no measures")
	}
	out := make([]float64, n)
	if weights == nil {
		for i := range out {
			out[i] = 1 / float64(n)
		}
		return out, nil
	}
	if len(weights) != n {
		return nil, fmt.Errorf("transport: there are %d weights for %d measures", len(weights), n)
	}
	sum := 0.0
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return nil, fmt.Errorf("transport: weight %d is %v, want a number that is not negative", i+1, w)
		}
		sum += w
	}
	if sum == 0 {
		return nil, fmt.Errorf("transport: all weights are 0")
	}
	for i, w := range weights {
		out[i] = w / sum
	}
	return out, nil
}
