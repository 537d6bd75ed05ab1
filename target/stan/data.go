package stan

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Data are named values, as a data file or a file of initial values gives them: numbers and rectangular arrays of
// numbers, outermost dimension first (a matrix row by row). They know nothing of a program; Bind and Unconstrain
// hold them against its declarations.
type Data struct {
	file    string
	entries []*entry
	index   map[string]int
}

// entry is one variable of a data file.
type entry struct {
	name string
	line int
	dims []int
	vals []float64
	// real is the place of the first number that is not written as a whole number, -1 where there is none.
	real    int
	realRaw string
	// wide holds whole numbers beyond 2^53 as they are written.
	wide map[int]string
	// problem says why the entry is no value of a supported type; reported only where a program asks for it.
	problem string
}

// NewData returns an empty set of values; name stands for the file in errors.
func NewData(name string) *Data { return &Data{file: name, index: map[string]int{}} }

// Set gives a variable a value, row by row, replacing one of that name. Values that are whole numbers also serve as
// int. It panics where dims and values do not fit.
func (d *Data) Set(name string, dims []int, values ...float64) {
	n := 1
	for _, k := range dims {
		n *= k
	}
	if n != len(values) {
		panic(fmt.Sprintf("stan: %d numbers for dimensions %v", len(values), dims))
	}
	e := &entry{name: name, dims: slices.Clone(dims), vals: slices.Clone(values), real: -1}
	for i, v := range values {
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			e.real, e.realRaw = i, formatReal(v)
			break
		}
	}
	if i, ok := d.index[name]; ok {
		d.entries[i] = e
		return
	}
	d.index[name] = len(d.entries)
	d.entries = append(d.entries, e)
}

// Names returns the names of the variables in the order of the file.
func (d *Data) Names() []string {
	names := make([]string, len(d.entries))
	for i, e := range d.entries {
		names[i] = e.name
	}
	return names
}

// Value returns the dimensions and the numbers of a variable, row by row.
func (d *Data) Value(name string) (dims []int, values []float64, ok bool) {
	e := d.lookup(name)
	if e == nil || e.problem != "" {
		return nil, nil, false
	}
	return slices.Clone(e.dims), slices.Clone(e.vals), true
}

func (d *Data) lookup(name string) *entry {
	if d == nil {
		return nil
	}
	if i, ok := d.index[name]; ok {
		return d.entries[i]
	}
	return nil
}

// where is the place of an entry for the start of an error.
func (d *Data) where(e *entry) string {
	if e.line == 0 {
		return d.file
	}
	return d.file + ":" + strconv.Itoa(e.line)
}

// ReadData reads Stan JSON: one object whose members are numbers, arrays of numbers, and the texts "NaN", "Inf",
// "-Inf", "+inf", "Infinity" in their place. file is the name that errors begin with. Errors name the line.
func ReadData(file string, src []byte) (*Data, error) {
	r := newReader(file, src)
	d, err := r.data()
	if err != nil {
		return nil, err
	}
	return d, r.end()
}

// ReadDataList reads one object, or an array of objects, as a file of initial values may hold them: one for all
// superchains or one for each.
func ReadDataList(file string, src []byte) ([]*Data, error) {
	r := newReader(file, src)
	if r.peek() != '[' {
		d, err := r.data()
		if err != nil {
			return nil, err
		}
		return []*Data{d}, r.end()
	}
	r.at++
	var out []*Data
	for r.peek() != ']' || len(out) > 0 {
		d, err := r.data()
		if err != nil {
			return nil, err
		}
		out = append(out, d)
		if r.peek() != ',' {
			break
		}
		r.at++
	}
	if r.peek() != ']' {
		return nil, r.errorf("expected a comma or ] after an object, found %s", r.found())
	}
	r.at++
	return out, r.end()
}

func newReader(file string, src []byte) *jsonReader {
	r := &jsonReader{file: file, src: src, line: 1}
	if len(src) >= 3 && src[0] == 0xEF && src[1] == 0xBB && src[2] == 0xBF {
		r.at = 3 // byte order mark
	}
	return r
}

func (r *jsonReader) end() error {
	if r.peek() != 0 || r.at < len(r.src) {
		return r.errorf("expected the end of the file after the data, found %s", r.found())
	}
	return nil
}

