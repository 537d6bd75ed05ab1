package report

import (
	"errors"
	"image"
	"image/color"
	"image/gif"
	"io"
	"slices"
)

// Animation is a moving picture: frames of one size.
type Animation struct {
	Frames []image.Image
	// Delay is the time of a frame and Rest that of the first and the last, in
	// hundredths of a second; 0: 5 and 80.
	Delay, Rest int
	// Once plays the frames to the end only; by default they run there and back.
	Once bool
}

// EncodeGIF writes a GIF that repeats for ever. All frames share one palette of
// at most 255 colours, chosen by median cut over all of them.
func (a Animation) EncodeGIF(w io.Writer) error {
	if len(a.Frames) == 0 {
		return errors.New("report: an animation without frames")
	}
	delay, rest := a.Delay, a.Rest
	if delay <= 0 {
		delay = 5
	}
	if rest <= 0 {
		rest = 80
	}
	colours := newPalette(a.Frames)
	out := gif.GIF{Config: image.Config{
		ColorModel: colours.colours,
		Width:      a.Frames[0].Bounds().Dx(), Height: a.Frames[0].Bounds().Dy(),
	}}
	add := func(m *image.Paletted, k int) {
		out.Image = append(out.Image, m)
		d := delay
		if k == 0 || k == len(a.Frames)-1 {
			d = rest
		}
		out.Delay = append(out.Delay, d)
	}
	var all []*image.Paletted
	for _, m := range a.Frames {
		all = append(all, colours.paletted(m))
	}
	add(all[0], 0)
	for k := 1; k < len(all); k++ {
		add(colours.changes(all[k-1], all[k]), k)
	}
	if !a.Once {
		for k := len(all) - 2; k > 0; k-- {
			add(colours.changes(all[k+1], all[k]), k)
		}
	}
	return gif.EncodeAll(w, &out)
}

// maxColours leaves room in the palette for the index that changes nothing: frames
// after the first only draw what differs, which makes small files.
const maxColours = 255

// changes is next where it differs from what is there, and nothing elsewhere.
func (p *palette) changes(before, next *image.Paletted) *image.Paletted {
	out := image.NewPaletted(next.Rect, next.Palette)
	nothing := uint8(len(p.colours) - 1)
	for i, v := range next.Pix {
		if out.Pix[i] = v; v == before.Pix[i] {
			out.Pix[i] = nothing
		}
	}
	return out
}

// palette maps colours of 5 bits a channel to at most 255 colours and nothing.
type palette struct {
	colours color.Palette // the last one is transparent
	index   [1 << 15]uint8
}

type shade struct {
	c     [3]uint8
	key   uint16
	count int
}

func keyOf(r, g, b uint8) uint16 { return uint16(r>>3)<<10 | uint16(g>>3)<<5 | uint16(b>>3) }

// newPalette divides the colours of the frames by median cut (Heckbert 1982).
func newPalette(frames []image.Image) *palette {
	var counts [1 << 15]int
	var sums [1 << 15][3]int
	for _, m := range frames {
		eachPixel(m, func(_ int, r, g, b uint8) {
			k := keyOf(r, g, b)
			counts[k]++
			for i, v := range [3]uint8{r, g, b} {
				sums[k][i] += int(v)
			}
		})
	}
	var all []shade
	for k, n := range counts {
		if n > 0 {
			s := shade{key: uint16(k), count: n}
			for i := range s.c {
				s.c[i] = uint8(sums[k][i] / n)
			}
			all = append(all, s)
		}
	}
	boxes := [][]shade{all}
	for len(boxes) < maxColours {
		// the box with the widest channel, weighed by how often it is seen
		best, channel, most := -1, 0, 0.0
		for i, b := range boxes {
			if len(b) < 2 {
				continue
			}
			at, width, n := spread(b)
			if score := float64(width) * float64(width) * rootish(n); score > most {
				best, channel, most = i, at, score
			}
		}
		if best < 0 {
			break
		}
		b := boxes[best]
		slices.SortFunc(b, func(x, y shade) int {
			if d := int(x.c[channel]) - int(y.c[channel]); d != 0 {
				return d
			}
			return int(x.key) - int(y.key)
		})
		cut := (int(b[0].c[channel]) + int(b[len(b)-1].c[channel]) + 1) / 2
		at := max(1, min(len(b)-1, slices.IndexFunc(b, func(s shade) bool { return int(s.c[channel]) >= cut })))
		boxes[best] = b[:at]
		boxes = append(boxes, b[at:])
	}
	p := &palette{}
	for i, b := range boxes {
		sum, n := [3]int{}, 0
		for _, s := range b {
			for k := range sum {
				sum[k] += int(s.c[k]) * s.count
			}
			n += s.count
			p.index[s.key] = uint8(i)
		}
		p.colours = append(p.colours, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
	}
	p.colours = append(p.colours, color.RGBA{}) // the encoder takes it for transparent
	return p
}

// rootish grows slowly with n: rare colours count, but frequent ones more.
func rootish(n int) float64 {
	r := 1.0
	for ; n > 1; n >>= 4 {
		r *= 2
	}
	return r
}

// spread is the widest channel of a box of colours, its width and how many
// pixels the box has.
func spread(b []shade) (channel, width, n int) {
	var low, high [3]int
	low = [3]int{256, 256, 256}
	for _, s := range b {
		for k, v := range s.c {
			low[k], high[k] = min(low[k], int(v)), max(high[k], int(v))
		}
		n += s.count
	}
	for k := range low {
		if d := high[k] - low[k]; d > width {
			channel, width = k, d
		}
	}
	return channel, width, n
}

func (p *palette) paletted(m image.Image) *image.Paletted {
	b := m.Bounds()
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), p.colours)
	eachPixel(m, func(i int, r, g, b uint8) { out.Pix[i] = p.index[keyOf(r, g, b)] })
	return out
}

// eachPixel visits the pixels row by row.
func eachPixel(m image.Image, f func(i int, r, g, b uint8)) {
	b := m.Bounds()
	if rgba, ok := m.(*image.RGBA); ok {
		for y := range b.Dy() {
			row := rgba.Pix[y*rgba.Stride:]
			for x := range b.Dx() {
				f(y*b.Dx()+x, row[4*x], row[4*x+1], row[4*x+2])
			}
		}
		return
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := color.RGBAModel.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.RGBA)
			f(y*b.Dx()+x, c.R, c.G, c.B)
		}
	}
}
