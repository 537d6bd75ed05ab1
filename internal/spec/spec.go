// Package spec reads things named on a command line with numbers as their
// parameters: NAME[:param=value,...].
package spec

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Param is a numeric parameter with its default.
type Param struct {
	Name    string
	Default float64
	Help    string // meaning, range, unit
}

// Values are the parameters of one name, defaults filled in.
type Values struct {
	what, name string
	params     []Param
	number     []float64
}

// Name is the part of a specification before the colon.
func Name(text string) string {
	name, _, _ := strings.Cut(text, ":")
	return strings.TrimSpace(name)
}

// Parse reads the parameters of a specification whose name is known. The kind of
// thing that is named, such as "functional", begins every error.
func Parse(kind, text string, params []Param) (Values, error) {
	name, rest, _ := strings.Cut(text, ":")
	v := Values{what: kind, name: strings.TrimSpace(name), params: params, number: make([]float64, len(params))}
	names := make([]string, len(params))
	for i, p := range params {
		v.number[i], names[i] = p.Default, p.Name
	}
	if strings.TrimSpace(rest) == "" {
		return v, nil
	}
	given := make([]bool, len(params))
	for part := range strings.SplitSeq(rest, ",") {
		key, value, ok := strings.Cut(part, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok {
			return v, fmt.Errorf("%s %s: %q is not of the form param=value", kind, v.name, strings.TrimSpace(part))
		}
		at := -1
		for i, n := range names {
			if n == key {
				at = i
			}
		}
		if at < 0 {
			if len(names) == 0 {
				return v, fmt.Errorf("%s %s has no parameters, %q was given", kind, v.name, key)
			}
			return v, fmt.Errorf("%s %s has no parameter %q: known are %s", kind, v.name, key, strings.Join(names, ", "))
		}
		if given[at] {
			return v, fmt.Errorf("%s %s: parameter %s is given twice", kind, v.name, key)
		}
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, fmt.Errorf("%s %s: %s=%s is not a finite number", kind, v.name, key, value)
		}
		v.number[at], given[at] = x, true
	}
	return v, nil
}

// Get returns a parameter. It panics on a name that is none of them.
func (v Values) Get(name string) float64 {
	for i, p := range v.params {
		if p.Name == name {
			return v.number[i]
		}
	}
	panic("spec: " + v.name + " declares no " + name)
}

// Positive returns a parameter that must be positive.
func (v Values) Positive(name string) (float64, error) {
	x := v.Get(name)
	if !(x > 0) {
		return 0, v.Refuse(name, "a positive number")
	}
	return x, nil
}

// Within returns a parameter that must lie in [low, high].
func (v Values) Within(name string, low, high float64) (float64, error) {
	x := v.Get(name)
	if !(x >= low && x <= high) {
		return 0, v.Refuse(name, fmt.Sprintf("a number from %g to %g", low, high))
	}
	return x, nil
}

// Integer returns a parameter that must be a whole number of at least low.
func (v Values) Integer(name string, low int) (int, error) {
	x := v.Get(name)
	if x != math.Trunc(x) || x < float64(low) || x > 1e9 {
		return 0, v.Refuse(name, fmt.Sprintf("a whole number of at least %d", low))
	}
	return int(x), nil
}

// Refuse is the error for a parameter outside its range.
func (v Values) Refuse(name, want string) error {
	return fmt.Errorf("%s %s: %s is %g, want %s", v.what, v.name, name, v.Get(name), want)
}
