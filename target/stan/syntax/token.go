package syntax

import "strconv"

// tokenKind tells the classes of tokens apart; operators and keywords are told apart by their text.
type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokIdent
	tokInt
	tokReal
	tokImag
	tokString
	tokPunct
)

// token is one word of a program. For strings text is the content without quotes.
type token struct {
	kind tokenKind
	text string
	pos  Pos
}

// is tells whether the token is the given operator, bracket or word.
func (t token) is(text string) bool {
	return (t.kind == tokPunct || t.kind == tokIdent) && t.text == text
}

// describe is how an error message speaks of what was found.
func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "the end of the program"
	case tokString:
		return "the text " + strconv.Quote(t.text)
	case tokInt, tokReal, tokImag:
		return "the number " + clip(t.text)
	}
	return strconv.Quote(clip(t.text))
}

// clip keeps messages short where a word of the program is not.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// puncts are the operators and brackets, longest first among those that share a beginning.
var puncts = []string{
	"%/%", ".*=", "./=",
	".*", "./", ".^", "==", "!=", "<=", ">=", "||", "&&", "+=", "-=", "*=", "/=", "<-",
	"{", "}", "(", ")", "[", "]", "<", ">", ",", ";", "=", "!", "+", "-", "*", "/", "%", "\\", "^", "'",
	"?", ":", "|", "~", ".",
}
