package store

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Format names a file format.
type Format string

const (
	Auto       Format = ""        // by extension
	CmdStanCSV Format = "cmdstan" // one CSV file a chain: draws.csv becomes draws_1.csv, draws_2.csv ...
	Table      Format = "table"   // one CSV table with .chain, .iteration and .draw
	Zarr       Format = "zarr"    // a Zarr v3 directory with ArviZ's groups
	NPY        Format = "npy"     // one array (chain, draw, column) without names
	NPZ        Format = "npz"     // one array (chain, draw, dimensions) for each variable
)

// Options of [Write]. The zero value chooses the format by the extension of the path:
// .csv is CmdStanCSV, .zarr, .npy and .npz are what they say.
type Options struct {
	Format Format
	files  fileSystem // nil: the operating system's
}

// formatOf resolves the format, or says why there is none.
func formatOf(path string, f Format) (Format, error) {
	ext := strings.ToLower(filepath.Ext(path))
	if f == Auto {
		switch ext {
		case ".csv":
			return CmdStanCSV, nil
		case ".zarr":
			return Zarr, nil
		case ".npy":
			return NPY, nil
		case ".npz":
			return NPZ, nil
		}
		return Auto, fmt.Errorf("cannot write %s: the extension says no format; use .zarr, .csv, .npy or .npz", path)
	}
	want := map[Format]string{CmdStanCSV: ".csv", Table: ".csv", Zarr: ".zarr", NPY: ".npy", NPZ: ".npz"}[f]
	switch want {
	case "":
		return Auto, fmt.Errorf("unknown output format %q: use cmdstan, table, zarr, npy or npz", string(f))
	case ext:
		return f, nil
	}
	return Auto, fmt.Errorf("cannot write %s: the format %s wants the extension %s", path, f, want)
}

// Check reports early what would make [Write] to path fail for draws of any content: no
// known format, a missing directory, a directory that is not wgf's in the way. chains is
// the number of chains to come.
func Check(path string, chains int, opt Options) error {
	f, err := formatOf(path, opt.Format)
	if err != nil {
		return err
	}
	o := newOutput(opt.files, path)
	if f == CmdStanCSV {
		for c := range chains {
			if err := checkPlace(o.files, ChainPath(path, c, chains), false); err != nil {
				return err
			}
		}
		return nil
	}
	return checkPlace(o.files, path, f == Zarr)
}

// Write stores d under path and returns the names of what it has written. The output
// appears complete or, on an error, not at all; files in the way are replaced, of
// directories only Zarr stores that wgf wrote.
func Write(path string, d *Draws, opt Options) ([]string, error) {
	f, err := formatOf(path, opt.Format)
	if err != nil {
		return nil, err
	}
	if err := d.validate(); err != nil {
		return nil, err
	}
	if err := Check(path, d.Chains, opt); err != nil {
		return nil, err
	}
	o := newOutput(opt.files, path)
	defer o.discard()
	switch f {
	case CmdStanCSV:
		err = writeCmdStan(o, path, d)
	case Table:
		err = writeTable(o, path, d)
	case Zarr:
		err = writeZarr(o, path, d)
	case NPY:
		err = writeDrawsNPY(o, path, d)
	case NPZ:
		err = writeDrawsNPZ(o, path, d)
	}
	if err != nil {
		return nil, err
	}
	names, err := o.commit()
	if err == nil && f == CmdStanCSV && d.Chains > 1 {
		err = removeStale(o, path, d.Chains)
	}
	return names, err
}
