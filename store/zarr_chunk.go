package store

import (
	"compress/gzip"
	"encoding/binary"
	"io"
	"math"
)

// eachChunk visits the chunks of a regular grid in row-major order: index counts chunks
// along the axes, offset is the first element of the chunk.
func eachChunk(shape, chunk []int, visit func(index, offset []int) error) error {
	index, offset := make([]int, len(shape)), make([]int, len(shape))
	for {
		if err := visit(index, offset); err != nil {
			return err
		}
		k := len(shape) - 1
		for ; k >= 0; k-- {
			index[k]++
			offset[k] += chunk[k]
			if offset[k] < shape[k] {
				break
			}
			index[k], offset[k] = 0, 0
		}
		if k < 0 {
			return nil
		}
	}
}

// eachRow visits the runs along the last axis that a chunk shares with the array: from
// in the array, to in the chunk, both row-major element numbers, and the run's length.
func eachRow(shape, chunk, offset []int, visit func(from, to, length int)) {
	last := len(shape) - 1
	if last < 0 {
		visit(0, 0, 1)
		return
	}
	length := min(chunk[last], shape[last]-offset[last])
	at := make([]int, len(shape))
	for {
		from, to := 0, 0
		for k := range shape {
			from = from*shape[k] + offset[k] + at[k]
			to = to*chunk[k] + at[k]
		}
		visit(from, to, length)
		k := last - 1
		for ; k >= 0; k-- {
			at[k]++
			if at[k] < chunk[k] && offset[k]+at[k] < shape[k] {
				break
			}
			at[k] = 0
		}
		if k < 0 {
			return
		}
	}
}

// encodeChunk serialises one chunk, little endian; what lies beyond the array is filled
// with the fill value.
func encodeChunk(t Type, values []float64, shape, chunk, offset []int) []byte {
	size := 1
	for _, n := range chunk {
		size *= n
	}
	if t == Bool {
		raw := make([]byte, size)
		eachRow(shape, chunk, offset, func(from, to, length int) {
			for i := range length {
				if values[from+i] != 0 {
					raw[to+i] = 1
				}
			}
		})
		return raw
	}
	raw := make([]byte, 8*size)
	if t == Float {
		nan := math.Float64bits(math.NaN())
		for i := 0; i < len(raw); i += 8 {
			binary.LittleEndian.PutUint64(raw[i:], nan)
		}
	}
	eachRow(shape, chunk, offset, func(from, to, length int) {
		for i := range length {
			v := values[from+i]
			bits := math.Float64bits(v)
			if t == Int {
				bits = uint64(int64(v))
			}
			binary.LittleEndian.PutUint64(raw[8*(to+i):], bits)
		}
	})
	return raw
}

// encodeStrings is the vlen-utf8 codec: the number of strings, then length and bytes of
// each, all lengths 32 bits little endian.
func encodeStrings(s []string) []byte {
	raw := binary.LittleEndian.AppendUint32(nil, uint32(len(s)))
	for _, v := range s {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(len(v)))
		raw = append(raw, v...)
	}
	return raw
}

// compressor is a gzip writer kept between chunks: a new one costs a megabyte.
type compressor struct{ z *gzip.Writer }

func (c *compressor) write(w io.Writer, raw []byte) error {
	if c.z == nil {
		z, err := gzip.NewWriterLevel(w, gzipLevel)
		if err != nil {
			return err
		}
		c.z = z
	}
	c.z.Reset(w)
	if _, err := c.z.Write(raw); err != nil {
		return err
	}
	return c.z.Close()
}

// fits says whether all values are exact in the type.
func fits(values []float64, t Type) bool {
	for _, v := range values {
		switch t {
		case Int:
			if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
				return false
			}
		case Bool:
			if v != 0 && v != 1 {
				return false
			}
		}
	}
	return true
}
