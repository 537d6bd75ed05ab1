package report

import (
	"fmt"
	"io"
	"math"

	"wgf/diagnostics"
)

// Limits say when a diagnostic is worth a sentence. The zero value means the defaults.
type Limits struct {
	RHat float64 // default 1.01 (Vehtari et al. 2021)
	ESS  float64 // smallest bulk and tail ESS, default 400
}

func (l Limits) withDefaults() Limits {
	if l.RHat == 0 {
		l.RHat = 1.01
	}
	if l.ESS == 0 {
		l.ESS = 400
	}
	return l
}

// Advice lists what the diagnostics of the rows object to, one sentence each, worst
// quantity named; an empty list means that they object to nothing. Constant quantities
// never count.
func Advice(rows []diagnostics.Summary, limits Limits) []string {
	limits = limits.withDefaults()
	var advice []string
	add := func(format string, args ...any) { advice = append(advice, fmt.Sprintf(format, args...)) }

	if n, s := worst(rows, func(s *diagnostics.Summary) float64 { return over(s.RHat, limits.RHat) }); n > 0 {
		value := fmt.Sprintf("%.3f", s.RHat)
		if math.IsInf(s.RHat, 1) {
			value = "infinite"
		}
		add("R-hat is above %g for %s (worst: %s, %s): the chains do not agree yet; run longer, and if it stays look for several modes or reparameterise.",
			limits.RHat, quantities(n), s.Name, value)
	}
	if n, s := worst(rows, func(s *diagnostics.Summary) float64 { return under(s.ESSBulk, limits.ESS) }); n > 0 {
		add("The bulk effective sample size is below %g for %s (lowest: %s, %.0f): means and medians are uncertain; take more draws.",
			limits.ESS, quantities(n), s.Name, s.ESSBulk)
	}
	if n, s := worst(rows, func(s *diagnostics.Summary) float64 { return under(s.ESSTail, limits.ESS) }); n > 0 {
		add("The tail effective sample size is below %g for %s (lowest: %s, %.0f): the 5 %% and 95 %% quantiles are uncertain; take more draws.",
			limits.ESS, quantities(n), s.Name, s.ESSTail)
	}
	if n, s := worst(rows, func(s *diagnostics.Summary) float64 { return float64(s.NaN) }); n > 0 {
		add("%s not a number in some draws (most: %s, %d of %d): their rows show dashes; look for 0/0, logarithms of negative numbers or unset elements.",
			subject(n), s.Name, s.NaN, s.Draws)
	}
	if n, s := worst(rows, func(s *diagnostics.Summary) float64 { return float64(s.Infinite) }); n > 0 {
		add("%s infinite in some draws (most: %s, %d of %d): their diagnostics are undefined.",
			subject(n), s.Name, s.Infinite, s.Draws)
	}
	if n, s := worst(rows, func(s *diagnostics.Summary) float64 {
		if s.Undefined() || !math.IsNaN(s.ESSBulk) {
			return 0
		}
		return 1
	}); n > 0 {
		add("The chains are too short for diagnostics (%s, %d draws in all): nothing says whether they can be trusted.", s.Name, s.Draws)
	}
	return advice
}

// Verdict prints "no problems detected" or the list of advice, and reports whether there
// was none.
func Verdict(w io.Writer, advice []string) (bool, error) {
	if len(advice) == 0 {
		_, err := fmt.Fprintln(w, "no problems detected")
		return true, err
	}
	for _, a := range advice {
		if _, err := fmt.Fprintf(w, "- %s\n", a); err != nil {
			return false, err
		}
	}
	return false, nil
}

// worst counts the rows with a positive score and gives the one with the highest.
func worst(rows []diagnostics.Summary, score func(*diagnostics.Summary) float64) (n int, row *diagnostics.Summary) {
	highest := 0.0
	for i := range rows {
		if v := score(&rows[i]); v > 0 {
			n++
			if v > highest {
				highest, row = v, &rows[i]
			}
		}
	}
	return n, row
}

// over and under are how far v lies beyond a limit, 0 within it or where v is NaN.
func over(v, limit float64) float64 {
	if v > limit {
		return v - limit
	}
	return 0
}

func under(v, limit float64) float64 {
	if v < limit {
		return limit - v
	}
	return 0
}

func quantities(n int) string {
	if n == 1 {
		return "1 quantity"
	}
	return fmt.Sprintf("%d quantities", n)
}

func subject(n int) string {
	if n == 1 {
		return "1 quantity is"
	}
	return fmt.Sprintf("%d quantities are", n)
}
