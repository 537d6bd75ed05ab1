package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Read reads draws. The extension names the format: .csv is CmdStan's CSV, a table with
// .chain or any CSV of numbers, .zarr a Zarr v3 directory, .npy and .npz NumPy's. Several
// paths are the chains of one run, which CSV files only can be; draws.csv stands for
// draws_1.csv, draws_2.csv ... where it does not exist itself. A directory or a file
// without a known extension is taken for Zarr or CSV.
func Read(paths ...string) (*Draws, error) {
	if len(paths) == 0 {
		return nil, errors.New("store: no file to read")
	}
	var files []string
	for _, p := range paths {
		expanded, err := chainFiles(p)
		if err != nil {
			return nil, err
		}
		files = append(files, expanded...)
	}
	kind := kindOf(files[0])
	for _, p := range files[1:] {
		if kind != ".csv" || kindOf(p) != ".csv" {
			return nil, fmt.Errorf("%s and %s: several files can be the chains of one run as CSV only", files[0], p)
		}
	}
	switch kind {
	case ".zarr":
		return readZarr(files[0])
	case ".npy":
		return readDrawsNPY(files[0])
	case ".npz":
		return readDrawsNPZ(files[0])
	}
	return readCSV(files)
}

func kindOf(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return ".zarr"
	}
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".npy", ".npz":
		return ext
	}
	return ".csv"
}

// chainFiles expands draws.csv into the files of its chains.
func chainFiles(path string) ([]string, error) {
	_, err := os.Stat(path)
	if err == nil {
		return []string{path}, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("cannot read %s: %w", path, reason(err))
	}
	var out []string
	if strings.EqualFold(filepath.Ext(path), ".csv") {
		for c := 0; ; c++ {
			p := ChainPath(path, c, 2)
			if _, err := os.Stat(p); err != nil {
				break
			}
			out = append(out, p)
		}
	}
	if out == nil {
		return nil, fmt.Errorf("cannot read %s: no such file or directory", path)
	}
	return out, nil
}

// reason strips operation and path from a system error.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
