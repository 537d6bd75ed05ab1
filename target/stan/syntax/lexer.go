package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxTokens bounds the size of a program after #include.
	maxTokens = 5_000_000
	// maxIncludes bounds the number of files included.
	maxIncludes = 1000
)

// lexer turns sources into tokens, following #include.
type lexer struct {
	opt      ParseOptions
	tokens   []token
	includes int
	stack    []string // names of the files being read, to detect cycles
	src      *Source
	at       int // offset of the next byte
	line     int32
	lineAt   int // offset where the line begins
	colAt    int // an offset of the line whose column is known ...
	col      int32
}

// lex reads a source and all that it includes into tokens, ended by a tokEOF.
func lex(src *Source, opt ParseOptions) ([]token, *Error) {
	l := &lexer{opt: opt, tokens: make([]token, 0, 16+len(src.Text)/4)}
	if err := l.file(src); err != nil {
		return nil, err
	}
	l.tokens = append(l.tokens, token{kind: tokEOF, pos: l.pos(l.at)})
	return l.tokens, nil
}

// file reads one source, which includes may interrupt.
func (l *lexer) file(src *Source) *Error {
	l.stack = append(l.stack, src.Name)
	l.src, l.at, l.line = src, 0, 1
	l.startLine()
	for {
		if err := l.skipSpace(); err != nil {
			return err
		}
		if l.at >= len(src.Text) {
			break
		}
		if err := l.next(); err != nil {
			return err
		}
		if len(l.tokens) > maxTokens {
			return Errorf(l.pos(l.at), "the program is too long: more than %d words", maxTokens)
		}
	}
	l.stack = l.stack[:len(l.stack)-1]
	return nil
}

func (l *lexer) startLine() { l.lineAt, l.colAt, l.col = l.at, l.at, 1 }

// pos is the position of an offset of the current line at or after all those asked for before.
func (l *lexer) pos(at int) Pos {
	if at < l.colAt {
		l.colAt, l.col = l.lineAt, 1
	}
	l.col += int32(utf8.RuneCountInString(l.src.Text[l.colAt:at]))
	l.colAt = at
	return Pos{Source: l.src, Line: l.line, Col: l.col}
}

func (l *lexer) rest() string { return l.src.Text[l.at:] }

// newline steps over a line end.
func (l *lexer) newline() {
	l.at++
	l.line++
	l.startLine()
}

// skipSpace steps over white space and comments.
func (l *lexer) skipSpace() *Error {
	for l.at < len(l.src.Text) {
		switch c := l.src.Text[l.at]; {
		case c == '\n':
			l.newline()
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			l.at++
		case strings.HasPrefix(l.rest(), "//"):
			l.at += lineLength(l.rest())
		case strings.HasPrefix(l.rest(), "/*"):
			start := l.pos(l.at)
			n := strings.Index(l.rest()[2:], "*/")
			if n < 0 {
				return Errorf(start, "the comment that starts here is not closed; expected \"*/\"")
			}
			for end := l.at + n + 4; l.at < end; {
				if l.src.Text[l.at] == '\n' {
					l.newline()
				} else {
					l.at++
				}
			}
		default:
			return nil
		}
	}
	return nil
}

func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

// next reads one token.
func (l *lexer) next() *Error {
	start := l.at
	pos := l.pos(start)
	switch c := l.src.Text[start]; {
	case isLetter(c) || c == '_':
		for l.at < len(l.src.Text) && (isLetter(l.src.Text[l.at]) || isDigit(l.src.Text[l.at]) || l.src.Text[l.at] == '_') {
			l.at++
		}
		word := l.src.Text[start:l.at]
		if c == '_' {
			return Errorf(pos, "a name cannot start with an underscore: %q", clip(word))
		}
		l.add(tokIdent, word, pos)
	case isDigit(c) || c == '.' && start+1 < len(l.src.Text) && isDigit(l.src.Text[start+1]):
		l.number(pos)
	case c == '"':
		n := strings.IndexAny(l.rest()[1:], "\"\n\r")
		if n < 0 || l.src.Text[start+1+n] != '"' {
			return Errorf(pos, "the text that starts here is not closed on its line; expected a '\"'")
		}
		l.at += n + 2
		l.add(tokString, l.src.Text[start+1:l.at-1], pos)
	case c == '#':
		return l.hash(pos)
	default:
		for _, p := range puncts {
			if strings.HasPrefix(l.rest(), p) {
				l.at += len(p)
				l.add(tokPunct, p, pos)
				return nil
			}
		}
		return l.strange(pos)
	}
	return nil
}

func (l *lexer) add(kind tokenKind, text string, pos Pos) {
	l.tokens = append(l.tokens, token{kind: kind, text: text, pos: pos})
}

// number reads 12, 1_000, 1.5, .5, 1., 1e-3, and any of them followed by i. As in Stan, 2.*x reads as 2. * x.
func (l *lexer) number(pos Pos) {
	start := l.at
	kind := tokInt
	l.digits()
	if l.peek() == '.' {
		kind = tokReal
		l.at++
		l.digits()
	}
	if c := l.peek(); c == 'e' || c == 'E' {
		mark := l.at
		l.at++
		if c := l.peek(); c == '+' || c == '-' {
			l.at++
		}
		if isDigit(l.peek()) {
			kind = tokReal
			l.digits()
		} else {
			l.at = mark
		}
	}
	text := l.src.Text[start:l.at]
	if l.peek() == 'i' && (l.at+1 >= len(l.src.Text) || !isWord(l.src.Text[l.at+1])) {
		kind = tokImag
		l.at++
		text += "i"
	}
	l.add(kind, text, pos)
}

// digits steps over digits, which single underscores may group.
func (l *lexer) digits() {
	for {
		switch {
		case isDigit(l.peek()):
			l.at++
		case l.peek() == '_' && isDigit(l.src.Text[l.at-1]) && l.at+1 < len(l.src.Text) && isDigit(l.src.Text[l.at+1]):
			l.at += 2
		default:
			return
		}
	}
}

// peek is the next byte, 0 at the end.
func (l *lexer) peek() byte {
	if l.at < len(l.src.Text) {
		return l.src.Text[l.at]
	}
	return 0
}

// strange reports a character that no Stan program has outside texts and comments.
func (l *lexer) strange(pos Pos) *Error {
	r, size := utf8.DecodeRuneInString(l.rest())
	switch {
	case r == utf8.RuneError && size <= 1:
		return Errorf(pos, "the file is not UTF-8 text: byte 0x%02x", l.src.Text[l.at])
	case r == '&':
		return Errorf(pos, "found a lone \"&\"; the logical operator is \"&&\"")
	case unicode.IsLetter(r):
		return Errorf(pos, "names consist of the letters a-z and A-Z, digits and underscores; found %q", r)
	}
	return Errorf(pos, "the character %q has no meaning in a Stan program", r)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) || c == '_' }
