package library

import (
	"sort"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// sortedOrder gives the places (from 0) of the numbers in ascending or descending order; equal ones keep their order.
// Only constants have an order while recording.
func sortedOrder(c *Context, function string, v Value, descending bool) ([]int, error) {
	if !v.IsConst() {
		return nil, errorf("%s: the argument depends on parameters, but its order must be known", function)
	}
	if err := c.check(function, "container argument", notNaN, v.Nums(), true); err != nil {
		return nil, err
	}
	order := make([]int, v.Len())
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool {
		x, y := v.Data[order[i]], v.Data[order[j]]
		if descending {
			return x > y
		}
		return x < y
	})
	return order, nil
}

func sorting() []*Function {
	same := []string{"vector => vector", "row_vector => row_vector", "array[] int => array[] int", "array[] real => array[] real"}
	var fs []*Function
	for _, direction := range []string{"asc", "desc"} {
		descending := direction == "desc"
		name, indices := "sort_"+direction, "sort_indices_"+direction
		fs = append(fs, &Function{name, sigs(same...), func(c *Context, a []Value) (Value, error) {
			if !a[0].IsConst() {
				return sortNetwork(c, a[0], descending), nil
			}
			order, err := sortedOrder(c, name, a[0], descending)
			out := New(a[0].Type, a[0].Dims...)
			for i, k := range order {
				out.Data[i] = a[0].Data[k]
			}
			return out, err
		}}, &Function{indices, sigs("vector|row_vector|array[] real|array[] int => array[] int"), func(c *Context, a []Value) (Value, error) {
			order, err := sortedOrder(c, indices, a[0], descending)
			out := New(syntax.ArrayOf(IntType, 1), len(order))
			for i, k := range order {
				out.Data[i] = float64(k + 1)
			}
			return out, err
		}})
	}
	return append(fs, &Function{"rank", sigs("vector|row_vector|array[] real|array[] int, int => int"), func(c *Context, a []Value) (Value, error) {
		i := a[1].Int()
		if i < 1 || i > a[0].Len() {
			return Value{}, errorf("rank: accessing element out of range. index %d out of range; expecting index to be between 1 and %d", i, a[0].Len())
		}
		smaller := num(0)
		for k := range a[0].Data {
			smaller = c.add(smaller, c.less(a[0].At(k), a[0].At(i-1)))
		}
		return integer(smaller), nil
	}})
}

// sortNetwork sorts traced numbers by exchanging neighbours (odd-even transposition): n(n-1) operations.
func sortNetwork(c *Context, v Value, descending bool) Value {
	x := v.Nums()
	lo, hi := tape.Min, tape.Max
	if descending {
		lo, hi = hi, lo
	}
	for round := range x {
		for i := round % 2; i+1 < len(x); i += 2 {
			x[i], x[i+1] = c.op2(lo, x[i], x[i+1]), c.op2(hi, x[i], x[i+1])
		}
	}
	return FromNums(v.Type, v.Dims, x)
}
