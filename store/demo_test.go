package store

import (
	"os"
	"path/filepath"
	"testing"
)

// Writes the files that testdata/verify_readers.py opens, where WGF_STORE_DEMO names a
// directory.
func TestWriteForReaders(t *testing.T) {
	dir := os.Getenv("WGF_STORE_DEMO")
	if dir == "" {
		dir = t.TempDir()
	}
	for name, d := range map[string]*Draws{"ensemble": sampleDraws(4, 50), "nuts": hamiltonianDraws(4, 50), "one": sampleDraws(1, 20)} {
		for _, f := range []struct {
			ext    string
			format Format
		}{{".csv", Auto}, {"_table.csv", Table}, {".zarr", Auto}, {".npy", Auto}, {".npz", Auto}} {
			if _, err := Write(filepath.Join(dir, name+f.ext), d, Options{Format: f.format}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
