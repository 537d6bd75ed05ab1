package geometry

// BuresWasserstein is the Wasserstein geometry restricted to Gaussians N(m, C): the
// gradient is projected on affine fields,
//
//	v(x) = -E g - (S - tau C^-1)(x - m),   S = sym C^-1 Cov(x, g),
//
// m and C those of the cloud, so that S = E hess F' by Stein's identity. The entropy
// tau is that of the Gaussian. A cloud moves by affine maps and only its mean and
// covariance mean something. With the relative entropy it is Gaussian variational
// inference. Cost n d^2 + d^3. Needs more than d+1 particles.
// Lambert, Chewi, Bach, Bonnabel and Rigollet 2022, eq. 7.
type BuresWasserstein struct{}

func buresEntry() Entry {
	return Entry{
		Name:      "bures",
		Formula:   "v(x) = -E grad F' - (E hess F' - tau C^-1)(x - m) on Gaussians N(m,C)",
		Cost:      "n d^2 + d^3",
		Reference: "Lambert, Chewi, Bach, Bonnabel, Rigollet 2022, NeurIPS 35",
		Build:     func(Setting) (Geometry, error) { return BuresWasserstein{}, nil },
	}
}

func (BuresWasserstein) Traits() Traits {
	return Traits{Name: "bures", Absorbs: true, Descent: true, NeedsMany: true}
}

func (BuresWasserstein) Velocity(dst []float64, f Field) error {
	c := f.Cloud
	part, err := c.Affine(f.Gradient)
	if err != nil {
		return err
	}
	mean, n := c.Mean(), c.N
	for k := range c.D {
		row := dst[k*n : (k+1)*n]
		for i := range row {
			row[i] = -part.Mean[k]
		}
		for l := range c.D {
			a := part.Slope.At(k, l) - float64(f.Entropy*part.Precision.At(k, l))
			for i := range row {
				row[i] -= float64(a * (c.X[l*n+i] - mean[l]))
			}
		}
	}
	return nil
}
