package store

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wgf/measure"
)

// The members are those that scipy.sparse.save_npz writes for a coo_matrix, and
// what is in them; the files were once read with SciPy 1.16.
func TestWriteSparseNPZ(t *testing.T) {
	s := Sparse{Rows: 3, Columns: 70000, I: []int32{0, 2, 2}, J: []int32{69999, 0, 1}, Values: []float64{0.5, 0.25, math.Pi}}
	var b bytes.Buffer
	if err := WriteSparseNPZ(&b, s); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		descr string
		shape []int
		data  any
	}{
		"row.npy":    {"<i4", []int{3}, []int32{0, 2, 2}},
		"col.npy":    {"<i4", []int{3}, []int32{69999, 0, 1}},
		"format.npy": {"|S3", []int{}, []byte("coo")},
		"shape.npy":  {"<i8", []int{2}, []int64{3, 70000}},
		"data.npy":   {"<f8", []int{3}, s.Values},
	}
	for _, m := range z.File {
		w, ok := want[m.Name]
		if !ok {
			t.Errorf("member %s", m.Name)
			continue
		}
		delete(want, m.Name)
		r, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		length := 10 + int(binary.LittleEndian.Uint16(raw[8:]))
		if string(raw[:8]) != "\x93NUMPY\x01\x00" || length%64 != 0 || raw[length-1] != '\n' {
			t.Errorf("%s: the preamble %q of %d bytes", m.Name, raw[:10], length)
		}
		if header := string(raw[10:length]); !strings.Contains(header, "'descr': '"+w.descr+"'") {
			t.Errorf("%s: header %s, want the type %s", m.Name, header, w.descr)
		}
		var data bytes.Buffer
		if err := binary.Write(&data, binary.LittleEndian, w.data); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(raw[length:], data.Bytes()) {
			t.Errorf("%s: data %v, want %v", m.Name, raw[length:], data.Bytes())
		}
		if w.descr != "|S3" {
			if a, err := ReadNPY(bytes.NewReader(raw)); err != nil || !slices.Equal(a.Shape, w.shape) {
				t.Errorf("%s: read back as %v, %v", m.Name, a, err)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("members are missing: %v", want)
	}
	if WriteSparseNPZ(io.Discard, Sparse{I: []int32{1}}) == nil {
		t.Error("lists of unequal length were accepted")
	}
}

func TestWriteFileIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	if err := WriteFile(path, text("old")); err != nil {
		t.Fatal(err)
	}
	failing := func(w io.Writer) error { io.WriteString(w, "new"); return errors.New("no more") }
	if err := WriteFile(path, failing); err == nil || !strings.Contains(err.Error(), "cannot write "+path) {
		t.Errorf("error %v", err)
	}
	if err := WriteFile(filepath.Join(dir, "none", "out"), text("")); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("error %v", err)
	}
	if err := CheckFile(dir); err == nil || !strings.Contains(err.Error(), "is a directory") {
		t.Errorf("error %v", err)
	}
	folder := filepath.Join(dir, "folder")
	broken := func(k int, w io.Writer) error {
		if k == 1 {
			return errors.New("no more")
		}
		return nil
	}
	if WriteFolder(folder, []string{"a", "b"}, broken) == nil {
		t.Error("a failing file was accepted")
	}
	if files := snapshot(t, dir); len(files) != 1 || files[path] != "old" {
		t.Errorf("left behind: %v", files)
	}
	names := func(k int, w io.Writer) error { return text(string(rune('a' + k)))(w) }
	if err := WriteFolder(folder+"/", []string{"a", "b"}, names); err != nil {
		t.Fatal(err)
	}
	if files := snapshot(t, dir); len(files) != 3 || files[filepath.Join(folder, "b")] != "b" {
		t.Errorf("files %v", files)
	}
	for _, taken := range []string{folder, path, filepath.Join(dir, "none", "folder")} {
		if CheckFolder(taken) == nil {
			t.Errorf("%s would be replaced", taken)
		}
	}
}

