package store

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
)

// writeTable writes one CSV table with the columns .chain, .iteration, .draw (from 1),
// .log_weight where there are weights, the sampler statistics under CmdStan's names and
// the variables under Stan's. Names with a comma are quoted. There is no comment line, since
// few readers of plain CSV skip one; the run record is left out.
func writeTable(o *output, path string, d *Draws) error {
	return o.file(path, func(w io.Writer) error {
		b := bufio.NewWriterSize(w, 1<<16)
		header := []string{".chain", ".iteration", ".draw"}
		if d.LogWeight != nil {
			header = append(header, logWeightColumn)
		}
		for _, s := range d.Stats {
			header = append(header, StatColumn(s.Name))
		}
		for _, v := range d.Variables {
			header = append(header, ElementNames(v.Name, v.Dims)...)
		}
		c := csv.NewWriter(b)
		if err := c.Write(header); err != nil {
			return err
		}
		c.Flush()
		var line []byte
		for i := range d.Chains * d.DrawsPerChain {
			line = strconv.AppendInt(line[:0], int64(i/d.DrawsPerChain+1), 10)
			line = strconv.AppendInt(append(line, ','), int64(i%d.DrawsPerChain+1), 10)
			line = strconv.AppendInt(append(line, ','), int64(i+1), 10)
			if d.LogWeight != nil {
				line = number(append(line, ','), d.LogWeight[i], Float)
			}
			for _, s := range d.Stats {
				line = number(append(line, ','), s.Values[i], s.Type)
			}
			for k := range d.Variables {
				v := &d.Variables[k]
				size := v.Size()
				for e := range size {
					line = number(append(line, ','), v.Values[i*size+rowMajor(v.Dims, e)], v.Type)
				}
			}
			if _, err := b.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		return b.Flush()
	})
}
