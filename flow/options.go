package flow

import (
	"fmt"
	"strings"

	"wgf/functional"
	"wgf/geometry"
	"wgf/kernel"
	"wgf/measure"
	"wgf/scheme"
	"wgf/target"
)

// Triple is a flow: what is minimised, in which geometry, by which scheme.
type Triple struct {
	Functional functional.Functional
	Geometry   geometry.Geometry
	Scheme     scheme.Scheme
}

// Options say what to run. Zero values stand for the defaults of the recipe.
type Options struct {
	Recipe string // name of a row of Recipes; empty: all three below are given

	// Specifications NAME[:param=value,...] that replace those of the recipe.
	Functional, Geometry, Scheme string
	// Own nouns of a program replace both.
	Own Triple

	Density target.Density // the target as a density, or
	Samples *measure.Cloud // the target through samples

	Kernel    string         // FAMILY[:median|median-log|scott|bandwidth=H]
	Particles int            // 0: the recipe's
	Steps     int            // 0: the recipe's
	StepSize  float64        // 0: the recipe's
	Init      *measure.Cloud // start; nil: Particles normal points, N(0, InitScale^2 I), or around the mean of Samples
	InitScale float64        // 0: 1

	Path string // how the target changes over the run, NAME[:param=value,...]; empty: it stays

	Every    int               // steps between records; 0: a fiftieth of Steps
	Stop     [][]Condition     // a run ends when all conditions of one of these hold
	Progress func(step uint64) // told of steps between records, once a second; nil: nobody is
	Keep     Keep              // receives checkpoints; nil: none are made
	Seed     uint64            // 0: 1
	Threads  int               // 0: one a processor; changes no bit of the result
}

// Refusal is the error for a flow that cannot work, found before any work.
type Refusal struct{ Reason string }

func (r Refusal) Error() string { return r.Reason }

func refuse(format string, args ...any) error { return Refusal{fmt.Sprintf(format, args...)} }

// ParseKernel reads FAMILY[:rule] or what kernel.Parse reads.
func ParseKernel(text string) (kernel.Kernel, kernel.Rule, error) {
	rules := []struct {
		name string
		rule kernel.Rule
	}{{"median", kernel.Median}, {"median-log", kernel.MedianLog}, {"scott", kernel.Scott}}
	for _, r := range rules {
		if family, ok := strings.CutSuffix(text, ":"+r.name); ok {
			k, err := kernel.Parse(family)
			return k, r.rule, err
		}
	}
	k, err := kernel.Parse(text)
	return k, kernel.Median, err
}
