package geometry

import "wgf/measure"

// Wasserstein is the geometry of optimal transport: v_i = -grad F'(mu)(x_i). Its
// mobility is the identity. Ambrosio, Gigli and Savare 2008, chapter 11.
type Wasserstein struct{}

func wassersteinEntry() Entry {
	return Entry{
		Name:      "wasserstein",
		Formula:   "v = -grad F'(mu)",
		Cost:      "n d",
		Reference: "Ambrosio, Gigli, Savare 2008, Gradient Flows, chapter 11",
		Build:     func(Setting) (Geometry, error) { return Wasserstein{}, nil },
	}
}

func (Wasserstein) Traits() Traits {
	return Traits{Name: "wasserstein", Descent: true, Constant: true}
}

func (Wasserstein) Velocity(dst []float64, f Field) error {
	for i, g := range f.Gradient {
		dst[i] = -g
	}
	return nil
}

func (Wasserstein) Rank(c *measure.Cloud) int { return c.D }

func (Wasserstein) Noise(dst, xi []float64, _ *measure.Cloud) error {
	copy(dst, xi)
	return nil
}

func (Wasserstein) Correction([]float64, float64, *measure.Cloud) error { return nil }
