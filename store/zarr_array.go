package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
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
