package library

import (
	"bufio"
	"compress/gzip"
	"os"
	"strings"
	"testing"

	"wgf/target/stan/syntax"
)

// stanSignatures reads testdata/signatures.txt.gz: what `stanc --dump-stan-math-signatures` (2.39) lists for the
// functions of this table, without complex numbers and arrays of three and more dimensions.
func stanSignatures(t *testing.T) []string {
	f, err := os.Open("testdata/signatures.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for s := bufio.NewScanner(z); s.Scan(); {
		lines = append(lines, s.Text())
	}
	return lines
}

func resolve(f *Function, given []syntax.Type) (syntax.Type, bool) {
	for _, s := range f.Signatures {
		if _, result, ok := s.Match(given); ok {
			return result, true
		}
	}
	return syntax.Type{}, false
}

func parseTypes(args string) []syntax.Type {
	var types []syntax.Type
	for _, a := range splitArgs(args) {
		types = append(types, parseType(a))
	}
	return types
}

// Every signature that Stan has for a supported function is accepted, with Stan's type of the result.
func TestAcceptsStansSignatures(t *testing.T) {
	table := All()
	seen := map[string]bool{}
	for _, line := range stanSignatures(t) {
		call, result, _ := strings.Cut(line, ") => ")
		name, args, _ := strings.Cut(call, "(")
		seen[name] = true
		f := table.Function(name)
		if f == nil {
			t.Errorf("no function %s", name)
			continue
		}
		if got, ok := resolve(f, parseTypes(args)); !ok || !got.Equal(parseType(result)) {
			t.Errorf("%s: got %s (%v)", line, got, ok)
		}
	}
	for _, name := range table.Names() {
		if !seen[name] {
			t.Errorf("Stan has no function %s", name)
		}
	}
}

// What Stan does not accept after promoting ints to reals is not accepted here: all combinations of up to three types.
func TestAcceptsNothingElse(t *testing.T) {
	table := All()
	known := map[string]bool{}
	for _, line := range stanSignatures(t) {
		call, _, _ := strings.Cut(line, ") => ")
		known[call] = true
	}
	pool := []string{"int", "real", "vector", "row_vector", "matrix", "array[] int", "array[] real", "array[] vector",
		"array[] row_vector", "array[,] int", "array[,] real", "array[,] vector"}
	types := make([]syntax.Type, len(pool))
	for i, p := range pool {
		types[i] = parseType(p)
	}
	acceptedByStan := func(name string, places []int) bool {
		for mask := range 1 << len(places) {
			words := make([]string, len(places))
			for i, p := range places {
				words[i] = pool[p]
				if mask>>i&1 == 1 {
					words[i] = strings.Replace(words[i], "int", "real", 1)
				}
			}
			if known[name+"("+strings.Join(words, ", ")] {
				return true
			}
		}
		return false
	}
	for _, name := range table.Names() {
		f := table.Function(name)
		for n := range 4 {
			for code := range pow(len(pool), n) {
				places, given := make([]int, n), make([]syntax.Type, n)
				for i := range n {
					places[i] = code % len(pool)
					given[i] = types[places[i]]
					code /= len(pool)
				}
				if _, ok := resolve(f, given); ok && !acceptedByStan(name, places) {
					t.Errorf("%s accepts %v, Stan does not", name, given)
				}
			}
		}
	}
}

func pow(x, n int) int {
	out := 1
	for range n {
		out *= x
	}
	return out
}
