//go:build bench

// Command transport times package transport and package kernel on the inputs of
// peers.py, one case a run, in the same format; run.sh runs both in turn.
//
//	transport [-threads T] [-reps R] CASE N D
//
// Cases: exact, exact-weighted, sinkhorn (one iteration), sliced (200 directions),
// mmd (gradient of MMD^2, Gaussian kernel), roof (multiply-adds by simd.MatMul),
// and memory-sinkhorn, memory-mmd, memory-energy, memory-sliced, which run once
// for their peak memory.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"wgf/internal/parallel"
	"wgf/internal/simd"
	"wgf/measure"
	"wgf/transport"
)

const epsilon = 0.1 // of Sinkhorn, in units of |x-y|^2

var threads = flag.Int("threads", 0, "goroutines; 0: one a processor")

func main() {
	log.SetFlags(0)
	flag.Parse()
	if flag.NArg() != 3 {
		log.Fatal("usage: transport [-threads T] CASE N D")
	}
	name := flag.Arg(0)
	n, err := strconv.Atoi(flag.Arg(1))
	if err != nil {
		log.Fatal(err)
	}
	d, err := strconv.Atoi(flag.Arg(2))
	if err != nil {
		log.Fatal(err)
	}
	x, y := cloud(1, n, d, 1, 0), cloud(2, n, d, 0.7, 0.5)
	var t timing
	switch name {
	case "exact", "exact-weighted":
		if name == "exact-weighted" {
			weigh(x, 3)
			weigh(y, 4)
		}
		t = clock(func() float64 { return solve(transport.Exact{Threads: *threads}, x, y).Cost })
	case "sinkhorn":
		centre(x)
		centre(y)
		t = slope(5, 45, func(k int) float64 { return sinkhorn(x, y, k) })
	case "sliced":
		t = clock(func() float64 { return sliced(x, y, 200) })
	case "mmd":
		t = clock(newGradient(x, y).run)
	case "roof":
		t = roof()
	case "memory-sinkhorn":
		t = once(func() float64 { return sinkhorn(x, y, 2) })
	case "memory-mmd":
		t = once(func() float64 { return discrepancy(gaussian(d), x, y) })
	case "memory-energy":
		t = once(func() float64 { return discrepancy(energy, x, y) })
	case "memory-sliced":
		t = once(func() float64 { return sliced(x, y, 20) })
	default:
		log.Fatalf("no case %s", name)
	}
	out, err := json.Marshal(map[string]any{
		"case": name, "who": "wgf", "n": n, "d": d, "wall_ms": t.wall, "cpu_ms": t.cpu, "value": t.value, "peak_mb": peak(),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(out))
}

func solve(s transport.Solver, x, y *measure.Cloud) *transport.Result {
	r, err := s.Solve(context.Background(), transport.Problem{A: x, B: y})
	if err != nil {
		log.Fatal(err)
	}
	return r
}

// sinkhorn does k plain iterations; the peers begin with the other potential.
// The clouds are centred, so that all begin with the same zero.
func sinkhorn(x, y *measure.Cloud, k int) float64 {
	r := solve(transport.Sinkhorn{Epsilon: epsilon, Tolerance: math.SmallestNonzeroFloat64, MaxIterations: k, Annealing: 1, Plain: true, Threads: *threads}, y, x)
	return r.G[0] - r.G[1]
}

func sliced(x, y *measure.Cloud, directions int) float64 {
	r, err := transport.Sliced{Directions: directions, Threads: *threads}.Distance(context.Background(), x, y)
	if err != nil {
		log.Fatal(err)
	}
	return r.Distance
}

// roof is the rate of multiply-adds of small matrix products that stay in the
// cache, on all threads at once; value is GFLOP/s.
func roof() timing {
	const rows, inner, cols, repeats = 32, 256, 128, 400
	count := parallel.Threads(*threads)
	work := make([][3][]float64, count)
	for i := range work {
		work[i] = [3][]float64{make([]float64, rows*cols), uniform(5, rows*inner), uniform(6, inner*cols)}
	}
	best := timing{wall: math.Inf(1)}
	for range 20 {
		t := clock(func() float64 {
			parallel.For(*threads, count, func(worker, block int) {
				w := work[block]
				for range repeats {
					simd.MatMul(w[0], w[1], w[2], rows, inner, cols, inner, 1, false)
				}
			})
			return 0
		})
		if t.wall < best.wall {
			best = t
		}
	}
	best.value = 2 * rows * inner * cols * repeats * float64(count) / best.wall / 1e6
	return best
}

// timing is in milliseconds.
type timing struct{ wall, cpu, value float64 }

// clock is the median of repeated runs after one for warming up; a run that
// takes long is timed once.
func clock(f func() float64) timing {
	const budget = 2 * time.Second
	var all []timing
	for start := time.Now(); len(all) < 4 || time.Since(start) < budget && len(all) < 15; {
		all = append(all, once(f))
		if time.Since(start) > budget && len(all) == 1 {
			break
		}
	}
	if len(all) > 1 {
		all = all[1:]
	}
	slices.SortFunc(all, func(a, b timing) int { return cmp.Compare(a.wall, b.wall) })
	return all[len(all)/2]
}

func once(f func() float64) timing {
	w, c := time.Now(), processor()
	v := f()
	return timing{wall: float64(time.Since(w).Nanoseconds()) / 1e6, cpu: processor() - c, value: v}
}

// slope is what one more iteration costs.
func slope(few, many int, f func(k int) float64) timing {
	a := clock(func() float64 { return f(few) })
	b := clock(func() float64 { return f(many) })
	by := float64(many - few)
	return timing{(b.wall - a.wall) / by, (b.cpu - a.cpu) / by, a.value}
}

// processor is the CPU time of the process so far, in milliseconds.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	ms := func(t syscall.Timeval) float64 { return 1e3*float64(t.Sec) + float64(t.Usec)/1e3 }
	return ms(u.Utime) + ms(u.Stime)
}

// peak is the largest resident memory of the process so far, in MB.
func peak() int {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(rest, "kB")))
			return (kb + 512) / 1024
		}
	}
	return 0
}
