package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"wgf/diagnostics"
)

// Style is a choice of columns and their names.
type Style string

const (
	WGF   Style = "wgf"   // mean mcse sd mad q5 q50 q95 ess_bulk ess_tail r_hat
	ArviZ Style = "arviz" // mean sd eti89_lb eti89_ub ess_bulk ess_tail r_hat mcse_mean mcse_sd
	Stan  Style = "stan"  // Mean MCSE StdDev MAD 5% 50% 95% ESS_bulk ESS_tail R_hat
)

// kind says how the numbers of a column are printed.
type kind uint8

const (
	estimate kind = iota // as many digits as the Monte Carlo error leaves
	count                // no decimals
	ratio                // three decimals
)

type column struct {
	name  string
	kind  kind
	value func(*diagnostics.Summary) float64
}

func mean(s *diagnostics.Summary) float64     { return s.Mean }
func mcseMean(s *diagnostics.Summary) float64 { return s.MCSEMean }
func sd(s *diagnostics.Summary) float64       { return s.SD }
func mcseSD(s *diagnostics.Summary) float64   { return s.MCSESD }
func mad(s *diagnostics.Summary) float64      { return s.MAD }
func q5(s *diagnostics.Summary) float64       { return s.Q5 }
func q50(s *diagnostics.Summary) float64      { return s.Q50 }
func q95(s *diagnostics.Summary) float64      { return s.Q95 }
func etiLow(s *diagnostics.Summary) float64   { return s.ETILow }
func etiHigh(s *diagnostics.Summary) float64  { return s.ETIHigh }
func essBulk(s *diagnostics.Summary) float64  { return s.ESSBulk }
func essTail(s *diagnostics.Summary) float64  { return s.ESSTail }
func rHat(s *diagnostics.Summary) float64     { return s.RHat }

// columns of a style, or nil for an unknown one.
func columns(style Style) []column {
	switch style {
	case WGF, "":
		return []column{
			{"mean", estimate, mean}, {"mcse", estimate, mcseMean}, {"sd", estimate, sd}, {"mad", estimate, mad},
			{"q5", estimate, q5}, {"q50", estimate, q50}, {"q95", estimate, q95},
			{"ess_bulk", count, essBulk}, {"ess_tail", count, essTail}, {"r_hat", ratio, rHat},
		}
	case ArviZ:
		return []column{
			{"mean", estimate, mean}, {"sd", estimate, sd}, {"eti89_lb", estimate, etiLow}, {"eti89_ub", estimate, etiHigh},
			{"ess_bulk", count, essBulk}, {"ess_tail", count, essTail}, {"r_hat", ratio, rHat},
			{"mcse_mean", estimate, mcseMean}, {"mcse_sd", estimate, mcseSD},
		}
	case Stan:
		return []column{
			{"Mean", estimate, mean}, {"MCSE", estimate, mcseMean}, {"StdDev", estimate, sd}, {"MAD", estimate, mad},
			{"5%", estimate, q5}, {"50%", estimate, q50}, {"95%", estimate, q95},
			{"ESS_bulk", count, essBulk}, {"ESS_tail", count, essTail}, {"R_hat", ratio, rHat},
		}
	}
	return nil
}

// Table prints one row for each summary, lp__ first, the others in their order. Estimates
// show two digits of their Monte Carlo standard error and no more; "-" stands for what is
// undefined. The columns are aligned.
func Table(w io.Writer, rows []diagnostics.Summary, style Style) error {
	cols := columns(style)
	if cols == nil {
		return fmt.Errorf("unknown table style %q: use wgf, arviz or stan", string(style))
	}
	rows = LogDensityFirst(rows)
	cells := make([][]string, 0, len(rows)+1)
	head := []string{""}
	for _, c := range cols {
		head = append(head, c.name)
	}
	cells = append(cells, head)
	for i := range rows {
		format := numbersLike(&rows[i])
		line := []string{rows[i].Name}
		for _, c := range cols {
			line = append(line, c.text(c.value(&rows[i]), format))
		}
		cells = append(cells, line)
	}
	return align(w, cells)
}

// LogDensityFirst returns the rows with lp__ moved to the front.
func LogDensityFirst(rows []diagnostics.Summary) []diagnostics.Summary {
	i := slices.IndexFunc(rows, func(s diagnostics.Summary) bool { return s.Name == "lp__" })
	if i <= 0 {
		return rows
	}
	out := append([]diagnostics.Summary{rows[i]}, rows[:i]...)
	return append(out, rows[i+1:]...)
}

func (c column) text(v float64, format func(float64) string) string {
	switch {
	case math.IsNaN(v):
		return "-"
	case math.IsInf(v, 1):
		return "Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	case c.kind == count:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case c.kind == ratio:
		return strconv.FormatFloat(v, 'f', 3, 64)
	}
	return format(v)
}

// numbersLike chooses one number format for the estimates of a row: the last digit is
// the second one of the error of the mean, or the fourth of the standard deviation where
// there is none. Rows of very large or very small numbers use powers of ten.
func numbersLike(s *diagnostics.Summary) func(float64) string {
	largest := 0.0
	for _, v := range []float64{s.Mean, s.SD, s.Q5, s.Q50, s.Q95} {
		if a := math.Abs(v); a > largest && !math.IsInf(a, 1) {
			largest = a
		}
	}
	if largest == 0 {
		return func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
	}
	top := exponent(largest)
	last := top - 3 // the power of ten of the last digit shown
	if s.MCSEMean > 0 && !math.IsInf(s.MCSEMean, 1) {
		last = min(top, exponent(s.MCSEMean)-1)
	}
	last = max(last, top-8)
	if s.Constant {
		return func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	}
	if top >= 7 || top < -3 {
		digits := top - last
		return func(v float64) string {
			if v == 0 {
				return "0"
			}
			return strconv.FormatFloat(v, 'e', max(0, min(digits, exponent(v)-last)), 64)
		}
	}
	return func(v float64) string { return strconv.FormatFloat(v, 'f', max(0, -last), 64) }
}

// exponent is the power of ten of the leading digit of v.
func exponent(v float64) int { return int(math.Floor(math.Log10(math.Abs(v)))) }

// align prints cells with two spaces between columns, the first to the left, the others
// to the right.
func align(w io.Writer, cells [][]string) error {
	width := make([]int, len(cells[0]))
	for _, line := range cells {
		for k, c := range line {
			width[k] = max(width[k], utf8.RuneCountInString(c))
		}
	}
	b := bufio.NewWriter(w)
	for _, line := range cells {
		for k, c := range line {
			pad := strings.Repeat(" ", width[k]-utf8.RuneCountInString(c))
			if k == 0 {
				b.WriteString(c + pad)
			} else {
				b.WriteString("  " + pad + c)
			}
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}
