package store

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func rawNPY(header string, data []byte) []byte {
	b := []byte("\x93NUMPY\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)+1))
	return append(append(b, header+"\n"...), data...)
}

// The bytes are those of numpy.save for the same array.
func TestNPYBytes(t *testing.T) {
	want := "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }" +
		strings.Repeat(" ", 58) + "\n\x00\x00\x00\x00\x00\x00\xf0?\x00\x00\x00\x00\x00\x00\x04\xc0"
	if got := npyOf(t, []int{2, 1}, Float, []float64{1, -2.5}); string(got) != want {
		t.Errorf("%q", got)
	}
}

func TestReadNPY(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		data   []byte
		shape  []int
		values []float64
	}{
		"float32":        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", []byte{0, 0, 128, 63, 0, 0, 192, 127}, []int{2}, []float64{1, math.NaN()}},
		"Fortran":        {"{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", []byte{1, 4, 2, 5, 3, 6}, []int{2, 3}, []float64{1, 2, 3, 4, 5, 6}},
		"Fortran 4-D":    {"{'descr': '|i1', 'fortran_order': True, 'shape': (1, 2, 1, 2), }", []byte{1, 2, 255, 4}, []int{1, 2, 1, 2}, []float64{1, -1, 2, 4}},
		"big endian":     {"{'descr': '>i4', 'fortran_order': False, 'shape': (1,), }", []byte{255, 255, 255, 254}, []int{1}, []float64{-2}},
		"unsigned 16":    {"{'descr': '<u2', 'fortran_order': False, 'shape': (1,), }", []byte{255, 255}, []int{1}, []float64{65535}},
		"bool":           {"{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", []byte{0, 1}, []int{2}, []float64{0, 1}},
		"scalar":         {"{'descr': '<i8', 'fortran_order': False, 'shape': (), }", []byte{3, 0, 0, 0, 0, 0, 0, 0}, []int{}, []float64{3}},
		"other order":    {`{"shape":(1,),"descr":"<i1","fortran_order":False}`, []byte{9}, []int{1}, []float64{9}},
		"nothing":        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", nil, []int{0, 3}, []float64{}},
		"Python 2 longs": {"{'descr': '|i1', 'fortran_order': False, 'shape': (2L,), }", []byte{1, 2}, []int{2}, []float64{1, 2}},
	} {
		a, err := ReadNPY(bytes.NewReader(rawNPY(c.header, c.data)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		same := slices.EqualFunc(a.Values, c.values, func(x, y float64) bool { return x == y || x != x && y != y })
		if !slices.Equal(a.Shape, c.shape) || !same {
			t.Errorf("%s: %v", name, a)
		}
	}
}

func TestReadNPYErrors(t *testing.T) {
	head := func(descr, shape string) string {
		return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }"
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"objects":      {rawNPY(head("'|O'", "(1,)"), []byte{1}), "Python objects"},
		"structures":   {rawNPY(head("[('a', '<f8')]", "(1,)"), []byte{1}), "structures"},
		"complex":      {rawNPY(head("'<c16'", "(1,)"), []byte{1}), `complex numbers ("<c16")`},
		"text":         {rawNPY(head("'<U5'", "(1,)"), []byte{1}), `text ("<U5")`},
		"half":         {rawNPY(head("'<f2'", "(1,)"), []byte{1}), `unsupported type ("<f2")`},
		"cut":          {rawNPY(head("'<f8'", "(3,)"), make([]byte, 17)), "end after 2 of 3 numbers"},
		"huge":         {rawNPY(head("'<f8'", "(99999999999, 99999999999)"), nil), "too large"},
		"long":         {rawNPY(head("'<f8'", "(1000000000,)"), make([]byte, 8)), "end after 1 of 1000000000 numbers"},
		"negative":     {rawNPY(head("'<f8'", "(-1,)"), nil), "not understood"},
		"no dict":      {rawNPY("hello", nil), "not understood"},
		"no shape":     {rawNPY("{'descr': '<f8', 'fortran_order': False}", nil), "not understood"},
		"other file":   {[]byte("PK\x03\x04 and so on"), "no NPY file"},
		"empty":        {nil, "no NPY file"},
		"version":      {append([]byte("\x93NUMPY\x09\x00"), 0, 0), "version 9"},
		"short header": {[]byte("\x93NUMPY\x01\x00\xff\x00{"), "header is cut off"},
		"long header":  {[]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), "too long"},
	} {
		if _, err := ReadNPY(bytes.NewReader(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestNPZMembers(t *testing.T) {
	write := func(members map[string][]byte) string {
		path := filepath.Join(t.TempDir(), "a.npz")
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, data := range members {
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(data); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	six := []float64{1, 2, 3, 4, 5, 6}
	d, err := Read(write(map[string][]byte{"points.npy": npyOf(t, []int{3, 2}, Float, six), "label.npy": npyOf(t, []int{3}, Int, six[:3]), "note.txt": []byte("x")}))
	if err != nil || d.Chains != 1 || d.DrawsPerChain != 3 || len(d.Variables) != 2 {
		t.Errorf("%+v, %v", d, err)
	}
	for name, c := range map[string]struct {
		members map[string][]byte
		want    string
	}{
		"lengths": {map[string][]byte{"a.npy": npyOf(t, []int{3}, Float, six[:3]), "b.npy": npyOf(t, []int{2}, Float, six[:2])}, "first axis differs"},
		"nothing": {map[string][]byte{"note.txt": []byte("x")}, "no NPY members"},
		"number":  {map[string][]byte{"a.npy": npyOf(t, []int{}, Float, six[:1])}, "is one number"},
		"empty":   {map[string][]byte{"a.npy": npyOf(t, []int{0, 2}, Float, nil)}, "holds no draws"},
		"object":  {map[string][]byte{"a.npy": rawNPY("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", nil)}, "member a.npy: the NPY file holds Python objects"},
	} {
		if _, err := Read(write(c.members)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "broken.npz")
	if err := os.WriteFile(path, []byte("PK no archive"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "cannot read "+path) {
		t.Errorf("%v", err)
	}
}
