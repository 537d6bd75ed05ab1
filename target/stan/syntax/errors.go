package syntax

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is something wrong at one place of a program.
type Error struct {
	File   string
	Line   int    // from 1
	Col    int    // from 1, in characters
	Source string // the text of the line
	Msg    string
}

// Errorf makes an error at a position. The evaluator uses it as well, for what only shows at run time.
func Errorf(pos Pos, format string, args ...any) *Error {
	e := &Error{Line: int(pos.Line), Col: int(pos.Col), Msg: fmt.Sprintf(format, args...)}
	if pos.Source != nil {
		e.File = pos.Source.Name
		e.Source = pos.Source.Line(int(pos.Line))
	}
	return e
}

// Error renders "file:line:col: message", the source line and a caret under the column; further lines of the message
// follow.
func (e *Error) Error() string {
	if e.Line == 0 {
		if e.File == "" {
			return e.Msg
		}
		return e.File + ": " + e.Msg
	}
	var b strings.Builder
	first, rest, more := strings.Cut(e.Msg, "\n")
	fmt.Fprintf(&b, "%s:%d:%d: %s\n", e.File, e.Line, e.Col, first)
	line, pad := excerpt(e.Source, e.Col)
	fmt.Fprintf(&b, "  %s\n  %s^", line, pad)
	if more {
		b.WriteString("\n" + rest)
	}
	return b.String()
}

// maxExcerpt is the number of characters of a source line that an error shows.
const maxExcerpt = 120

// excerpt cuts a long line to a window around the column and returns it with the white space that puts a caret
// under the column; tabs stay tabs in both, so that they line up for any tab width.
func excerpt(line string, col int) (text, pad string) {
	runes := []rune(line)
	from := 0
	if len(runes) > maxExcerpt {
		from = max(0, min(col-1-maxExcerpt/2, len(runes)-maxExcerpt))
		runes = runes[from : from+maxExcerpt]
	}
	var b strings.Builder
	for i := 0; i < col-1-from; i++ {
		if i < len(runes) && runes[i] == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	for i, r := range runes {
		if r < ' ' && r != '\t' {
			runes[i] = ' '
		}
	}
	return string(runes), b.String()
}

// Errors are the errors of one program in the order of their places; never empty when returned.
type Errors []*Error

// Error renders all of them, one after another.
func (l Errors) Error() string {
	parts := make([]string, len(l))
	for i, e := range l {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "\n")
}

// Unwrap gives errors.As and errors.Is access to each of them.
func (l Errors) Unwrap() []error {
	out := make([]error, len(l))
	for i, e := range l {
		out[i] = e
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
