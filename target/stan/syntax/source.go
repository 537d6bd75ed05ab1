package syntax

import "strings"

// Source is the text of one file.
type Source struct {
	Name  string
	Text  string
	lines []int // offset of the first byte of each line
}

// NewSource prepares a text for line look-up.
func NewSource(name, text string) *Source {
	s := &Source{Name: name, Text: text, lines: []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s
}

// Line returns line n, counted from 1, without its line end; "" where there is none.
func (s *Source) Line(n int) string {
	if s == nil || n < 1 || n > len(s.lines) {
		return ""
	}
	end := len(s.Text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return strings.TrimSuffix(s.Text[s.lines[n-1]:end], "\r")
}

// Pos is a place in a source: line and column count from 1, the column in characters.
type Pos struct {
	Source *Source
	Line   int32
	Col    int32
}

// Valid tells whether the position is known.
func (p Pos) Valid() bool { return p.Source != nil && p.Line > 0 }

// String is file:line:col.
func (p Pos) String() string {
	if !p.Valid() {
		return "unknown position"
	}
	return p.Source.Name + ":" + itoa(int(p.Line)) + ":" + itoa(int(p.Col))
}
