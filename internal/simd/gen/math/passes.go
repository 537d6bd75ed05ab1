package main

import (
	"flag"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/pass"
)

// ctx collects the file.
var ctx = build.NewContext()

// write compiles what was collected and writes it as the flags say.
func write() {
	set := flag.NewFlagSet("math", flag.ExitOnError)
	flags := build.NewFlags(set)
	set.Parse(os.Args[1:])
	cfg := flags.Config()
	passes := []pass.Interface{pass.FunctionPass(interleave), cfg.Passes[0], pass.FunctionPass(dropSelfMoves)}
	cfg.Passes = append(passes, cfg.Passes[1:]...)
	os.Exit(build.Main(cfg, ctx))
}

// Comments that bound two independent stretches of straight-line code.
const (
	firstHalf  = "first"
	secondHalf = "second"
	joined     = "joined"
)

// interleave merges the stretches instruction by instruction. The processor
// looks ahead only so far; side by side, each hides the latency of the other.
func interleave(fn *ir.Function) error {
	var out, a, b []ir.Node
	into := &out
	for _, n := range fn.Nodes {
		c, ok := n.(*ir.Comment)
		if !ok {
			*into = append(*into, n)
			continue
		}
		switch c.Lines[0] {
		case firstHalf:
			into = &a
		case secondHalf:
			into = &b
		case joined:
			for i := range max(len(a), len(b)) {
				out = append(out, a[min(i, len(a)):min(i+1, len(a))]...)
				out = append(out, b[min(i, len(b)):min(i+1, len(b))]...)
			}
			a, b, into = nil, nil, &out
		}
	}
	fn.Nodes = out
	return nil
}

// dropSelfMoves removes vector moves from a register to itself, which the
// register allocation leaves where a copy turned out to be needless.
func dropSelfMoves(fn *ir.Function) error {
	var out []ir.Node
	for _, n := range fn.Nodes {
		i, ok := n.(*ir.Instruction)
		if ok && i.Opcode == "VMOVAPD" && len(i.Operands) == 2 && operand.IsRegister(i.Operands[0]) && i.Operands[0] == i.Operands[1] {
			continue
		}
		out = append(out, n)
	}
	fn.Nodes = out
	return nil
}
