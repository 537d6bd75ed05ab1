package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"wgf/functional"
	"wgf/measure"
	"wgf/scheme"
)

// A checkpoint is three parts: a line that names the format, a line with the SHA-256
// sum of the rest, and a JSON document of type checkpoint.
const checkpointHead = "wgf flow checkpoint 1\n"

// checkpoint is all that the rest of a run depends on.
type checkpoint struct {
	Options  [][2]string        `json:"options"` // what the run was planned with
	N        int                `json:"n"`
	D        int                `json:"d"`
	X        numbers            `json:"x"`
	LogW     numbers            `json:"log_w,omitempty"` // empty: equal weights
	Step     uint64             `json:"step"`
	Time     float64            `json:"time"`
	Seconds  float64            `json:"seconds"`
	Released numbers            `json:"released"` // see meter.released
	Slots    map[string]numbers `json:"slots,omitempty"`
	Kept     numbers            `json:"kept,omitempty"` // of a functional.Keeper
	Trace    []traced           `json:"trace"`
}

// traced is a [Record] whose unknown metrics are left out.
type traced struct {
	Step    uint64             `json:"step"`
	Time    float64            `json:"time"`
	Seconds float64            `json:"seconds"`
	Metrics map[string]float64 `json:"metrics"`
}

// numbers are written bit by bit, as base64 of little-endian doubles.
type numbers []float64

