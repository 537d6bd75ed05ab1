package store

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Sparse is a matrix as a list of its entries: Values[k] at row I[k], column J[k].
type Sparse struct {
	Rows, Columns int
	I, J          []int32
	Values        []float64
}

// WriteSparseNPZ writes a matrix as scipy.sparse.load_npz reads it: a ZIP archive with the
// members row, col (int32), data (float64), shape (two int64) and format, the word coo as
// bytes. Entries keep their order.
func WriteSparseNPZ(w io.Writer, s Sparse) error {
	if len(s.I) != len(s.Values) || len(s.J) != len(s.Values) {
		return fmt.Errorf("store: a sparse matrix of %d values with %d rows and %d columns", len(s.Values), len(s.I), len(s.J))
	}
	z := zip.NewWriter(w)
	member := func(name, descr, shape string, fill func(b *bufio.Writer)) error {
		m, err := z.Create(name + ".npy")
		if err != nil {
			return err
		}
		b := bufio.NewWriterSize(m, 1<<16)
		b.WriteString(npyPreamble(descr, shape))
		fill(b)
		return b.Flush()
	}
	entries := fmt.Sprintf("(%d,)", len(s.Values))
	integers := func(v []int32) func(*bufio.Writer) {
		return func(b *bufio.Writer) {
			var word [4]byte
			for _, x := range v {
				binary.LittleEndian.PutUint32(word[:], uint32(x))
				b.Write(word[:])
			}
		}
	}
	for _, write := range []func() error{
		func() error { return member("row", "<i4", entries, integers(s.I)) },
		func() error { return member("col", "<i4", entries, integers(s.J)) },
		func() error { return member("format", "|S3", "()", func(b *bufio.Writer) { b.WriteString("coo") }) },
		func() error {
			return member("shape", "<i8", "(2,)", func(b *bufio.Writer) {
				binary.Write(b, binary.LittleEndian, [2]int64{int64(s.Rows), int64(s.Columns)})
			})
		},
		func() error {
			return member("data", "<f8", entries, func(b *bufio.Writer) {
				var word [8]byte
				for _, x := range s.Values {
					binary.LittleEndian.PutUint64(word[:], math.Float64bits(x))
					b.Write(word[:])
				}
			})
		},
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return z.Close()
}
