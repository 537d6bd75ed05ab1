package store

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// Readers never panic and never allocate more than a file can justify, whatever it holds;
// what they accept is consistent. The plain tests run the seeds and the mutations below.

func checkCSV(t *testing.T, data []byte) {
	f, err := parseCSV("fuzz.csv", bytes.NewReader(data))
	if err != nil {
		return
	}
	d, err := assemble([]*csvFile{f})
	if err != nil {
		return
	}
	if err := d.validate(); err != nil {
		t.Errorf("accepted, but %v", err)
	}
	d.Columns()
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(cmdStanText(true, 2, 2, 1, cmdStanRow(1), cmdStanRow(2), cmdStanRow(3), cmdStanRow(4))))
	f.Add([]byte(cmdStanText(false, 1000, 2, 3, cmdStanRow(1))))
	f.Add([]byte(".chain,.iteration,.draw,.log_weight,a,\"b[1,2]\"\n1,1,1,0,2,3\n2,1,2,0,4,5\n"))
	f.Add([]byte("1,2\n3,nan\n"))
	f.Add([]byte("a.99999999999999999999,b[4611686018427387904,4]\n1,2\n"))
	f.Add([]byte("__,lp__\n1,2\n"))
	f.Add([]byte("a,:2.1,.2\n0,0,0\n")) // two names of one variable
	f.Fuzz(checkCSV)
}

func npyOf(t testing.TB, shape []int, kind Type, values []float64) []byte {
	var b bytes.Buffer
	if err := WriteNPY(&b, shape, kind, values); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func checkNPY(t *testing.T, data []byte) {
	a, err := ReadNPY(bytes.NewReader(data))
	if err != nil {
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("more than one line: %v", err)
		}
		return
	}
	size := 1
	for _, n := range a.Shape {
		size *= n
	}
	if size != len(a.Values) || len(a.Values) > len(data) {
		t.Errorf("%d values of shape %v from %d bytes", len(a.Values), a.Shape, len(data))
	}
	if d, err := drawsFromArray(a); err == nil {
		if err := d.validate(); err != nil {
			t.Errorf("accepted, but %v", err)
		}
	}
}

func FuzzNPY(f *testing.F) {
	f.Add(npyOf(f, []int{2, 3}, Float, []float64{1, 2, 3, 4, 5, 6}))
	f.Add(npyOf(f, []int{3}, Bool, []float64{1, 0, 1}))
	f.Add(npyOf(f, []int{}, Int, []float64{7}))
	f.Add(rawNPY("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }", []byte{0, 1, 0, 2, 0, 3, 0, 4}))
	f.Add(rawNPY("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0), }", nil))
	f.Add(rawNPY("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }", nil))
	f.Fuzz(checkNPY)
}

