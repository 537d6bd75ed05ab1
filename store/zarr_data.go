package store

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// reserve takes the memory for n numbers from the allowance, to which the chunk files add
// what they can hold.
func (r *zarrReader) reserve(a *zarrArray) error {
	a.present = map[string]bool{}
	_ = fs.WalkDir(r.files, a.path, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // no chunks at all: everything has the fill value
		}
		if info, err := e.Info(); err == nil {
			a.present[name] = true
			r.allowance += gzipRatio * min(info.Size(), 1<<40)
		}
		return nil
	})
	need := 8 * (int64(a.size) + int64(a.chunkSize))
	if need > r.allowance {
		return fmt.Errorf("%s: an array of shape %v with chunks %v announces more numbers than its chunks can hold", a.path, a.shape, a.chunk)
	}
	r.allowance -= need
	return nil
}

// numbers reads all chunks; a missing one has the fill value everywhere.
func (r *zarrReader) numbers(a *zarrArray) ([]float64, error) {
	if err := r.reserve(a); err != nil {
		return nil, err
	}
	values := make([]float64, a.size)
	if a.size == 0 {
		return values, nil
	}
	if a.fill != 0 {
		for i := range values {
			values[i] = a.fill
		}
	}
	err := eachChunk(a.shape, a.chunk, func(index, offset []int) error {
		raw, err := r.chunk(a, index, a.chunkSize*a.number.size)
		if raw == nil || err != nil {
			return err
		}
		if len(raw) != a.chunkSize*a.number.size {
			return fmt.Errorf("%s: chunk %v has %d bytes, want %d", a.path, index, len(raw), a.chunkSize*a.number.size)
		}
		size := a.number.size
		eachRow(a.shape, a.chunk, offset, func(from, to, length int) {
			a.number.decode(values[from:from], raw[to*size:(to+length)*size])
		})
		return nil
	})
	return values, err
}

// chunk reads and decompresses one chunk; nil where there is none. No more than limit+1
// bytes are produced.
func (r *zarrReader) chunk(a *zarrArray, index []int, limit int) ([]byte, error) {
	parts := make([]string, 0, len(index)+1)
	if a.prefix != "" {
		parts = append(parts, a.prefix)
	}
	for _, i := range index {
		parts = append(parts, strconv.Itoa(i))
	}
	if len(parts) == 0 {
		parts = append(parts, "0") // the v2 encoding of an array without axes
	}
	name := a.path + "/" + strings.Join(parts, a.separator)
	if !a.present[name] {
		return nil, nil
	}
	raw, err := fs.ReadFile(r.files, name)
	if err != nil || !a.gzip {
		return raw, err
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		raw, err = io.ReadAll(io.LimitReader(z, int64(limit)+1))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: chunk %v is damaged: %w", a.path, index, err)
	}
	return raw, nil
}

// strings reads a one-dimensional array of strings, the vlen-utf8 codec.
func (r *zarrReader) strings(a *zarrArray) ([]string, error) {
	if err := r.reserve(a); err != nil {
		return nil, err
	}
	out := make([]string, 0, min(a.size, 1<<16))
	for first := 0; first < a.size; first += a.chunk[0] {
		raw, err := r.chunk(a, []int{first / a.chunk[0]}, 1<<28)
		if err != nil {
			return nil, err
		}
		n := min(a.chunk[0], a.size-first)
		if raw == nil {
			out = append(out, make([]string, n)...)
			continue
		}
		if len(raw) < 4 {
			return nil, fmt.Errorf("%s: a chunk of text is cut off", a.path)
		}
		raw = raw[4:]
		for range n {
			if len(raw) < 4 {
				return nil, fmt.Errorf("%s: a chunk of text is cut off", a.path)
			}
			length := binary.LittleEndian.Uint32(raw)
			raw = raw[4:]
			if uint64(length) > uint64(len(raw)) {
				return nil, fmt.Errorf("%s: a chunk of text is cut off", a.path)
			}
			out = append(out, string(raw[:length]))
			raw = raw[length:]
		}
	}
	return out, nil
}
