package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// say shows how far a stage is that is no sampling: a line for people, fields for
// programs.
func (p *progress) say(stage string, fields map[string]any, text string) {
	now := time.Now()
	if p.mode == "off" || p.mode != "json" && now.Sub(p.start) < quietFor || now.Sub(p.last) < p.every() {
		return
	}
	p.last = now
	elapsed := now.Sub(p.start)
	switch p.mode {
	case "json":
		out := map[string]any{"stage": stage, "elapsed": number(elapsed.Seconds())}
		maps.Copy(out, fields)
		line, _ := json.Marshal(out)
		fmt.Fprintf(p.w, "%s\n", line)
	case "live":
		line := fmt.Sprintf("%-8s  %s  %s", stage, clock(elapsed), text)
		fmt.Fprintf(p.w, "\r%-*s", p.written, line)
		p.written = len(line)
	case "plain":
		fmt.Fprintf(p.w, "%-8s  %s  %s\n", stage, clock(elapsed), text)
	}
}
