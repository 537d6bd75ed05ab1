package lesson

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// Every lesson runs, its numbers bear its statements out, and the report holds them all.
func TestLessons(t *testing.T) {
	var entries []Entry
	for _, l := range All() {
		p, err := l.Run(context.Background(), 1, 0)
		if err != nil {
			t.Fatalf("%s: %v", l.Name, err)
		}
		if !p.Holds() || len(p.Parts) < 2 {
			var b bytes.Buffer
			_ = p.Text(&b, l.Title)
			t.Errorf("%s:\n%s", l.Name, b.String())
		}
		entries = append(entries, Entry{Title: l.Title, Page: p})
	}
	var b bytes.Buffer
	if err := HTML(&b, entries); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<svg"); n != len(entries) {
		t.Errorf("%d pictures for %d lessons", n, len(entries))
	}
}
