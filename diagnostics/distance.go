package diagnostics

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"wgf/measure"
	"wgf/target"
)

// A Metric is a way to measure how far two samples are apart, or a sample from a density.
type Metric string

// The metrics of [Compare], with their cost for n and m points in d dimensions.
const (
	W1             Metric = "w1"       // Wasserstein distance for the cost |x-y|: about the cube of opt.Exact; (n+m) log(n+m) for d = 1
	W2             Metric = "w2"       // Wasserstein distance for the cost |x-y|^2, its root: as W1
	SlicedW2       Metric = "sliced"   // root of the mean of W2^2 over projections to lines: (n+m) (d + log(n+m)) a line
	SinkhornS      Metric = "sinkhorn" // Sinkhorn divergence for the cost |x-y|^2, on the scale of W2^2: opt.Exact^2 d an iteration
	EnergyDistance Metric = "energy"   // 2 E|X-Y| - E|X-X'| - E|Y-Y'|: (n+m)^2 d, up to 20,000 points of each sample
	MMD            Metric = "mmd"      // maximum mean discrepancy, Gaussian kernel with the median bandwidth: as energy
	KSD            Metric = "ksd"      // kernel Stein discrepancy to a density, IMQ kernel: n^2 d, up to 20,000 points
	Classifier     Metric = "c2st"     // balanced accuracy of a 1-nearest-neighbour classifier: (n+m)^2 d, up to 10,000 points of each
)

// Metrics lists all metrics in the order in which they are reported.
func Metrics() []Metric {
	return []Metric{W1, W2, SlicedW2, SinkhornS, EnergyDistance, MMD, Classifier, KSD}
}

// ParseMetrics reads a list of metrics such as "w2,energy,ksd"; "all" means all of them.
func ParseMetrics(list string) ([]Metric, error) {
	known := Metrics()
	var out []Metric
	for name := range strings.SplitSeq(list, ",") {
		m := Metric(strings.ToLower(strings.TrimSpace(name)))
		switch {
		case m == "all":
			return known, nil
		case !slices.Contains(known, m):
			names := make([]string, len(known))
			for i, k := range known {
				names[i] = string(k)
			}
			return nil, fmt.Errorf("there is no metric %q; known are %s", strings.TrimSpace(name), strings.Join(names, ", "))
		case !slices.Contains(out, m):
			out = append(out, m)
		}
	}
	return out, nil
}

// CompareOptions say what [Compare] computes. The zero value computes W2, sliced W2,
// energy distance, MMD and the classifier test, and KSD where there is a target.
type CompareOptions struct {
	Metrics []Metric // nil: the default set

	// Permutations is the number B of relabellings behind each p-value, which is at least
	// 1/(B+1). 0: 999; negative: no p-values.
	Permutations int

	Seed    uint64 // of permutations, projections and subsamples
	Threads int    // 0: one a processor; results do not depend on it

	// Target is the density that KSD is measured against.
	Target target.Density

	// Exact is the number of points of each sample that go into W1, W2 and the Sinkhorn
	// divergence in more than one dimension; of larger samples it takes a subsample of
	// that size. 0: 2000.
	Exact int

	// Directions is the number of random lines of sliced W2; 0: the smallest multiple of
	// the dimension from 200 on.
	Directions int

	// Epsilon is the regularisation of the Sinkhorn divergence in units of |x-y|^2; 0:
	// 0.05 times the sum of the variances of the two samples.
	Epsilon float64

	// Progress, if set, is called before each metric with the number of those done.
	Progress func(metric Metric, done, total int)
}

