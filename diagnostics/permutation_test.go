package diagnostics

import (
	"context"
	"math"
	"testing"

	"wgf/measure"
	"wgf/target"
)

// Quadratic forms through tiles are the sums that they stand for, also where points do
// not fill the tiles.
func TestQuadraticForms(t *testing.T) {
	for _, n := range []int{1, 5, 128, 131, 300} {
		k := func(i, j int) float64 { return math.Cos(float64(i*j)) + float64(i+j) }
		v := func(i, b int) float64 { return math.Sin(float64(i + 3*b)) }
		tile := func(_ int, dst []float64, bi, bj int) {
			for r := range tileSize {
				for c := range tileSize {
					dst[r*tileSize+c] = k(bi*tileSize+r, bj*tileSize+c)
				}
			}
		}
		const vectors = 130
		got, err := quadraticForms(context.Background(), 2, n, vectors, tile, func(dst []float64, b int) {
			for i := range dst {
				dst[i] = v(i, b)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []int{0, 1, 127, 128, 129} {
			want, size := 0.0, 0.0
			for i := range n {
				for j := range n {
					term := v(i, b) * v(j, b) * k(i, j)
					want += term
					size += math.Abs(term)
				}
			}
			if math.Abs(got[b]-want) > 1e-13*size {
				t.Errorf("%d points, vector %d: %v, want %v", n, b, got[b], want)
			}
		}
	}
}

func TestLabellings(t *testing.T) {
	for _, c := range [][2]int{{3, 5}, {5, 3}, {4, 4}, {1, 6}} {
		const b = 2000
		l := newLabelling(c[0], c[1], b, 1, 2)
		count := make([]float64, c[0]+c[1])
		for at, labels := range l.at {
			total := 0
			for i, v := range labels {
				total += int(v)
				if at > 0 {
					count[i] += float64(v)
				}
			}
			if total != c[0] {
				t.Fatalf("assignment %d of %v has %d points in the first sample", at, c, total)
			}
		}
		share := float64(c[0]) / float64(c[0]+c[1])
		for i, v := range count { // 5 standard deviations: false alarm 1e-6
			if math.Abs(v/b-share) > 5*math.Sqrt(share*(1-share)/b) {
				t.Errorf("point %d of %v is in the first sample %v of the time, want %v", i, c, v/b, share)
			}
		}
	}
}

func TestLineCost(t *testing.T) {
	a, b := []float64{0, 1, 5}, []float64{-1, 2}
	// Quantile functions on sixths: 0 0 1 1 5 5 and -1 -1 -1 2 2 2.
	if got, want := lineCost(a, b, 1), (1.0+1+2+1+3+3)/6; math.Abs(got-want) > 1e-15 {
		t.Errorf("W1 %v, want %v", got, want)
	}
	if got, want := lineCost(a, b, 2), (1.0+1+4+1+9+9)/6; math.Abs(got-want) > 1e-15 {
		t.Errorf("W2^2 %v, want %v", got, want)
	}
	if got := lineCost(a, []float64{1, 2, 3}, 2); math.Abs(got-2) > 1e-15 {
		t.Errorf("W2^2 %v, want 2", got)
	}
}

// The tests hold their level: of 1000 pairs of samples of one law, 5 % have p <= 0.05. With
// 99 permutations that is exact, so the count is binomial; between 28 and 75 of 1000 lie
// all but 2e-3 of it, for each metric, and the seeds are fixed.
func TestLevel(t *testing.T) {
	repetitions := 1000
	low, high := 28, 75
	if testing.Short() {
		repetitions, low, high = 200, 1, 22
	}
	metrics := []Metric{W2, SlicedW2, EnergyDistance, MMD, Classifier}
	count := map[Metric]int{}
	for r := range repetitions {
		n, m := 30, 30
		if r%2 == 1 {
			n, m = 20, 35
		}
		a, b := normal(n, 2, 0, 1, uint64(2*r+100)), normal(m, 2, 0, 1, uint64(2*r+101))
		opt := CompareOptions{Metrics: metrics[1:], Permutations: 99, Directions: 10, Seed: uint64(r)}
		if r < 100 && r%2 == 0 {
			opt.Metrics = metrics
		}
		for m, d := range distances(t, a, b, opt) {
			if d.P <= 0.05 {
				count[m]++
			}
		}
	}
	t.Logf("rejections at 5 %% of %d: %v", repetitions, count)
	for _, m := range metrics[1:] {
		// Nearest neighbours are few numbers: their p-values are coarse, the level is lower.
		if c := count[m]; c > high || c < low && m != Classifier || c < low/4 {
			t.Errorf("%s rejects %d of %d pairs of one law at 5 %%", m, c, repetitions)
		}
	}
	if c := count[W2]; c > 8 { // of 50, false alarm 1e-3
		t.Errorf("W2 rejects %d of 50 pairs of one law at 5 %%", c)
	}
}

// The tests see what is there: a shift by one standard deviation.
func TestPower(t *testing.T) {
	a, b := normal(60, 2, 0, 1, 20), normal(60, 2, 1.6, 1, 21)
	for m, d := range distances(t, a, b, CompareOptions{Metrics: twoSample, Permutations: 199}) {
		if !math.IsNaN(d.P) && d.P > 0.01 {
			t.Errorf("%s: p %v for samples that differ", m, d.P)
		}
		if !math.IsNaN(d.P) && !(d.Null < d.Value) {
			t.Errorf("%s: %v beside %v under permutation", m, d.Value, d.Null)
		}
	}
}

// Null of a subsample is brought to the sizes of the samples.
func TestNullIsOfTheSizesOfTheValue(t *testing.T) {
	large, small := &pair{}, &pair{}
	large.a.Cloud, large.b.Cloud = measure.New(400, 1), measure.New(400, 1)
	small.a.Cloud, small.b.Cloud = measure.New(100, 1), measure.New(100, 1)
	d := Distance{Null: 8}
	if d.scaleNull(large, small, 2); d.Null != 4 {
		t.Errorf("the root of a form of 400 points instead of 100 is %v, want 4", d.Null)
	}
	if d.scaleNull(large, small, 1); d.Null != 1 {
		t.Errorf("a form of 400 points instead of 100 is %v, want 1", d.Null)
	}
}

// The wild bootstrap of KSD holds its level up to what n = 50 leaves: between 2 and 20 of 200
// lie all but 1e-3 of Binomial(200, 0.05).
func TestSteinLevelAndPower(t *testing.T) {
	density, err := target.Parse("gaussian:dim=2")
	if err != nil {
		t.Fatal(err)
	}
	rejected := 0
	for r := range 200 {
		d, err := SteinDiscrepancy(context.Background(), normal(50, 2, 0, 1, uint64(r+5000)), density, CompareOptions{Permutations: 99, Seed: uint64(r)})
		if err != nil {
			t.Fatal(err)
		}
		if d.P <= 0.05 {
			rejected++
		}
	}
	t.Logf("rejected %d of 200", rejected)
	if rejected < 2 || rejected > 20 {
		t.Errorf("KSD rejects %d of 200 samples of the target at 5 %%", rejected)
	}
	d, err := SteinDiscrepancy(context.Background(), normal(100, 2, 0.8, 1, 1), density, CompareOptions{Permutations: 99})
	if err != nil || d.P > 0.01 {
		t.Errorf("p %v (%v) for a sample that is off by 0.8", d.P, err)
	}
}

// The errors are the standard deviations of the values over samples: of 100 pairs of
// samples the standard deviation of the values is known to 7 %, so that 25 % is 3.5 of its
// standard errors (false alarm 5e-4 a metric), and wider where the first order of the
// error vanishes and the estimate is rougher.
func TestErrorsCover(t *testing.T) {
	density, err := target.Parse("gaussian:dim=2")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		shift    float64
		weighted bool
		slow     bool // with the solvers
	}{{"shifted", 1, false, true}, {"shifted, weighted", 1, true, false}, {"one law", 0, false, false}} {
		const repetitions = 100
		metrics := []Metric{SlicedW2, EnergyDistance, MMD, Classifier, KSD}
		values, errors := map[Metric][]float64{}, map[Metric][]float64{}
		for r := range repetitions {
			a, b := normal(80, 2, 0, 1, uint64(2*r+900)), normal(60, 2, c.shift, 1.3, uint64(2*r+901))
			if c.shift == 0 {
				b = normal(60, 2, 0, 1, uint64(2*r+901))
			}
			if c.weighted { // importance weights from N(0, 1) to N(0.3, 1) in the first coordinate
				a.LogW = make([]float64, a.N)
				for i := range a.LogW {
					a.LogW[i] = 0.3 * a.X[i]
				}
			}
			opt := CompareOptions{Metrics: metrics, Permutations: -1, Directions: 20, Target: density, Seed: uint64(r)}
			if c.slow && r < 50 {
				opt.Metrics = []Metric{SlicedW2, EnergyDistance, MMD, Classifier, KSD, W1, W2, SinkhornS}
			}
			for m, d := range distances(t, a, b, opt) {
				values[m] = append(values[m], d.Value)
				errors[m] = append(errors[m], d.Error)
			}
		}
		for m, v := range values {
			sd, e := math.Sqrt(variance(v)), mean(errors[m])
			low, high := 0.75, 1.25
			if len(v) < repetitions || m == Classifier { // fewer samples; coarse
				low, high = 0.65, 1.45
			}
			if c.shift == 0 || m == KSD { // the first sample is one of the target
				low, high = 0.6, 1.7
			}
			t.Logf("%s: %-8s mean %.4f sd %.4f error %.4f ratio %.2f", c.name, m, mean(v), sd, e, e/sd)
			if e < low*sd || e > high*sd {
				t.Errorf("%s: %s varies by %v, its error says %v", c.name, m, sd, e)
			}
		}
	}
}

// KSD is the double sum of its definition, with the derivatives of the kernel taken
// numerically.
func TestSteinDiscrepancyIsItsDefinition(t *testing.T) {
	c := normal(12, 2, 0.5, 1.5, 30)
	c.LogW = make([]float64, c.N)
	for i := range c.LogW {
		c.LogW[i] = math.Cos(float64(i))
	}
	density, err := target.Parse("gaussian:dim=2")
	if err != nil {
		t.Fatal(err)
	}
	d, err := SteinDiscrepancy(context.Background(), c, density, CompareOptions{Permutations: -1})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSample(c, "")
	if err != nil {
		t.Fatal(err)
	}
	score, _ := scores(c, density)
	h := medianBandwidth(c, 0)
	k := func(x, y [2]float64) float64 {
		return 1 / math.Sqrt(1+((x[0]-y[0])*(x[0]-y[0])+(x[1]-y[1])*(x[1]-y[1]))/(h*h))
	}
	const e = 1e-4
	want := 0.0
	for i := range c.N {
		for j := range c.N {
			x, y := [2]float64{c.X[i], c.X[c.N+i]}, [2]float64{c.X[j], c.X[c.N+j]}
			sx, sy := [2]float64{score[i], score[c.N+i]}, [2]float64{score[j], score[c.N+j]}
			v := (sx[0]*sy[0] + sx[1]*sy[1]) * k(x, y)
			for a := range 2 {
				move := func(p [2]float64, by float64) [2]float64 { p[a] += by; return p }
				v += sx[a] * (k(x, move(y, e)) - k(x, move(y, -e))) / (2 * e)
				v += sy[a] * (k(move(x, e), y) - k(move(x, -e), y)) / (2 * e)
				v += (k(move(x, e), move(y, e)) - k(move(x, e), move(y, -e)) - k(move(x, -e), move(y, e)) + k(move(x, -e), move(y, -e))) / (4 * e * e)
			}
			want += s.weight(i) * s.weight(j) * v
		}
	}
	if !isNear(d.Value, math.Sqrt(want), 1e-5) {
		t.Errorf("KSD %v, want %v", d.Value, math.Sqrt(want))
	}
}

func TestThinToESS(t *testing.T) {
	// An autoregression with coefficient 0.9 is worth (1-0.9)/(1+0.9) of its draws.
	const chains, length = 4, 2000
	noise := normal(chains*length, 2, 0, 1, 40)
	c := measure.New(chains*length, 2)
	for k := range 2 {
		for j := range chains {
			x := 0.0
			for i := j * length; i < (j+1)*length; i++ {
				x = 0.9*x + math.Sqrt(1-0.81)*noise.X[k*noise.N+i]
				c.X[k*c.N+i] = x
			}
		}
	}
	thin, ess := ThinToESS(c, chains)
	if want := chains * length / 19.0; ess < 0.7*want || ess > 1.4*want || thin.N != int(math.Round(ess)) {
		t.Errorf("%d draws kept at an effective sample size of %v, about %v expected", thin.N, ess, want)
	}
	if same, ess := ThinToESS(measure.New(40, 2), 4); same.N != 40 || !math.IsNaN(ess) {
		t.Errorf("constant draws: %d kept, effective sample size %v", same.N, ess)
	}
	independent := normal(400, 1, 0, 1, 41)
	if thin, _ := ThinToESS(independent, 1); thin.N < 300 {
		t.Errorf("%d of 400 independent draws kept", thin.N)
	}
}
