package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fullDisk is the operating system's file system with a disk that takes only so many
// bytes, or whose renaming fails at some call.
type fullDisk struct {
	osFiles
	left    int
	renames int // fail this one, counted from 1; 0: never
	created int
}

func (d *fullDisk) Create(path string) (io.WriteCloser, error) {
	d.created++
	f, err := d.osFiles.Create(path)
	return &fullFile{d, path, f}, err
}

func (d *fullDisk) Rename(from, to string) error {
	if d.renames--; d.renames == 0 {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: syscall.EACCES}
	}
	return d.osFiles.Rename(from, to)
}

type fullFile struct {
	disk *fullDisk
	path string
	io.WriteCloser
}

func (f *fullFile) Write(p []byte) (int, error) {
	if f.disk.left -= len(p); f.disk.left < 0 {
		return 0, &fs.PathError{Op: "write", Path: f.path, Err: syscall.ENOSPC}
	}
	return f.WriteCloser.Write(p)
}

var everyFormat = map[string]Format{"d.csv": CmdStanCSV, "t.csv": Table, "d.zarr": Zarr, "d.npy": NPY, "d.npz": NPZ}

// snapshot lists all files below dir with their contents.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		out[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sameFiles(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// However early the disk is full, the old output stays as it was, nothing new appears,
// and one sentence names the path and the reason.
func TestFullDisk(t *testing.T) {
	old, next := sampleDraws(2, 5), sampleDraws(2, 6)
	for name, format := range everyFormat {
		for _, before := range []bool{false, true} {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			if before {
				if _, err := Write(path, old, Options{Format: format}); err != nil {
					t.Fatal(err)
				}
			}
			want := snapshot(t, dir)
			measure := &fullDisk{left: 1 << 30}
			if _, err := Write(filepath.Join(t.TempDir(), name), next, Options{Format: format, files: measure}); err != nil {
				t.Fatal(err)
			}
			total := 1<<30 - measure.left
			for _, capacity := range []int{0, total / 2, total - 1} {
				_, err := Write(path, next, Options{Format: format, files: &fullDisk{left: capacity}})
				if err == nil || !errors.Is(err, syscall.ENOSPC) || err.Error() != "cannot write "+path+": no space left on device" {
					t.Errorf("%s, %d of %d bytes: %v", name, capacity, total, err)
				}
				if !sameFiles(want, snapshot(t, dir)) {
					t.Errorf("%s, %d of %d bytes: files changed", name, capacity, total)
				}
			}
		}
	}
}

func TestRenameFails(t *testing.T) {
	for name, format := range everyFormat {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if _, err := Write(path, sampleDraws(2, 5), Options{Format: format}); err != nil {
			t.Fatal(err)
		}
		want := snapshot(t, dir)
		calls := map[Format]int{CmdStanCSV: 4, Zarr: 2}[format] // old ones aside, new ones in
		for call := range max(calls, 1) {
			_, err := Write(path, sampleDraws(2, 6), Options{Format: format, files: &fullDisk{left: 1 << 30, renames: call + 1}})
			if err == nil || !strings.HasPrefix(err.Error(), "cannot write "+path+": ") || !errors.Is(err, syscall.EACCES) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v", name, err)
			}
			if !sameFiles(want, snapshot(t, dir)) {
				t.Errorf("%s: files changed when renaming failed", name)
			}
		}
	}
}

func TestReplace(t *testing.T) {
	for name, format := range everyFormat {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		for _, draws := range []int{50, 7} {
			if _, err := Write(path, sampleDraws(2, draws), Options{Format: format}); err != nil {
				t.Fatal(err)
			}
			d, err := Read(path)
			if err != nil || d.DrawsPerChain != draws {
				t.Errorf("%s: %v, %v", name, d, err)
			}
		}
		for file := range snapshot(t, dir) {
			if strings.Contains(file, ".tmp") || strings.Contains(file, ".old") {
				t.Errorf("%s is left", file)
			}
		}
	}
}

