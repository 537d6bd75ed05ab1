package store

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"wgf/measure"
)

// Path is a curve of clouds of one size and dimension, particle i of every cloud being
// the same one.
type Path struct {
	Times  []float64
	Clouds []*measure.Cloud
	Names  []string // of the coordinates
}

// PointsFormat is the format that the extension of a path asks for: "npy", "npz" or "csv".
func PointsFormat(path string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".npy", ".npz", ".csv":
		return ext[1:], nil
	}
	return "", fmt.Errorf("cannot write %s: the extension says no format of points; use .npy, .npz or .csv", path)
}

// WritePoints writes a cloud that [ReadPoints] reads back: "npy", the points as rows of a
// matrix, without weights; "npz", the members points and weights; "csv", a table with a
// column .log_weight where there are weights.
func WritePoints(w io.Writer, format string, c *measure.Cloud, names []string) error {
	rows := rowsOf(nil, c)
	switch format {
	case "npy":
		return WriteNPY(w, []int{c.N, c.D}, Float, rows)
	case "npz":
		return writeArrays(w, []namedArray{
			{"points", []int{c.N, c.D}, rows}, {"weights", []int{c.N}, c.Weights()},
		})
	}
	return writePointTable(w, nil, []*measure.Cloud{c}, names)
}

// WritePath writes a curve: "npy", an array (time, particle, coordinate) without weights;
// "npz", the members points (the same), times and weights, one a particle or, where they
// change, (time, particle); "csv", a table with the time in the first column and
// .log_weight in the last where there are weights.
func WritePath(w io.Writer, format string, p Path) error {
	n, d := p.Clouds[0].N, p.Clouds[0].D
	if format == "csv" {
		return writePointTable(w, p.Times, p.Clouds, p.Names)
	}
	var rows []float64
	for _, c := range p.Clouds {
		if c.N != n || c.D != d {
			return fmt.Errorf("store: a path with clouds of %d and %d particles", n, c.N)
		}
		rows = rowsOf(rows, c)
	}
	shape := []int{len(p.Clouds), n, d}
	if format == "npy" {
		return WriteNPY(w, shape, Float, rows)
	}
	weights := namedArray{"weights", []int{n}, p.Clouds[0].Weights()}
	for _, c := range p.Clouds[1:] {
		if !slices.Equal(c.LogW, p.Clouds[0].LogW) {
			weights = namedArray{"weights", []int{len(p.Clouds), n}, nil}
			break
		}
	}
	for _, c := range p.Clouds {
		if weights.values == nil || len(weights.shape) == 2 {
			weights.values = append(weights.values, c.Weights()...)
		}
	}
	return writeArrays(w, []namedArray{
		{"points", shape, rows}, {"times", []int{len(p.Times)}, p.Times}, weights,
	})
}

// rowsOf appends the points one after the other.
func rowsOf(dst []float64, c *measure.Cloud) []float64 {
	for i := range c.N {
		for k := range c.D {
			dst = append(dst, c.X[k*c.N+i])
		}
	}
	return dst
}

type namedArray struct {
	name   string
	shape  []int
	values []float64
}

func writeArrays(w io.Writer, all []namedArray) error {
	z := zip.NewWriter(w)
	for _, a := range all {
		m, err := z.Create(a.name + ".npy")
		if err != nil {
			return err
		}
		if err := WriteNPY(m, a.shape, Float, a.values); err != nil {
			return err
		}
	}
	return z.Close()
}

// writePointTable writes points of one or several clouds below each other, with the time
// of each cloud where times are given.
func writePointTable(w io.Writer, times []float64, clouds []*measure.Cloud, names []string) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var header []string
	if times != nil {
		header = append(header, "t")
	}
	if len(names) != clouds[0].D {
		names = coordinateNames(clouds[0].D)
	}
	header = append(header, names...)
	weighted := slices.ContainsFunc(clouds, func(c *measure.Cloud) bool { return c.LogW != nil })
	if weighted {
		header = append(header, logWeightColumn)
	}
	c := csv.NewWriter(b)
	if err := c.Write(header); err != nil {
		return err
	}
	c.Flush()
	var line []byte
	for k, cloud := range clouds {
		weights := cloud.Weights()
		for i := range cloud.N {
			line = line[:0]
			if times != nil {
				line = append(strconv.AppendFloat(line, times[k], 'g', -1, 64), ',')
			}
			for a := range cloud.D {
				if a > 0 {
					line = append(line, ',')
				}
				line = strconv.AppendFloat(line, cloud.X[a*cloud.N+i], 'g', -1, 64)
			}
			if weighted {
				line = append(line, ',')
				if weights[i] == 0 {
					line = append(line, "-inf"...)
				} else {
					line = strconv.AppendFloat(line, math.Log(weights[i]), 'g', -1, 64)
				}
			}
			if _, err := b.Write(append(line, '\n')); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}
