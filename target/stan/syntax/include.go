package syntax

import (
	"slices"
	"strings"
)

// hash handles a line that starts with #: an #include, or an error.
func (l *lexer) hash(pos Pos) *Error {
	line := strings.TrimSuffix(l.rest()[:lineLength(l.rest())], "\r")
	word, ok := strings.CutPrefix(line, "#include")
	if !ok || word != "" && word[0] != ' ' && word[0] != '\t' && word[0] != '"' && word[0] != '<' {
		return Errorf(pos, "comments that start with # were removed from Stan; write // instead")
	}
	name := includeName(word)
	if name == "" {
		return Errorf(pos, "expected the name of a file after #include")
	}
	if l.opt.Include == nil {
		return Errorf(pos, "cannot include %q: this program is read without access to files", clip(name))
	}
	if slices.Contains(l.stack, name) {
		return Errorf(pos, "%q includes itself: %s", clip(name), strings.Join(append(l.stack, name), " -> "))
	}
	if l.includes++; l.includes > maxIncludes {
		return Errorf(pos, "more than %d files are included", maxIncludes)
	}
	text, err := l.opt.Include(name)
	if err != nil {
		return Errorf(pos, "cannot include %q: %v", clip(name), err)
	}
	l.at += len(line)
	outer := *l
	if err := l.file(NewSource(name, string(text))); err != nil {
		return err
	}
	l.src, l.at, l.line, l.lineAt, l.colAt, l.col = outer.src, outer.at, outer.line, outer.lineAt, outer.colAt, outer.col
	return nil
}

// includeName is the file named on the rest of an #include line: bare, in quotes or in angle brackets.
func includeName(s string) string {
	s = strings.TrimSpace(s)
	for _, quotes := range []string{`""`, "<>"} {
		if strings.HasPrefix(s, quotes[:1]) {
			if n := strings.Index(s[1:], quotes[1:]); n >= 0 {
				return s[1 : 1+n]
			}
			return ""
		}
	}
	name, _, _ := strings.Cut(s, "//")
	if f := strings.Fields(name); len(f) > 0 {
		return f[0]
	}
	return ""
}
