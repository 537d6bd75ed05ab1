package library

import (
	"math/rand/v2"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// Context is what a function needs besides its arguments.
type Context struct {
	// T is the trace that functions of traced arguments record into. It may be nil where everything is constant.
	T *tape.Trace
	// Propto lets _lupdf, _lupmf and `~` drop the terms that are constant in the parameters.
	Propto bool
	// RNG is the source of the _rng functions; nil where these are not allowed.
	RNG *rand.Rand

	scratch []tape.Num // working space of the densities
}

// Function is a function of the library.
type Function struct {
	Name string
	// Signatures are all ways of calling it; patterns keep families short.
	Signatures []syntax.Signature
	// Eval computes the function. The arguments must fit one of the signatures; ints may stand for reals. An error
	// is a sentence in Stan's wording that begins with the name of the function; it means that the arguments are
	// outside the domain (the statement is rejected) or that sizes do not match.
	Eval func(c *Context, args []Value) (Value, error)
}
