package store

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// csvFile is a CSV file taken apart: names, numbers row by row, and comments.
type csvFile struct {
	name     string
	header   []string
	rows     []float64 // row-major, len(header) numbers a row
	n        int       // rows
	comments []string  // without "#" and outer blanks
	adapted  int       // rows before CmdStan's adaptation block, -1 without one
	elapsed  bool      // CmdStan's last block is there
}

// parseCSV reads numbers separated by commas. Lines that start with # are comments
// wherever they stand, blank lines are skipped, names and cells may be quoted. A first
// line of numbers only means that there is no header: the columns are then x, or x.1,
// x.2 ... NA counts as NaN. Its memory is proportional to the file.
func parseCSV(name string, r io.Reader) (*csvFile, error) {
	f := &csvFile{name: name, adapted: -1}
	b := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		line, err := b.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		last := err != nil
		if err := f.line(line, number, last); err != nil {
			return nil, err
		}
		if last {
			break
		}
	}
	if f.header == nil {
		return nil, fmt.Errorf("%s: the file has no header and no numbers", name)
	}
	return f, nil
}

func (f *csvFile) line(text string, number int, last bool) error {
	complete := strings.HasSuffix(text, "\n")
	if number == 1 {
		text = strings.TrimPrefix(text, "\ufeff")
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	if comment, ok := strings.CutPrefix(text, "#"); ok {
		f.comment(strings.TrimSpace(comment))
		return nil
	}
	cells, err := splitCells(text)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", f.name, number, err)
	}
	if f.header == nil {
		if names := headerless(cells); names == nil {
			f.header = cells
			return nil
		} else {
			f.header = names
		}
	}
	if cut := last && !complete && f.cmdStan(); cut || len(cells) != len(f.header) {
		if cut || last || (len(cells) < len(f.header) && !complete) {
			return fmt.Errorf("%s:%d: the last line is cut off after %d of %d values: the run that wrote the file did not finish writing", f.name, number, len(cells), len(f.header))
		}
		return fmt.Errorf("%s:%d: %d values under a header of %d names", f.name, number, len(cells), len(f.header))
	}
	for k, c := range cells {
		v, err := parseNumber(c)
		if err != nil {
			return fmt.Errorf("%s:%d: column %q holds %q, which is %s", f.name, number, f.header[k], shorten(c), err)
		}
		f.rows = append(f.rows, v)
	}
	f.n++
	return nil
}

func (f *csvFile) comment(text string) {
	if len(text) == 0 {
		return
	}
	f.comments = append(f.comments, text)
	switch {
	case strings.HasPrefix(text, "Adaptation terminated") && f.header != nil && f.adapted < 0:
		f.adapted = f.n
	case strings.HasPrefix(text, "Elapsed Time"):
		f.elapsed = true
	}
}

// cmdStan says whether CmdStan or wgf in its format wrote the file.
func (f *csvFile) cmdStan() bool {
	return slices.ContainsFunc(f.comments, func(c string) bool { return strings.HasPrefix(c, "stan_version_major") })
}

// column copies one column to dst.
func (f *csvFile) column(dst []float64, k, skip int) []float64 {
	for i := skip*len(f.header) + k; i < len(f.rows); i += len(f.header) {
		dst = append(dst, f.rows[i])
	}
	return dst
}

func splitCells(text string) ([]string, error) {
	if strings.Contains(text, `"`) {
		r := csv.NewReader(strings.NewReader(text))
		r.TrimLeadingSpace = true
		cells, err := r.Read()
		if err != nil {
			return nil, errors.New("a quoted cell is not closed or is followed by text")
		}
		return cells, nil
	}
	cells := strings.Split(text, ",")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells, nil
}

// headerless names the columns where the first line holds numbers only.
func headerless(cells []string) []string {
	for _, c := range cells {
		if _, err := parseNumber(c); err != nil {
			return nil
		}
	}
	if len(cells) == 1 {
		return []string{"x"}
	}
	names := make([]string, len(cells))
	for i := range names {
		names[i] = "x." + strconv.Itoa(i+1)
	}
	return names
}

// parseNumber reads a number as C, R and Python print it.
func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err == nil {
		return v, nil
	}
	switch s {
	case "":
		return 0, errors.New("empty")
	case "NA", "-nan", "+nan", "-NaN", "+NaN":
		return strconv.ParseFloat("NaN", 64)
	}
	if errors.Is(err, strconv.ErrRange) {
		return 0, errors.New("beyond the range of a double")
	}
	return 0, errors.New("no number")
}

func shorten(s string) string {
	if len(s) > 40 {
		return s[:37] + "..."
	}
	return s
}
