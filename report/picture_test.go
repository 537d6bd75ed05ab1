package report

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math"
	"testing"

	"wgf/measure"
)

// Painting keeps the ink and the centre of mass, rows from the top.
func TestPaint(t *testing.T) {
	c, _ := measure.FromPoints([][]float64{{1.3, 2.2}, {2.9, 0.8}})
	c.LogW = []float64{math.Log(3), 0}
	v := Canvas{W: 40, H: 30, X: Range{0, 4}, Y: Range{0, 3}, Blur: 0.15, Total: 5}
	k := v.Paint(c)
	total, x, y := 0.0, 0.0, 0.0
	for i, ink := range k.V {
		total += ink
		x += ink * (float64(i%40) + 0.5) / 10
		y += ink * (3 - (float64(i/40)+0.5)/10)
	}
	for name, pair := range map[string][2]float64{
		"ink": {total, 5}, "x": {x / total, (3*1.3 + 2.9) / 4}, "y": {y / total, (3*2.2 + 0.8) / 4},
	} {
		if math.Abs(pair[0]-pair[1]) > 2e-3 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
}

// One stray pixel does not make a picture pale, and equal pixels are full.
func TestExposure(t *testing.T) {
	mass := make([]float64, 100)
	for i := range 50 {
		mass[i] = 2
	}
	for i, v := range Exposure(10, 10, mass).V {
		if want := map[bool]float64{true: 1}[i < 50]; v != want {
			t.Fatalf("pixel %d has ink %v, want %v", i, v, want)
		}
	}
	mass[99] = 9
	if v := Exposure(10, 10, mass).V; v[0] != 1 || v[99] != 1 {
		t.Errorf("with a stray pixel the others have ink %v", v[0])
	}
	for _, v := range Exposure(10, 10, make([]float64, 100)).V {
		if v != 0 {
			t.Fatal("ink out of nothing")
		}
	}
}

func TestInkToPixels(t *testing.T) {
	k := Ink{W: 3, H: 1, V: []float64{0, 0.5, 1}}
	if p := k.Grey().Pix; p[0] != 255 || p[1] != 127 || p[2] != 0 {
		t.Errorf("grey levels %v", p)
	}
	m := k.Image(Blue)
	if m.RGBAAt(0, 0) != (color.RGBA{255, 255, 255, 255}) || m.RGBAAt(2, 0) != (color.RGBA{Blue.R, Blue.G, Blue.B, 255}) {
		t.Error("paper is not white or full ink not the colour")
	}
}

// Shapes on their way are as strong as at the ends.
func TestWayStaysSolid(t *testing.T) {
	disc := func(n int, spread float64) *measure.Cloud {
		c := measure.New(0, 2)
		var x, y []float64
		for i := range n * n {
			px, py := (float64(i%n)+0.5)/float64(n)-0.5, (float64(i/n)+0.5)/float64(n)-0.5
			if math.Hypot(px, py) < 0.5 {
				x, y = append(x, 0.5+spread*px), append(y, 0.5+spread*py)
			}
		}
		c.N, c.X = len(x), append(x, y...)
		return c
	}
	a := Named{Cloud: disc(40, 0.9), Colour: Blue}
	w := Way{
		A: a, B: a, Times: []float64{0, 0.5, 1}, Clouds: []*measure.Cloud{a.Cloud, disc(40, 1), a.Cloud},
		Canvas: &Canvas{W: 100, H: 100, X: Range{0, 1}, Y: Range{0, 1}, Blur: 0.015, Total: 6000}, TotalB: 6000,
	}
	// every frame is mostly one colour: its own
	for k, m := range w.Frames() {
		want := Mix(Blue, Blue, w.Times[k])
		r, g, b, _ := m.At(50, 50).RGBA()
		for i, v := range [3][2]uint8{{uint8(r >> 8), want.R}, {uint8(g >> 8), want.G}, {uint8(b >> 8), want.B}} {
			if d := int(v[0]) - int(v[1]); d > 25 || d < -25 {
				t.Errorf("frame %d, channel %d: %d in the middle, want about %d", k, i, v[0], v[1])
			}
		}
	}
}

// A GIF shows the frames there and back, close to their colours.
func TestAnimation(t *testing.T) {
	var frames []image.Image
	for k := range 4 {
		m := image.NewRGBA(image.Rect(0, 0, 60, 40))
		for y := range 40 {
			for x := range 60 {
				c := Mix(Blue, Vermilion, float64(x+k)/64)
				if (x-15*k)*(x-15*k)+(y-20)*(y-20) < 80 {
					c = white
				}
				m.Set(x, y, c)
			}
		}
		frames = append(frames, m)
	}
	var b bytes.Buffer
	if err := (Animation{Frames: frames}).EncodeGIF(&b); err != nil {
		t.Fatal(err)
	}
	g, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Image) != 6 || g.LoopCount != 0 {
		t.Fatalf("%d frames, loop count %d; want 6, for ever", len(g.Image), g.LoopCount)
	}
	if g.Delay[0] != 80 || g.Delay[1] != 5 || g.Delay[3] != 80 {
		t.Errorf("delays %v", g.Delay)
	}
	shown := image.NewRGBA(frames[0].Bounds())
	for k, m := range g.Image {
		draw.Draw(shown, shown.Bounds(), m, image.Point{}, draw.Over)
		want := frames[min(k, 6-k)].(*image.RGBA)
		for i, v := range shown.Pix {
			if d := int(v) - int(want.Pix[i]); d > 12 || d < -12 {
				t.Fatalf("frame %d, byte %d: %d, want %d", k, i, v, want.Pix[i])
			}
		}
	}
	if (Animation{}).EncodeGIF(&b) == nil {
		t.Error("no frames were accepted")
	}
	b.Reset()
	if err := (Animation{Frames: frames[:1], Once: true}).EncodeGIF(&b); err != nil {
		t.Error(err)
	}
}
