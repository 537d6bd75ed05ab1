package kernel

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Family is a shape of kernels. With r = |x-y| and bandwidth h:
type Family uint8

const (
	Gaussian Family = iota // exp(-r^2/(2 h^2))
	Laplace                // exp(-r/h)
	IMQ                    // (1 + r^2/h^2)^(-1/2), the inverse multiquadric
	Matern32               // (1 + a) exp(-a), a = sqrt(3) r/h
	Matern52               // (1 + a + a^2/3) exp(-a), a = sqrt(5) r/h
	Riesz                  // -r^e, 0 < e < 2; conditionally positive definite, no bandwidth
	Energy                 // -r, whose MMD^2 is the energy distance; no bandwidth
)

var familyNames = [...]string{"gaussian", "laplace", "imq", "matern32", "matern52", "riesz", "energy"}

func (f Family) String() string {
	if int(f) < len(familyNames) {
		return familyNames[f]
	}
	return fmt.Sprintf("Family(%d)", uint8(f))
}

// Scaled reports whether the family has a bandwidth.
func (f Family) Scaled() bool { return f != Riesz && f != Energy }

// Smooth reports whether the kernel has the mixed second derivative at r = 0
// that Stein kernels need.
func (f Family) Smooth() bool { return f == Gaussian || f == IMQ || f == Matern32 || f == Matern52 }

// Kernel is a kernel of a family. The zero value is the Gaussian kernel whose
// bandwidth is to be chosen from data, see [Kernel.Fit].
type Kernel struct {
	Family    Family
	Bandwidth float64 // h, a length; 0: not chosen yet, counts as 1
	Exponent  float64 // of Riesz, in (0, 2); 0: 1
}

// Parse reads a kernel as NAME[:bandwidth=H][:exponent=E] with commas between
// parameters: "gaussian", "imq:bandwidth=2", "riesz:exponent=0.5".
func Parse(spec string) (Kernel, error) {
	name, rest, _ := strings.Cut(spec, ":")
	k := Kernel{}
	known := false
	for f, n := range familyNames {
		if n == name {
			k.Family, known = Family(f), true
		}
	}
	if !known {
		return k, fmt.Errorf("kernel: there is no kernel %q; known are %s", name, strings.Join(familyNames[:], ", "))
	}
	for part := range strings.SplitSeq(rest, ",") {
		if rest == "" {
			break
		}
		key, text, _ := strings.Cut(part, "=")
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return k, fmt.Errorf("kernel: %q: %q is no number", spec, text)
		}
		switch {
		case key == "bandwidth" && k.Family.Scaled():
			k.Bandwidth = v
		case key == "exponent" && k.Family == Riesz:
			k.Exponent = v
		default:
			return k, fmt.Errorf("kernel: %q: the %s kernel has no parameter %q", spec, name, key)
		}
		if v == 0 {
			return k, fmt.Errorf("kernel: %q: the %s is 0", spec, key)
		}
	}
	return k, k.Check()
}

// String is the specification that Parse reads.
func (k Kernel) String() string {
	switch {
	case k.Family == Riesz:
		return fmt.Sprintf("riesz:exponent=%g", k.exponent())
	case k.Bandwidth != 0:
		return fmt.Sprintf("%v:bandwidth=%g", k.Family, k.Bandwidth)
	}
	return k.Family.String()
}

// Check reports parameters out of range.
func (k Kernel) Check() error {
	switch {
	case int(k.Family) >= len(familyNames):
		return fmt.Errorf("kernel: there is no family %d", k.Family)
	case !(k.Bandwidth >= 0) || math.IsInf(k.Bandwidth, 0):
		return fmt.Errorf("kernel: the bandwidth is %v, want a positive number", k.Bandwidth)
	case k.Family == Riesz && !(k.exponent() > 0 && k.exponent() < 2):
		return fmt.Errorf("kernel: the exponent of the Riesz kernel is %v, want a number between 0 and 2", k.Exponent)
	}
	return nil
}

func (k Kernel) bandwidth() float64 {
	if k.Bandwidth == 0 {
		return 1
	}
	return k.Bandwidth
}

func (k Kernel) exponent() float64 {
	if k.Family == Energy || k.Exponent == 0 {
		return 1
	}
	return k.Exponent
}

// At is what one pair gives at squared distance r2:
//
//	phi = k(x, y),  psi = phi'(r)/r,  chi = psi'(r)/r,
//
// so that grad_x k = psi (x-y), grad_y k = -psi (x-y) and
// div_x grad_y k = -(d psi + chi r^2). Where a derivative has no limit at r = 0
// it is 0 there.
func (k Kernel) At(r2 float64) (phi, psi, chi float64) {
	h := k.bandwidth()
	r := math.Sqrt(r2)
	switch k.Family {
	case Gaussian:
		phi = math.Exp(-r2 / (2 * h * h))
		return phi, -phi / (h * h), phi / (h * h * h * h)
	case IMQ:
		u := 1 / (1 + r2/(h*h))
		phi = math.Sqrt(u)
		return phi, -phi * u / (h * h), 3 * phi * u * u / (h * h * h * h)
	case Matern32:
		a := math.Sqrt(3) / h
		e := math.Exp(-a * r)
		if r > 0 {
			chi = a * a * a * e / r
		}
		return (1 + a*r) * e, -a * a * e, chi
	case Matern52:
		a := math.Sqrt(5) / h
		e := math.Exp(-a * r)
		return (1 + a*r + a*a*r2/3) * e, -a * a / 3 * (1 + a*r) * e, a * a * a * a / 3 * e
	case Laplace:
		phi = math.Exp(-r / h)
		if r > 0 {
			psi = -phi / (h * r)
			chi = phi / (h * r2) * (1/h + 1/r)
		}
		return phi, psi, chi
	}
	e := k.exponent()
	if r > 0 {
		phi = -math.Pow(r, e)
		psi = e * phi / r2
		chi = (e - 2) * psi / r2
	}
	return phi, psi, chi
}
