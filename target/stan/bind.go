package stan

import (
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"wgf/internal/rng"
	"wgf/target/stan/library"
	"wgf/target/stan/syntax"
)

// Options says how a program is bound to data.
type Options struct {
	// Seed is the seed of _rng functions in transformed data and generated quantities.
	Seed uint64
	// Print receives the lines of print statements; nil: they are dropped. Statements in the density print once, when
	// it is recorded, with "(varies)" for what depends on parameters, and again in Explain.
	Print io.Writer
	// Limit is the largest number of operations that the recorded density may have; 0: two million.
	Limit int
}

// lines serialises what concurrent runs print.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// newMachine returns a machine over constants whose global variables are those of globals.
func newMachine(globals []cell, opt *Options) *machine {
	return &machine{globals: slices.Clone(globals), print: opt.Print}
}

// start makes the frame of a block.
func (m *machine) start(b body) *frame { return &frame{m: m, cells: make([]cell, b.locals)} }

// readData puts the data into place, one declaration after the other: sizes and bounds may use what stands before.
func (p *Program) readData(m *machine, data *Data) error {
	f := m.start(body{})
	for _, v := range p.data {
		var dims []int
		if err := protect(func() { dims = v.sizes(f) }); err != nil {
			return err
		}
		x, err := data.fetch(v, dims, "the program declares")
		if err != nil {
			return err
		}
		set(&m.globals[v.slot], x)
		if err := protect(func() { v.check(f, x, broken) }); err != nil {
			return data.violation(v, err)
		}
	}
	return nil
}

// set gives a variable its value.
func set(c *cell, x library.Value) {
	if scalar(x.Type) {
		c.num = x.At(0)
	} else {
		c.val = x
	}
}

// get is the value of a variable.
func (v *variable) get(m *machine) library.Value {
	c := &m.globals[v.slot]
	if scalar(v.typ) {
		return scalarValue(v.typ, c.num)
	}
	return c.val
}

// violation is the error of a value that violates the constraint of its declaration.
func (d *Data) violation(v *variable, err error) error {
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	where := d.file
	if e := d.lookup(v.name); e != nil {
		where = d.where(e)
	}
	return fmt.Errorf("%s: %s; the program declares %s", where, f.msg, v.declared())
}

// fetch takes the value of a variable from the data, in the type and with the sizes of its declaration.
func (d *Data) fetch(v *variable, dims []int, declares string) (library.Value, error) {
	size := 1
	for _, k := range dims {
		size *= k
	}
	e := d.lookup(v.name)
	if e == nil {
		if size == 0 {
			return library.New(v.typ, dims...), nil
		}
		if d == nil {
			return library.Value{}, fmt.Errorf("%w, but %s %s", errNoData, declares, v.declared())
		}
		return library.Value{}, fmt.Errorf("%s: variable %s is missing; %s %s", d.file, v.name, declares, v.declared())
	}
	wrong := func(format string, args ...any) (library.Value, error) {
		return library.Value{}, fmt.Errorf("%s: variable %s: %s; %s %s", d.where(e), v.name, fmt.Sprintf(format, args...), declares, v.declared())
	}
	if e.problem != "" {
		return wrong("%s", e.problem)
	}
	if !sameDims(e.dims, dims) && !(size == 0 && len(e.vals) == 0) {
		return wrong("found %s, expected %s", sizeText(e.dims), sizeText(dims))
	}
	if v.typ.Kind == syntax.Int {
		if e.real >= 0 {
			return wrong("found %s where an int is expected%s", e.realRaw, placeText(dims, e.real))
		}
		for i, x := range e.vals {
			if x < math.MinInt32 || x > math.MaxInt32 {
				raw, ok := e.wide[i]
				if !ok {
					raw = fmt.Sprintf("%.0f", x)
				}
				return wrong("found %s, which does not fit an int (from -2147483648 to 2147483647)%s", clipNumber(raw), placeText(dims, i))
			}
		}
	}
	for i, x := range e.vals {
		if math.IsNaN(x) && v.checked() {
			return wrong("found NaN%s", placeText(dims, i))
		}
	}
	if size == 0 {
		return library.New(v.typ, dims...), nil
	}
	return library.Constants(v.typ, dims, slices.Clone(e.vals)), nil
}

// sizeText describes the size of a value: "a single number", "5 numbers" or "an array of size [2, 3]".
func sizeText(dims []int) string {
	switch len(dims) {
	case 0:
		return "a single number"
	case 1:
		if dims[0] == 1 {
			return "an array of 1 number"
		}
		return fmt.Sprintf("an array of %d numbers", dims[0])
	}
	return "an array of size " + dimsText(dims)
}

func placeText(dims []int, at int) string {
	if len(dims) == 0 {
		return ""
	}
	return " at index " + strings.Trim(elementName("", dims, at), "[]")
}

// prepare runs transformed data and finds the sizes of everything that depends on parameters.
func (p *Program) prepare(m *machine, seed uint64) (dims [][]int, err error) {
	err = protect(func() {
		m.ctx.RNG = rand.New(rng.New(seed, rng.Generated).Source(0, 1))
		f := m.start(p.tdataBody)
		p.tdataBody.run(f)
		for _, v := range p.tdata {
			v.check(f, v.get(m), broken)
		}
		m.ctx.RNG = nil
		for _, list := range [][]*variable{p.params, p.tparams, p.generated} {
			for _, v := range list {
				dims = append(dims, v.sizes(f))
			}
		}
	})
	return dims, err
}
