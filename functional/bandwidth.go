package functional

import (
	"wgf/kernel"
	"wgf/measure"
)

// fitted is a kernel whose bandwidth follows the cloud by a rule unless it was given.
type fitted struct {
	asked  kernel.Kernel
	rule   kernel.Rule
	frozen bool
	now    kernel.Kernel
	ready  bool
}

func (f *fitted) update(p kernel.Points) {
	if f.ready && (f.frozen || f.asked.Bandwidth > 0 || !f.asked.Family.Scaled()) {
		return
	}
	f.now, _ = f.asked.Fit(p, f.rule)
	f.ready = true
}

func (f *fitted) kernel(c *measure.Cloud) kernel.Kernel {
	if !f.ready {
		f.update(kernel.Of(c))
	}
	return f.now
}

// Bandwidth is the bandwidth in use, 0 before the first update.
func (f *fitted) Bandwidth() float64 {
	if !f.ready {
		return 0
	}
	return f.now.Bandwidth
}

// save and load keep a frozen bandwidth over a resumed run.
func (f *fitted) Save() []float64 {
	if !f.ready || !f.frozen {
		return nil
	}
	return []float64{f.now.Bandwidth}
}

func (f *fitted) Load(kept []float64) error {
	if len(kept) == 1 {
		f.now, f.ready = f.asked, true
		f.now.Bandwidth = kept[0]
	}
	return nil
}