// What WritePoints writes ReadPoints reads, bit for bit; weights too, but for NPY.
func TestPointsRoundTrip(t *testing.T) {
	c, _ := measure.FromPoints([][]float64{{1. / 3, -2e-300}, {0, 1e17}, {math.Pi, 5}})
	c.LogW = []float64{math.Log(3), math.Inf(-1), 0}
	for _, name := range []string{"c.npy", "c.csv", "c.npz"} {
		path := filepath.Join(t.TempDir(), name)
		format, err := PointsFormat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(path, func(w io.Writer) error { return WritePoints(w, format, c, []string{"a", "b"}) }); err != nil {
			t.Fatal(err)
		}
		member := path
		if format == "npz" {
			member += ":points"
			w, err := ReadVector(path+":weights", "weights")
			if err != nil || math.Abs(w[0]-0.75) > 1e-15 || w[1] != 0 {
				t.Errorf("weights %v, %v", w, err)
			}
		}
		p, err := ReadPoints(member)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(p.Cloud.X, c.X) {
			t.Errorf("%s: %v, want %v", name, p.Cloud.X, c.X)
		}
		if format == "csv" {
			if w := p.Cloud.Weights(); math.Abs(w[0]-0.75) > 1e-15 || w[1] != 0 || p.Names[1] != "b" {
				t.Errorf("weights %v, names %v", w, p.Names)
			}
		}
	}
	if _, err := PointsFormat("x.txt"); err == nil {
		t.Error("txt was accepted")
	}
}

func TestWritePath(t *testing.T) {
	a, _ := measure.FromPoints([][]float64{{0, 1}, {2, 3}})
	b, _ := measure.FromPoints([][]float64{{4, 5}, {6, 7}})
	p := Path{Times: []float64{0, 1}, Clouds: []*measure.Cloud{a, b}}
	var w bytes.Buffer
	if err := WritePath(&w, "npy", p); err != nil {
		t.Fatal(err)
	}
	got, err := ReadNPY(&w)
	if err != nil || !slices.Equal(got.Shape, []int{2, 2, 2}) || !slices.Equal(got.Values, []float64{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("%v, %v", got, err)
	}
	w.Reset()
	if err := WritePath(&w, "csv", p); err != nil || w.String() != "t,x[1],x[2]\n0,0,1\n0,2,3\n1,4,5\n1,6,7\n" {
		t.Errorf("%q, %v", w.String(), err)
	}
	b.LogW = []float64{0, math.Inf(-1)} // weights that change in time
	path := filepath.Join(t.TempDir(), "p.npz")
	if err := WriteFile(path, func(w io.Writer) error { return WritePath(w, "npz", p) }); err != nil {
		t.Fatal(err)
	}
	if v, n, m, err := ReadMatrix(path+":weights", "weights"); err != nil || n != 2 || m != 2 || !slices.Equal(v, []float64{0.5, 0.5, 1, 0}) {
		t.Errorf("weights %v, %d x %d, %v", v, n, m, err)
	}
	w.Reset()
	if err := WritePath(&w, "csv", p); err != nil || !strings.HasSuffix(w.String(), "1,4,5,0\n1,6,7,-inf\n") {
		t.Errorf("%q, %v", w.String(), err)
	}
	p.Clouds[1] = measure.New(1, 2)
	if WritePath(&w, "npy", p) == nil {
		t.Error("clouds of two sizes were accepted")
	}
}

func TestReadLogWeights(t *testing.T) {
	dir := t.TempDir()
	for content, want := range map[string]string{
		"0.25\n0.75\n":      "",
		"w\n0.25\n0.75\n":   "",
		"0.5\n0.6\n":        "sum to 1.1",
		"-0.5\n1.5\n":       "weight 1 is -0.5",
		"1\n":               "1 weights for 2 points",
		"0\n0\n":            "are 0",
		"nan\n1\n":          "nan",
		"0.5,1\n0.5,1\n":    "2 columns, want one",
		"half\n0.5\n0.5x\n": "0.5x",
	} {
		path := filepath.Join(dir, "w.csv")
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		w, err := ReadLogWeights(path, 2, false)
		switch {
		case want == "" && (err != nil || math.Abs(math.Exp(w[1])-0.75) > 1e-15):
			t.Errorf("%q: %v, %v", content, w, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: error %v, want %s", content, err, want)
		}
	}
	path := filepath.Join(dir, "w.csv")
	if err := os.WriteFile(path, []byte("2\n0\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if w, err := ReadLogWeights(path, 2, true); err != nil || !math.IsInf(w[1], -1) {
		t.Errorf("%v, %v", w, err)
	}
}

func TestReadMatrix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.csv")
	if err := os.WriteFile(path, []byte("1,2,3\n4,5,6\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	v, n, m, err := ReadMatrix(path, "a cost matrix")
	if err != nil || n != 2 || m != 3 || !slices.Equal(v, []float64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("%v, %d x %d, %v", v, n, m, err)
	}
	if _, _, _, err := ReadMatrix(path+"none", "a cost matrix"); err == nil {
		t.Error("no file was accepted")
	}
}
