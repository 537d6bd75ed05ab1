package convexity

import (
	"math"

	"wgf/kernel"
	"wgf/measure"
	"wgf/target"
)

// Theory is what is known of the modulus of a functional.
type Theory struct {
	Modulus float64 // NaN: nothing is known
	Exact   bool    // otherwise Modulus is a lower bound
	Text    string  // why
	Source  string
}

var unknown = Theory{Modulus: math.NaN(), Text: "no modulus is known"}

// Of a density: the smallest curvature of V = -log p, where it is known for all x.
func potentialTheory(name string, density target.Density) Theory {
	const source = "Ambrosio, Gigli, Savaré 2008, proposition 9.3.2; McCann 1997 for the entropy"
	text := "int V dmu is lambda-convex for V lambda-convex"
	if name == "kl" {
		text += ", and the entropy is convex"
	}
	switch d := density.(type) {
	case *target.Gaussian:
		s, err := (measure.Gaussian{Mean: d.Mean(), Cov: d.Covariance()}).Spectrum()
		if err == nil {
			return Theory{1 / s.Values[len(s.Values)-1], true, text + ": 1/lambda_max of the covariance", source}
		}
	case *target.Gumbel:
		return Theory{0, true, text + ": V'' = exp(-x) comes as near to 0 as one likes", source}
	}
	return unknown
}

// TheoryOf looks up what is known of a functional by its name, for a target and a kernel.
func TheoryOf(name string, density target.Density, k kernel.Kernel, d int) Theory {
	switch name {
	case "kl", "potential":
		return potentialTheory(name, density)
	case "entropy":
		return Theory{0, true, "the entropy is convex along geodesics", "McCann 1997, Adv. Math. 128"}
	case "energy", "sliced-energy":
		if d == 1 {
			return Theory{0, true, "on the line -|x-y| is convex between ordered particles", "Carrillo, Ferreira, Precioso 2012; Bonaschi et al. 2015"}
		}
	case "w2", "sliced-wasserstein":
		if d == 1 {
			return Theory{1, true, "on the line W2 is a distance between quantile functions in a Hilbert space", "Ambrosio, Gigli, Savaré 2008, section 9.1"}
		}
		if name == "w2" {
			return Theory{math.Inf(-1), true, "half the squared distance is not geodesically convex in two dimensions and more (along generalised geodesics from the target it is 1-convex)", "Ambrosio, Gigli, Savaré 2008, example 9.1.5 and lemma 9.2.1"}
		}
	case "mmd":
		if k.Bandwidth > 0 && (k.Family == kernel.Gaussian || k.Family == kernel.IMQ) {
			l := 1 / (k.Bandwidth * k.Bandwidth)
			return Theory{-2 * l, false, "MMD^2/2 is at least -2L-convex, L = 1/h^2 the Lipschitz constant of the kernel's gradient", "after Arbel, Korba, Salim, Gretton 2019, proposition 5"}
		}
	}
	return unknown
}
