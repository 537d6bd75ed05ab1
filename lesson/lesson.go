// Package lesson holds worked lessons on optimisation over probability measures: text,
// numbers computed on the spot, and a figure. A lesson stores no result.
package lesson

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"strings"

	"wgf/report"
)

// Lesson is one of them.
type Lesson struct {
	Name, Title string
	Run         func(ctx context.Context, seed uint64, threads int) (*Page, error)
}

// Page is what a lesson computed.
type Page struct {
	Parts  []Part
	Figure report.Figure
	Source string
}

// Part is a paragraph, or a statement with the numbers that were just measured for it.
type Part struct {
	Text     string
	Measured string // empty: a paragraph
	Holds    bool   // of a statement: the numbers agree with it
}

func (p *Page) say(format string, args ...any) {
	p.Parts = append(p.Parts, Part{Text: fmt.Sprintf(format, args...)})
}

// claim is a statement with its measurement; where the numbers contradict it the page
// says so.
func (p *Page) claim(holds bool, text, format string, args ...any) {
	p.Parts = append(p.Parts, Part{Text: text, Measured: fmt.Sprintf(format, args...), Holds: holds})
}

// Holds reports whether every statement was borne out.
func (p *Page) Holds() bool {
	for _, q := range p.Parts {
		if q.Measured != "" && !q.Holds {
			return false
		}
	}
	return true
}

// All lists the lessons in the order of the course.
func All() []Lesson {
	return []Lesson{gradientFlow(), convexityLesson(), entropyLesson(), halfW2(), discrepancies(), logSobolev(), bias(), collapse(), tempering(), sameGaussian(), rates()}
}

// Find returns the lesson of a name.
func Find(name string) (Lesson, error) {
	var names []string
	for _, l := range All() {
		if l.Name == name {
			return l, nil
		}
		names = append(names, l.Name)
	}
	return Lesson{}, fmt.Errorf("there is no lesson %q; known are %s", name, strings.Join(names, ", "))
}

// Text writes a page for a terminal.
func (p *Page) Text(w io.Writer, title string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", title, strings.Repeat("=", len(title)))
	for _, q := range p.Parts {
		fmt.Fprintf(&b, "\n%s\n", wrap(q.Text, 100))
		if q.Measured != "" {
			verdict := "measured"
			if !q.Holds {
				verdict = "CONTRADICTED BY what was measured"
			}
			fmt.Fprintf(&b, "  %s: %s\n", verdict, q.Measured)
		}
	}
	if p.Source != "" {
		fmt.Fprintf(&b, "\nRead on: %s\n", p.Source)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks text into lines of at most width characters.
func wrap(text string, width int) string {
	var b strings.Builder
	line := 0
	for word := range strings.FieldsSeq(text) {
		if line > 0 && line+1+len(word) > width {
			b.WriteByte('\n')
			line = 0
		}
		if line > 0 {
			b.WriteByte(' ')
			line++
		}
		b.WriteString(word)
		line += len(word)
	}
	return b.String()
}

var page = template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Lessons</title>
<style>body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}
.m{border-left:3px solid #0072b2;padding-left:.8em;color:#0072b2}.x{border-color:#d55e00;color:#d55e00}
.s{color:#888;font-size:.85em}svg{max-width:100%;height:auto}</style></head><body>
{{range .}}<h2>{{.Title}}</h2>
{{range .Page.Parts}}<p>{{.Text}}</p>{{if .Measured}}<p class="m{{if not .Holds}} x{{end}}">{{if .Holds}}Measured{{else}}Contradicted{{end}}: {{.Measured}}</p>{{end}}
{{end}}{{.Picture}}<p class="s">Read on: {{.Page.Source}}</p>
{{end}}</body></html>
`))

// Entry is a lesson in a report.
type Entry struct {
	Title   string
	Page    *Page
	Picture template.HTML
}

// HTML writes lessons as one page with pictures inside.
func HTML(w io.Writer, all []Entry) error {
	for k := range all {
		var b strings.Builder
		if err := all[k].Page.Figure.Encode(&b, "svg"); err != nil {
			return err
		}
		svg := b.String()
		if at := strings.Index(svg, "<svg"); at >= 0 {
			svg = svg[at:]
		}
		all[k].Picture = template.HTML(svg)
	}
	return page.Execute(w, all)
}
