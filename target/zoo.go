package target

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"wgf/internal/rng"
)

// Entry describes one member of the zoo.
type Entry struct {
	Name        string
	Description string
	Params      []Param
	build       func(values) (Density, error)
}

// Param is a parameter of a member with its default.
type Param struct {
	Name        string
	Default     float64
	Description string
}

// Catalogue lists the members of the zoo by name.
func Catalogue() []Entry {
	return []Entry{
		bananaEntry(), betaEntry(), brownianEntry(), eightSchoolsEntry(), funnelEntry(), gaussianEntry(), gumbelEntry(),
		mixtureEntry(), multivariateTEntry(), ringEntry(), rosenbrockEntry(), studentEntry(), truncatedGaussianEntry(),
	}
}

// Parse builds a member of the zoo from NAME[:param=value,...], for example
// "funnel" or "gaussian:dim=100,condition=1e4".
func Parse(spec string) (Density, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(spec), ":")
	var names []string
	for _, e := range Catalogue() {
		if e.Name == name {
			v, err := e.parse(rest)
			if err != nil {
				return nil, err
			}
			return e.build(v)
		}
		names = append(names, e.Name)
	}
	return nil, fmt.Errorf("unknown target %q: %s", name, suggest(name, names))
}

// Spec is the entry with its defaults, as Parse reads it.
func (e Entry) Spec() string {
	parts := make([]string, len(e.Params))
	for i, p := range e.Params {
		parts[i] = p.Name + "=" + strconv.FormatFloat(p.Default, 'g', -1, 64)
	}
	if len(parts) == 0 {
		return e.Name
	}
	return e.Name + ":" + strings.Join(parts, ",")
}

// values are an entry's parameters, defaults filled in.
type values struct {
	entry  Entry
	number []float64
}

func (e Entry) parse(text string) (values, error) {
	v := values{entry: e, number: make([]float64, len(e.Params))}
	names := make([]string, len(e.Params))
	for i, p := range e.Params {
		v.number[i], names[i] = p.Default, p.Name
	}
	if strings.TrimSpace(text) == "" {
		return v, nil
	}
	given := make([]bool, len(e.Params))
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(part, "=")
		key = strings.TrimSpace(key)
		if !ok {
			return v, fmt.Errorf("target %s: %q is not of the form param=value", e.Name, strings.TrimSpace(part))
		}
		at := -1
		for i, n := range names {
			if n == key {
				at = i
			}
		}
		if at < 0 {
			return v, fmt.Errorf("target %s has no parameter %q: %s", e.Name, key, suggest(key, names))
		}
		if given[at] {
			return v, fmt.Errorf("target %s: parameter %s is given twice", e.Name, key)
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, fmt.Errorf("target %s: %s=%s is not a finite number", e.Name, key, strings.TrimSpace(value))
		}
		v.number[at], given[at] = x, true
	}
	return v, nil
}

// get returns a parameter. It panics on a name that the entry does not declare.
func (v values) get(name string) float64 {
	for i, p := range v.entry.Params {
		if p.Name == name {
			return v.number[i]
		}
	}
	panic("target: entry " + v.entry.Name + " declares no " + name)
}

// integer returns a parameter that must be a whole number of at least low.
func (v values) integer(name string, low int) (int, error) {
	x := v.get(name)
	if x != math.Trunc(x) || x < float64(low) || x > 1e6 {
		return 0, v.refuse(name, fmt.Sprintf("a whole number of at least %d", low))
	}
	return int(x), nil
}

func (v values) dim(low int) (int, error) { return v.integer("dim", low) }

// positive returns a parameter that must be positive.
func (v values) positive(name string) (float64, error) {
	x := v.get(name)
	if !(x > 0) {
		return 0, v.refuse(name, "a positive number")
	}
	return x, nil
}

// refuse is the error for a parameter outside its range.
func (v values) refuse(name, want string) error {
	return fmt.Errorf("target %s: %s is %g, want %s", v.entry.Name, name, v.get(name), want)
}

// suggest is the tail of an error about an unknown name.
func suggest(name string, known []string) string {
	if len(known) == 0 {
		return "there are none"
	}
	best, distance := "", len(name)/2+2
	for _, k := range known {
		if d := editDistance(name, k); d < distance {
			best, distance = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q? (known: %s)", best, strings.Join(known, ", "))
	}
	return "known are " + strings.Join(known, ", ")
}

// editDistance is the Levenshtein distance.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// sampleEach draws n points one by one, each from a source of its own, so that
// draw i is the same for every n.
func sampleEach(dst []float64, d, n int, seed uint64, draw func(r *rand.Rand, x []float64)) {
	if len(dst) != n*d {
		panic("target: batch and dimension do not fit")
	}
	key := rng.New(seed, rng.Target)
	x := make([]float64, d)
	for i := range n {
		clear(x)
		draw(rand.New(key.Source(uint64(i), 1)), x)
		for k, v := range x {
			dst[k*n+i] = v
		}
	}
}

func clone(v []float64) []float64 { return append([]float64(nil), v...) }

// constant is a vector of d equal numbers.
func constant(d int, v float64) []float64 {
	out := make([]float64, d)
	for k := range out {
		out[k] = v
	}
	return out
}

// diagonal is a row-major matrix with the given diagonal.
func diagonal(v []float64) []float64 {
	d := len(v)
	out := make([]float64, d*d)
	for k, a := range v {
		out[k*d+k] = a
	}
	return out
}
