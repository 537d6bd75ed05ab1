package store

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// recordComment starts the comment line that holds the run record in CSV files.
const recordComment = "# wgf_record = "

// ChainPath is the file of one chain (from 0) in CmdStan's format: draws_1.csv for
// draws.csv; the path itself where there is one chain only.
func ChainPath(path string, chain, chains int) string {
	if chains == 1 {
		return path
	}
	ext := filepath.Ext(path)
	return fmt.Sprintf("%s_%d%s", strings.TrimSuffix(path, ext), chain+1, ext)
}

// writeCmdStan writes one file a chain. Weighted draws are resampled first, since the
// format knows no weights.
func writeCmdStan(o *output, path string, d *Draws) error {
	if d.LogWeight != nil {
		d = d.Resampled()
	}
	record, err := json.Marshal(d.Record)
	if err != nil {
		return err
	}
	for c := range d.Chains {
		final := ChainPath(path, c, d.Chains)
		err := o.file(final, func(w io.Writer) error {
			b := bufio.NewWriterSize(w, 1<<16)
			writeChain(b, d, c, filepath.Base(final), record)
			return b.Flush()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// writeChain leaves errors to the buffered writer, which keeps the first one.
func writeChain(b *bufio.Writer, d *Draws, chain int, file string, record []byte) {
	r := &d.Record
	hamiltonian := d.hamiltonian()
	writeConfiguration(b, d, chain, file, hamiltonian)
	fmt.Fprintf(b, "%s%s\n", recordComment, record)

	stats := d.orderedStats()
	var header []string
	for _, s := range stats {
		header = append(header, StatColumn(s.Name))
	}
	for _, v := range d.Variables {
		header = append(header, dottedNames(v.Name, v.Dims)...)
	}
	fmt.Fprintln(b, strings.Join(header, ","))

	var adapted Adaptation
	if chain < len(r.Adaptation) {
		adapted = r.Adaptation[chain]
	}
	if hamiltonian {
		fmt.Fprintf(b, "# Adaptation terminated\n# Step size = %s\n", number(nil, adapted.StepSize, Float))
		fmt.Fprintf(b, "# Diagonal elements of inverse mass matrix:\n# ")
		for i, v := range adapted.InverseMetric {
			if i > 0 {
				b.WriteString(", ")
			}
			b.Write(number(nil, v, Float))
		}
		b.WriteString("\n")
	}

	order := make([][]int, len(d.Variables))
	for i, v := range d.Variables {
		order[i] = make([]int, v.Size())
		for e := range order[i] {
			order[i][e] = rowMajor(v.Dims, e)
		}
	}
	var line []byte
	for t := range d.DrawsPerChain {
		at := chain*d.DrawsPerChain + t
		line = line[:0]
		for _, s := range stats {
			line = append(number(line, s.Values[at], s.Type), ',')
		}
		for i := range d.Variables {
			v := &d.Variables[i]
			draw := v.Values[at*len(order[i]):]
			for _, e := range order[i] {
				line = append(number(line, draw[e], v.Type), ',')
			}
		}
		if len(line) > 0 {
			line[len(line)-1] = '\n'
		}
		b.Write(line)
	}
	total := r.Seconds.WarmUp + r.Seconds.Sample
	fmt.Fprintf(b, "# \n#  Elapsed Time: %.6f seconds (Warm-up)\n#                %.6f seconds (Sampling)\n#                %.6f seconds (Total)\n# \n",
		r.Seconds.WarmUp, r.Seconds.Sample, total)
}

// hamiltonian says whether the file can claim to come from CmdStan's NUTS: readers then
// expect an adaptation block and all seven statistics.
func (d *Draws) hamiltonian() bool {
	if d.Record.Algorithm != "nuts" || len(d.Record.Adaptation) != d.Chains || len(d.Record.Adaptation[0].InverseMetric) == 0 {
		return false
	}
	for _, s := range statColumns {
		if !slices.ContainsFunc(d.Stats, func(v Variable) bool { return v.Name == s[0] }) {
			return false
		}
	}
	return true
}

// orderedStats lists the statistics in CmdStan's order. lp__ is always there, since
// readers look for it: zeros where the log density is unknown.
func (d *Draws) orderedStats() []Variable {
	var out []Variable
	for _, s := range statColumns {
		i := slices.IndexFunc(d.Stats, func(v Variable) bool { return v.Name == s[0] })
		switch {
		case i >= 0:
			out = append(out, d.Stats[i])
		case s[0] == "lp":
			out = append(out, d.NewVariable("lp", Float))
		}
	}
	for _, v := range d.Stats {
		if !slices.ContainsFunc(out, func(o Variable) bool { return o.Name == v.Name }) {
			out = append(out, v)
		}
	}
	return out
}

// number appends v so that reading gives back the same bits.
func number(dst []byte, v float64, t Type) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "nan"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	case t != Float:
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, 64)
}

// removeStale removes the files of further chains that an earlier run of wgf with more
// chains left under the same name: a reader given draws_*.csv would mix the two runs.
func removeStale(o *output, path string, chains int) error {
	for c := chains; ; c++ {
		name := ChainPath(path, c, c+1)
		data, err := o.files.ReadFile(name)
		if err != nil || !strings.Contains(string(data[:min(len(data), 1<<16)]), recordComment) {
			return nil
		}
		if err := o.files.RemoveAll(name); err != nil {
			return o.explain(err)
		}
	}
}
