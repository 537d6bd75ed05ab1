//go:build bench

package main

import (
	"math"

	"wgf/measure"
)

// uniform is SplitMix64 (Steele, Lea, Flood 2014), the upper 53 bits over 2^53:
// what peers.py generates, bit for bit.
func uniform(seed uint64, count int) []float64 {
	out := make([]float64, count)
	for i := range out {
		out[i] = number(&seed)
	}
	return out
}

func number(seed *uint64) float64 {
	*seed += 0x9e3779b97f4a7c15
	z := *seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) * 0x1p-53
}

// cloud is n points of sums of 12 uniforms less 6, nearly normal, scaled and
// moved. Sums are rounded as NumPy may round them, in another order: inputs of
// the programs agree to a few ULP.
func cloud(seed uint64, n, d int, scale, shift float64) *measure.Cloud {
	c := measure.New(n, d)
	for i := range n {
		for k := range d {
			s := 0.0
			for range 12 {
				s += number(&seed)
			}
			c.X[k*n+i] = float64(scale*(s-6)) + shift
		}
	}
	return c
}

// weigh gives a cloud unequal weights.
func weigh(c *measure.Cloud, seed uint64) {
	for _, u := range uniform(seed, c.N) {
		c.LogW = append(c.LogW, math.Log(u+0x1p-7))
	}
}

// centre moves the mean to the origin.
func centre(c *measure.Cloud) {
	for k, m := range c.Mean() {
		x := c.Coordinate(k)
		for i := range x {
			x[i] -= m
		}
	}
}