// MarshalText encodes.
func (v numbers) MarshalText() ([]byte, error) {
	raw := make([]byte, 8*len(v))
	for i, a := range v {
		binary.LittleEndian.PutUint64(raw[8*i:], math.Float64bits(a))
	}
	return base64.StdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText decodes.
func (v *numbers) UnmarshalText(text []byte) error {
	raw, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%8 != 0 {
		return errors.New("numbers are not readable")
	}
	*v = make(numbers, len(raw)/8)
	for i := range *v {
		(*v)[i] = math.Float64frombits(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	return nil
}

// encode writes a checkpoint.
func (k *checkpoint) encode() ([]byte, error) {
	body, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("the run cannot be kept: %w", err)
	}
	sum := sha256.Sum256(body)
	out := append([]byte(checkpointHead), hex.EncodeToString(sum[:])...)
	return append(append(out, '\n'), body...), nil
}

var errCorrupt = errors.New("the checkpoint is damaged: start the run anew")

// decodeCheckpoint reads a checkpoint and refuses what was not written whole.
func decodeCheckpoint(data []byte) (*checkpoint, error) {
	rest, ok := bytes.CutPrefix(data, []byte(checkpointHead))
	if !ok {
		return nil, errors.New("this file is no checkpoint of a flow")
	}
	sum, body, ok := bytes.Cut(rest, []byte("\n"))
	want := sha256.Sum256(body)
	if !ok || string(sum) != hex.EncodeToString(want[:]) {
		return nil, errCorrupt
	}
	k := &checkpoint{}
	if json.Unmarshal(body, k) != nil || k.N < 1 || k.D < 1 || k.N > math.MaxInt/k.D || len(k.X) != k.N*k.D ||
		len(k.LogW) != 0 && len(k.LogW) != k.N || len(k.Trace) == 0 || len(k.Released) != 2 {
		return nil, errCorrupt
	}
	if finiteCloud(&measure.Cloud{N: k.N, D: k.D, X: k.X, LogW: k.LogW}) != nil {
		return nil, errCorrupt
	}
	return k, nil
}

func finiteCloud(c *measure.Cloud) error {
	if len(c.LogW) == 0 {
		c = &measure.Cloud{N: c.N, D: c.D, X: c.X}
	}
	return c.Check()
}

// fingerprint is what a run must have in common with the one that it takes up: all
// options that its steps depend on, target and start as sums of their bits.
func (p *Planned) fingerprint() [][2]string {
	o := &p.Options
	out := [][2]string{
		{"recipe", o.Recipe}, {"functional", o.Functional}, {"geometry", o.Geometry}, {"scheme", o.Scheme}, {"kernel", o.Kernel},
		{"particles", strconv.Itoa(o.Particles)}, {"step size", fmt.Sprint(o.StepSize)}, {"seed", fmt.Sprint(o.Seed)}, {"path", o.Path},
	}
	if o.Path != "" {
		out = append(out, [2]string{"steps", strconv.Itoa(o.Steps)}) // the path ends with the last step
	}
	sum := sha256.New()
	add := func(v []float64) { _ = binary.Write(sum, binary.LittleEndian, v) }
	c := p.start
	add(c.X)
	add(c.LogW)
	out = append(out, [2]string{"start", hex.EncodeToString(sum.Sum(nil)[:8])})
	sum.Reset()
	if o.Samples != nil {
		add(o.Samples.X)
		add(o.Samples.LogW)
	}
	if o.Density != nil {
		lp, grad := make([]float64, c.N), make([]float64, len(c.X))
		o.Density.LogDensity(lp, grad, c.X)
		add(lp)
		add(grad)
	}
	return append(out, [2]string{"target", hex.EncodeToString(sum.Sum(nil)[:8])})
}

// keep is the checkpoint of a state.
func (p *Planned) keep(s *scheme.State, r *Result, m *meter) *checkpoint {
	k := &checkpoint{Options: p.mark, N: s.Cloud.N, D: s.Cloud.D, X: s.Cloud.X, LogW: s.Cloud.LogW,
		Step: s.Step, Time: s.Time, Seconds: r.elapsed, Released: m.released[:], Slots: map[string]numbers{}}
	for name, v := range s.Slots {
		k.Slots[name] = v
	}
	if f, ok := p.Triple.Functional.(functional.Keeper); ok {
		k.Kept = f.Save()
	}
	for _, t := range r.Trace {
		known := map[string]float64{}
		for name, v := range t.Metrics {
			if !math.IsNaN(v) {
				known[name] = v
			}
		}
		k.Trace = append(k.Trace, traced{t.Step, t.Time, t.Seconds, known})
	}
	return k
}

// Resume lets the next Run go on where the run that kept data was: the same bits as
// without an interruption, apart from times. It refuses data that is damaged and data
// of a run with other options, a [Refusal] that says which; more steps may be asked
// for, unless the flow follows a path.
func (p *Planned) Resume(data []byte) error {
	k, err := decodeCheckpoint(data)
	if err != nil {
		return err
	}
	for i, want := range p.mark {
		if i >= len(k.Options) || k.Options[i][0] != want[0] {
			return refuse("the checkpoint is of a run with other options")
		}
		if got := k.Options[i][1]; got != want[1] {
			if slices.Contains([]string{"start", "target"}, want[0]) {
				return refuse("the checkpoint is of a run with another %s", want[0])
			}
			return refuse("the checkpoint is of a run with %s %s, not %s", want[0], nameless(got), nameless(want[1]))
		}
	}
	if k.Step > uint64(p.Options.Steps) {
		return refuse("the checkpoint is of step %d already, and %d steps are asked for", k.Step, p.Options.Steps)
	}
	if k.D != p.start.D {
		return errCorrupt
	}
	p.taken = k
	return nil
}

func nameless(v string) string {
	if strings.TrimSpace(v) == "" {
		return "(none)"
	}
	return v
}

// restore is the state of a checkpoint.
func (k *checkpoint) restore(p *Planned, r *Result, m *meter) (*scheme.State, error) {
	s := &scheme.State{Cloud: &measure.Cloud{N: k.N, D: k.D, X: slices.Clone(k.X)}, Step: k.Step, Time: k.Time, Slots: map[string][]float64{}}
	if len(k.LogW) > 0 {
		s.Cloud.LogW = slices.Clone(k.LogW)
	}
	for name, v := range k.Slots {
		s.Slots[name] = slices.Clone(v)
	}
	if f, ok := p.Triple.Functional.(functional.Keeper); ok {
		if err := f.Load(k.Kept); err != nil {
			return nil, err
		}
	}
	copy(m.released[:], k.Released)
	for _, t := range k.Trace {
		all := map[string]float64{}
		for _, name := range MetricNames() {
			all[name] = math.NaN()
			if v, ok := t.Metrics[name]; ok {
				all[name] = v
			}
		}
		r.Trace = append(r.Trace, Record{t.Step, t.Time, t.Seconds, all})
	}
	r.Steps = k.Step
	return s, nil
}