// Fewer chains than before: the files of the others would be read as chains of this run.
func TestStaleChains(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.csv")
	if _, err := Write(path, sampleDraws(5, 3), Options{}); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "d_5.csv")
	if err := os.WriteFile(foreign, []byte("a\n1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(path, sampleDraws(2, 3), Options{}); err != nil {
		t.Fatal(err)
	}
	for c, want := range []bool{true, true, false, false, true} { // the foreign file stays
		if _, err := os.Stat(ChainPath(path, c, 5)); (err == nil) != want {
			t.Errorf("chain %d: %v", c+1, err)
		}
	}
}

func TestRefusesPlaces(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.zarr")
	if err := os.MkdirAll(filepath.Join(mine, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(dir, "foreign.zarr")
	if err := os.MkdirAll(foreign, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "zarr.json"), []byte(`{"zarr_format":3,"node_type":"group","attributes":{}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "file.zarr")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "d.csv"), 0o777); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		mine:                                    "is not a Zarr store written by wgf",
		foreign:                                 "is not a Zarr store written by wgf",
		file:                                    "a file of this name is in the way",
		filepath.Join(dir, "d.csv"):             "it is a directory",
		filepath.Join(dir, "none", "a.npz"):     "does not exist",
		filepath.Join(file, "a.npy"):            "is not a directory",
		filepath.Join(dir, "draws.feather"):     "the extension says no format; use .zarr, .csv, .npy or .npz",
		filepath.Join(dir, "draws_no_ending"):   "the extension says no format",
		filepath.Join(mine, "sub", "..", "sub"): "the extension says no format",
	} {
		if _, err := Write(path, sampleDraws(1, 2), Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Write %s: %v, want %q", path, err, want)
		}
		if err := Check(path, 1, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Check %s: %v, want %q", path, err, want)
		}
	}
	if err := Check(filepath.Join(dir, "a.csv"), 4, Options{Format: Zarr}); err == nil {
		t.Error("the format zarr is accepted for .csv")
	}
	if err := Check(filepath.Join(dir, "a.csv"), 4, Options{Format: "parquet"}); err == nil || !strings.Contains(err.Error(), `unknown output format "parquet"`) {
		t.Errorf("%v", err)
	}
	if err := Check(filepath.Join(dir, "d.csv"), 4, Options{}); err != nil {
		t.Errorf("d_1.csv to d_4.csv are free, but: %v", err)
	}
}

func TestInconsistentDraws(t *testing.T) {
	good := func() *Draws { return sampleDraws(2, 3) }
	for name, spoil := range map[string]func(*Draws){
		"values":      func(d *Draws) { d.Variables[0].Values = d.Variables[0].Values[1:] },
		"name twice":  func(d *Draws) { d.Variables[1].Name = "mu" },
		"no name":     func(d *Draws) { d.Stats[0].Name = "" },
		"weights":     func(d *Draws) { d.LogWeight = []float64{1} },
		"axes":        func(d *Draws) { d.Variables[1].DimNames = []string{"a"} },
		"wide stat":   func(d *Draws) { d.Stats[0] = d.NewVariable("lp", Float, 2) },
		"no chains":   func(d *Draws) { d.Chains = 0 },
		"axis sizes":  func(d *Draws) { d.Variables[1].DimNames = []string{"a", "a"} },
		"labels":      func(d *Draws) { d.Variables[1].Labels = [][]string{{"one"}} },
		"axis's name": func(d *Draws) { d.Variables[0].Name = "chain" },
		"path":        func(d *Draws) { d.Variables[0].Name = "../mu" },
	} {
		d := good()
		spoil(d)
		dir := t.TempDir()
		if _, err := Write(filepath.Join(dir, "a.zarr"), d, Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left := snapshot(t, dir); len(left) > 0 {
			t.Errorf("%s: %v left", name, left)
		}
	}
}
