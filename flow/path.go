package flow

import (
	"fmt"
	"math"

	"wgf/internal/spec"
	"wgf/scheme"
	"wgf/target"
)

// way is the target of a run on the way along a path: a density whose member of the
// path is set before every step. It implements [target.Density] and what the path can
// do besides is asked of the member.
type way struct {
	path     target.Path
	steps    int
	hold     float64 // share of the run at the end during which the target itself is aimed at
	position float64
	now      target.Density
}

var wayParams = map[string][]spec.Param{
	"constant":  nil,
	"geometric": {{Name: "from", Default: 0.05, Help: "power of the target at the start"}, {Name: "scale", Default: 0, Help: "standard deviation of the normal reference; 0: none, the target alone is tempered"}, holdParam},
	"dilation":  {{Name: "from", Default: 0.05, Help: "square of the scale at the start"}, holdParam},
	"diffusion": {{Name: "from", Default: 2, Help: "time of the Ornstein-Uhlenbeck process at the start"}, {Name: "draws", Default: 64, Help: "draws of a Monte Carlo score, where there is no closed form"}, holdParam},
}

var holdParam = spec.Param{Name: "hold", Default: 0.3, Help: "share of the steps, at the end, that aim at the target itself"}

// PathNames lists the paths by name.
func PathNames() []string { return []string{"constant", "geometric", "dilation", "diffusion"} }

// newWay reads Options.Path.
func newWay(o *Options) (*way, error) {
	name := spec.Name(o.Path)
	params, ok := wayParams[name]
	if !ok {
		return nil, refuse("unknown path %q: known are constant, geometric, dilation, diffusion", name)
	}
	if o.Density == nil {
		return nil, refuse("a path leads to a density, and the target is known through samples only: leave the path out")
	}
	v, err := spec.Parse("path", o.Path, params)
	if err != nil {
		return nil, Refusal{err.Error()}
	}
	if name == "constant" {
		return nil, nil
	}
	w := &way{steps: o.Steps, hold: v.Get("hold")}
	if !(w.hold >= 0 && w.hold <= 1) {
		return nil, refuse("path %s: hold=%g: want a share from 0 to 1", name, w.hold)
	}
	from := v.Get("from")
	switch name {
	case "geometric":
		if scale := v.Get("scale"); !(scale >= 0) {
			return nil, refuse("path geometric: scale=%g: want 0 or a positive number", scale)
		} else {
			w.path, err = target.NewTempering(o.Density, from, scale)
		}
	case "dilation":
		w.path, err = target.NewDilation(o.Density, from)
	default:
		draws, failed := v.Integer("draws", 1)
		if failed != nil {
			return nil, Refusal{failed.Error()}
		}
		w.path, err = target.NewDiffusion(o.Density, from, draws, o.Seed)
	}
	if err != nil {
		return nil, Refusal{fmt.Sprintf("path %s: %v", name, err)}
	}
	w.set(0)
	return w, nil
}

// set aims at the member for the step that comes next.
func (w *way) set(step uint64) {
	last := math.Max(1, (1-w.hold)*float64(w.steps))
	w.position = math.Min(1, float64(step)/last)
	w.now = w.path.At(w.position)
}

func (w *way) along() float64 { return w.position }

func (w *way) Dim() int                         { return w.now.Dim() }
func (w *way) LogDensity(lp, grad, x []float64) { w.now.LogDensity(lp, grad, x) }

// curvedWay is a way whose members have second derivatives.
type curvedWay struct{ *way }

// HessianVector is that of the member.
func (w curvedWay) HessianVector(dst, x, u []float64) { w.now.(target.Curved).HessianVector(dst, x, u) }

// density is the way as a target, with the second derivatives that its members have.
func (w *way) density() target.Density {
	if _, ok := w.now.(target.Curved); ok {
		return curvedWay{w}
	}
	return w
}

// aim sets the target of the next step.
func (p *Planned) aim(s *scheme.State) {
	if p.way != nil {
		p.way.set(s.Step)
	}
}
