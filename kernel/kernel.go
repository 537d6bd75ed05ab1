package kernel

import (
	"fmt"
	"math"
)

// Family is a family of radial kernels.
type Family uint8

// The families, with r = |x-y| and the bandwidth h, a length.
const (
	Gaussian   Family = iota // exp(-r^2/(2 h^2))
	Laplace                  // exp(-r/h)
	IMQ                      // inverse multiquadric, (1 + r^2/h^2)^(-1/2)
	Matern32                 // (1 + a r) exp(-a r), a = sqrt(3)/h
	Matern52                 // (1 + a r + a^2 r^2/3) exp(-a r), a = sqrt(5)/h
	InverseLog               // 1/(1 + log(1 + r^2/h^2))
	Energy                   // -r
	Riesz                    // -r^e, 0 < e < 2, e the exponent
	families
)

var familyNames = [families]string{"gaussian", "laplace", "imq", "matern32", "matern52", "inverselog", "energy", "riesz"}

// String is the name that Parse understands.
func (f Family) String() string {
	if f >= families {
		return fmt.Sprintf("Family(%d)", uint8(f))
	}
	return familyNames[f]
}

// Scaled reports whether the family has a bandwidth: all but Energy and Riesz, which
// only change by a factor when lengths do.
func (f Family) Scaled() bool { return f != Energy && f != Riesz }

// Smooth reports whether div_1 grad_2 k is bounded at r = 0, without which the
// Stein kernel and KSD are not defined: not for Laplace, Energy and Riesz.
func (f Family) Smooth() bool { return f != Laplace && f != Energy && f != Riesz }

// Definite reports whether the kernel is positive definite. Energy and Riesz are so
// conditionally, for signed measures of total mass 0: MMD between measures of equal
// mass is a distance for them too.
func (f Family) Definite() bool { return f.Scaled() }

// Kernel is one kernel of a family. All are invariant under translations and
// rotations and have infinitely many features.
type Kernel struct {
	Family Family

	// Bandwidth is h, a length. 0 means that it is still to be chosen from the data
	// (Resolve). Energy and Riesz have none.
	Bandwidth float64

	// Exponent is that of Riesz, between 0 and 2. Default: 1, the energy kernel.
	Exponent float64
}

// Check reports what is wrong with the numbers of the kernel. A bandwidth of 0 is
// allowed.
func (k Kernel) Check() error {
	switch {
	case k.Family >= families:
		return fmt.Errorf("kernel: there is no family number %d", k.Family)
	case !k.Family.Scaled() && k.Bandwidth != 0:
		return fmt.Errorf("kernel: %v has no bandwidth", k.Family)
	case !(k.Bandwidth >= 0 && !math.IsInf(k.Bandwidth, 1)):
		return fmt.Errorf("kernel: the bandwidth of %v is %v, want a positive number", k.Family, k.Bandwidth)
	case k.Family != Riesz && k.Exponent != 0:
		return fmt.Errorf("kernel: %v has no exponent", k.Family)
	case k.Family == Riesz && k.Exponent != 0 && !(k.Exponent > 0 && k.Exponent < 2):
		return fmt.Errorf("kernel: the exponent of riesz is %v, want a number between 0 and 2", k.Exponent)
	}
	return nil
}

// String is a text from which Parse makes the kernel again.
func (k Kernel) String() string {
	switch {
	case k.Family.Scaled() && k.Bandwidth != 0:
		return fmt.Sprintf("%v:bandwidth=%v", k.Family, k.Bandwidth)
	case k.Family == Riesz && k.Exponent != 0:
		return fmt.Sprintf("%v:exponent=%v", k.Family, k.Exponent)
	}
	return k.Family.String()
}

// exponent is that of Riesz, the default put in.
func (k Kernel) exponent() float64 {
	if k.Exponent == 0 {
		return 1
	}
	return k.Exponent
}
