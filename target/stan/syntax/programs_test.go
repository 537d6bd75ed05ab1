package syntax_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	. "wgf/target/stan/syntax"
)

// lines reads a file of test data with one program a line.
func lines(t testing.TB, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(text), "\n"), "\n")
}

// check parses and checks a program against the library of the tests.
func check(src string) (*Program, error) {
	p, err := Parse("m.stan", []byte(src), ParseOptions{})
	if err != nil {
		return nil, err
	}
	return p, Check(p, testLibrary())
}

func TestValidPrograms(t *testing.T) {
	for i, src := range lines(t, "testdata/valid.txt") {
		if _, err := check(src); err != nil {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
}

// place is the optional beginning of an expected error.
var place = regexp.MustCompile(`^\d+:\d+: `)

// TestInvalidPrograms holds the first error of each program to the text after //!, a part of the message that may be
// preceded by the place: "part of message" or "line:col: part of message".
func TestInvalidPrograms(t *testing.T) {
	for i, line := range lines(t, "testdata/invalid.txt") {
		src, want, ok := strings.Cut(line, " //! ")
		if !ok {
			t.Fatalf("line %d has no expected message", i+1)
		}
		_, err := check(src)
		if err == nil {
			t.Errorf("line %d is accepted: %s", i+1, src)
			continue
		}
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("line %d: error of type %T", i+1, err)
		}
		got := fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg)
		at := place.FindString(want)
		if !strings.HasPrefix(got, at) || !strings.Contains(got, want[len(at):]) {
			t.Errorf("line %d: %s\n got  %s\n want %s", i+1, src, got, want)
		}
	}
}
