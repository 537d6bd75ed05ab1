package syntax

import "strings"

// Signature is one way of calling a library function.
//
// Args and Result hold concrete types or patterns (Reals, Ints, Vectors, Each, Any), so that a vectorised family is
// one line: normal_lpdf is {Args: {Reals, Reals, Reals}, Result: Real}, exp is {Args: {Each}, Result: Each}.
// A pattern may be given array dimensions only with the kind Any. Where patterns do not suffice, Match decides.
type Signature struct {
	Args     []Type
	Result   Type
	DataOnly []bool // arguments that must not depend on parameters; nil: none
	// Match, where set, decides instead of Args (which then only serve to show the signature): it is given the types
	// of the arguments as written and returns the types that they are to be promoted to and that of the result.
	// The types given must not be modified.
	Match func(args []Type) (params []Type, result Type, ok bool)
	// Supplied is set where the first argument is a function that the call passes trailing arguments on to: the number of
	// leading parameters that the functional supplies itself (2 for an ODE solver: time and state). Arguments passed on
	// to a parameter declared data must then not depend on parameters.
	Supplied int
	// Text, where not empty, is shown in error messages instead of Args and Result.
	Text string
}

// Functions is what the checker knows about the function library.
type Functions interface {
	// Signatures returns the signatures of a function, nil if there is none of that name. Distributions appear under
	// their full names (normal_lpdf, poisson_lpmf, normal_lccdf, normal_rng); `~` is resolved through _lpdf and _lpmf,
	// truncation through _lcdf and _lccdf, _lupdf and _lupmf through _lpdf and _lpmf.
	Signatures(name string) []Signature
	// Names returns all names that have signatures, sorted or not; used for suggestions.
	Names() []string
}

// Resolved is a signature with the concrete types of one call.
type Resolved struct {
	Name   string // full name under which Functions knows it
	Index  int    // index into Functions.Signatures(Name)
	Params []Type // concrete parameter types; the arguments have been promoted to them
	Result Type
}

// String shows the signature as "(vector, reals) => real".
func (s Signature) String() string {
	if s.Text != "" {
		return s.Text
	}
	var b strings.Builder
	b.WriteString("(")
	writeTypes(&b, s.Args, s.DataOnly)
	b.WriteString(") => ")
	b.WriteString(s.Result.String())
	return b.String()
}
