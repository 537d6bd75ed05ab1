package store

import "time"

// A Record says how draws came about. Formats that carry text carry it: Zarr as
// attributes, CmdStan CSV as comments. Its zero value is an unknown origin.
type Record struct {
	Program   string    `json:"program,omitempty"` // "wgf"
	Version   string    `json:"version,omitempty"`
	Command   []string  `json:"command,omitempty"`
	Model     string    `json:"model,omitempty"`
	Data      string    `json:"data,omitempty"`
	Algorithm string    `json:"algorithm,omitempty"` // "ensemble", "nuts" ...
	Started   time.Time `json:"started,omitzero"`
	Seed      uint64    `json:"seed"`
	Status    string    `json:"status,omitempty"`
	Advice    []string  `json:"advice,omitempty"`
	// Options are the resolved options in the order of their documentation.
	Options []Option `json:"options,omitempty"`
	Seconds Seconds  `json:"seconds"`
	// Gradients counts evaluations of the gradient, over all particles.
	Gradients int64 `json:"gradients,omitempty"`
	Particles int   `json:"particles,omitempty"`
	Dimension int   `json:"dimension,omitempty"`
	// WarmUp counts the discarded steps before the draws of each chain.
	WarmUp int `json:"warm_up,omitempty"`
	Thin   int `json:"thin,omitempty"`
	// Adaptation, one entry a chain, is known for Hamiltonian samplers.
	Adaptation []Adaptation `json:"adaptation,omitempty"`
	MaxDepth   int          `json:"max_depth,omitempty"`
}

// An Option is one resolved option as text.
type Option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Seconds are wall-clock times.
type Seconds struct {
	Compile float64 `json:"compile"`
	WarmUp  float64 `json:"warm_up"`
	Sample  float64 `json:"sample"`
	Total   float64 `json:"total"`
}

// Adaptation is what the warm-up of one chain has tuned.
type Adaptation struct {
	StepSize float64 `json:"step_size"`
	// InverseMetric is the diagonal of the inverse mass matrix.
	InverseMetric []float64 `json:"inverse_metric,omitempty"`
}

func (r *Record) program() string {
	if r.Program == "" {
		return "wgf"
	}
	return r.Program
}

func (r *Record) version() string {
	if r.Version == "" {
		return "unknown"
	}
	return r.Version
}
