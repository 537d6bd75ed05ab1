package stan

import (
	"wgf/internal/tape"
	"wgf/target/stan/library"
)

// Where a condition depends on parameters, particles part ways. Both branches are then recorded, each under a mask
// that says for which particles it counts, and what they assign is merged element by element with Select. Particles
// that return, break or continue under a mask are masked out until the end of the function, loop or iteration.

// signal says how a statement ended.
type signal uint8

const (
	next         signal = iota
	breaking            // all particles leave the loop
	continuing          // all particles go on with the next iteration
	returning           // all particles leave the function
	gone                // all particles have left, not all in the same way
	rejectedHere        // all particles are rejected
)

// final tells that the particles will read no variable of the frame any more.
func (s signal) final() bool { return s == returning || s == rejectedHere }

// push restricts what follows to particles for which cond holds.
func (m *machine) push(cond tape.Num) {
	m.ctx.T.PushMask(cond)
	if m.id != 0 {
		cond = m.op2(tape.And, m.mask, cond)
	}
	m.masks++
	m.state = state{mask: cond, id: m.masks, depth: m.depth + 1}
}

// restore ends all masks pushed since s was the state.
func (m *machine) restore(s state) {
	for ; m.depth > s.depth; m.depth-- {
		m.ctx.T.PopMask()
	}
	m.state = s
}

// branch runs f for the particles for which cond holds. What it adds to the target is returned, and so is the failure
// that rejected all of them.
func (m *machine) branch(cond tape.Num, f func() signal) (sig signal, added tape.Num, failed *failure) {
	saved, before, depth := m.state, m.sum, len(m.outer)
	calls, sites, args, propto := m.calls, len(m.limitSite), len(m.args), m.ctx.Propto
	m.push(cond)
	inner := m.state
	m.outer = append(m.outer, before)
	m.sum = sum{termMask: m.id}
	defer func() {
		if r := recover(); r != nil {
			fl, ok := r.(*failure)
			if !ok || fl.kind == refused {
				panic(r)
			}
			m.ctx.T.Guard(tape.Num{}, fl.msg) // for those that have not left before
			m.restore(inner)
			m.calls, m.limitSite, m.args, m.ctx.Propto = calls, m.limitSite[:sites], m.args[:args], propto
			sig, added, failed = rejectedHere, m.total(), fl
		}
		m.restore(saved)
		m.sum, m.outer = before, m.outer[:depth]
	}()
	sig = f()
	m.restore(inner)
	return sig, m.total(), nil
}

// split runs two branches of an if whose condition depends on parameters. assigned are the cells, declared outside,
// that the branches may assign to.
func (f *frame) split(cond tape.Num, assigned []*cell, then, other func() signal) signal {
	m := f.m
	leaves, loop := f.leaves, f.loop
	before := make([]cell, len(assigned))
	for i, c := range assigned {
		before[i] = *c
		before[i].val = c.val.Copy()
	}
	own := func(run func() signal) func() signal {
		return func() signal {
			for _, c := range assigned {
				c.mask = m.id
			}
			return run()
		}
	}
	sigA, sumA, failA := m.branch(cond, own(then))
	f.loop = loop
	after := make([]cell, len(assigned))
	for i, c := range assigned {
		after[i] = *c
		*c = before[i]
		if before[i].mask != m.id {
			c.val = c.val.Copy()
		}
	}
	sigB, sumB, failB := m.branch(m.op1(tape.Not, cond), own(other))
	f.loop = loop
	if failA != nil && failB != nil {
		panic(failB)
	}
	for i, c := range assigned {
		switch {
		case sigA.final(): // what the first branch assigned is never read again
		case sigB.final():
			*c = after[i]
		default:
			c.merge(m, cond, after[i])
		}
		c.mask = before[i].mask
		if c.mask != m.id {
			// Declared under a wider mask: the other particles keep what they had.
			keep := before[i]
			keep.merge(m, m.mask, *c)
			*c = keep
		}
	}
	m.add(m.pick(cond, sumA, sumB))
	switch {
	case sigA != next && sigB != next:
		if sigA == sigB || sigA == rejectedHere {
			return sigB
		}
		if sigB == rejectedHere {
			return sigA
		}
		return gone
	case f.leaves != leaves:
		f.narrow()
	}
	return next
}

// narrow masks out the particles that have left the function, the loop or its iteration.
func (f *frame) narrow() {
	left := f.returned
	if f.loop != nil {
		left = f.m.op2(tape.Or, left, f.m.op2(tape.Or, f.loop.broke, f.loop.continued))
	}
	f.m.push(f.m.op1(tape.Not, left))
}

// merge replaces the content of c by that of other where cond holds.
func (c *cell) merge(m *machine, cond tape.Num, other cell) {
	c.num = m.pick(cond, other.num, c.num)
	c.val = m.pickValue(cond, other.val, c.val)
}

// pickValue is cond ? a : b element by element; where sizes differ, which only happens to values that are never read
// (a variable assigned in one branch), it is a.
func (m *machine) pickValue(cond tape.Num, a, b library.Value) library.Value {
	if len(a.Data) != len(b.Data) {
		return a
	}
	out := b.Copy()
	for i := range out.Data {
		if x, y := a.At(i), b.At(i); x != y && !(x.Ref == 0 && y.Ref == 0 && x.V != x.V && y.V != y.V) {
			out.Set(i, m.pick(cond, x, y))
		}
	}
	return out
}

// loop is the innermost loop of a frame while it runs.
type loop struct {
	entry            int      // mask at the begin of the iteration
	broke, continued tape.Num // particles that have left the loop, or the iteration, while others went on
}

// leaveLoop is break or continue.
func (f *frame) leaveLoop(sig signal) signal {
	m := f.m
	if m.id == f.loop.entry {
		return sig
	}
	if sig == breaking {
		f.loop.broke = m.op2(tape.Or, f.loop.broke, m.mask)
	} else {
		f.loop.continued = m.op2(tape.Or, f.loop.continued, m.mask)
	}
	f.leaves++
	return gone
}

// leaveFunction is return; the caller has evaluated the value.
func (f *frame) leaveFunction(value cell) signal {
	m := f.m
	if f.hasRet {
		f.ret.merge(m, m.mask, value)
	} else {
		f.ret = value
	}
	f.hasRet = true
	if m.id != f.entry {
		f.returned = m.op2(tape.Or, f.returned, m.mask)
		f.leaves++
	}
	return returning
}

// run is a loop: step prepares the next iteration and tells whether there is one.
func (f *frame) run(step func() bool, body stmtFn) signal {
	m := f.m
	outer, saved, returned, leaves := f.loop, m.state, f.returned, f.leaves
	l := &loop{entry: m.id}
	f.loop = l
	result := next
	for step() {
		sig := body(f)
		if sig == breaking {
			break
		}
		if sig == returning && l.entry == saved.id {
			result = returning
			break
		}
		if f.leaves == leaves {
			continue
		}
		// Particles have left: the next iteration is for the others.
		m.restore(saved)
		l.continued = tape.Num{}
		if sig == returning && l.entry != saved.id {
			break
		}
		if l.broke.Ref != 0 || f.returned != returned {
			m.push(m.op1(tape.Not, m.op2(tape.Or, l.broke, f.returned)))
		}
		l.entry = m.id
	}
	m.restore(saved)
	f.loop = outer
	if result == next && f.returned != returned {
		m.push(m.op1(tape.Not, f.returned))
	}
	return result
}
