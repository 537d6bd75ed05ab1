package syntax

import "fmt"

// ParseOptions says how a program is read.
type ParseOptions struct {
	// Include returns the text of a file named by #include; nil: #include is an error.
	Include func(name string) ([]byte, error)
}

const (
	// maxNesting bounds brackets and blocks within each other.
	maxNesting = 1000
	// maxDepth bounds the height of an expression tree, which chains such as a + b + c + ... grow without brackets.
	maxDepth = 20_000
)

// Parse reads a program from src; file is the name that errors show. The tree has no types yet: Check fills them in.
// The error is an Errors with the first thing that is wrong. Time and memory are linear in the length of the text.
func Parse(file string, src []byte, opt ParseOptions) (*Program, error) {
	source := NewSource(file, string(src))
	tokens, err := lex(source, opt)
	if err != nil {
		return nil, Errors{err}
	}
	p := &parser{tokens: tokens}
	prog, err := p.run(source)
	if err != nil {
		return nil, Errors{err}
	}
	return prog, nil
}

// parser walks over the tokens. Its methods give up by panicking with a *bailout, which run turns into an error.
type parser struct {
	tokens  []token
	at      int
	nesting int
	// closing is the index of the brace that closes the one at an index; see matchBraces.
	closing map[int]int
}

type bailout struct{ err *Error }

func (p *parser) run(source *Source) (prog *Program, err *Error) {
	defer func() {
		if r := recover(); r != nil {
			b, ok := r.(*bailout)
			if !ok {
				panic(r)
			}
			prog, err = nil, b.err
		}
	}()
	p.matchBraces()
	return p.program(source), nil
}

func (p *parser) fail(pos Pos, format string, args ...any) {
	panic(&bailout{Errorf(pos, format, args...)})
}

// cur is the token to be read next.
func (p *parser) cur() token { return p.tokens[p.at] }

// ahead is the token k places after cur; the end of the program where there is none.
func (p *parser) ahead(k int) token { return p.tokens[min(p.at+k, len(p.tokens)-1)] }

// take returns the token and steps over it.
func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != tokEOF {
		p.at++
	}
	return t
}

// accept steps over the token if it is text.
func (p *parser) accept(text string) bool {
	if p.cur().is(text) {
		p.at++
		return true
	}
	return false
}

// expect steps over a token that must be text; where says what it belongs to, as in "after the condition".
func (p *parser) expect(text, where string) token {
	if !p.cur().is(text) {
		if text == ";" {
			p.missing(fmt.Sprintf("%q %s", text, where))
		}
		p.wrong(fmt.Sprintf("%q %s", text, where))
	}
	return p.take()
}

// missing fails like wrong, but where the token at hand stands in a later line it points behind the token before, which
// is where something was forgotten.
func (p *parser) missing(expected string) {
	p.removed()
	t := p.cur()
	if p.at > 0 {
		if last := p.tokens[p.at-1]; last.pos.Source == t.pos.Source && last.pos.Line < t.pos.Line && t.kind != tokEOF {
			p.fail(p.behind(), "expected %s, found %s in line %d", expected, t.describe(), t.pos.Line)
		}
	}
	p.wrong(expected)
}

// wrong fails at the current token, which is not what was expected.
func (p *parser) wrong(expected string) {
	p.removed()
	t := p.cur()
	at := t.pos
	if t.kind == tokEOF && p.at > 0 {
		at = p.behind()
	}
	p.fail(at, "expected %s, found %s", expected, t.describe())
}

// behind is the place right after the token before the one at hand.
func (p *parser) behind() Pos {
	last := p.tokens[p.at-1]
	at := last.pos
	at.Col += int32(len(last.text))
	if last.kind == tokString {
		at.Col += 2
	}
	return at
}

// enter counts a level of nesting; the caller defers leave.
func (p *parser) enter() {
	if p.nesting++; p.nesting > maxNesting {
		p.fail(p.cur().pos, "the program is nested too deeply: more than %d levels", maxNesting)
	}
}

func (p *parser) leave() { p.nesting-- }

// name reads the name of something that is being declared; what says of what.
func (p *parser) name(what string) (string, Pos) {
	t := p.cur()
	if t.kind != tokIdent {
		p.wrong("the name of " + what)
	}
	if reason := reservedName(t.text); reason != "" {
		p.fail(t.pos, "%q cannot be the name of %s: %s", clip(t.text), what, reason)
	}
	p.at++
	return t.text, t.pos
}

// matchBraces finds for every "{" the brace that closes it, so that a statement that starts with a brace can
// be told from an expression without reading it twice.
func (p *parser) matchBraces() {
	p.closing = map[int]int{}
	var open []int
	for i, t := range p.tokens {
		switch {
		case t.kind == tokPunct && t.text == "{":
			open = append(open, i)
		case t.kind == tokPunct && t.text == "}" && len(open) > 0:
			p.closing[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
}
