package tape

// guard is a condition that has to hold for there to be a density.
type guard struct {
	ok     Num
	reason string
}

// Guard says that there is no density (NaN) where ok is 0. Under a mask the condition counts only where the mask is
// active. A condition that is constantly true costs nothing.
func (t *Trace) Guard(ok Num, reason string) {
	if ok.Ref == 0 && ok.V != 0 || t.err != nil {
		return
	}
	if n := len(t.masks); n > 0 {
		ok = t.Op2(Or, ok, t.Op1(Not, t.masks[n-1]))
		if ok.Ref == 0 && ok.V != 0 {
			return
		}
	}
	t.guards = append(t.guards, guard{ok, reason})
}

// Guards is the number of conditions recorded.
func (t *Trace) Guards() int { return len(t.guards) }

// GuardAt gives a condition that was recorded and what it demands, so that a program that computes the conditions can
// say which one fails at a point.
func (t *Trace) GuardAt(i int) (ok Num, reason string) { return t.guards[i].ok, t.guards[i].reason }

// PushMask says that what follows is recorded inside a branch that is taken where cond is not 0: the other particles
// compute it too, but nothing of it, not even an infinity or NaN, reaches their gradient. The caller merges the
// branches with Select.
func (t *Trace) PushMask(cond Num) {
	if t.err == nil {
		cond = t.g.boolean(cond)
		if n := len(t.masks); n > 0 {
			cond = t.Op2(And, t.masks[n-1], cond)
		}
	}
	t.masks = append(t.masks, cond)
	t.g.mask = true
}

// PopMask ends the branch of the last PushMask.
func (t *Trace) PopMask() {
	t.masks = t.masks[:len(t.masks)-1]
	t.g.mask = len(t.masks) > 0
}
