package store

import (
	"fmt"
	"math"
)

// ReadVector reads one column of finite numbers: NPY (a vector or a matrix of one
// column), FILE.npz:MEMBER or CSV, with or without a header. what names the numbers in
// messages.
func ReadVector(path, what string) ([]float64, error) {
	p, err := readTable(path, what)
	if err != nil {
		return nil, err
	}
	if p.Cloud.D != 1 {
		return nil, fmt.Errorf("%s: the %s are %d columns, want one", path, what, p.Cloud.D)
	}
	return p.Cloud.X, nil
}

// ReadMatrix reads a matrix of finite numbers, row-major, from the same files.
func ReadMatrix(path, what string) (values []float64, rows, columns int, err error) {
	p, err := readTable(path, what)
	if err != nil {
		return nil, 0, 0, err
	}
	return rowsOf(make([]float64, 0, len(p.Cloud.X)), p.Cloud), p.Cloud.N, p.Cloud.D, nil
}

// readTable reads numbers where points would be read, and refuses what is no table.
func readTable(path, what string) (*Points, error) {
	p, err := ReadPoints(path)
	switch {
	case err != nil:
		return nil, err
	case p.Draws():
		return nil, fmt.Errorf("%s: the file holds draws or an array of three axes, want %s as a table of numbers", path, what)
	case p.Width > 0:
		return nil, fmt.Errorf("%s: the file is an image, want %s as a table of numbers", path, what)
	}
	return p, nil
}

// ReadLogWeights reads the weights of n points from one column and returns their
// logarithms, -Inf for 0. They must not be negative and sum to 1 within 1e-6, or, with
// normalize, to any positive number.
func ReadLogWeights(path string, n int, normalize bool) ([]float64, error) {
	w, err := ReadVector(path, "weights")
	if err != nil {
		return nil, err
	}
	if len(w) != n {
		return nil, fmt.Errorf("%s: %d weights for %d points", path, len(w), n)
	}
	sum := 0.0
	for i, v := range w {
		if v < 0 {
			return nil, fmt.Errorf("%s: weight %d is %v, want no negative weights", path, i+1, v)
		}
		sum += v
	}
	switch {
	case sum == 0:
		return nil, fmt.Errorf("%s: all %d weights are 0", path, n)
	case math.IsInf(sum, 1):
		return nil, fmt.Errorf("%s: the weights are too large to be summed", path)
	case !normalize && math.Abs(sum-1) > 1e-6:
		return nil, fmt.Errorf("%s: the weights sum to %.10g, want 1 (within 1e-6); --normalize divides them by their sum", path, sum)
	}
	for i, v := range w {
		w[i] = math.Log(v)
	}
	return w, nil
}
