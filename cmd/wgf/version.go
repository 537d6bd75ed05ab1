package main

import (
	"fmt"
	"runtime"

	"wgf"
)

type versionCmd struct{}

func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintf(s.stdout, "%s %s (%s, %s/%s)\n", wgf.Name, wgf.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
