//go:build !amd64

package rng

func kernelInUse() int { return portable }

func run(_ int, kind uint64, t *task) { runPortable(kind, t) }
