//go:build ignore

// This program draws the pictures of the folder: go run draw.go
package main

import (
	"image"
	"image/color"
	"image/png"
	"log"
	"math"
	"os"
)

const size = 128

// A shape says whether a point is inside; x and y go from -1 to 1, y upwards.
type shape func(x, y float64) bool

func heart(x, y float64) bool {
	x, y = 1.75*x, 1.75*y+0.15
	v := x*x + y*y - 1
	return v*v*v <= x*x*y*y*y
}

// star has five points; its edges are straight.
func star(x, y float64) bool {
	y += 0.05
	const outer, inner = 0.92, 0.38
	angle := math.Mod(math.Atan2(x, y)+2*math.Pi, 2*math.Pi/5)
	angle = math.Min(angle, 2*math.Pi/5-angle) // from a point, 0, to a dent, pi/5
	r := math.Hypot(x, y)
	// the edge runs from (outer, 0) to (inner cos, inner sin)
	dx, dy := inner*math.Cos(math.Pi/5)-outer, inner*math.Sin(math.Pi/5)
	return (r*math.Cos(angle)-outer)*dy-r*math.Sin(angle)*dx <= 0
}

// cat sits, its tail to the right.
func cat(x, y float64) bool {
	ellipse := func(cx, cy, rx, ry float64) bool {
		return (x-cx)*(x-cx)/(rx*rx)+(y-cy)*(y-cy)/(ry*ry) <= 1
	}
	triangle := func(p [6]float64) bool {
		side := func(a, b int) bool {
			return (p[2*b]-p[2*a])*(y-p[2*a+1])-(p[2*b+1]-p[2*a+1])*(x-p[2*a]) <= 0
		}
		return side(0, 1) && side(1, 2) && side(2, 0)
	}
	tail := func() bool {
		for t := 0.0; t <= 1; t += 0.01 {
			a := -math.Pi/2 + 1.25*math.Pi*t
			cx, cy := 0.42+0.3*math.Cos(a), -0.5+0.3*math.Sin(a)
			if math.Hypot(x-cx, y-cy) <= 0.09-0.03*t {
				return true
			}
		}
		return false
	}
	return ellipse(-0.08, 0.38, 0.36, 0.3) || // head
		triangle([6]float64{-0.42, 0.42, -0.4, 0.88, -0.1, 0.6}) ||
		triangle([6]float64{-0.06, 0.6, 0.24, 0.88, 0.26, 0.42}) ||
		ellipse(-0.05, -0.33, 0.4, 0.52) || // body
		ellipse(-0.27, -0.78, 0.2, 0.1) || ellipse(0.12, -0.78, 0.22, 0.1) || // paws
		tail()
}

func main() {
	for name, inside := range map[string]shape{"heart.png": heart, "star.png": star, "cat.png": cat} {
		m := image.NewGray(image.Rect(0, 0, size, size))
		for row := range size {
			for column := range size {
				hit := 0
				for k := range 64 { // 8 x 8 samples a pixel
					x := (float64(column) + (float64(k%8)+0.5)/8) / size
					y := (float64(row) + (float64(k/8)+0.5)/8) / size
					if inside(2*x-1, 1-2*y) {
						hit++
					}
				}
				m.SetGray(column, row, color.Gray{Y: uint8(255 - (255*hit+32)/64)})
			}
		}
		f, err := os.Create(name)
		if err != nil {
			log.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			log.Fatal(err)
		}
		if err := f.Close(); err != nil {
			log.Fatal(err)
		}
	}
}
