package geometry

// SteinBilinear is the Stein geometry of the kernel k(x, y) = x.y + 1,
//
//	v(x) = -(sum_j w_j g_j x_j^T) x - sum_j w_j g_j + tau x.
//
// For a Gaussian target N(b, Q) it is v(x) = A x + c with A = I - Q^-1 (C + (m-b) m^T)
// and c = -Q^-1 (m-b) whatever the particles, m and C their mean and covariance, so that
// these follow the flow of Gaussians exactly. It moves by affine maps and depends on the
// origin. Cost n d^2. Liu, Ghosal, Balasubramanian and Pillai 2023 (Gaussian SVGD).
type SteinBilinear struct{}

func steinBilinearEntry() Entry {
	return Entry{
		Name:      "stein-bilinear",
		Formula:   "v(x) = int [-k(y,x) grad F'(y) + tau grad_y k(y,x)] dmu(y), k(x,y) = x.y + 1",
		Cost:      "n d^2",
		Reference: "Liu, Ghosal, Balasubramanian, Pillai 2023, NeurIPS 36 (Gaussian SVGD)",
		Build:     func(Setting) (Geometry, error) { return SteinBilinear{}, nil },
	}
}

func (SteinBilinear) Traits() Traits {
	return Traits{Name: "stein-bilinear", Absorbs: true, Descent: true}
}

func (SteinBilinear) Velocity(dst []float64, f Field) error {
	c, n, d := f.Cloud, f.Cloud.N, f.Cloud.D
	w := c.Weights()
	for k := range d {
		g := f.Gradient[k*n : (k+1)*n]
		row := dst[k*n : (k+1)*n]
		mean := weighted(w, g, nil)
		for i := range row {
			row[i] = float64(f.Entropy*c.X[k*n+i]) - mean
		}
		for l := range d {
			x := c.X[l*n : (l+1)*n]
			a := weighted(w, g, x)
			for i := range row {
				row[i] -= float64(a * x[i])
			}
		}
	}
	return nil
}

// weighted is sum_i w_i a_i b_i, b nil for ones.
func weighted(w, a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		if w[i] == 0 {
			continue
		}
		if b != nil {
			v = float64(v * b[i])
		}
		sum += float64(w[i] * v)
	}
	return sum
}
