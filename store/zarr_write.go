package store

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	recordAttribute = "wgf_record"
	orderAttribute  = "variable_order"
)

// writeZarr writes a Zarr v3 directory store with the groups of ArviZ's InferenceData
// schema. Every group holds its arrays and one coordinate array for each dimension.
func writeZarr(o *output, path string, d *Draws) error {
	w := zarrWriter{o: o, root: o.temporary(path), draws: d, nodes: map[string]zarrNode{}}
	stats := d.Stats
	if d.LogWeight != nil {
		stats = append(slices.Clone(stats), Variable{Name: "log_weight", Values: d.LogWeight})
	}
	common := w.attributes()
	for _, g := range []struct {
		name      string
		variables []Variable
		draws     bool
	}{
		{"posterior", d.Variables, true},
		{"sample_stats", stats, true},
		{"posterior_predictive", d.PosteriorPredictive, true},
		{"log_likelihood", d.LogLikelihood, true},
		{"observed_data", d.ObservedData, false},
	} {
		if len(g.variables) > 0 || g.name == "posterior" {
			if err := w.group(g.name, g.variables, g.draws, common); err != nil {
				return err
			}
		}
	}
	if d.Flow != nil {
		if err := w.flow(d.Flow, common); err != nil {
			return err
		}
	}
	root := groupNode(with(common, recordAttribute, d.Record))
	root.Consolidated = &zarrConsolidated{Kind: "inline", Metadata: w.nodes}
	return w.node("", root)
}

type zarrWriter struct {
	o     *output
	root  string
	draws *Draws
	nodes map[string]zarrNode
	gzip  compressor
}

// attributes are those that ArviZ's schema asks of each group.
func (w *zarrWriter) attributes() map[string]any {
	r := &w.draws.Record
	a := map[string]any{
		"creation_library":          "wgf",
		"creation_library_version":  r.version(),
		"creation_library_language": "Go",
		"inference_library":         r.program(),
		"inference_library_version": r.version(),
		"sampling_time":             r.Seconds.Sample,
		"sample_dims":               []string{"chain", "draw"},
	}
	if !r.Started.IsZero() {
		a["created_at"] = r.Started.UTC().Format(time.RFC3339Nano)
	}
	return a
}

func with(attributes map[string]any, key string, value any) map[string]any {
	out := map[string]any{key: value}
	for k, v := range attributes {
		out[k] = v
	}
	return out
}

// group writes one group: variables with (draws) or without leading chain and draw axes.
func (w *zarrWriter) group(name string, variables []Variable, draws bool, common map[string]any) error {
	names := make([]string, len(variables))
	for i := range variables {
		names[i] = variables[i].Name
	}
	node := groupNode(with(common, orderAttribute, names))
	if !draws {
		delete(node.Attributes, "sample_dims")
	}
	w.nodes[name] = node
	if err := w.node(name, node); err != nil {
		return err
	}
	coords := map[string]coordinate{}
	var dims []string
	var shape []int
	if draws {
		dims, shape = []string{"chain", "draw"}, []int{w.draws.Chains, w.draws.DrawsPerChain}
		coords["chain"] = coordinate{size: w.draws.Chains}
		coords["draw"] = coordinate{size: w.draws.DrawsPerChain}
	}
	for i := range variables {
		v := &variables[i]
		vdims, vshape := slices.Clone(dims), slices.Clone(shape)
		for k, n := range v.Dims {
			c := coordinate{size: n}
			dim := fmt.Sprintf("%s_dim_%d", v.Name, k)
			if v.DimNames != nil {
				dim = v.DimNames[k]
			}
			if k < len(v.Labels) {
				c.labels = v.Labels[k]
			}
			if other, ok := coords[dim]; ok && (other.size != n || !slices.Equal(other.labels, c.labels)) {
				return fmt.Errorf("store: the axis %q of variable %q has %d coordinates, elsewhere %d or other ones", dim, v.Name, n, other.size)
			}
			coords[dim] = c
			vdims, vshape = append(vdims, dim), append(vshape, n)
		}
		if strings.ContainsAny(v.Name, `/\`) || strings.HasPrefix(v.Name, ".") {
			return fmt.Errorf("store: the name %q cannot be used in a Zarr store", v.Name)
		}
		if _, ok := coords[v.Name]; ok {
			return fmt.Errorf("store: variable %q has the name of an axis", v.Name)
		}
		if err := w.numbers(name+"/"+v.Name, v.Type, vshape, vdims, v.Values); err != nil {
			return err
		}
	}
	for dim, c := range coords {
		if err := w.coordinate(name+"/"+dim, dim, c); err != nil {
			return err
		}
	}
	return nil
}

type coordinate struct {
	size   int
	labels []string
}

func (w *zarrWriter) coordinate(path, dim string, c coordinate) error {
	if c.labels == nil {
		index := make([]float64, c.size)
		for i := range index {
			index[i] = float64(i)
		}
		return w.numbers(path, Int, []int{c.size}, []string{dim}, index)
	}
	if len(c.labels) != c.size {
		return fmt.Errorf("store: axis %q has %d labels for %d coordinates", dim, len(c.labels), c.size)
	}
	node := arrayNode("string", []int{c.size}, chunkShape([]int{c.size}), []string{dim})
	if err := w.array(path, node); err != nil || c.size == 0 {
		return err
	}
	return w.chunk(path, []int{0}, encodeStrings(c.labels))
}

// array writes the metadata of an array and makes its directory.
func (w *zarrWriter) array(path string, node zarrNode) error {
	w.nodes[path] = node
	return w.node(path, node)
}

func (w *zarrWriter) node(path string, node zarrNode) error {
	dir := filepath.Join(w.root, filepath.FromSlash(path))
	if err := w.o.files.Mkdir(dir); err != nil {
		return w.o.explain(err)
	}
	data, err := json.MarshalIndent(node, "", "  ")
	if err != nil {
		return err
	}
	return w.o.create(filepath.Join(dir, "zarr.json"), func(f io.Writer) error {
		_, err := f.Write(append(data, '\n'))
		return err
	})
}

// numbers writes an array with its chunks.
func (w *zarrWriter) numbers(path string, t Type, shape []int, dims []string, values []float64) error {
	chunk := chunkShape(shape)
	dataType := [...]string{Float: "float64", Int: "int64", Bool: "bool"}[t]
	if t != Float && !fits(values, t) {
		t, dataType = Float, "float64"
	}
	if err := w.array(path, arrayNode(dataType, shape, chunk, dims)); err != nil || len(values) == 0 {
		return err
	}
	return eachChunk(shape, chunk, func(index, offset []int) error {
		return w.chunk(path, index, encodeChunk(t, values, shape, chunk, offset))
	})
}

func (w *zarrWriter) chunk(path string, index []int, raw []byte) error {
	final := filepath.Join(w.root, filepath.FromSlash(path), filepath.FromSlash(chunkKey(index)))
	if err := w.o.files.Mkdir(filepath.Dir(final)); err != nil {
		return w.o.explain(err)
	}
	return w.o.create(final, func(f io.Writer) error { return w.gzip.write(f, raw) })
}

// ownZarr says whether the directory is a Zarr store that this package wrote.
func ownZarr(files fileSystem, path string) bool {
	data, err := files.ReadFile(filepath.Join(path, "zarr.json"))
	if err != nil {
		return false
	}
	var node struct {
		Attributes struct {
			Library string `json:"creation_library"`
		} `json:"attributes"`
	}
	return json.Unmarshal(data, &node) == nil && node.Attributes.Library == "wgf"
}
