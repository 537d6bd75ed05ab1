//go:build !amd64

package rng

func kernelOf(string) int { return portable }

func run(_ int, t *task) { runPortable(t) }
