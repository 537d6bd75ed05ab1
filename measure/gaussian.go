package measure

// Gaussian is the normal distribution N(Mean, Cov) on R^d; the covariance is
// row-major, symmetric and positive semi-definite.
type Gaussian struct {
	Mean []float64 // d numbers
	Cov  []float64 // d x d, row-major
}

// Dim is the dimension d.
func (g Gaussian) Dim() int { return len(g.Mean) }

// Mixture is the Gaussian mixture sum_k w_k N(m_k, C_k), the weights
// normalised by their sum.
type Mixture struct {
	Weights    []float64
	Components []Gaussian
}
