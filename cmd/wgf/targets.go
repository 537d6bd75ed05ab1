package main

import (
	"fmt"
	"text/tabwriter"

	"wgf/target"
)

type targetsCmd struct {
	JSON bool `name:"json" help:"Print the list as JSON."`
}

func (targetsCmd) Help() string {
	return `Analytic targets are sampled by name, with parameters after a colon.

Examples:
  wgf targets
  wgf sample --target banana
  wgf sample --target gaussian:dim=100,condition=1e4`
}
