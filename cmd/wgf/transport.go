package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"wgf/measure"
	"wgf/report"
	"wgf/store"
)

// transportCmd is a verb with arguments and with sub-verbs: what is not a
// sub-verb goes to the hidden default.
type transportCmd struct {
	Solve      transportSolveCmd      `cmd:"" default:"withargs" hidden:"" help:"Optimal transport between two measures: cost, plan and map."`
	Geodesic   transportGeodesicCmd   `cmd:"" help:"The way from one measure to another: displacement interpolation."`
	Barycentre transportBarycentreCmd `cmd:"" aliases:"barycenter" help:"The measure in the middle of several: Wasserstein barycentre."`
}

// measureIn is a measure as the command line names it.
type measureIn struct {
	path   string
	points *store.Points
	ink    float64 // of a picture, in its pixels; 0: not known
}

func (m measureIn) cloud() *measure.Cloud { return m.points.Cloud }
func (m measureIn) picture() bool         { return m.points.Width > 0 }
func (m measureIn) name() string          { return filepath.Base(m.path) }

// named is the measure as plots show it.
func (m measureIn) named(k int) report.Named {
	return report.Named{
		Name:  fmt.Sprintf("%s (%s points)", m.name(), count(int64(m.cloud().N))),
		Cloud: m.cloud(), Colour: report.Palette(k), Axes: m.points.Names,
	}
}

// readMeasure reads points and, where a file is named, their weights.
func readMeasure(path, weights string, normalize bool) (measureIn, error) {
	p, err := store.ReadPoints(path)
	if err != nil {
		return measureIn{}, err
	}
	m := measureIn{path: path, points: p}
	if p.Width > 0 && weights == "" {
		m.ink = inkOf(p.Cloud)
	}
	if weights != "" {
		if p.Cloud.LogW, err = store.ReadLogWeights(weights, p.Cloud.N, normalize); err != nil {
			return measureIn{}, err
		}
	}
	return m, nil
}

// sameDimension refuses measures that live in different spaces.
func sameDimension(all ...measureIn) error {
	for _, m := range all[1:] {
		if a, b := all[0].cloud().D, m.cloud().D; a != b {
			return fmt.Errorf("%s holds points in dimension %d, %s in dimension %d: transport needs one space", all[0].path, a, m.path, b)
		}
	}
	return nil
}

func pictures(all ...measureIn) bool {
	for _, m := range all {
		if !m.picture() {
			return false
		}
	}
	return true
}

// outputs are files to write; what cannot work is refused before the solver
// starts.
type outputs struct{ files []string }

// want checks a path and its extension; an empty path is nothing to write.
func (o *outputs) want(flag, path string, extensions ...string) error {
	if path == "" {
		return nil
	}
	ext := strings.ToLower(filepath.Ext(path))
	for _, e := range extensions {
		if ext == e {
			return store.CheckFile(path)
		}
	}
	return usagef("%s %s: want a file name that ends in %s", flag, path, alternatives(extensions))
}

func (o *outputs) wrote(path string) { o.files = append(o.files, path) }

// alternatives are words joined by commas and an or.
func alternatives(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// plain takes the package's name off a message of the library.
func plain(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, p := range []string{"transport: ", "measure: "} {
		text = strings.ReplaceAll(text, p, "")
	}
	return errors.New(text)
}
