package target

import (
	"fmt"
	"math"
)

// Path is a family of densities pi_t, 0 <= t <= 1, that ends at a target: pi_1 is it.
type Path interface {
	At(t float64) Density
}

// Tempering is the geometric path
//
//	log pi_t(x) = b_t log pi(x) - (1 - b_t) |x|^2/(2 s^2),   b_t = from^(1-t),
//
// from the power from > 0 of the target, times a normal reference of standard
// deviation s if that is not 0, to the target. Modes fade in and out where they are;
// how much mass each gets changes with b, so that particles may be stuck at the
// weights of a hot member. Neal 2001; Chehab, Korba, Stromme and Vacher 2025.
type Tempering struct {
	target      Density
	from, scale float64
}

// NewTempering returns the path. It fails unless 0 < from <= 1.
func NewTempering(target Density, from, scale float64) (*Tempering, error) {
	if !(from > 0 && from <= 1) {
		return nil, fmt.Errorf("from=%g: want a power above 0 and at most 1", from)
	}
	return &Tempering{target, from, scale}, nil
}

// At is the member at t.
func (p *Tempering) At(t float64) Density {
	b := math.Pow(p.from, 1-t)
	if t >= 1 {
		b = 1
	}
	m := member{target: p.target, power: b, stretch: 1}
	if p.scale > 0 {
		m.precision = (1 - b) / (p.scale * p.scale)
	}
	return m.density()
}

// Dilation is the path of scaled targets
//
//	pi_t(x) = pi(x/a_t) / a_t^d,   a_t^2 = from + (1 - from) t,
//
// which begins near a point mass at 0: modes move apart and keep their weights.
// The score is that of the target at x/a_t, over a_t. Chehab and Korba 2024.
type Dilation struct {
	target Density
	from   float64
}

// NewDilation returns the path. It fails unless 0 < from <= 1.
func NewDilation(target Density, from float64) (*Dilation, error) {
	if !(from > 0 && from <= 1) {
		return nil, fmt.Errorf("from=%g: want a number above 0 and at most 1", from)
	}
	return &Dilation{target, from}, nil
}

// At is the member at t.
func (p *Dilation) At(t float64) Density {
	if t >= 1 {
		return member{target: p.target, power: 1, stretch: 1}.density()
	}
	return member{target: p.target, power: 1, stretch: math.Sqrt(p.from + (1-p.from)*t)}.density()
}

// member is log pi(x/stretch) power - precision |x|^2/2.
type member struct {
	target                    Density
	power, stretch, precision float64
}

// curvedMember is a member with second derivatives.
type curvedMember struct{ member }

func (m member) density() Density {
	if _, ok := m.target.(Curved); ok {
		return curvedMember{m}
	}
	return m
}

// Dim is that of the target.
func (m member) Dim() int { return m.target.Dim() }

// LogDensity scales point and result.
func (m member) LogDensity(lp, grad, x []float64) {
	at := x
	if m.stretch != 1 {
		at = make([]float64, len(x))
		for i, v := range x {
			at[i] = v / m.stretch
		}
	}
	m.target.LogDensity(lp, grad, at)
	n := len(lp)
	for i := range lp {
		lp[i] *= m.power
	}
	for i := range grad {
		grad[i] *= m.power / m.stretch
	}
	if m.precision == 0 {
		return
	}
	for i, v := range x {
		lp[i%n] -= m.precision * v * v / 2
		if grad != nil {
			grad[i] -= m.precision * v
		}
	}
}

// HessianVector scales point and result.
func (m curvedMember) HessianVector(dst, x, u []float64) {
	at := make([]float64, len(x))
	for i, v := range x {
		at[i] = v / m.stretch
	}
	m.target.(Curved).HessianVector(dst, at, u)
	for i := range dst {
		dst[i] = m.power/(m.stretch*m.stretch)*dst[i] - m.precision*u[i]
	}
}

// Explain asks the target.
func (m member) Explain(x []float64) error {
	e, ok := m.target.(Explainer)
	if !ok {
		return nil
	}
	at := clone(x)
	for k := range at {
		at[k] /= m.stretch
	}
	return e.Explain(at)
}
