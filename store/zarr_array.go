package store

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"strings"
)

// zarrArray is the checked description of an array.
type zarrArray struct {
	path      string
	shape     []int
	chunk     []int
	dims      []string
	number    numberType
	text      bool
	fill      float64
	gzip      bool
	separator string
	prefix    string // "c" for the default chunk keys
	size      int    // elements
	chunkSize int
	present   map[string]bool // chunk files
}

// mostChunks bounds the files that an array may ask for.
const mostChunks = 1 << 20

// array checks a description; every size that follows from it is then safe to use.
func (n *zarrDocument) array(at string) (*zarrArray, error) {
	a := &zarrArray{path: at, shape: n.Shape, chunk: n.ChunkGrid.Configuration.ChunkShape, separator: "/", prefix: "c"}
	fail := func(format string, args ...any) (*zarrArray, error) {
		return nil, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...))
	}
	if n.ChunkGrid.Name != "regular" {
		return fail("the chunk grid %q is not supported", shorten(n.ChunkGrid.Name))
	}
	if len(a.chunk) != len(a.shape) || len(a.shape) > 32 {
		return fail("shape %v and chunk shape %v do not fit", a.shape, a.chunk)
	}
	a.size, a.chunkSize = 1, 1
	chunks := 1
	for k, s := range a.shape {
		c := a.chunk[k]
		if s < 0 || c < 1 || s > 0 && a.size > math.MaxInt32*4/s || a.chunkSize > math.MaxInt32*4/c {
			return fail("shape %v with chunks %v cannot be read", a.shape, a.chunk)
		}
		a.size *= s
		a.chunkSize *= c
		if n := max(1, (s-1)/c+1); n > mostChunks/chunks {
			return fail("shape %v with chunks %v has more than %d chunks", a.shape, a.chunk, mostChunks)
		} else {
			chunks *= n
		}
	}
	if len(n.Dimensions) != len(a.shape) {
		return fail("%d names for %d dimensions", len(n.Dimensions), len(a.shape))
	}
	for _, d := range n.Dimensions {
		if d == nil {
			return fail("a dimension has no name")
		}
		a.dims = append(a.dims, *d)
	}
	switch n.ChunkKey.Name {
	case "default":
	case "v2":
		a.separator, a.prefix = ".", ""
	default:
		return fail("the chunk key encoding %q is not supported", shorten(n.ChunkKey.Name))
	}
	if s := n.ChunkKey.Configuration.Separator; s == "/" || s == "." {
		a.separator = s
	}
	if err := a.codecs(n); err != nil {
		return fail("%v", err)
	}
	if _, ok := n.Attributes["scale_factor"]; ok {
		return fail("scaled numbers (scale_factor) are not supported")
	}
	if _, ok := n.Attributes["add_offset"]; ok {
		return fail("shifted numbers (add_offset) are not supported")
	}
	if !a.text {
		var err error
		if a.fill, err = parseFill(n.Fill, a.number); err != nil {
			return fail("the fill value %s is not understood", shorten(string(n.Fill)))
		}
	}
	return a, nil
}

// codecs reads the data type and the chain of codecs.
func (a *zarrArray) codecs(n *zarrDocument) error {
	var dataType string
	if json.Unmarshal(n.DataType, &dataType) != nil {
		return fmt.Errorf("the data type %s is not supported", shorten(string(n.DataType)))
	}
	a.text = dataType == "string"
	order := binary.ByteOrder(binary.LittleEndian)
	for i, c := range n.Codecs {
		switch {
		case c.Name == "bytes" && i == 0 && !a.text:
			if c.Configuration["endian"] == "big" {
				order = binary.BigEndian
			}
		case c.Name == "vlen-utf8" && i == 0 && a.text:
		case c.Name == "gzip" && i == 1:
			a.gzip = true
		default:
			return fmt.Errorf("the codec %q is not supported; write the store with the codecs bytes and gzip, as xarray does with encoding {\"compressors\": [zarr.codecs.GzipCodec()]}", shorten(c.Name))
		}
	}
	if len(n.Codecs) == 0 {
		return errors.New("no codecs are given")
	}
	if a.text {
		return nil
	}
	letter, bits := "", ""
	for _, t := range [...]string{"float", "uint", "int"} {
		if rest, ok := strings.CutPrefix(dataType, t); ok {
			letter, bits = t[:1], rest
			break
		}
	}
	if dataType == "bool" {
		letter, bits = "b", "8"
	}
	width, err := strconv.Atoi(bits)
	if err == nil && letter != "" && width%8 == 0 {
		if a.number, err = numberTypeOf(letter[0], width/8, order); err == nil {
			return nil
		}
	}
	return fmt.Errorf("the data type %q is not supported", shorten(dataType))
}

// parseFill reads a number, "NaN", "Infinity", the bits as "0x...", true or false.
func parseFill(raw json.RawMessage, n numberType) (float64, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return 0, err
	}
	switch v := v.(type) {
	case float64:
		return v, nil
	case bool:
		if v {
			return 1, nil
		}
		return 0, nil
	case string:
		if bits, ok := strings.CutPrefix(v, "0x"); ok {
			u, err := strconv.ParseUint(bits, 16, 64)
			if n.size == 4 {
				return float64(math.Float32frombits(uint32(u))), err
			}
			return math.Float64frombits(u), err
		}
		return strconv.ParseFloat(v, 64)
	}
	return 0, errNumberType
}

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
