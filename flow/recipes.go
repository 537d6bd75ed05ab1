package flow

import "strings"

// Recipe is a named triple with its defaults.
type Recipe struct {
	Name                         string
	Functional, Geometry, Scheme string // specifications
	Kernel                       string // default; empty: none is used
	Path                         string // default; empty: the target stays
	Particles, Steps             int
	StepSize                     float64
	Guarantees                   string // what is known to hold
	Fails                        string // where not to use it
	Reference                    string
}

// Recipes lists the named flows.
func Recipes() []Recipe {
	return []Recipe{
		{Name: "ula", Functional: "kl", Geometry: "wasserstein", Scheme: "langevin", Particles: 1000, Steps: 2000, StepSize: 0.01,
			Guarantees: "KL falls at rate 2 lambda under a log-Sobolev inequality, to a bias of order h d",
			Fails:      "steps above 2/L explode; far modes are not found; the bias never goes away", Reference: "Roberts, Tweedie 1996; Vempala, Wibisono 2019"},
		{Name: "mirror-langevin", Functional: "kl", Geometry: "mirror", Scheme: "langevin", Particles: 1000, Steps: 2000, StepSize: 0.002,
			Guarantees: "particles stay inside a box; a bias that falls with the step",
			Fails:      "needs a box, of the target or by --geometry mirror:lower=A,upper=B; the step scales with the square of the width; mass at the boundary makes the bias worse", Reference: "Zhang, Peyré, Fadili, Pereyra 2020"},
		{Name: "mala", Functional: "kl", Geometry: "wasserstein", Scheme: "metropolis", Particles: 1000, Steps: 2000, StepSize: 0.05,
			Guarantees: "the target is exactly invariant for every particle",
			Fails:      "tails with large gradients reject; far modes are not found", Reference: "Roberts, Rosenthal 1998"},
		{Name: "underdamped", Functional: "kl", Geometry: "wasserstein", Scheme: "underdamped", Particles: 1000, Steps: 2000, StepSize: 0.1,
			Guarantees: "exact positions for Gaussian targets, weak order 2",
			Fails:      "steps above 2/sqrt(L) explode", Reference: "Leimkuhler, Matthews 2013"},
		{Name: "svgd", Functional: "kl", Geometry: "stein", Scheme: "adagrad:decay=1", Kernel: "gaussian:median-log", Particles: 300, Steps: 1000, StepSize: 0.5,
			Guarantees: "KL falls by KSD^2 in continuous time",
			Fails:      "variances collapse where d is near the number of particles or above; weights of separate modes are not found; one particle finds a mode", Reference: "Liu, Wang 2016"},
		{Name: "nsvgd", Functional: "kl", Geometry: "stein-normalised", Scheme: "adagrad:decay=1", Kernel: "laplace:scott", Particles: 300, Steps: 1000, StepSize: 0.5,
			Guarantees: "as svgd, with particles in thin places moving as fast as the others; spreads them more evenly",
			Fails:      "as svgd; the density estimate limits it to few dimensions", Reference: "Xu, Korba, Slepcev 2022"},
		{Name: "tempered-langevin", Functional: "kl", Geometry: "wasserstein", Scheme: "langevin", Path: "geometric:from=0.05", Particles: 1000, Steps: 2000, StepSize: 0.01,
			Guarantees: "crosses barriers that are low at the start of the path",
			Fails:      "tempering keeps the weights that modes have while hot, and can be slower than none: look at ksd and energy_distance along the way", Reference: "Neal 2001; Chehab, Korba, Stromme, Vacher 2025"},
		{Name: "annealed-svgd", Functional: "kl", Geometry: "stein", Scheme: "adagrad:decay=1", Kernel: "gaussian:median-log", Path: "geometric:from=0.05", Particles: 300, Steps: 1000, StepSize: 0.5,
			Guarantees: "particles spread over modes while the target is flat",
			Fails:      "weights of separate modes are not found; variances collapse as with svgd", Reference: "D'Angelo, Fortuin 2021"},
		{Name: "ksd-descent", Functional: "ksd", Geometry: "wasserstein", Scheme: "lbfgs", Kernel: "gaussian:median", Particles: 100, Steps: 200, StepSize: 0.1,
			Guarantees: "KSD falls at every step; no step size to choose",
			Fails:      "planes of symmetry are never left; fixed points between modes; weights of separate modes are not seen: start wide, or use --path geometric", Reference: "Korba, Aubin-Frankowski, Majewski, Ablin 2021"},
		{Name: "blob", Functional: "blob", Geometry: "wasserstein", Scheme: "adagrad:decay=1", Kernel: "gaussian:median-log", Particles: 300, Steps: 1000, StepSize: 0.5,
			Guarantees: "its smoothed energy falls for small steps",
			Fails:      "smooths by the bandwidth; poor in more than about ten dimensions", Reference: "Carrillo, Craig, Patacchini 2019"},
		{Name: "aldi", Functional: "kl", Geometry: "kalman", Scheme: "langevin", Particles: 200, Steps: 2000, StepSize: 0.01,
			Guarantees: "invariant under affine maps; for Gaussians KL falls at rate 2 whatever the conditioning",
			Fails:      "needs more than d+1 particles; non-Gaussian tails make it explode", Reference: "Garbuno-Inigo, Nüsken, Reich 2020"},
		{Name: "bures-vi", Functional: "kl", Geometry: "bures", Scheme: "euler", Particles: 500, Steps: 1000, StepSize: 0.02,
			Guarantees: "converges to the best Gaussian for log-concave targets",
			Fails:      "gives a Gaussian whatever the target; needs more than d+1 particles", Reference: "Lambert, Chewi, Bach, Bonnabel, Rigollet 2022"},
		{Name: "forward-backward", Functional: "kl", Geometry: "wasserstein", Scheme: "forward-backward", Particles: 500, Steps: 1000, StepSize: 0.02,
			Guarantees: "no bias: its fixed point is the best Gaussian; KL - KL* <= W2^2/(2 h k) for convex potentials and h <= 1/L",
			Fails:      "gives a Gaussian whatever the target; steps above 2/L explode", Reference: "Salim, Korba, Luise 2020; Diao, Balasubramanian, Chewi, Salim 2023"},
		{Name: "jko-gaussian", Functional: "kl", Geometry: "wasserstein", Scheme: "jko", Particles: 500, Steps: 100, StepSize: 0.2,
			Guarantees: "KL falls for every step size; for lambda-convex potentials W2 shrinks by 1/(1 + lambda h) a step",
			Fails:      "gives a Gaussian whatever the target", Reference: "Jordan, Kinderlehrer, Otto 1998"},
		{Name: "mied", Functional: "mied", Geometry: "wasserstein", Scheme: "adam", Particles: 300, Steps: 500, StepSize: 0.05,
			Guarantees: "points of one spacing over the density, the limit of many particles and a narrow mollifier is chi^2",
			Fails:      "the start must reach every mode; light tails that curve, as of banana, are covered too far out; two particles at least", Reference: "Li, Liu, Korba, Yurochkin, Solomon 2023"},
		{Name: "mmd", Functional: "mmd", Geometry: "wasserstein", Scheme: "adagrad", Kernel: "gaussian:median", Particles: 500, Steps: 1000, StepSize: 0.02,
			Guarantees: "MMD falls for steps below 2/(3L)",
			Fails:      "particles beyond the reach of the kernel do not move; gets stuck in local minima", Reference: "Arbel, Korba, Salim, Gretton 2019"},
		{Name: "mmd-noise", Functional: "mmd", Geometry: "wasserstein", Scheme: "injection", Kernel: "gaussian:median", Particles: 500, Steps: 2000, StepSize: 2,
			Guarantees: "leaves local minima of mmd where the noise is kept large for long enough",
			Fails:      "the noise is in units of the particles: scale it with --scheme injection:noise=B", Reference: "Arbel, Korba, Salim, Gretton 2019"},
		{Name: "energy", Functional: "energy", Geometry: "wasserstein", Scheme: "adagrad", Particles: 500, Steps: 1000, StepSize: 0.02,
			Guarantees: "no bandwidth; convex along geodesics on the line",
			Fails:      "order n m a step", Reference: "Szekely, Rizzo 2013; Hertrich et al. 2024"},
		{Name: "kale", Functional: "kale", Geometry: "wasserstein", Scheme: "adagrad:decay=1", Kernel: "gaussian:median", Particles: 300, Steps: 500, StepSize: 0.2,
			Guarantees: "near the flow of the relative entropy for small lambda, without a density",
			Fails:      "particles beyond the reach of the kernel move slowly for large lambda; small lambda makes steps stiff", Reference: "Glaser, Arbel, Gretton 2021"},
		{Name: "kkl", Functional: "kkl", Geometry: "wasserstein", Scheme: "lbfgs", Kernel: "gaussian:median", Particles: 100, Steps: 40, StepSize: 1,
			Guarantees: "falls at every step; no step size to choose",
			Fails:      "order (n+m)^2 r a step, r the rank of the kernel matrix", Reference: "Chazal, Korba, Bach 2024"},
		{Name: "sliced-energy", Functional: "sliced-energy", Geometry: "wasserstein", Scheme: "momentum:beta=0.7", Particles: 1000, Steps: 300, StepSize: 0.2,
			Guarantees: "no bandwidth; of order n log n a direction",
			Fails:      "the random directions leave noise of the order of the step", Reference: "Hertrich, Wald, Altekrüger, Hagemann 2024"},
		{Name: "sliced-wasserstein", Functional: "sliced-wasserstein", Geometry: "wasserstein", Scheme: "euler", Particles: 500, Steps: 200, StepSize: 1,
			Guarantees: "no bandwidth; of order n log n a direction",
			Fails:      "the random directions leave noise of the order of the step", Reference: "Bonneel, Rabin, Peyré, Pfister 2015; Liutkus et al. 2019"},
		{Name: "sinkhorn", Functional: "sinkhorn", Geometry: "wasserstein", Scheme: "euler", Particles: 300, Steps: 50, StepSize: 0.5,
			Guarantees: "sees far away; 0 at the target only",
			Fails:      "details below sqrt(epsilon) are reached slowly; each step solves two transport problems", Reference: "Feydy et al. 2019"},
		{Name: "birth-death", Functional: "kl", Geometry: "wfr", Scheme: "birth-death", Kernel: "gaussian:median-log", Particles: 500, Steps: 2000, StepSize: 0.01,
			Guarantees: "the rate does not depend on barriers between modes that hold particles",
			Fails:      "the density estimate limits it to few dimensions", Reference: "Lu, Lu, Nolen 2019"},
		{Name: "wfr", Functional: "kl", Geometry: "wfr", Scheme: "noisy-splitting", Kernel: "gaussian:median-log", Particles: 500, Steps: 2000, StepSize: 0.01,
			Guarantees: "as birth-death, with weights in place of jumps",
			Fails:      "the density estimate limits it to few dimensions; weights degenerate: look at the effective sample size", Reference: "Lu, Slepcev, Wang 2023"},
		{Name: "fisher-rao", Functional: "kl", Geometry: "fisher-rao", Scheme: "splitting", Kernel: "gaussian:median-log", Particles: 1000, Steps: 500, StepSize: 0.02,
			Guarantees: "KL falls at rate 1 where the start covers the target",
			Fails:      "finds no new locations: the start must cover the target", Reference: "Lu, Slepcev, Wang 2023"},
	}
}

// find returns the recipe of a name.
func find(name string) (Recipe, error) {
	var names []string
	for _, r := range Recipes() {
		if r.Name == name {
			return r, nil
		}
		names = append(names, r.Name)
	}
	return Recipe{}, refuse("unknown recipe %q: known are %s", name, strings.Join(names, ", "))
}
