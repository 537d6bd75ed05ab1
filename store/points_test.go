package store

import (
	"archive/zip"
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func fileOf(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func pointsOf(t *testing.T, name, text string) (*Points, error) {
	t.Helper()
	p, err := ReadPoints(fileOf(t, name, []byte(text)))
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
	return p, err
}

func TestPointsFromCSV(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		names []string
		x     []float64 // coordinate-major
		named bool
	}{
		"no header":    {"1,2\n3,4\n5,6\n", []string{"x[1]", "x[2]"}, []float64{1, 3, 5, 2, 4, 6}, false},
		"header":       {"a,b\n1,2\n3,4\n", []string{"a", "b"}, []float64{1, 3, 2, 4}, true},
		"row numbers":  {"\"\",\"a\",\"b\"\n1,1,2\n2,3,4\n", []string{"a", "b"}, []float64{1, 3, 2, 4}, true},
		"one column":   {"1\n2\n3\n", []string{"x"}, []float64{1, 2, 3}, false},
		"blanks":       {"# saved\n1.0e0 2\n 3  4\n", []string{"x[1]", "x[2]"}, []float64{1, 3, 2, 4}, false},
		"tabs":         {"a\tb\n1\t2\n", []string{"a", "b"}, []float64{1, 2}, true},
		"semicolons":   {"a;b\n1;2\n", []string{"a", "b"}, []float64{1, 2}, true},
		"no last line": {"1,2\r\n3,4", []string{"x[1]", "x[2]"}, []float64{1, 3, 2, 4}, false},
		"byte order":   {"\ufeffa,b\n\n1,2\n", []string{"a", "b"}, []float64{1, 2}, true},
		"Stan's names": {"x.1,x.2\n1,2\n", []string{"x[1]", "x[2]"}, []float64{1, 2}, true},
	} {
		p, err := pointsOf(t, "points.csv", c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(p.Names, c.names) || !slices.Equal(p.Cloud.X, c.x) || p.Draws() || p.Named != c.named || p.Cloud.LogW != nil {
			t.Errorf("%s: %v %v, draws %v, named %v", name, p.Names, p.Cloud.X, p.Draws(), p.Named)
		}
	}
	p, err := pointsOf(t, "points.csv", ".log_weight,a\n-1,2\n-inf,3\n")
	if err != nil || !slices.Equal(p.Cloud.LogW, []float64{-1, math.Inf(-1)}) || !slices.Equal(p.Names, []string{"a"}) {
		t.Errorf("weights: %+v, %v", p, err)
	}
}

func TestPointsFromDraws(t *testing.T) {
	p, err := pointsOf(t, "draws.csv", ".chain,.iteration,.draw,lp__,a,b[1]\n2,1,3,0,30,3\n1,2,2,0,20,2\n1,1,1,0,10,1\n2,2,4,0,40,4\n")
	if err != nil {
		t.Fatal(err)
	}
	if p.Chains != 2 || p.DrawsPerChain != 2 || !slices.Equal(p.Names, []string{"a", "b[1]"}) || !slices.Equal(p.Cloud.X, []float64{10, 20, 30, 40, 1, 2, 3, 4}) {
		t.Errorf("%+v %v", p, p.Cloud.X)
	}
	p, err = pointsOf(t, "out.csv", cmdStanText(false, 10, 2, 1, cmdStanRow(1), cmdStanRow(2)))
	if err != nil || p.Chains != 1 || p.Cloud.N != 2 || p.Cloud.D != 8 || p.Names[1] != "b[1,1]" {
		t.Errorf("CmdStan: %+v, %v", p, err)
	}
	if _, err := pointsOf(t, "draws.csv", "lp__,a\n0,1\n0,nan\n"); err == nil || !strings.Contains(err.Error(), "a is NaN in draw 2 of chain 1") {
		t.Errorf("NaN draw: %v", err)
	}
	d := &Draws{Chains: 2, DrawsPerChain: 3}
	v := d.NewVariable("x", Float, 2)
	for i := range v.Values {
		v.Values[i] = float64(i)
	}
	d.Variables = []Variable{v}
	for _, ext := range []string{".zarr", ".npz", ".npy", ".csv"} {
		path := filepath.Join(t.TempDir(), "draws"+ext)
		if _, err := Write(path, d, Options{}); err != nil {
			t.Fatal(err)
		}
		p, err := ReadPoints(path)
		if ext == ".npz" && err == nil { // one array alone is an array of points or draws by its axes
			t.Logf("npz: %v", p.Names)
		}
		if err != nil || p.Chains != 2 && ext != ".csv" || p.Cloud.N != 6 || !slices.Equal(p.Cloud.X, []float64{0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11}) {
			t.Errorf("%s: %+v, %v", ext, p, err)
		}
	}
}

func archive(t *testing.T, members map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.npy", "b.npy", "readme.txt"} {
		if data, ok := members[name]; ok {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(data)
		}
	}
	z.Close()
	return b.Bytes()
}

func TestPointsFromArrays(t *testing.T) {
	matrix := npyOf(t, []int{3, 2}, Float, []float64{1, 2, 3, 4, 5, 6})
	vector := npyOf(t, []int{3}, Int, []float64{7, 8, 9})
	path := fileOf(t, "a.npy", matrix)
	want := []float64{1, 3, 5, 2, 4, 6}
	if p, err := ReadPoints(path); err != nil || p.Cloud.N != 3 || !slices.Equal(p.Cloud.X, want) || p.Draws() || p.Named {
		t.Errorf("matrix: %+v, %v", p, err)
	}
	if p, err := ReadPoints(fileOf(t, "v.npy", vector)); err != nil || p.Cloud.D != 1 || !slices.Equal(p.Cloud.X, []float64{7, 8, 9}) {
		t.Errorf("vector: %+v, %v", p, err)
	}
	if p, err := ReadPoints(fileOf(t, "d.npy", npyOf(t, []int{2, 1, 2}, Float, []float64{1, 2, 3, 4}))); err != nil || p.Chains != 2 || p.Named {
		t.Errorf("three axes: %+v, %v", p, err)
	}
	both := fileOf(t, "both.npz", archive(t, map[string][]byte{"a.npy": matrix, "b.npy": vector}))
	if p, err := ReadPoints(both + ":a"); err != nil || !slices.Equal(p.Cloud.X, want) {
		t.Errorf("member: %+v, %v", p, err)
	}
	if p, err := ReadPoints(fileOf(t, "one.npz", archive(t, map[string][]byte{"a.npy": matrix}))); err != nil || !slices.Equal(p.Cloud.X, want) {
		t.Errorf("only member: %+v, %v", p, err)
	}
	for path, want := range map[string]string{
		both:        "name one, as in " + both + ":a",
		both + ":c": "has no member c; it has a, b",
		fileOf(t, "none.npz", archive(t, map[string][]byte{"readme.txt": nil})):      "no NPY members",
		fileOf(t, "broken.npz", []byte("PK")):                                        "cannot read",
		fileOf(t, "zero.npy", npyOf(t, []int{0, 2}, Float, nil)):                     "holds no points",
		fileOf(t, "one.npy", npyOf(t, []int{}, Float, []float64{1})):                 "is one number",
		fileOf(t, "nan.npy", npyOf(t, []int{1, 2}, Float, []float64{1, math.NaN()})): "row 1, column 2 is NaN",
		fileOf(t, "empty.npy", nil):                                                  "the file is empty",
		fileOf(t, "text.npy", []byte("1,2\n")):                                       "text.npy",
	} {
		if _, err := ReadPoints(path); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestWhatIsNoSetOfPoints(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "the file is empty",
		"\n# comment\n":           "the file is empty",
		"a,b\n":                   "a header and no points",
		"1,2\n3\n":                "points.csv:2: the line has 1 values, the first line has 2",
		"a,b\n1,2\n3,4,5\n":       "points.csv:3: the line has 3 values, the header has 2",
		"a,b\n1,two\n":            `points.csv:2: column b holds "two", which is no number`,
		"a,b\n1,\n":               `points.csv:2: column b holds "", which is empty`,
		"1,2\n1,nan\n":            "points.csv:2: column x[2] is nan, want a finite number",
		"1,2\n1,inf\n":            "points.csv:2: column x[2] is inf",
		"1,2\n1,1e999\n":          "beyond the range",
		"1,b\n3,4\n":              "points.csv:1: a header of names or a line of numbers",
		"a,a\n3,4\n":              `two columns are named "a"`,
		"a,,c\n1,2,3\n":           "column 2 has no name",
		".log_weight\n1\n":        "names no coordinates",
		".log_weight,a\nnan,1\n":  "log weight is nan",
		".log_weight,a\n-inf,1\n": "no particle has weight",
		"\x89PNG\x00\x01\n":       "the file is not text",
		"a,\"b\n1,2\n":            "quoted cell",
	} {
		if _, err := pointsOf(t, "points.csv", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                                         "it is a directory and no Zarr",
		filepath.Join(dir, "no.csv"):                "no such file",
		filepath.Join(dir, "no.npy"):                "no such file",
		filepath.Join(dir, "no.npz:a"):              "no such file",
		filepath.Join(dir, "no.png"):                "no such file",
		fileOf(t, "text.png", []byte("no picture")): "no PNG, JPEG or GIF",
	} {
		if _, err := ReadPoints(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestSelect(t *testing.T) {
	p, err := pointsOf(t, "p.csv", "a,b[1],b[2],c\n1,2,3,4\n")
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Select([]string{"c", "b"})
	if err != nil || !slices.Equal(s.Names, []string{"c", "b[1]", "b[2]"}) || !slices.Equal(s.Cloud.X, []float64{4, 2, 3}) {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range [][]string{{"d"}, {"b", "b[1]"}, {}} {
		if _, err := p.Select(bad); err == nil {
			t.Errorf("%v is accepted", bad)
		}
	}
}

func TestImagePoints(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	m.Set(0, 0, color.Black)                         // top left
	m.Set(3, 1, color.NRGBA{A: 128})                 // bottom right, half transparent black
	m.Set(1, 1, color.NRGBA{R: 255, G: 255, B: 255}) // transparent
	var files [3]bytes.Buffer
	if err := png.Encode(&files[0], m); err != nil {
		t.Fatal(err)
	}
	p, err := ReadPoints(fileOf(t, "m.png", files[0].Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	// The longer side has length 1, the picture height 1/2; y goes up.
	if !slices.Equal(p.Cloud.X, []float64{0.125, 0.875, 0.375, 0.125}) || p.Width != 4 || p.Height != 2 {
		t.Errorf("%v of %d x %d", p.Cloud.X, p.Width, p.Height)
	}
	if w := p.Cloud.Weights(); math.Abs(w[0]/w[1]-255.0/128) > 1e-3 {
		t.Errorf("weights %v", w)
	}
	grey := image.NewGray(image.Rect(0, 0, 16, 16))
	for i := range grey.Pix {
		grey.Pix[i] = uint8(i)
	}
	jpeg.Encode(&files[1], grey, nil)
	gif.Encode(&files[2], grey, nil)
	for i, name := range []string{"m.jpg", "m.gif"} {
		p, err := ReadPoints(fileOf(t, name, files[i+1].Bytes()))
		if err != nil || p.Cloud.N < 200 {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	for shade, want := range map[uint8]string{255: "blank", 100: "one shade"} {
		for i := range grey.Pix {
			grey.Pix[i] = shade
		}
		var b bytes.Buffer
		png.Encode(&b, grey)
		if _, err := ReadPoints(fileOf(t, "flat.png", b.Bytes())); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("shade %d: %v", shade, err)
		}
	}
	if _, err := ReadPoints(fileOf(t, "cut.png", files[0].Bytes()[:50])); err == nil || !strings.Contains(err.Error(), "cut.png") {
		t.Errorf("damaged image: %v", err)
	}
}

// FuzzReadPointsCSV holds the reader of tables to its contract: no panic, one line of
// error, and what it accepts is a set of finite points with as many names as coordinates.
func FuzzReadPointsCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n3,4\n"))
	f.Add([]byte("1 2\n3 4\n"))
	f.Add([]byte("\"a;b\";c\n1;2\n"))
	f.Add([]byte(".log_weight,x.1\n-inf,2\n0,3"))
	f.Add([]byte("lp__,a\n1,2\n"))
	f.Add([]byte("1,nan\n"))
	f.Add([]byte("\ufeff\"\",\"a\"\n1,2"))
	f.Add([]byte("\x00\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, draws, err := parsePoints("fuzz.csv", bytes.NewReader(data))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		if draws {
			return
		}
		if err := p.Cloud.Check(); err != nil && !strings.Contains(err.Error(), "no particle has weight") {
			t.Error(err)
		}
		if p.Cloud.N == 0 || p.Cloud.D == 0 || len(p.Names) != p.Cloud.D {
			t.Errorf("%d points in dimension %d with names %q", p.Cloud.N, p.Cloud.D, p.Names)
		}
		for _, v := range p.Cloud.X {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("coordinate %v", v)
			}
		}
	})
}
