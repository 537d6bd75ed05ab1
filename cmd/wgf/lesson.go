package main

import (
	"fmt"
	"io"

	"wgf/lesson"
	"wgf/report"
	"wgf/store"
)

type lessonCmd struct {
	Name   string `arg:"" optional:"" help:"A lesson, or all; without one they are listed."`
	Report string `placeholder:"FILE.html" help:"Write text, numbers and pictures as one HTML page."`
	Plot   string `placeholder:"PATH" help:"Draw the figure of one lesson to a .png, .svg or .pdf file."`
	shared
}

func (lessonCmd) Help() string {
	return `Worked lessons on sampling as optimisation over measures, for readers who know gradient descent and no optimal transport.
Every statement is followed by the number that was just measured.

Examples:
  wgf lesson
  wgf lesson half-w2
  wgf lesson bias --plot bias.png
  wgf lesson all --report lessons.html`
}

func (c lessonCmd) Run(s streams) error {
	if err := c.check(); err != nil {
		return err
	}
	if c.Name == "" && c.Report == "" && c.Plot == "" {
		for _, l := range lesson.All() {
			fmt.Fprintf(s.stdout, "%-15s %s\n", l.Name, l.Title)
		}
		return nil
	}
	all := lesson.All()
	if c.Name != "all" && c.Name != "" {
		l, err := lesson.Find(c.Name)
		if err != nil {
			return coded{exitUsage, err}
		}
		all = []lesson.Lesson{l}
	}
	if c.Plot != "" {
		if len(all) > 1 {
			return usagef("--plot %s: name one lesson, or use --report FILE.html", c.Plot)
		}
		if _, err := report.PlotFormat(c.Plot); err != nil {
			return coded{exitUsage, err}
		}
	}
	for _, path := range []string{c.Plot, c.Report} {
		if path == "" {
			continue
		}
		if err := store.CheckFile(path); err != nil {
			return err
		}
	}
	show := newProgress(c.Progress, c.Quiet, s.stderr)
	defer show.done()
	var entries []lesson.Entry
	var results []any
	for k, l := range all {
		show.line(fmt.Sprintf("lesson %d of %d: %s", k+1, len(all), l.Name))
		p, err := l.Run(s.ctx, c.Seed, c.Threads)
		if s.ctx.Err() != nil {
			return coded{code: exitInterrupted}
		}
		if err != nil {
			return fmt.Errorf("lesson %s: %w", l.Name, err)
		}
		entries = append(entries, lesson.Entry{Title: l.Title, Page: p})
		var parts []any
		for _, q := range p.Parts {
			parts = append(parts, map[string]any{"text": q.Text, "measured": q.Measured, "holds": q.Measured == "" || q.Holds})
		}
		results = append(results, map[string]any{"name": l.Name, "title": l.Title, "parts": parts, "source": p.Source})
		if c.JSON {
			continue
		}
		show.done()
		if k > 0 {
			fmt.Fprintln(s.stdout)
		}
		if err := p.Text(s.stdout, l.Title); err != nil {
			return err
		}
	}
	if c.JSON {
		if err := printJSON(s.stdout, map[string]any{"lessons": results, "seed": c.Seed}); err != nil {
			return err
		}
	}
	if c.Plot != "" {
		if err := writeFigure(c.Plot, entries[0].Page.Figure); err != nil {
			return err
		}
	}
	if c.Report != "" {
		return store.WriteFile(c.Report, func(w io.Writer) error { return lesson.HTML(w, entries) })
	}
	return nil
}
