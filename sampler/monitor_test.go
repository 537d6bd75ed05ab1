package sampler

import (
	"math"
	"math/rand/v2"
	"testing"
)

// feed gives a monitor of n particles and one coordinate the series x[t][n],
// with log density 0.
func feed(x [][]float64) *monitor {
	n := len(x[0])
	m := &monitor{
		d: 1, n: n, f: 3, length: 1, center: []float64{0}, spread: []float64{1}, lpSpread: 1,
		history: make([]uint32, n), judged: make([]int, n), accepted: make([]int, n), squares: make([]float64, 3*n),
	}
	lp := make([]float64, n)
	for _, row := range x {
		m.add(m.segment(), row, n, lp, 0, n)
	}
	return m
}

func autoregression(phi float64, n, t int, seed uint64) [][]float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([][]float64, t)
	for s := range x {
		x[s] = make([]float64, n)
		for i := range x[s] {
			if s == 0 {
				x[s][i] = r.NormFloat64()
			} else {
				x[s][i] = phi*x[s-1][i] + math.Sqrt(1-phi*phi)*r.NormFloat64()
			}
		}
	}
	return x
}

// The effective sample size of an ensemble of AR(0.98) chains is within 25 % of
// the truth N T^2 / sum_st phi^|s-t|. With 512 particles the estimate has a
// standard deviation of 6 %, so that a right one fails with a chance below 1e-4.
func TestESSOfAutoregressions(t *testing.T) {
	for _, phi := range []float64{0, 0.9, 0.98, -0.5} {
		const n, times = 512, 300
		m := feed(autoregression(phi, n, times, 7))
		sum := 0.0
		for s := range times {
			for u := range times {
				sum += math.Pow(phi, math.Abs(float64(s-u)))
			}
		}
		truth := n * times * times / sum
		q := m.verdict([]string{"x"})
		if math.Abs(q[0].ESS/truth-1) > 0.25 {
			t.Errorf("phi = %v: ESS %.0f, truth %.0f", phi, q[0].ESS, truth)
		}
		// An R-hat of sqrt(1 + 8/ESS) is what is left at stationarity.
		if want := math.Sqrt(1 + 8/truth); math.Abs(q[0].RHat-want) > 2*(want-1) {
			t.Errorf("phi = %v: nested R-hat %v, expected about %v", phi, q[0].RHat, want)
		}
		if q[0].Halves > 4.5 {
			t.Errorf("phi = %v: halves differ by %v", phi, q[0].Halves)
		}
		if len(q) != 2 { // lp is constant
			t.Errorf("%d quantities, want the coordinate and its square", len(q))
		}
	}
}

// The verdict does not change, but for rounding and the place of the halves,
// when pieces of time have been joined.
func TestSegmentsAreJoined(t *testing.T) {
	x := autoregression(0.5, 64, 100, 3)
	m := feed(x)
	if len(m.segments) > maxSegments || m.length != 4 {
		t.Errorf("%d pieces of %d", len(m.segments), m.length)
	}
	sum := 0.0
	for _, row := range x {
		sum += row[5]
	}
	got := 0.0
	for _, seg := range m.segments {
		got += seg[5]
	}
	if math.Abs(got-sum) > 1e-12 {
		t.Errorf("sums %v and %v", got, sum)
	}
	total := 0
	for _, c := range m.counts {
		total += c
	}
	if total != 100 || m.draws != 100 {
		t.Errorf("%d draws in pieces, %d in all", total, m.draws)
	}
}

// A drift between halves, superchains that disagree and frozen particles are seen.
func TestStopRuleSeesTrouble(t *testing.T) {
	const n, times = 128, 60
	x := autoregression(0, n, times, 5)
	ok := feed(x).verdict([]string{"x"})[0]
	if !ok.passes(1000) {
		t.Errorf("independent draws fail: %+v", ok)
	}
	drifting, split, frozen := clone2(x), clone2(x), clone2(x)
	for s := range x {
		for i := range x[s] {
			if s >= times/2 {
				drifting[s][i] += 0.3
			}
			if i/(n/superchains) == 3 {
				split[s][i] += 1.5
			}
			frozen[s][i] = x[0][i]
		}
	}
	if q := feed(drifting).verdict([]string{"x"})[0]; q.Halves < halvesLimit {
		t.Errorf("drift: halves differ by %v", q.Halves)
	}
	if q := feed(split).verdict([]string{"x"})[0]; q.RHat < rhatLimit {
		t.Errorf("one superchain elsewhere: R-hat %v", q.RHat)
	}
	if q := feed(frozen).verdict([]string{"x"})[0]; q.ESS > 1.1*n {
		t.Errorf("particles that never move: ESS %v", q.ESS)
	}
}

func clone2(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i := range x {
		out[i] = clone(x[i])
	}
	return out
}

// Stuck is at most one acceptance in a window of 20 judged proposals.
func TestStuckRule(t *testing.T) {
	m := &monitor{history: make([]uint32, 1), judged: make([]int, 1), accepted: make([]int, 1)}
	for i := range 19 {
		if m.outcome(0, i == 0, false) {
			t.Fatalf("stuck after %d proposals", i+1)
		}
	}
	if !m.outcome(0, false, false) {
		t.Error("1 acceptance in 20 is not seen")
	}
	if m.outcome(0, true, true) {
		t.Error("a small step was judged")
	}
	if !m.outcome(0, true, false) { // the first acceptance has left the window
		t.Error("1 acceptance in 20 is not seen when the window slides")
	}
	if m.outcome(0, true, false) {
		t.Error("2 acceptances in 20 are no reason")
	}
}

// The store keeps evenly spaced draws within its limit.
func TestDrawsAreThinned(t *testing.T) {
	s := newDraws(1, 2, 1)
	b := newBlock(0, 2, 0, 1)
	for i := 1; i <= 100; i++ {
		s.open(1)
		b.x[0], b.x[1] = float64(i), -float64(i)
		s.put(b, 0)
		s.commit(1)
	}
	x, _ := s.flatten(1)
	if s.stride != 8 || len(x) != 24 {
		t.Fatalf("stride %d, %d numbers", s.stride, len(x))
	}
	for i := range len(x) / 2 {
		if x[2*i] != float64(8*(i+1)) {
			t.Errorf("draw %d is number %v", i, x[2*i])
		}
	}
}

func TestOutputTimes(t *testing.T) {
	r := &Result{Times: 10, Wanted: 4}
	got := r.Output()
	for i, want := range []int{1, 4, 6, 9} {
		if got[i] != want {
			t.Errorf("times %v", got)
		}
	}
	r.Times = 3
	if len(r.Output()) != 3 {
		t.Error("more times than there are")
	}
}
