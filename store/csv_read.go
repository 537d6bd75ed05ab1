package store

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
)

// readCSV reads CSV files: one chain a file, or tables with a .chain column.
func readCSV(paths []string) (*Draws, error) {
	files := make([]*csvFile, len(paths))
	for i, p := range paths {
		r, err := os.Open(p)
		if err != nil {
			return nil, err
		}
		files[i], err = parseCSV(p, r)
		r.Close()
		if err != nil {
			return nil, err
		}
	}
	return assemble(files)
}

// assemble joins the files of one run.
func assemble(files []*csvFile) (*Draws, error) {
	first := files[0]
	for _, f := range files[1:] {
		if !slices.Equal(f.header, first.header) {
			return nil, fmt.Errorf("%s and %s have different columns: they are not chains of one run", first.name, f.name)
		}
	}
	if slices.Contains(first.header, ".chain") {
		return assembleTable(files)
	}
	var notes []string
	var record Record
	names := slices.Clone(first.header)
	columns := make([][]float64, len(names))
	draws := -1
	for i, f := range files {
		settings := f.settings()
		skip, note, err := f.warmUp(settings)
		if err != nil {
			return nil, err
		}
		if note != "" {
			notes = append(notes, note)
		}
		if n := f.n - skip; draws >= 0 && n != draws {
			return nil, fmt.Errorf("%s has %d draws, %s has %d: chains of one run have equally many", f.name, n, first.name, draws)
		} else {
			draws = n
		}
		for k := range columns {
			columns[k] = f.column(columns[k], k, skip)
		}
		r := f.record(settings)
		if i == 0 {
			record = r
		} else if r.Program == "CmdStan" {
			record.Adaptation = append(record.Adaptation, r.Adaptation...)
		}
	}
	if draws == 0 {
		return nil, fmt.Errorf("%s has a header and no draws", first.name)
	}
	d, err := fromNamed(len(files), draws, names, columns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", first.name, err)
	}
	d.Record, d.Notes = record, notes
	return d, nil
}

// fromNamed is FromColumns for the columns of a file: row numbers without a name and the
// index columns of tables are left out, log weights go to their place.
func fromNamed(chains, draws int, names []string, columns [][]float64) (*Draws, error) {
	var weights []float64
	var keep []string
	var values [][]float64
	for k, name := range names {
		switch name {
		case ".chain", ".iteration", ".draw":
		case logWeightColumn:
			weights = columns[k]
		case "":
			if k > 0 {
				return nil, fmt.Errorf("column %d has no name", k+1)
			}
		default:
			keep, values = append(keep, name), append(values, columns[k])
		}
	}
	d, err := FromColumns(chains, draws, keep, values)
	if err != nil {
		return nil, err
	}
	d.LogWeight = weights
	return d, d.validate() // different columns may name the same variable
}

// assembleTable sorts the rows by file, chain and iteration.
func assembleTable(files []*csvFile) (*Draws, error) {
	first := files[0]
	width := len(first.header)
	chain := slices.Index(first.header, ".chain")
	iteration := slices.Index(first.header, ".iteration")
	type row struct {
		file      int
		chain, at float64
		values    []float64
	}
	var rows []row
	for i, f := range files {
		for t := range f.n {
			v := f.rows[t*width : (t+1)*width]
			r := row{file: i, chain: v[chain], at: float64(t), values: v}
			if iteration >= 0 {
				r.at = v[iteration]
			}
			if math.IsNaN(r.chain) || math.IsNaN(r.at) {
				return nil, fmt.Errorf("%s: row %d has no chain or iteration number", f.name, t+1)
			}
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s has a header and no draws", first.name)
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(a.file-b.file, cmp.Compare(a.chain, b.chain), cmp.Compare(a.at, b.at))
	})
	chains, draws := 0, 0
	for i, start := 0, 0; i < len(rows); i++ {
		if i+1 < len(rows) && rows[i+1].file == rows[i].file && rows[i+1].chain == rows[i].chain {
			continue
		}
		if n := i + 1 - start; chains > 0 && n != draws {
			return nil, fmt.Errorf("%s: chain %g has %d draws, the one before %d", files[rows[i].file].name, rows[i].chain, n, draws)
		} else {
			draws = n
		}
		chains++
		start = i + 1
	}
	columns := make([][]float64, width)
	for k := range columns {
		columns[k] = make([]float64, len(rows))
		for i := range rows {
			columns[k][i] = rows[i].values[k]
		}
	}
	d, err := fromNamed(chains, draws, first.header, columns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", first.name, err)
	}
	return d, nil
}
