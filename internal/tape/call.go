package tape

import "slices"

// Func is a scalar function in Go, for special functions that have no operation of their own. Value and Partials must
// be safe for concurrent use. A Func is compared by its address: use one variable for one function.
type Func struct {
	Name  string
	Value func(x []float64) float64
	// Partials writes the partial derivatives by every argument to dx.
	Partials func(x, dx []float64)
}

// Call records a call of a Go function; it runs once for each particle. Constant arguments fold.
func (t *Trace) Call(f *Func, args ...Num) Num {
	if t.full(1) {
		return Num{}
	}
	return t.g.call(opCall, args, t.g.function(f), 0)
}

// function is the number of a function, which is added if it is new.
func (g *graph) function(f *Func) int32 {
	for i, h := range g.funcs {
		if h == f {
			return int32(i)
		}
	}
	g.funcs = append(slices.Clip(g.funcs), f)
	return int32(len(g.funcs) - 1)
}
