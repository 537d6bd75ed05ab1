package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"wgf/sampler"
)

// quietFor is how long a run stays silent before it shows progress.
const quietFor = time.Second

// progress shows how a run goes on: one line that is rewritten on a terminal,
// a line every few seconds elsewhere, or JSON objects for another program.
type progress struct {
	w       io.Writer
	mode    string // auto on a terminal: "live"; else "plain", "json", "off"
	start   time.Time
	last    time.Time
	written int // columns of the live line
}

func newProgress(mode string, quiet bool, w io.Writer) *progress {
	switch {
	case quiet:
		mode = "off"
	case mode == "auto" && terminal(w):
		mode = "live"
	case mode == "auto":
		mode = "plain"
	}
	return &progress{w: w, mode: mode, start: time.Now()}
}

// every is the time between two updates.
func (p *progress) every() time.Duration {
	if p.mode == "plain" {
		return 2 * time.Second
	}
	return 100 * time.Millisecond
}

// update is called by the sampler after every chunk of work.
func (p *progress) update(u sampler.Progress) {
	now := time.Now()
	if p.mode == "off" || p.mode != "json" && now.Sub(p.start) < quietFor || now.Sub(p.last) < p.every() {
		return
	}
	p.last = now
	switch p.mode {
	case "json":
		line, _ := json.Marshal(map[string]any{
			"stage": u.Stage, "depth": u.Depth, "draws": u.Draws, "ess": number(u.ESS),
			"target_ess": number(u.TargetESS), "r_hat": number(u.RHat),
			"elapsed": number(u.Elapsed.Seconds()), "left": number(u.Left.Seconds()),
		})
		fmt.Fprintf(p.w, "%s\n", line)
	case "live":
		line := progressLine(u)
		fmt.Fprintf(p.w, "\r%-*s", p.written, line)
		p.written = len(line)
	case "plain":
		fmt.Fprintln(p.w, progressLine(u))
	}
}

// line shows what a person reads of a run without draws.
func (p *progress) line(text string) {
	now := time.Now()
	if p.mode == "off" || p.mode != "json" && now.Sub(p.start) < quietFor || now.Sub(p.last) < p.every() {
		return
	}
	p.last = now
	switch p.mode {
	case "json":
		line, _ := json.Marshal(map[string]any{"progress": text, "elapsed": number(now.Sub(p.start).Seconds())})
		fmt.Fprintf(p.w, "%s\n", line)
	case "live":
		fmt.Fprintf(p.w, "\r%-*s", p.written, text)
		p.written = max(p.written, len(text))
	case "plain":
		fmt.Fprintln(p.w, text)
	}
}

// done clears the live line.
func (p *progress) done() {
	if p.written > 0 {
		fmt.Fprintf(p.w, "\r%*s\r", p.written, "")
		p.written = 0
	}
}

func progressLine(u sampler.Progress) string {
	line := fmt.Sprintf("%-8s  %s  %d gradients a particle", u.Stage, clock(u.Elapsed), u.Depth)
	if u.ESS > 0 {
		line += fmt.Sprintf("  ESS %.0f of %.0f", u.ESS, u.TargetESS)
	}
	if u.RHat > 0 {
		line += fmt.Sprintf("  R-hat %.3f", u.RHat)
	}
	if u.Left > 0 {
		line += "  about " + clock(u.Left) + " left"
	}
	return line
}

// clock prints a duration as a person reads it: 45 ms, 1.4 s, 12 s, 3 min 05 s.
func clock(d time.Duration) string {
	switch s := d.Seconds(); {
	case s < 1:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case s < 10:
		return fmt.Sprintf("%.1f s", s)
	case s < 90:
		return fmt.Sprintf("%.0f s", s)
	case s < 5400:
		return fmt.Sprintf("%d min %02d s", int(s)/60, int(s)%60)
	default:
		return fmt.Sprintf("%d h %02d min", int(s)/3600, int(s)%3600/60)
	}
}
