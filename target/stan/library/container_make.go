package library

import (
	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// constants lists the functions without arguments.
func constants() []*Function {
	value := func(name string, v float64) *Function {
		return &Function{name, sigs("=> real"), func(*Context, []Value) (Value, error) { return Real(v), nil }}
	}
	return []*Function{
		value("pi", 3.14159265358979323846264338327950288419716939937510582097494459),
		value("e", 2.71828182845904523536028747135266249775724709369995957496696763),
		value("sqrt2", 1.41421356237309504880168872420969807856967187537694807317667974),
		value("machine_precision", 0x1p-52),
		value("not_a_number", nan), value("positive_infinity", inf), value("negative_infinity", -inf),
	}
}

// made lists the functions that make constant containers of a given size: f(i, n, args) is element i of n.
func made() []*Function {
	type kind struct {
		suffix string
		t      syntax.Type
		result string
	}
	kinds := []kind{
		{"_vector", VectorType, "vector"}, {"_row_vector", RowVectorType, "row_vector"},
		{"_array", syntax.ArrayOf(RealType, 1), "array[] real"}, {"_int_array", syntax.ArrayOf(IntType, 1), "array[] int"},
	}
	var fs []*Function
	add := func(prefix, realArgs, intArgs string, f func(i, n int, a []Value) float64, check func(name string, a []Value) error) {
		for _, k := range kinds {
			args := realArgs
			if k.suffix == "_int_array" {
				args = intArgs
			}
			name := prefix + k.suffix
			fs = append(fs, &Function{name, sigs(args + " => " + k.result), func(c *Context, a []Value) (Value, error) {
				if err := checkCount(name, "size", a[0]); err != nil {
					return Value{}, err
				}
				if err := check(name, a); err != nil {
					return Value{}, err
				}
				n := a[0].Int()
				out := New(k.t, n)
				for i := range out.Data {
					out.Data[i] = f(i, n, a)
				}
				return out, nil
			}})
		}
	}
	none := func(string, []Value) error { return nil }
	add("zeros", "int", "int", func(i, n int, a []Value) float64 { return 0 }, none)
	add("ones", "int", "int", func(i, n int, a []Value) float64 { return 1 }, none)
	add("one_hot", "int, int", "int, int", func(i, n int, a []Value) float64 {
		if i+1 == a[1].Int() {
			return 1
		}
		return 0
	}, func(name string, a []Value) error {
		if k := a[1].Int(); k < 1 || k > a[0].Int() {
			return errorf("%s: k is %d, but must be in the interval [1, %d]", name, k, a[0].Int())
		}
		return nil
	})
	add("linspaced", "int, real, real", "int, int, int", linspaced, none)
	return append(fs,
		&Function{"identity_matrix", sigs("int => matrix"), func(c *Context, a []Value) (Value, error) {
			return identity(a[0].Int()), checkCount("identity_matrix", "size", a[0])
		}},
		&Function{"uniform_simplex", sigs("int => vector"), func(c *Context, a []Value) (Value, error) {
			n := a[0].Int()
			if n < 1 {
				return Value{}, errorf("uniform_simplex: size is %d, but must be positive!", n)
			}
			return Filled(VectorType, 1/float64(n), n), nil
		}})
}

// linspaced is element i of n evenly spaced numbers; ints are spaced by the whole part of the step.
func linspaced(i, n int, a []Value) float64 {
	lo, hi := a[1].Data[0], a[2].Data[0]
	if n == 1 {
		return hi
	}
	if a[1].Type.Kind == syntax.Int && a[2].Type.Kind == syntax.Int {
		return lo + float64(i*(int(hi-lo)/(n-1)))
	}
	return lo + (hi-lo)/float64(n-1)*float64(i)
}

// maps lists functions from a container to one of the same size.
func maps() []*Function {
	vectorFunction := func(name string, f func(c *Context, x []tape.Num) []tape.Num) *Function {
		return &Function{name, sigs("vector => vector"), func(c *Context, a []Value) (Value, error) {
			return VectorOf(f(c, a[0].Nums())), nil
		}}
	}
	logSoftmax := func(c *Context, x []tape.Num) []tape.Num {
		total := c.logSumExp(x)
		for i := range x {
			x[i] = c.sub(x[i], total)
		}
		return x
	}
	return []*Function{
		vectorFunction("log_softmax", logSoftmax),
		vectorFunction("softmax", func(c *Context, x []tape.Num) []tape.Num {
			x = logSoftmax(c, x)
			for i := range x {
				x[i] = c.exp(x[i])
			}
			return x
		}),
		{"cumulative_sum", sigs("vector => vector", "row_vector => row_vector", "array[] int => array[] int", "array[] real => array[] real"),
			func(c *Context, a []Value) (Value, error) {
				out := New(a[0].Type, a[0].Dims...)
				sum := num(0)
				for i := range out.Data {
					sum = c.add(sum, a[0].At(i))
					out.Set(i, sum)
				}
				return out, nil
			}},
		{"int_step", sigs("int|real => int"), func(c *Context, a []Value) (Value, error) { return integer(c.less(num(0), a[0].Num())), nil }},
		{"step", sigs("real => real"), func(c *Context, a []Value) (Value, error) { return Scalar(c.atMost(num(0), a[0].Num())), nil }},
		{"is_nan", sigs("real => int"), func(c *Context, a []Value) (Value, error) {
			return integer(c.op2(tape.NE, a[0].Num(), a[0].Num())), nil
		}},
		{"is_inf", sigs("real => int"), func(c *Context, a []Value) (Value, error) {
			return integer(c.op2(tape.EQ, c.abs(a[0].Num()), num(inf))), nil
		}},
		{"to_int", toIntSignature, toInt},
	}
}

// toIntSignature takes ints, reals and arrays of them.
var toIntSignature = []syntax.Signature{{
	Args: []syntax.Type{syntax.TypeOf(syntax.Any)}, Result: IntType, Text: "(T) => T of ints",
	Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
		if len(given) != 1 || given[0].Kind != syntax.Int && given[0].Kind != syntax.Real {
			return nil, syntax.Type{}, false
		}
		result := given[0]
		result.Kind = syntax.Int
		return given, result, true
	},
}}

// toInt cuts off the fraction; what depends on parameters has no value while recording.
func toInt(c *Context, a []Value) (Value, error) {
	out := New(a[0].Type, a[0].Dims...)
	for i := range out.Data {
		x := a[0].At(i)
		if x.Ref != 0 {
			return Value{}, errorf("to_int: x depends on parameters, but must be data")
		}
		if !isFinite(x.V) {
			return Value{}, errorf("to_int: x is %s, but must be finite!", show(x.V))
		}
		out.Data[i] = tape.Eval1(tape.Trunc, x.V)
	}
	out.Type.Kind = syntax.Int
	return out, nil
}
