package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"
)

// shared are the flags that the verbs have in common.
type shared struct {
	Seed     uint64 `default:"1" help:"Seed of all randomness (${default}); printed with the result."`
	Threads  int    `default:"0" help:"Threads to use; 0 means all cores. The result does not depend on it."`
	Progress string `default:"auto" enum:"auto,plain,json,off" help:"Progress on standard error: auto, plain, json or off."`
	JSON     bool   `name:"json" help:"Print the result as one JSON object instead of a table."`
	Cite     bool   `help:"Print the references of the methods that the run used."`
	Quiet    bool   `short:"q" help:"Print nothing but the result."`
}

// check refuses values that no verb can use.
func (f shared) check() error {
	if f.Threads < 0 {
		return usagef("--threads %d: want 0 (all cores) or a positive number", f.Threads)
	}
	return nil
}

// duration is a time span as 1m30s, or a number of seconds.
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if seconds, bad := strconv.ParseFloat(string(text), 64); bad == nil && math.Abs(seconds) < 1e9 {
		v, err = time.Duration(seconds*1e9), nil
	}
	if err != nil {
		return fmt.Errorf("%q is no time span: want a number of seconds, or a number with a unit such as 30s, 5m or 1h", text)
	}
	*d = duration(v)
	return nil
}

// modelArgs name a Stan program and its data.
type modelArgs struct {
	Model       string   `arg:"" optional:"" help:"Stan program; - reads it from standard input."`
	Data        string   `arg:"" optional:"" help:"Data of the program, Stan JSON; may be gzipped (.json.gz)."`
	IncludePath []string `name:"include-path" placeholder:"DIR" help:"Folders in which #include looks, after that of the program."`
}

// terminal says whether w is a terminal.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// printReferences lists the references of what a run used, once each.
func printReferences(w io.Writer, references []string) {
	if len(references) == 0 {
		return
	}
	fmt.Fprintln(w, "\nReferences:")
	for _, r := range references {
		fmt.Fprintf(w, "  %s\n", r)
	}
}
