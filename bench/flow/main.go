//go:build bench

// Command flow times velocities of particle flows on the inputs of peers.py, one case a
// run, and prints seconds a call; run.sh runs both in turn.
//
//	flow CASE N D
//
// Cases: svgd (a velocity, Gaussian kernel of bandwidth sqrt(d)), ksd (the squared
// discrepancy), ksd-gradient, sliced (a gradient along 500 directions, as many target
// points), roof (multiply-adds), memory-svgd, memory-energy.
package main

import (
	"context"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"wgf/functional"
	"wgf/internal/parallel"
	"wgf/internal/rng"
	"wgf/internal/simd"
	"wgf/kernel"
	"wgf/measure"
)

func normal(n, d int, seed uint64, shift float64) *measure.Cloud {
	c := measure.New(n, d)
	rng.New(seed, rng.Init).Normals(c.X, d, n, 0, 0)
	for i := range c.X {
		c.X[i] += shift
	}
	return c
}

// median is the median time of calls over at least a second.
func median(call func()) float64 {
	call()
	var all []float64
	for began := time.Now(); len(all) < 3 || time.Since(began) < time.Second; {
		at := time.Now()
		call()
		all = append(all, time.Since(at).Seconds())
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: flow CASE N D")
	}
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	d, err := strconv.Atoi(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	c := normal(n, d, 1, 0)
	x, k := kernel.Of(c), kernel.Kernel{Bandwidth: math.Sqrt(float64(d))}
	score, out, rest := make([]float64, n*d), make([]float64, n*d), make([]float64, n*d)
	for i, v := range c.X {
		score[i] = -v
	}
	seconds := 0.0
	switch os.Args[1] {
	case "svgd":
		seconds = median(func() { k.SteinVelocity(out, x, score, 0) })
	case "ksd":
		seconds = median(func() { k.KSD2(x, score, 0) })
	case "ksd-gradient":
		seconds = median(func() { k.SteinGradient(out, rest, x, score, 0) })
	case "sliced":
		f := &functional.SlicedEnergy{Target: normal(n, d, 2, 0.3), Directions: 500, Seed: 1}
		seconds = median(func() {
			if err := f.Evaluate(context.Background(), &functional.Evaluation{Gradient: out}, c); err != nil {
				log.Fatal(err)
			}
		})
	case "roof": // seconds of the multiply-adds of a velocity: n^2 (2 d + 1)
		workers := parallel.Threads(0)
		seconds = median(func() {
			parallel.For(0, workers, func(_, _ int) {
				const rows, inner, cols = 64, 256, 64
				a, b, dst := simd.Aligned(rows*inner), simd.Aligned(inner*cols), simd.Aligned(rows*cols)
				for range n * n * (2*d + 1) / (workers * rows * inner * cols) {
					simd.MatMul(dst, a, b, rows, inner, cols, inner, 1, false)
				}
			})
		})
	case "memory-svgd":
		began := time.Now()
		k.SteinVelocity(out, x, score, 0)
		seconds = time.Since(began).Seconds()
	case "memory-energy":
		f := functional.NewMMD(kernel.Kernel{Family: kernel.Energy}, kernel.Median, kernel.Of(normal(n, d, 2, 0.3)), 0)
		began := time.Now()
		if err := f.Evaluate(context.Background(), &functional.Evaluation{Gradient: out}, c); err != nil {
			log.Fatal(err)
		}
		seconds = time.Since(began).Seconds()
	default:
		log.Fatalf("no case %q", os.Args[1])
	}
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	fmt.Printf("wgf %s %d %d %.6f %d\n", os.Args[1], n, d, seconds, use.Maxrss/1024)
}
