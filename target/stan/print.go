package stan

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"wgf/internal/tape"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// print compiles print, reject and fatal_error.
func (c *compiler) print(s *syntax.Print) stmtFn {
	parts := make([]func(*frame) string, len(s.Args))
	for i, a := range s.Args {
		if text, ok := a.(*syntax.StringLit); ok {
			parts[i] = func(*frame) string { return text.Value }
			continue
		}
		v := c.value(a)
		parts[i] = func(f *frame) string { return formatValue(v(f)) }
	}
	message := func(f *frame) string {
		var b strings.Builder
		for _, p := range parts {
			b.WriteString(p(f))
		}
		return b.String()
	}
	switch pos := s.Pos(); s.Kind {
	case syntax.RejectStmt:
		return func(f *frame) signal {
			fail(rejected, pos, "%s", message(f))
			return next
		}
	case syntax.FatalStmt:
		return func(f *frame) signal {
			fail(broken, pos, "%s", message(f))
			return next
		}
	}
	return func(f *frame) signal {
		if text := message(f); f.m.print != nil {
			fmt.Fprintln(f.m.print, text)
		}
		return next
	}
}

// formatValue shows a value as Stan prints it: reals with six digits, [1,2,3] for vectors and arrays, [[1,2],[3,4]]
// for matrices. What depends on parameters while a density is recorded shows as "(varies)".
func formatValue(v library.Value) string {
	var b strings.Builder
	formatInto(&b, v, 0, 0)
	return b.String()
}

func formatInto(b *strings.Builder, v library.Value, d, at int) {
	if d == len(v.Dims) {
		if x := v.At(at); v.Type.Kind == syntax.Int && x.Ref == 0 {
			b.WriteString(strconv.FormatFloat(x.V, 'f', 0, 64))
		} else {
			b.WriteString(formatNum(x))
		}
		return
	}
	b.WriteByte('[')
	n := 1
	for _, k := range v.Dims[d+1:] {
		n *= k
	}
	for i := range v.Dims[d] {
		if i > 0 {
			b.WriteByte(',')
		}
		formatInto(b, v, d+1, at+i*n)
	}
	b.WriteByte(']')
}

func formatNum(x tape.Num) string {
	if x.Ref != 0 {
		return "(varies)"
	}
	return formatReal(x.V)
}

// formatReal shows a number with six significant digits, as C++ streams do.
func formatReal(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(v, 'g', 6, 64)
	if mantissa, exp, ok := strings.Cut(s, "e"); ok {
		if strings.Contains(mantissa, ".") {
			mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		}
		return mantissa + "e" + exp
	}
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
