package store

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wgf/measure"
)

// Points is a set of points read from a file, with what the file says about them.
type Points struct {
	Path  string
	Cloud *measure.Cloud
	Names []string // of the coordinates
	Named bool     // the file gives the names; else they are x[1], x[2] ... (an image: x, y)

	// Chains and DrawsPerChain are those of a file of draws, whose points are ordered
	// (chain, draw); both are 0 for a plain set of points, which are taken as they are.
	Chains, DrawsPerChain int

	// Width and Height are the pixels of an image, else 0.
	Width, Height int

	// Notes say what a reader found worth telling.
	Notes []string
}

// Draws says whether the points are draws of chains.
func (p *Points) Draws() bool { return p.Chains > 0 }

// ReadPoints reads a set of points:
//
//   - FILE.npy: the rows of a matrix are points, a vector is points on the line, three
//     and more axes are draws (chain, draw, element ...);
//   - FILE.npz:MEMBER, one array of an archive, or FILE.npz where it has one array only
//     or holds the draws of a run;
//   - CSV of numbers, with or without a header, separated by commas, semicolons or
//     blanks; a column .log_weight holds log weights. A header with .chain, .iteration,
//     .draw, lp__ or another column of a sampler, or CmdStan's comments, make it a file
//     of draws, which [Read] reads: every element of every variable is a coordinate;
//   - a Zarr store of draws;
//   - PNG, JPEG and GIF images as measures, see [ImagePoints].
//
// Files whose extension says nothing are read as CSV. Errors are one sentence with file
// and line or element, what was found and what was expected: coordinates that are not
// finite, ragged rows, text, no points, shapes that are no set of points.
func ReadPoints(path string) (*Points, error) {
	p, err := readPoints(path)
	if err != nil {
		return nil, err
	}
	p.Path = path
	if p.Cloud.N == 0 || p.Cloud.D == 0 {
		return nil, fmt.Errorf("%s: there are no points in the file", path)
	}
	if err := p.Cloud.Check(); err != nil {
		return nil, fmt.Errorf("%s: %s", path, strings.TrimPrefix(err.Error(), "measure: "))
	}
	return p, nil
}

func readPoints(path string) (*Points, error) {
	if archive, member, ok := npzMember(path); ok {
		return pointsFromNPZ(archive, member)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil && strings.EqualFold(filepath.Ext(path), ".csv"):
		return pointsFromDraws(path) // the files of the chains, or the error
	case err != nil:
		return nil, fmt.Errorf("cannot read %s: %w", path, reason(err))
	case info.IsDir():
		if _, err := os.Stat(filepath.Join(path, "zarr.json")); err != nil {
			return nil, fmt.Errorf("cannot read %s: it is a directory and no Zarr v3 store; want a file of points or draws", path)
		}
		return pointsFromDraws(path)
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".npy":
		return pointsFromNPY(path)
	case ".npz":
		return pointsFromNPZ(path, "")
	case ".png", ".jpg", ".jpeg", ".gif":
		return pointsFromImage(path)
	}
	return pointsFromCSV(path)
}

// pointsFromDraws flattens the variables of a file of draws.
func pointsFromDraws(path string) (*Points, error) {
	d, err := Read(path)
	if err != nil {
		return nil, err
	}
	return d.points(path)
}

// points makes every element of every variable a coordinate.
func (d *Draws) points(path string) (*Points, error) {
	n := d.Chains * d.DrawsPerChain
	p := &Points{Chains: d.Chains, DrawsPerChain: d.DrawsPerChain, Notes: d.Notes, Named: true}
	p.Cloud = &measure.Cloud{N: n, LogW: d.LogWeight}
	for _, c := range d.Columns() {
		if c.Name == "lp__" {
			continue
		}
		at := len(p.Cloud.X)
		p.Cloud.X = append(p.Cloud.X, c.all()...)
		for i, v := range p.Cloud.X[at:] {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%s: %s is %v in draw %d of chain %d, want finite numbers", path, c.Name, v, i%d.DrawsPerChain+1, i/d.DrawsPerChain+1)
			}
		}
		p.Names = append(p.Names, c.Name)
	}
	p.Cloud.D = len(p.Names)
	if p.Cloud.D == 0 {
		return nil, fmt.Errorf("%s: the draws have no variables", path)
	}
	return p, nil
}

// Select returns the points with the named coordinates only, in the order given. The
// names are those of Names, or of variables, which stand for all their elements.
func (p *Points) Select(names []string) (*Points, error) {
	var keep []int
	for _, name := range names {
		found := false
		for k, have := range p.Names {
			base, index := splitName(have)
			if have == name || index != nil && base == name {
				found = true
				if slices.Contains(keep, k) {
					return nil, fmt.Errorf("the column %s is named twice", have)
				}
				keep = append(keep, k)
			}
		}
		if !found {
			return nil, fmt.Errorf("%s has no column %s; it has %s", p.Path, name, some(p.Names))
		}
	}
	if len(keep) == 0 {
		return nil, errors.New("no columns are left to compare")
	}
	out := *p
	c := &measure.Cloud{N: p.Cloud.N, D: len(keep), LogW: p.Cloud.LogW}
	out.Names = nil
	for _, k := range keep {
		c.X = append(c.X, p.Cloud.Coordinate(k)...)
		out.Names = append(out.Names, p.Names[k])
	}
	out.Cloud = c
	return &out, nil
}

// some lists names, the first few of many.
func some(names []string) string {
	const few = 8
	if len(names) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
	}
	return strings.Join(names, ", ")
}
