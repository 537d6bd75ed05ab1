package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wgf/target/stan"
)

// readFile reads a file, unpacked if its name ends in .gz, or standard input for
// "-", and says in one sentence why it cannot.
func readFile(s streams, path string) ([]byte, error) {
	if path == "-" {
		src, err := io.ReadAll(s.stdin)
		if err != nil {
			return nil, fmt.Errorf("cannot read standard input: %w", err)
		}
		return src, nil
	}
	src, err := os.ReadFile(path)
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return nil, fmt.Errorf("cannot read %s: %w", path, pathErr.Err)
	}
	if err == nil && strings.HasSuffix(path, ".gz") {
		if src, err = gunzip(src); err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", path, err)
		}
	}
	return src, err
}

func gunzip(src []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// display is the name of an input in messages.
func display(path string) string {
	if path == "-" {
		return "standard input"
	}
	return path
}

// parse reads and checks the Stan program of the arguments.
func (m modelArgs) parse(s streams) (*stan.Program, error) {
	src, err := readFile(s, m.Model)
	if err != nil {
		return nil, err
	}
	folders := append([]string{filepath.Dir(m.Model)}, m.IncludePath...)
	include := func(name string) ([]byte, error) {
		for _, dir := range folders {
			if src, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				return src, nil
			}
		}
		return nil, fmt.Errorf("cannot find the included file %s in %v", name, folders)
	}
	return stan.Parse(display(m.Model), src, stan.ParseOptions{Include: include})
}

// data reads the data of the arguments; without a file there are none.
func (m modelArgs) data(s streams) (*stan.Data, error) {
	if m.Data == "" {
		return nil, nil // Bind says what is missing
	}
	src, err := readFile(s, m.Data)
	if err != nil {
		return nil, err
	}
	return stan.ReadData(display(m.Data), src)
}

// bind reads program and data and records the one against the other.
func (m modelArgs) bind(s streams, seed uint64) (*stan.Model, error) {
	if m.Model == "-" && m.Data == "-" {
		return nil, usagef("program and data cannot both come from standard input")
	}
	program, err := m.parse(s)
	if err != nil {
		return nil, err
	}
	data, err := m.data(s)
	if err != nil {
		return nil, err
	}
	return program.Bind(data, stan.Options{Seed: seed, Print: s.stderr})
}
