//go:build ignore

// This program writes the clouds of the folder: go run make.go
package main

import (
	"bufio"
	"fmt"
	"log"
	"math"
	"math/rand/v2"
	"os"
)

func main() {
	r := rand.New(rand.NewPCG(1, 2))
	// Two rings, one in the other.
	rings := func() (x, y float64) {
		radius := 1.0
		if r.IntN(3) > 0 {
			radius = 2
		}
		angle := 2 * math.Pi * r.Float64()
		return radius*math.Cos(angle) + 0.07*r.NormFloat64(), radius*math.Sin(angle) + 0.07*r.NormFloat64()
	}
	// A moon that lies beside them.
	moon := func() (x, y float64) {
		angle := math.Pi * (1.25*r.Float64() - 0.125)
		return 5 + 1.6*math.Cos(angle) + 0.15*r.NormFloat64(), 0.2 + 2*math.Sin(angle) - 1 + 0.15*r.NormFloat64()
	}
	// Three spots.
	spots := func() (x, y float64) {
		k := float64(r.IntN(3))
		return 1.2 + 1.3*k + 0.2*r.NormFloat64(), 4 + 0.8*math.Abs(k-1) + 0.2*r.NormFloat64()
	}
	write("rings.csv", 300, rings)
	write("moon.csv", 300, moon)
	write("spots.csv", 200, spots)
}

func write(name string, n int, point func() (x, y float64)) {
	f, err := os.Create(name)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "x,y")
	for range n {
		x, y := point()
		fmt.Fprintf(w, "%.4f,%.4f\n", x, y)
	}
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
	if err := f.Close(); err != nil {
		log.Fatal(err)
	}
}
