package library

import (
	"fmt"
	"math"
	"strconv"

	"wgf/internal/tape"
)

// rule is a condition on an argument. What a constant violates is an error in Stan's wording; for a traced number
// the condition becomes a guard of the trace, unless it is known to hold.
type rule struct {
	mustBe string // "positive": the text between "must be " and "!"
	holds  func(v float64) bool
	// guard states the condition for traced numbers; nil where a violation makes the result NaN or infinite anyway.
	guard func(c *Context, x tape.Num) tape.Num
}

var (
	notNaN = &rule{mustBe: "not nan", holds: func(v float64) bool { return !math.IsNaN(v) }}
	finite = &rule{mustBe: "finite", holds: isFinite}

	positive       = &rule{mustBe: "positive", holds: func(v float64) bool { return v > 0 }, guard: isPositive}
	positiveFinite = &rule{mustBe: "positive finite", holds: func(v float64) bool { return v > 0 && isFinite(v) }, guard: isPositive}
	nonnegative    = &rule{mustBe: "nonnegative", holds: func(v float64) bool { return v >= 0 }, guard: isNonnegative}
	probability    = interval(0, 1)

	anything = &rule{holds: func(float64) bool { return true }}
)

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func isPositive(c *Context, x tape.Num) tape.Num {
	if c.T.Positive(x) {
		return num(1)
	}
	return c.less(num(0), x)
}

func isNonnegative(c *Context, x tape.Num) tape.Num {
	if c.T.NonNegative(x) {
		return num(1)
	}
	return c.op2(tape.LE, num(0), x)
}

// interval is the rule of a number in [lo, hi].
func interval(lo, hi float64) *rule {
	return &rule{
		mustBe: "in the interval [" + show(lo) + ", " + show(hi) + "]",
		holds:  func(v float64) bool { return v >= lo && v <= hi },
		guard: func(c *Context, x tape.Num) tape.Num {
			above := isNonnegative(c, c.sub(x, num(lo)))
			if math.IsInf(hi, 1) {
				return above
			}
			return c.op2(tape.And, above, c.op2(tape.LE, x, num(hi)))
		},
	}
}

// ending is the text of an error after the value.
func (r *rule) ending() string {
	if len(r.mustBe) > 3 && r.mustBe[:3] == "in " {
		return ", but must be " + r.mustBe
	}
	return ", but must be " + r.mustBe + "!"
}

// check applies a rule to numbers. many says that they come from a container, whose place is then part of the text.
func (c *Context) check(function, name string, r *rule, xs []tape.Num, many bool) error {
	for i, x := range xs {
		switch {
		case x.Ref != 0:
			if r.guard != nil {
				c.T.Guard(r.guard(c, x), function+": "+name+" must be "+r.mustBe)
			}
		case !r.holds(x.V):
			place := ""
			if many {
				place = "[" + strconv.Itoa(i+1) + "]"
			}
			return fmt.Errorf("%s: %s%s is %s%s", function, name, place, show(x.V), r.ending())
		}
	}
	return nil
}

// show writes a number as C++ streams do: six significant digits.
func show(v float64) string {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	s := strconv.FormatFloat(v, 'g', 6, 64)
	return s
}

// sizeMismatch is the error of containers whose sizes had to match.
func sizeMismatch(function, name1 string, n1 int, name2 string, n2 int) error {
	return fmt.Errorf("%s: %s (%d) and %s (%d) must match in size", function, name1, n1, name2, n2)
}
