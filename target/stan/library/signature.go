package library

import (
	"strings"

	"wgf/target/stan/syntax"
)

// sigs reads signatures, one a line of text, in Stan's spelling: "vector, int => real". An argument may be
//
//	int, real, vector, row_vector, matrix, array[] int, array[,] real ...
//	vector|row_vector   one of several types
//	reals, ints         a scalar, or a one-dimensional container of scalars
//	T, array[] T        any type; every T of a signature is the same
//
// As a result, reals (ints) is a scalar if all arguments of such a pattern are scalars, an array otherwise.
func sigs(lines ...string) []syntax.Signature {
	out := make([]syntax.Signature, len(lines))
	for i, line := range lines {
		out[i] = sig(line)
	}
	return out
}

func sig(line string) syntax.Signature {
	left, right, ok := strings.Cut(line, "=>")
	if !ok {
		panic("library: signature without result: " + line)
	}
	var args [][]syntax.Type
	var shown []syntax.Type
	for _, word := range splitArgs(left) {
		var alternatives []syntax.Type
		for _, w := range strings.Split(word, "|") {
			alternatives = append(alternatives, parseType(w))
		}
		args, shown = append(args, alternatives), append(shown, alternatives[0])
	}
	result := parseType(right)
	return syntax.Signature{
		Args: shown, Result: result, Text: "(" + strings.TrimSpace(left) + ") => " + strings.TrimSpace(right),
		Match: func(given []syntax.Type) ([]syntax.Type, syntax.Type, bool) { return match(args, result, given) },
	}
}

// splitArgs splits at the commas outside brackets.
func splitArgs(s string) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range s {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == ',' && depth == 0:
			out, from = append(out, s[from:i]), i+1
		}
	}
	if strings.TrimSpace(s[from:]) != "" {
		out = append(out, s[from:])
	}
	return out
}

func parseType(word string) syntax.Type {
	word = strings.TrimSpace(word)
	dims := 0
	if rest, isArray := strings.CutPrefix(word, "array["); isArray {
		commas, element, _ := strings.Cut(rest, "]")
		dims, word = 1+len(commas), strings.TrimSpace(element)
	}
	for _, k := range []syntax.Kind{syntax.Void, syntax.Int, syntax.Real, syntax.Vector, syntax.RowVector, syntax.Matrix,
		syntax.Reals, syntax.Ints} {
		if word == k.String() {
			return syntax.ArrayOf(syntax.TypeOf(k), dims)
		}
	}
	if word != "T" {
		panic("library: unknown type in a signature: " + word)
	}
	return syntax.ArrayOf(syntax.TypeOf(syntax.Any), dims)
}

// match finds the parameter types for the given argument types.
func match(args [][]syntax.Type, result syntax.Type, given []syntax.Type) ([]syntax.Type, syntax.Type, bool) {
	if len(args) != len(given) {
		return nil, syntax.Type{}, false
	}
	params := make([]syntax.Type, len(given))
	var bound syntax.Type // what T stands for
	scalars := true
	for i, g := range given {
		p, ok := matchOne(args[i], g, &bound)
		if !ok {
			return nil, syntax.Type{}, false
		}
		if k := args[i][0].Kind; k == syntax.Reals || k == syntax.Ints {
			scalars = scalars && g.Scalar()
		}
		params[i] = p
	}
	switch result.Kind {
	case syntax.Any:
		result = syntax.ArrayOf(bound, result.ArrayDims)
	case syntax.Reals, syntax.Ints:
		kind := syntax.Real
		if result.Kind == syntax.Ints {
			kind = syntax.Int
		}
		result = syntax.TypeOf(kind)
		if !scalars {
			result.ArrayDims = 1
		}
	}
	return params, result, true
}

func matchOne(alternatives []syntax.Type, g syntax.Type, bound *syntax.Type) (syntax.Type, bool) {
	for _, promote := range []bool{false, true} {
		for _, a := range alternatives {
			switch a.Kind {
			case syntax.Any:
				t := g
				if t.ArrayDims -= a.ArrayDims; t.ArrayDims < 0 {
					continue
				}
				if bound.Kind == syntax.Invalid {
					*bound = t
				}
				if bound.Equal(t) {
					return g, true
				}
			case syntax.Reals:
				scalar := (g.Kind == syntax.Int || g.Kind == syntax.Real) && g.ArrayDims <= 1
				if scalar || (g.Kind == syntax.Vector || g.Kind == syntax.RowVector) && g.ArrayDims == 0 {
					return toReal(g), true
				}
			case syntax.Ints:
				if g.Kind == syntax.Int && g.ArrayDims <= 1 {
					return g, true
				}
			default:
				t := g
				if promote {
					t = toReal(g)
				}
				if t.Equal(a) {
					return t, true
				}
			}
		}
	}
	return syntax.Type{}, false
}

// toReal is the type with int replaced by real.
func toReal(t syntax.Type) syntax.Type {
	if t.Kind == syntax.Int {
		t.Kind = syntax.Real
	}
	return t
}
