package main

import (
	"fmt"
	"strings"
	"time"

	"wgf/diagnostics"
	"wgf/report"
	"wgf/sampler"
)

// print shows the table and says in one paragraph what was run.
func (c sampleCmd) print(s streams, post posterior, rows []diagnostics.Summary, advice, files []string, total time.Duration) error {
	if err := report.Table(s.stdout, rows, report.WGF); err != nil {
		return err
	}
	if c.Quiet {
		return nil
	}
	r := post.Result
	written := len(r.Output()) * r.Particles
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s draws, %d from each of %d particles in %d superchains, seed %d. ",
		post.name, count(int64(r.Times*r.Particles)), r.Times, r.Particles, r.Superchains, c.Seed)
	fmt.Fprintf(&b, "%s in all, %s gradients (%s a particle).", clock(total), count(r.Gradients), count(int64(r.Depth)))
	if c.Out != "" {
		fmt.Fprintf(&b, " %s draws", count(int64(written)))
		if written != c.Draws {
			fmt.Fprintf(&b, " (%d asked for; every particle gives %d)", c.Draws, len(r.Output()))
		}
		fmt.Fprintf(&b, " written to %s.", list(files))
	}
	for _, note := range r.Notes {
		b.WriteString(" " + note)
	}
	if _, err := fmt.Fprintf(s.stdout, "\n%s\n", wrap(b.String(), 100)); err != nil {
		return err
	}
	switch r.Status {
	case sampler.OK:
	case sampler.Interrupted:
		fmt.Fprintln(s.stdout, "\nInterrupted: these are the draws made so far.")
	case sampler.Budget:
		fmt.Fprintln(s.stdout, "\nThe budget ended before the draws were good enough: do not trust them yet.")
	default:
		fmt.Fprintln(s.stdout, "\nDo not trust these draws.")
	}
	if _, err := report.Verdict(s.stdout, advice); err != nil {
		return err
	}
	if c.Cite {
		printReferences(s.stdout, sampler.References())
	}
	return nil
}

// count prints a number with thousands separated.
func count(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// list names files: one, or the first and the last of several.
func list(files []string) string {
	switch len(files) {
	case 0:
		return "nothing"
	case 1:
		return files[0]
	}
	return files[0] + " ... " + files[len(files)-1]
}

// wrap breaks text into lines of at most width columns.
func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		switch {
		case column == 0:
		case column+1+len(word) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