// smallZarr is a written store in memory.
func smallZarr(t testing.TB) fstest.MapFS {
	dir := filepath.Join(t.TempDir(), "a.zarr")
	if _, err := Write(dir, sampleDraws(2, 3), Options{}); err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		m[filepath.ToSlash(name)] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// checkZarr reads a small store in which one metadata document is replaced.
func checkZarr(t *testing.T, whole fstest.MapFS, name string, document []byte) error {
	m := fstest.MapFS{}
	for k, v := range whole {
		m[k] = v
	}
	m[name] = &fstest.MapFile{Data: document}
	d, err := readZarrFS(m)
	if err == nil {
		err = d.validate()
		if err != nil {
			t.Errorf("accepted, but %v", err)
		}
	}
	return err
}

func FuzzZarr(f *testing.F) {
	whole := smallZarr(f)
	const name = "posterior/theta/zarr.json"
	f.Add(whole[name].Data)
	f.Add(whole["posterior/chain/zarr.json"].Data)
	f.Add(whole["posterior/theta_dim_0/zarr.json"].Data)
	f.Add(bytes.Replace(whole[name].Data, []byte("float64"), []byte("int8"), 1))
	f.Add([]byte(`{"zarr_format":3,"node_type":"array","shape":[2,3],"data_type":"float64","chunk_grid":{"name":"regular","configuration":{"chunk_shape":[1,1]}},"chunk_key_encoding":{"name":"v2"},"fill_value":"0x7ff8000000000000","codecs":[{"name":"bytes"}],"dimension_names":["chain","draw"]}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		_ = checkZarr(t, whole, name, document)
		_ = checkZarr(t, whole, "posterior/theta_dim_0/zarr.json", document)
		_ = checkZarr(t, whole, "zarr.json", document)
	})
}

// Arrays that announce more than there is are refused before anything is allocated, and
// what is not supported is named.
func TestHostileZarr(t *testing.T) {
	whole := smallZarr(t)
	const name = "posterior/theta/zarr.json"
	for what, c := range map[string]struct {
		change func(map[string]any)
		want   string
	}{
		"huge shape": {func(m map[string]any) { m["shape"] = []int{2, 3, 1 << 40, 1 << 40} }, "cannot be read"},
		"large shape": {func(m map[string]any) {
			m["shape"], m["chunk_grid"] = []int{2, 3, 1 << 14, 1 << 14}, grid(2, 3, 1<<14, 1<<14)
		}, "more numbers than its chunks can hold"},
		"many chunks":    {func(m map[string]any) { m["shape"], m["chunk_grid"] = []int{2, 3, 1 << 20, 1}, grid(1, 1, 1, 1) }, "more than 1048576 chunks"},
		"zero, then big": {func(m map[string]any) { m["shape"] = []int{2, 3, 0, 1 << 62} }, "chunks"},
		"negative":       {func(m map[string]any) { m["shape"] = []int{2, 3, -1, 3} }, "cannot be read"},
		"zero chunk":     {func(m map[string]any) { m["chunk_grid"] = grid(0, 3, 2, 3) }, "cannot be read"},
		"ranks":          {func(m map[string]any) { m["chunk_grid"] = grid(2, 3) }, "do not fit"},
		"zstd": {func(m map[string]any) {
			m["codecs"] = []any{map[string]any{"name": "bytes"}, map[string]any{"name": "zstd"}}
		}, `codec "zstd" is not supported`},
		"sharding":     {func(m map[string]any) { m["codecs"] = []any{map[string]any{"name": "sharding_indexed"}} }, `codec "sharding_indexed" is not supported`},
		"complex":      {func(m map[string]any) { m["data_type"] = "complex128" }, `data type "complex128" is not supported`},
		"text":         {func(m map[string]any) { m["data_type"] = "string" }, "codec"},
		"short chunks": {func(m map[string]any) { m["shape"], m["chunk_grid"] = []int{2, 3, 2, 4}, grid(2, 3, 2, 4) }, "has 288 bytes, want 384"},
		"long chunks":  {func(m map[string]any) { m["shape"], m["chunk_grid"] = []int{2, 3, 2, 2}, grid(2, 3, 2, 2) }, "want 192"},
		"chains":       {func(m map[string]any) { m["shape"], m["chunk_grid"] = []int{1, 3, 2, 3}, grid(1, 3, 2, 3) }, "others have 2 of 3"},
		"version 2":    {func(m map[string]any) { m["zarr_format"] = 2 }, "zarr_format is 2"},
		"no names":     {func(m map[string]any) { delete(m, "dimension_names") }, "0 names for 4 dimensions"},
		"scaled":       {func(m map[string]any) { m["attributes"] = map[string]any{"scale_factor": 2} }, "scale_factor"},
		"fill":         {func(m map[string]any) { m["fill_value"] = []int{1} }, "fill value"},
		"grid":         {func(m map[string]any) { m["chunk_grid"] = map[string]any{"name": "rectangular"} }, `chunk grid "rectangular"`},
	} {
		var m map[string]any
		if err := json.Unmarshal(whole[name].Data, &m); err != nil {
			t.Fatal(err)
		}
		c.change(m)
		document, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := checkZarr(t, whole, name, document); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
	for file, data := range whole { // every document cut anywhere
		if strings.HasSuffix(file, "zarr.json") && len(file) < 40 {
			for cut := 0; cut < len(data.Data)-2; cut += 97 {
				if err := checkZarr(t, whole, file, data.Data[:cut]); err == nil {
					t.Errorf("%s cut at %d is accepted", file, cut)
				}
			}
		}
	}
	if err := checkZarr(t, whole, "posterior/mu/c/0/0", []byte("no gzip")); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("damaged chunk: %v", err)
	}
}

func grid(shape ...int) map[string]any {
	return map[string]any{"name": "regular", "configuration": map[string]any{"chunk_shape": shape}}
}

// A chunk that is missing holds the fill value, as zarr-python leaves out chunks of zeros.
func TestMissingChunk(t *testing.T) {
	whole := smallZarr(t)
	delete(whole, "sample_stats/diverging/c/0/0")
	d, err := readZarrFS(whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Stats {
		if s.Name == "diverging" && s.Values[2] != 0 {
			t.Errorf("%v", s)
		}
	}
}
