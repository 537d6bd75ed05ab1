package library

import "wgf/internal/tape"

// Distribution is a probability distribution: density, distribution functions and random numbers.
type Distribution struct {
	Name string
	// Args are the variate and the parameters in the order of the arguments.
	Args []Arg
	// LogDensity adds up the log density (or log probability) of all elements.
	LogDensity func(b *Builder) (tape.Num, error)
}

// Arg describes an argument of a distribution.
type Arg struct{ Name string }

// Builder is replaced by density.go.
type Builder struct{}

func (d *Distribution) functions() []*Function { return nil }

func distributions() []*Distribution { return nil }

func functionGroups() [][]*Function { return nil }
