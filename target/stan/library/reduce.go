package library

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

const (
	realContainers = "vector|row_vector|matrix|array[] real"
	anyVector      = "vector|row_vector"
)

// reductions lists the functions that make one number of a container.
func reductions() []*Function {
	return []*Function{
		withIntArrays("sum", (*Context).sum), withIntArrays("prod", product1),
		extreme("max", tape.Max, math.Inf(-1)), extreme("min", tape.Min, math.Inf(1)),
		reduction("mean", realContainers, true, func(c *Context, x []tape.Num) tape.Num { return c.mean(x) }),
		reduction("variance", realContainers, true, func(c *Context, x []tape.Num) tape.Num { return c.variance(x) }),
		reduction("sd", realContainers, true, func(c *Context, x []tape.Num) tape.Num {
			if len(x) == 1 {
				return num(0)
			}
			return c.sqrt(c.variance(x))
		}),
		logSumExpFunction(),
		reduction("norm1", "vector|row_vector|array[] real", false, func(c *Context, x []tape.Num) tape.Num {
			s := make([]tape.Num, len(x))
			for i := range s {
				s[i] = c.abs(x[i])
			}
			return c.sum(s)
		}),
		reduction("norm2", "vector|row_vector|array[] real", false, func(c *Context, x []tape.Num) tape.Num {
			return c.sqrt(c.dot(x, x))
		}),
		reduction("dot_self", anyVector, false, func(c *Context, x []tape.Num) tape.Num { return c.dot(x, x) }),
		reduction2("dot_product", sigs("vector|row_vector, vector|row_vector => real", "array[] real, array[] real => real"),
			func(c *Context, x, y []tape.Num) tape.Num { return c.dot(x, y) }),
		reduction2("squared_distance", sigs("real, real => real", "vector|row_vector, vector|row_vector => real"), squaredDistance),
		reduction2("distance", sigs("vector|row_vector, vector|row_vector => real"),
			func(c *Context, x, y []tape.Num) tape.Num { return c.sqrt(squaredDistance(c, x, y)) }),
		quantile(),
	}
}

// reduction is a function of one container; nonEmpty where it is an error for no numbers.
func reduction(name, args string, nonEmpty bool, f func(c *Context, x []tape.Num) tape.Num) *Function {
	return &Function{name, sigs(args + " => real"), func(c *Context, a []Value) (Value, error) {
		if nonEmpty && a[0].Len() == 0 {
			return Value{}, errorf("%s: m has size 0, but must have a non-zero size", name)
		}
		return Scalar(f(c, a[0].Nums())), nil
	}}
}

// withIntArrays is a reduction that keeps ints.
func withIntArrays(name string, f func(c *Context, x []tape.Num) tape.Num) *Function {
	return &Function{name, append(sigs("array[] int => int"), sigs(realContainers+" => real")...), func(c *Context, a []Value) (Value, error) {
		v := Scalar(f(c, a[0].Nums()))
		if a[0].Type.Kind == syntax.Int {
			v = v.Promote(IntType)
		}
		return v, nil
	}}
}

func product1(c *Context, x []tape.Num) tape.Num {
	out := num(1)
	for _, v := range x {
		out = c.mul(out, v)
	}
	return out
}

// extreme is max or min; of no reals it is infinite, of no ints an error.
func extreme(name string, op tape.Op, empty float64) *Function {
	s := append(sigs("int, int => int", "array[] int => int"), sigs(realContainers+" => real")...)
	return &Function{name, s, func(c *Context, a []Value) (Value, error) {
		x := a[0].Nums()
		if len(a) == 2 {
			x = append(x, a[1].Num())
		}
		isInt := a[0].Type.Kind == syntax.Int
		if len(x) == 0 {
			if isInt {
				return Value{}, errorf("%s: int array has size 0, but must have a non-zero size", name)
			}
			return Real(empty), nil
		}
		out := x[0]
		for _, v := range x[1:] {
			out = c.op2(op, out, v)
		}
		if isInt {
			return integer(out), nil
		}
		return Scalar(out), nil
	}}
}

func (c *Context) mean(x []tape.Num) tape.Num { return c.div(c.sum(x), num(float64(len(x)))) }

// variance is the unbiased sample variance, 0 for one number.
func (c *Context) variance(x []tape.Num) tape.Num {
	if len(x) == 1 {
		return num(0)
	}
	m := c.mean(x)
	d := make([]tape.Num, len(x))
	for i := range d {
		d[i] = c.sub(x[i], m)
	}
	return c.div(c.dot(d, d), num(float64(len(x)-1)))
}

func squaredDistance(c *Context, x, y []tape.Num) tape.Num {
	d := make([]tape.Num, len(x))
	for i := range d {
		d[i] = c.sub(x[i], y[i])
	}
	return c.dot(d, d)
}

// logSumExpFunction is log_sum_exp of a container, or elementwise of two arguments.
func logSumExpFunction() *Function {
	return &Function{"log_sum_exp", append(sigs(realContainers+" => real"), binarySignature...), func(c *Context, a []Value) (Value, error) {
		if len(a) == 1 {
			return Scalar(c.logSumExp(a[0].Nums())), nil
		}
		return zip("log_sum_exp", a[0], a[1], func(x, y tape.Num) tape.Num { return c.logSumExp([]tape.Num{x, y}) })
	}}
}

// reduction2 is a function of two containers of equal size.
func reduction2(name string, s []syntax.Signature, f func(c *Context, x, y []tape.Num) tape.Num) *Function {
	return &Function{name, s, func(c *Context, a []Value) (Value, error) {
		if a[0].Len() != a[1].Len() {
			return Value{}, sizeMismatch(name, "size of v1", a[0].Len(), "size of v2", a[1].Len())
		}
		return Scalar(f(c, a[0].Nums(), a[1].Nums())), nil
	}}
}

// quantile interpolates between order statistics (type 7 of Hyndman and Fan 1996).
func quantile() *Function {
	return &Function{"quantile", sigs("vector|row_vector|array[] real, real => real", "vector|row_vector|array[] real, array[] real => array[] real"),
		func(c *Context, a []Value) (Value, error) {
			if a[0].Len() == 0 {
				return Value{}, errorf("quantile: samples_vec has size 0, but must have a non-zero size")
			}
			if err := c.check("quantile", "p", probability, a[1].Nums(), !a[1].IsScalar()); err != nil {
				return Value{}, err
			}
			sorted, err := sortedOrder(c, "quantile", a[0], false)
			if err != nil {
				return Value{}, err
			}
			return mapValue(a[1], func(p tape.Num) tape.Num {
				h := float64(len(sorted)-1) * p.V
				low := int(h)
				high := min(low+1, len(sorted)-1)
				x, y := a[0].At(sorted[low]), a[0].At(sorted[high])
				return c.add(x, c.scale(h-float64(low), c.sub(y, x)))
			}), nil
		}}
}