// A Distance is one line of a comparison.
type Distance struct {
	Metric Metric
	Of     int // KSD: 0 for the first sample, 1 for the second

	// Value is the estimate from the samples as they are, not corrected for bias.
	Value float64

	// Error is the standard deviation of Value over samples of these sizes: what
	// Value would vary by if the samples were drawn again. It does not hold the bias.
	// NaN where there is none.
	Error float64

	// P is the probability, if both samples had one law, of a value at least as large:
	// (1 + #{permuted >= observed})/(1 + B). NaN where there is no test.
	P float64

	// Null is the mean of the value over the permutations: what two samples of one law
	// give at these sizes (scaled to them where the test took a subsample). NaN without a
	// test.
	Null float64

	// Scale is the length h of the kernel of MMD and KSD and the regularisation of the
	// Sinkhorn divergence; 0 for the others.
	Scale float64

	Notes      []string // how the number came about, each a sentence
	References []string
}

// Compare measures how far the samples a and b are apart. The points of each sample
// should be independent draws; thin chains first ([ThinToESS]).
//
// The distances come in the order of the metrics asked for. KSD gives one line for each
// sample. All metrics but KSD are invariant under translation of both samples, and their
// p-values are exact whatever the law and the sizes: permutation tests (Phipson and
// Smyth 2010, "Permutation p-values should never be zero"). Points with weights have
// estimates and errors, those of importance sampling, but no p-values, since weighted
// points cannot be exchanged; points of weight zero are left out and equal weights are no
// weights.
//
// Memory is proportional to the points. Samples that are too large for a metric are
// replaced by random subsamples, which a note says. The p-values of MMD and energy
// distance take (n+m)^2 B multiply-adds and memory for (n+m) B numbers, on up to 5,000
// points of each sample; W1, W2 and the Sinkhorn divergence take as many permutations as
// there is time for, and none where that is fewer than 19.
//
// An error is for samples that cannot be compared: no points, dimensions that differ,
// coordinates that are not finite, KSD without a target; or ctx's.
func Compare(ctx context.Context, a, b *measure.Cloud, opt CompareOptions) ([]Distance, error) {
	opt = opt.resolve()
	p, err := newPair(a, b, opt)
	if err != nil {
		return nil, err
	}
	var out []Distance
	for done, m := range opt.Metrics {
		if opt.Progress != nil {
			opt.Progress(m, done, len(opt.Metrics))
		}
		lines, err := p.measure(ctx, m)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return out, err
		}
		out = append(out, lines...)
	}
	return out, nil
}

func (p *pair) measure(ctx context.Context, m Metric) ([]Distance, error) {
	var d Distance
	var err error
	switch m {
	case W1:
		d, err = p.wasserstein(ctx, 1)
	case W2:
		d, err = p.wasserstein(ctx, 2)
	case SlicedW2:
		d, err = p.sliced(ctx)
	case SinkhornS:
		d, err = p.sinkhorn(ctx)
	case EnergyDistance:
		d, err = p.energy(ctx)
	case MMD:
		d, err = p.mmd(ctx)
	case Classifier:
		d, err = p.classifier(ctx)
	case KSD:
		return p.steins(ctx)
	default:
		return nil, fmt.Errorf("diagnostics: there is no metric %q", m)
	}
	if err != nil {
		return nil, err
	}
	d.Metric = m
	return []Distance{d}, nil
}

func (o CompareOptions) resolve() CompareOptions {
	if o.Metrics == nil {
		o.Metrics = []Metric{W2, SlicedW2, EnergyDistance, MMD, Classifier}
		if o.Target != nil {
			o.Metrics = append(o.Metrics, KSD)
		}
	}
	if o.Permutations == 0 {
		o.Permutations = 999
	}
	o.Permutations = max(o.Permutations, -1)
	if o.Exact <= 0 {
		o.Exact = 2000
	}
	return o
}

// rooted turns the estimate v of a squared distance and its standard error into those of
// the distance, by the delta method where the distance is not small beside its error. A
// negative v is rounding.
func rooted(v, se float64) (value, err float64) {
	value = math.Sqrt(math.Max(v, 0))
	return value, rootError(value, se)
}

func rootError(value, se float64) float64 {
	if 2*value < math.Sqrt(se) { // the square of Error is se there
		return math.Sqrt(se)
	}
	if se == 0 {
		return 0
	}
	return se / (2 * value)
}
