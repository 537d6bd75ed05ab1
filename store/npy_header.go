package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

type npyHeader struct {
	number  numberType
	fortran bool
	shape   []int
}

// readNPYHeader reads magic, version and the Python dictionary that describes the array.
func readNPYHeader(r io.Reader) (npyHeader, error) {
	var h npyHeader
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil || string(start[:6]) != "\x93NUMPY" {
		return h, errors.New("this is no NPY file")
	}
	var length uint32
	switch version := start[6]; version {
	case 1:
		var n uint16
		if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
			return h, errors.New("the NPY header is cut off")
		}
		length = uint32(n)
	case 2, 3:
		if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
			return h, errors.New("the NPY header is cut off")
		}
	default:
		return h, fmt.Errorf("NPY version %d is unknown", version)
	}
	if length > 1<<16 {
		return h, fmt.Errorf("the NPY header has %d bytes, which is too long for an array of numbers", length)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return h, errors.New("the NPY header is cut off")
	}
	return parseNPYHeader(string(text))
}

// parseNPYHeader reads {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }.
func parseNPYHeader(text string) (npyHeader, error) {
	var h npyHeader
	broken := fmt.Errorf("the NPY header %q is not understood", shorten(strings.TrimSpace(text)))
	s, ok := strings.CutPrefix(strings.TrimSpace(text), "{")
	if !ok {
		return h, broken
	}
	var have [3]bool
	for {
		s = strings.TrimLeft(s, " ,\n")
		if s == "" {
			return h, broken
		}
		if s[0] == '}' {
			break
		}
		key, rest, ok := quoted(s)
		if !ok {
			return h, broken
		}
		rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), ":")
		if !ok {
			return h, broken
		}
		rest = strings.TrimLeft(rest, " ")
		switch key {
		case "descr":
			if strings.HasPrefix(rest, "[") {
				return h, errors.New("the NPY file holds structures, not numbers")
			}
			var descr string
			if descr, rest, ok = quoted(rest); !ok {
				return h, broken
			}
			var err error
			if h.number, err = parseDescr(descr); err != nil {
				return h, err
			}
			have[0] = true
		case "fortran_order":
			if rest, ok = strings.CutPrefix(rest, "True"); ok {
				h.fortran = true
			} else if rest, ok = strings.CutPrefix(rest, "False"); !ok {
				return h, broken
			}
			have[1] = true
		case "shape":
			inner, after, ok := strings.Cut(rest, ")")
			if inner, open := strings.CutPrefix(inner, "("); ok && open {
				var err error
				if h.shape, err = parseShape(inner); err != nil {
					return h, broken
				}
			} else {
				return h, broken
			}
			rest = after
			have[2] = true
		default:
			return h, broken
		}
		s = rest
	}
	if have != [3]bool{true, true, true} {
		return h, broken
	}
	return h, nil
}

func quoted(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '\'' && s[0] != '"' {
		return "", s, false
	}
	return strings.Cut(s[1:], s[:1])
}

func parseShape(s string) ([]int, error) {
	shape := []int{}
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSuffix(strings.TrimSpace(part), "L")
		if part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || len(shape) == 32 {
			return nil, errNumberType
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// parseDescr reads a type such as <f8.
func parseDescr(descr string) (numberType, error) {
	var order binary.ByteOrder = binary.LittleEndian
	d := descr
	if d != "" && strings.ContainsRune("<>|=", rune(d[0])) {
		if d[0] == '>' {
			order = binary.BigEndian
		}
		d = d[1:]
	}
	if d == "" {
		return numberType{}, fmt.Errorf("the NPY type %q is unknown", descr)
	}
	size, err := strconv.Atoi(d[1:])
	if d[0] == 'O' {
		return numberType{}, errors.New("the NPY file holds Python objects, which are not read")
	}
	if err == nil {
		if n, err := numberTypeOf(d[0], size, order); err == nil {
			return n, nil
		}
	}
	what := map[byte]string{'c': "complex numbers", 'U': "text", 'S': "text", 'M': "dates", 'm': "durations", 'V': "raw bytes"}[d[0]]
	if what == "" {
		what = "numbers of an unsupported type"
	}
	return numberType{}, fmt.Errorf("the NPY file holds %s (%q), not float32, float64, integers or booleans", what, shorten(descr))
}
