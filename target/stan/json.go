package stan

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxNesting bounds the depth of nested arrays and objects in a data file.
const maxNesting = 100

// jsonReader reads Stan JSON: JSON whose variables are numbers and arrays of numbers, with "NaN", "Inf" and the like
// as texts or bare words. It keeps line numbers, so that an error can name the place.
type jsonReader struct {
	file string
	src  []byte
	at   int
	line int
}

// jsonError is something wrong at one line of a data file.
func (r *jsonReader) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", r.file, r.line, fmt.Sprintf(format, args...))
}

func (r *jsonReader) space() {
	for r.at < len(r.src) {
		switch r.src[r.at] {
		case '\n':
			r.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		r.at++
	}
}

// peek skips white space and returns the next byte, 0 at the end.
func (r *jsonReader) peek() byte {
	r.space()
	if r.at < len(r.src) {
		return r.src[r.at]
	}
	return 0
}

// found describes what stands at the current place, for errors.
func (r *jsonReader) found() string {
	if r.peek() == 0 && r.at >= len(r.src) {
		return "the end of the file"
	}
	rest := r.src[r.at:]
	end := 0
	for end < len(rest) && end < 20 && rest[end] != '\n' && rest[end] != ',' && rest[end] != ' ' {
		end++
	}
	return strconv.Quote(strings.ToValidUTF8(string(rest[:max(end, 1)]), "?"))
}

// object reads { "name": value, ... } and calls member with the name, placed at the value.
func (r *jsonReader) object(member func(name string, line int) error) error {
	if r.peek() != '{' {
		return r.errorf("expected an object { \"name\": value, ... }, found %s", r.found())
	}
	r.at++
	if r.peek() == '}' {
		r.at++
		return nil
	}
	for {
		if r.peek() != '"' {
			return r.errorf("expected the name of a variable in double quotes, found %s", r.found())
		}
		line := r.line
		name, err := r.text()
		if err != nil {
			return err
		}
		if r.peek() != ':' {
			return r.errorf("expected a colon after %q, found %s", name, r.found())
		}
		r.at++
		if err := member(name, line); err != nil {
			return err
		}
		switch r.peek() {
		case ',':
			r.at++
		case '}':
			r.at++
			return nil
		default:
			return r.errorf("expected a comma or } after the value of %q, found %s", name, r.found())
		}
	}
}

// text reads a JSON string.
func (r *jsonReader) text() (string, error) {
	start := r.at
	r.at++
	for r.at < len(r.src) {
		switch c := r.src[r.at]; {
		case c == '"':
			r.at++
			return r.unquote(r.src[start+1 : r.at-1])
		case c == '\\':
			r.at += 2
		case c < ' ':
			return "", r.errorf("a text that starts with %s is not closed on its line", clipText(r.src[start:]))
		default:
			r.at++
		}
	}
	r.at = len(r.src)
	return "", r.errorf("a text that starts with %s is not closed", clipText(r.src[start:]))
}

func clipText(b []byte) string {
	if len(b) > 20 {
		b = b[:20]
	}
	if i := strings.IndexByte(string(b), '\n'); i >= 0 {
		b = b[:i]
	}
	return strconv.Quote(strings.ToValidUTF8(string(b), "?"))
}

func (r *jsonReader) unquote(b []byte) (string, error) {
	if !utf8.Valid(b) {
		return "", r.errorf("a text is not valid UTF-8")
	}
	if strings.IndexByte(string(b), '\\') < 0 {
		return string(b), nil
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out.WriteByte(b[i])
			continue
		}
		i++
		if plain := strings.IndexByte(`"\/bfnrt`, b[i]); plain >= 0 {
			out.WriteByte("\"\\/\b\f\n\r\t"[plain])
			continue
		}
		if b[i] != 'u' || i+4 >= len(b) {
			return "", r.errorf("%q is not an escape of JSON", string(b[i-1:i+1]))
		}
		n, err := strconv.ParseUint(string(b[i+1:i+5]), 16, 32)
		if err != nil {
			return "", r.errorf("%q is not an escape of JSON", string(b[i-1:i+5]))
		}
		out.WriteRune(rune(n))
		i += 4
	}
	return out.String(), nil
}

// specials are the numbers that JSON cannot write, as Stan's readers and writers spell them.
var specials = map[string]float64{
	"NaN": math.NaN(), "nan": math.NaN(), "Inf": math.Inf(1), "+Inf": math.Inf(1), "inf": math.Inf(1),
	"+inf": math.Inf(1), "Infinity": math.Inf(1), "+Infinity": math.Inf(1), "-Inf": math.Inf(-1),
	"-inf": math.Inf(-1), "-Infinity": math.Inf(-1),
}

// number reads a number at the current place. Where it is written as a whole number, integer is true.
func (r *jsonReader) number() (v float64, raw string, integer bool, err error) {
	start := r.at
	for r.at < len(r.src) {
		c := r.src[r.at]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '+' || c == '-' || c == '.' {
			r.at++
			continue
		}
		break
	}
	raw = string(r.src[start:r.at])
	if s, ok := specials[raw]; ok {
		return s, raw, false, nil
	}
	integer, ok := jsonNumber(raw)
	if !ok {
		r.at = start
		return 0, raw, false, r.errorf("expected a number, found %s", r.found())
	}
	v, err = strconv.ParseFloat(raw, 64)
	if err != nil && math.IsInf(v, 0) {
		return 0, raw, false, r.errorf("the number %s is beyond what a double holds; write \"Inf\" for infinity", clipNumber(raw))
	}
	return v, raw, integer, nil
}

func clipNumber(s string) string {
	if len(s) > 30 {
		return s[:27] + "..."
	}
	return s
}

// jsonNumber tells whether s is a number in JSON's grammar, and whether it is a whole one without exponent.
func jsonNumber(s string) (integer, ok bool) {
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	s = strings.TrimPrefix(s, "-")
	if strings.HasPrefix(s, "0") {
		s = s[1:]
	} else if !digits() {
		return false, false
	}
	integer = true
	if strings.HasPrefix(s, ".") {
		integer = false
		s = s[1:]
		if !digits() {
			return false, false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		integer = false
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		if !digits() {
			return false, false
		}
	}
	return integer, s == ""
}
