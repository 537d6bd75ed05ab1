package sampler

import (
	"context"
	"fmt"
	"math"
	"sort"
)

// judge sets the status of a run and the sentences that go with it.
func (r *run) judge(ctx context.Context, res *Result, b *burner, s *sampling, passed bool) {
	need := r.opt.needESS()
	failing := failingNames(res.Quantities, need)
	switch {
	case ctx.Err() != nil:
		res.Status = Interrupted
		res.Advice = append(res.Advice, fmt.Sprintf("The run was interrupted after %d draws.", res.Times*res.Particles))
	case res.Times == 0:
		res.Status = Budget
		res.Advice = append(res.Advice, "The budget ended before the first draw: raise --max-time.")
	case b.runs:
		res.Status = Untrusted
		res.Advice = append(res.Advice, fmt.Sprintf("%s ran off towards infinity: the posterior seems to be improper. Give it a proper prior.", quote(widest(b, r.names))))
		return
	case passed:
		res.Status = OK
		return
	case len(s.latched) > 0:
		res.Status = Untrusted
	default:
		res.Status = Budget
		res.Advice = append(res.Advice, r.budgetSentence())
	}
	if len(s.latched) > 0 {
		name, side := stuckCoordinate(s, r.names)
		res.Advice = append(res.Advice, fmt.Sprintf("%d of %d particles were stuck for a while where %s is %s: the step size fits the bulk of the posterior and not this neck. The usual cause is a scale that runs to zero: use a non-centred parameterisation, or a prior that keeps the scale away from zero.",
			len(s.latched), res.Particles, quote(name), side))
	}
	if len(failing) > 0 && res.Times > 0 {
		res.Advice = append(res.Advice, failing...)
	}
	if !res.Stationary && res.Times > 0 {
		res.Advice = append(res.Advice, "The ensemble had not come to rest when the burn-in ended.")
	}
}

func (r *run) budgetSentence() string {
	if r.opt.MaxGradients > 0 && r.en.depth >= r.opt.MaxGradients {
		return fmt.Sprintf("The budget of %d gradients a particle ended before the stop rule was met.", r.opt.MaxGradients)
	}
	return fmt.Sprintf("The time of %v ended before the stop rule was met.", r.opt.MaxTime)
}

// failingNames says which quantities failed what, the worst first.
func failingNames(qs []Quantity, need float64) []string {
	var out []string
	add := func(what string, fails func(Quantity) bool, worse func(a, b Quantity) bool, show func(Quantity) string) {
		var bad []Quantity
		for _, q := range qs {
			if fails(q) {
				bad = append(bad, q)
			}
		}
		if len(bad) == 0 {
			return
		}
		sort.SliceStable(bad, func(i, j int) bool { return worse(bad[i], bad[j]) })
		text := what + ":"
		for i, q := range bad {
			if i == 3 {
				text += fmt.Sprintf(" and %d more", len(bad)-3)
				break
			}
			if i > 0 {
				text += ","
			}
			text += " " + quote(q.Name) + " (" + show(q) + ")"
		}
		out = append(out, text+".")
	}
	add(fmt.Sprintf("Nested R-hat is not below %.2f, superchains disagree", rhatLimit),
		func(q Quantity) bool { return !(q.RHat < rhatLimit) },
		func(a, b Quantity) bool { return a.RHat > b.RHat },
		func(q Quantity) string { return fmt.Sprintf("%.3f", q.RHat) })
	add(fmt.Sprintf("The effective sample size is below %.0f", need),
		func(q Quantity) bool { return !(q.ESS >= need) },
		func(a, b Quantity) bool { return a.ESS < b.ESS },
		func(q Quantity) string { return fmt.Sprintf("%.0f", q.ESS) })
	add(fmt.Sprintf("The two halves of the run differ by more than %d standard errors", halvesLimit),
		func(q Quantity) bool { return !(q.Halves < halvesLimit) },
		func(a, b Quantity) bool { return a.Halves > b.Halves },
		func(q Quantity) string { return fmt.Sprintf("%.1f", q.Halves) })
	return out
}

// stuckCoordinate is the coordinate in which the stuck particles stood furthest
// out, and on which side.
func stuckCoordinate(s *sampling, names []string) (name, side string) {
	best, at := 0.0, 0
	for k := range s.mon.d {
		sum := 0.0
		for n := range s.mon.n {
			if z := s.latched[n]; z != nil {
				sum += z[k]
			}
		}
		if math.Abs(sum) > math.Abs(best) {
			best, at = sum, k
		}
	}
	side = "small"
	if best > 0 {
		side = "large"
	}
	return names[at], side
}

// widest is the name of the coordinate that lies or spreads furthest out.
func widest(b *burner, names []string) string {
	at := 0
	reach := func(k int) float64 { return b.last.sd[k] + math.Abs(b.last.mean[k]) }
	for k := range names {
		if !(reach(k) <= reach(at)) {
			at = k
		}
	}
	return names[at]
}

func quote(s string) string { return "“" + s + "”" }
