package store

import (
	"archive/zip"
	"fmt"
	"os"
	"strings"
)

func readDrawsNPY(path string) (*Draws, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, reason(err))
	}
	defer f.Close()
	a, err := ReadNPY(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d, err := drawsFromArray(a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// drawsFromArray takes one axis for draws, two for (draw, element), three and more for
// (chain, draw, element ...). The variable is x.
func drawsFromArray(a *Array) (*Draws, error) {
	shape := a.Shape
	switch len(shape) {
	case 0:
		return nil, fmt.Errorf("one number is no set of draws")
	case 1, 2:
		shape = append([]int{1}, shape...)
	}
	d := &Draws{Chains: shape[0], DrawsPerChain: shape[1]}
	d.Variables = []Variable{{Name: "x", Dims: shape[2:], Type: a.Type, Values: a.Values}}
	if len(shape) == 2 {
		d.Variables[0].Dims = nil
	}
	if d.Chains == 0 || d.DrawsPerChain == 0 {
		return nil, fmt.Errorf("an array of shape %v holds no draws", a.Shape)
	}
	return d, nil
}

// readDrawsNPZ takes each member for a variable whose first two axes are chain and draw,
// where all members agree in both and there are not more chains than draws; otherwise
// for one chain whose draws are the first axis.
func readDrawsNPZ(path string) (*Draws, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", path, reason(err))
	}
	defer z.Close()
	var names []string
	var arrays []*Array
	for _, m := range z.File {
		name, ok := strings.CutSuffix(m.Name, ".npy")
		if !ok {
			continue
		}
		r, err := m.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: member %s: %w", path, m.Name, err)
		}
		a, err := ReadNPY(r)
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: member %s: %w", path, m.Name, err)
		}
		names, arrays = append(names, name), append(arrays, a)
	}
	d, err := drawsFromMembers(names, arrays)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func drawsFromMembers(names []string, arrays []*Array) (*Draws, error) {
	if len(arrays) == 0 {
		return nil, fmt.Errorf("the archive has no NPY members")
	}
	chains := true
	for i, a := range arrays {
		if len(a.Shape) == 0 {
			return nil, fmt.Errorf("member %s is one number, not draws", names[i])
		}
		first := arrays[0].Shape
		if a.Shape[0] != first[0] {
			return nil, fmt.Errorf("members %s and %s have shapes %v and %v: the first axis differs", names[0], names[i], first, a.Shape)
		}
		if len(a.Shape) < 2 || len(first) < 2 || a.Shape[1] != first[1] || a.Shape[0] > a.Shape[1] {
			chains = false
		}
	}
	axes := 1
	d := &Draws{Chains: 1, DrawsPerChain: arrays[0].Shape[0]}
	if chains {
		axes = 2
		d.Chains, d.DrawsPerChain = arrays[0].Shape[0], arrays[0].Shape[1]
	}
	if d.Chains == 0 || d.DrawsPerChain == 0 {
		return nil, fmt.Errorf("an array of shape %v holds no draws", arrays[0].Shape)
	}
	for i, a := range arrays {
		v := Variable{Name: names[i], Type: a.Type, Values: a.Values}
		if len(a.Shape) > axes {
			v.Dims = a.Shape[axes:]
		}
		stat, ok := columnStat(v.Name)
		switch {
		case v.Name == logWeightColumn && v.Dims == nil:
			d.LogWeight = a.Values
		case ok && stat != "" && v.Dims == nil:
			v.Name = stat
			d.Stats = append(d.Stats, v)
		default:
			d.Variables = append(d.Variables, v)
		}
	}
	return d, nil
}