func (r *jsonReader) data() (*Data, error) {
	if r.peek() == 0 && r.at >= len(r.src) {
		return nil, r.errorf("the file is empty; expected an object { \"name\": value, ... }")
	}
	d := NewData(r.file)
	err := r.object(func(name string, line int) error {
		if old := d.lookup(name); old != nil {
			return r.errorf("variable %q is given twice, first in line %d", name, old.line)
		}
		e := &entry{name: name, line: line, real: -1}
		if err := e.read(r); err != nil {
			return err
		}
		d.index[name] = len(d.entries)
		d.entries = append(d.entries, e)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// read reads the value of an entry. Only what is no JSON at all is an error here; what is JSON but no value of Stan
// becomes the entry's problem.
func (e *entry) read(r *jsonReader) error {
	shape := shapeReader{e: e, r: r}
	if err := shape.value(0); err != nil {
		return err
	}
	if e.problem != "" {
		e.dims, e.vals = nil, nil
		return nil
	}
	e.dims = shape.dims[:len(shape.dims):len(shape.dims)]
	return nil
}

// shapeReader finds the dimensions of nested arrays while it reads them.
type shapeReader struct {
	e     *entry
	r     *jsonReader
	dims  []int // dimensions known so far
	leaf  int   // depth of the numbers + 1, 0 where none has been seen
	known []bool
	outer int // depth at which the value stands within objects
}

func (s *shapeReader) problem(format string, args ...any) {
	if s.e.problem == "" {
		s.e.problem = fmt.Sprintf(format, args...)
	}
}

func (s *shapeReader) value(depth int) error {
	if s.outer+depth > maxNesting {
		return s.r.errorf("variable %q is nested deeper than %d arrays", s.e.name, maxNesting)
	}
	switch c := s.r.peek(); c {
	case '[':
		return s.array(depth)
	case '{':
		s.problem("it is an object (a tuple), which is not supported")
		return s.r.object(func(string, int) error {
			member := shapeReader{e: &entry{name: s.e.name, real: -1}, r: s.r, outer: s.outer + depth + 1}
			return member.value(0)
		})
	case '"':
		text, err := s.r.text()
		if err != nil {
			return err
		}
		v, ok := specials[text]
		if !ok {
			s.problem("%q is a text, not a number", text)
		}
		s.number(depth, v, text, false)
		return nil
	default:
		for _, word := range []string{"true", "false", "null"} {
			if rest := s.r.src[s.r.at:]; len(rest) >= len(word) && string(rest[:len(word)]) == word {
				s.r.at += len(word)
				s.problem("%s is not a number", word)
				return nil
			}
		}
		if c == 0 || c == ',' || c == ']' || c == '}' {
			return s.r.errorf("expected the value of variable %q, found %s", s.e.name, s.r.found())
		}
		v, raw, integer, err := s.r.number()
		if err != nil {
			return fmt.Errorf("%w, in variable %q", err, s.e.name)
		}
		s.number(depth, v, raw, integer)
		return nil
	}
}

func (s *shapeReader) number(depth int, v float64, raw string, integer bool) {
	if s.leaf == 0 {
		s.leaf = depth + 1
	}
	if s.leaf != depth+1 || depth < len(s.dims) {
		s.problem("numbers and arrays stand side by side in it")
		return
	}
	e := s.e
	if !integer && e.real < 0 {
		e.real, e.realRaw = len(e.vals), raw
	}
	if integer && math.Abs(v) >= 1<<53 {
		if e.wide == nil {
			e.wide = map[int]string{}
		}
		e.wide[len(e.vals)] = raw
	}
	e.vals = append(e.vals, v)
}

func (s *shapeReader) array(depth int) error {
	s.r.at++
	if depth == len(s.dims) {
		s.dims = append(s.dims, 0)
		s.known = append(s.known, false)
		if s.leaf != 0 && s.leaf <= depth+1 {
			s.problem("numbers and arrays stand side by side in it")
		}
	}
	count := 0
	if s.r.peek() == ']' {
		s.r.at++
	} else {
		for {
			if err := s.value(depth + 1); err != nil {
				return err
			}
			count++
			c := s.r.peek()
			if c != ',' && c != ']' {
				return s.r.errorf("expected a comma or ] in the value of variable %q, found %s", s.e.name, s.r.found())
			}
			s.r.at++
			if c == ']' {
				break
			}
		}
	}
	if s.known[depth] && s.dims[depth] != count {
		s.problem("it is ragged: one of its arrays has %d elements and another, at the same depth and ending in line %d, has %d",
			s.dims[depth], s.r.line, count)
	}
	if !s.known[depth] {
		s.dims[depth], s.known[depth] = count, true
	}
	return nil
}

// errNoData is the error of a program with a data block that is given no data.
var errNoData = errors.New("no data are given")
