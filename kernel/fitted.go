package kernel

// Fitted is a kernel whose bandwidth follows points by a rule, unless it was asked
// for with a bandwidth of its own.
type Fitted struct {
	Asked  Kernel
	Rule   Rule
	Frozen bool    // fit once, at the first points
	Factor float64 // of the bandwidth that the rule gives; 0: 1
	now    Kernel
	ready  bool
}

// Follow fits the bandwidth to points. The cost is that of [Rule.Bandwidth].
func (f *Fitted) Follow(x Points) {
	if f.ready && (f.Frozen || f.Asked.Bandwidth > 0 || !f.Asked.Family.Scaled()) {
		return
	}
	f.now, _ = f.Asked.Fit(x, f.Rule)
	if f.Factor > 0 && f.Asked.Bandwidth == 0 {
		f.now.Bandwidth *= f.Factor
	}
	f.ready = true
}

// Kernel is the kernel as last fitted; the first time it is fitted to x.
func (f *Fitted) Kernel(x Points) Kernel {
	if !f.ready {
		f.Follow(x)
	}
	return f.now
}

// Ready reports whether the kernel was fitted.
func (f *Fitted) Ready() bool { return f.ready }

// Bandwidth is the bandwidth in use, 0 before the first fit.
func (f *Fitted) Bandwidth() float64 {
	if !f.ready {
		return 0
	}
	return f.now.Bandwidth
}

// Save returns a frozen bandwidth, for runs that are resumed; nil if there is none.
func (f *Fitted) Save() []float64 {
	if !f.ready || !f.Frozen {
		return nil
	}
	return []float64{f.now.Bandwidth}
}

// Load sets a frozen bandwidth as Save returned it.
func (f *Fitted) Load(kept []float64) error {
	if len(kept) == 1 {
		f.now, f.ready = f.Asked, true
		f.now.Bandwidth = kept[0]
	}
	return nil
}
