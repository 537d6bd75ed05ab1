package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// readZarr reads a Zarr v3 directory store with ArviZ's groups, as wgf writes it, and
// as zarr-python does with the codecs bytes and gzip; other codecs are refused by name.
func readZarr(dir string) (*Draws, error) {
	d, err := readZarrFS(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return d, nil
}

// zarrReader bounds what a store can make it allocate: a fixed allowance for arrays
// without chunks and what the chunk files can hold when decompressed.
type zarrReader struct {
	files     fs.FS
	allowance int64
}

const (
	zarrAllowance = 256 << 20
	gzipRatio     = 1040 // no gzip stream expands more
)

func readZarrFS(files fs.FS) (*Draws, error) {
	r := &zarrReader{files: files, allowance: zarrAllowance}
	root, err := r.node(".")
	if err != nil {
		if _, old := fs.Stat(files, ".zgroup"); old == nil {
			return nil, errors.New("this is a Zarr store of version 2; only version 3 is read")
		}
		return nil, err
	}
	if root.NodeType != "group" {
		return nil, errors.New("the Zarr store is a single array, not a group of draws")
	}
	d := &Draws{}
	if text, ok := root.Attributes[recordAttribute]; ok {
		if err := json.Unmarshal(text, &d.Record); err != nil {
			d.Record = Record{}
		}
	}
	if _, err := fs.Stat(files, "posterior"); err != nil {
		return nil, errors.New("the Zarr store has no group named posterior")
	}
	for _, g := range []struct {
		name string
		into *[]Variable
	}{
		{"posterior", &d.Variables}, {"sample_stats", &d.Stats}, {"posterior_predictive", &d.PosteriorPredictive},
		{"log_likelihood", &d.LogLikelihood}, {"observed_data", &d.ObservedData},
	} {
		if _, err := fs.Stat(files, g.name); err != nil {
			continue
		}
		if *g.into, err = r.group(g.name, d); err != nil {
			return nil, err
		}
	}
	if d.Flow, err = r.flow(); err != nil {
		return nil, err
	}
	d.Stats = slices.DeleteFunc(d.Stats, func(v Variable) bool {
		if v.Name == "log_weight" && v.Dims == nil {
			d.LogWeight = v.Values
			return true
		}
		return len(v.Dims) > 0 // statistics of several numbers have no place elsewhere
	})
	if len(d.Stats) == 0 {
		d.Stats = nil
	}
	if d.Chains == 0 || d.DrawsPerChain == 0 {
		return nil, errors.New("the group posterior holds no draws")
	}
	return d, d.validate()
}

// zarrDocument is a zarr.json as read: everything optional.
type zarrDocument struct {
	ZarrFormat int                        `json:"zarr_format"`
	NodeType   string                     `json:"node_type"`
	Shape      []int                      `json:"shape"`
	DataType   json.RawMessage            `json:"data_type"`
	ChunkGrid  zarrGrid                   `json:"chunk_grid"`
	ChunkKey   zarrKey                    `json:"chunk_key_encoding"`
	Fill       json.RawMessage            `json:"fill_value"`
	Codecs     []zarrCodec                `json:"codecs"`
	Attributes map[string]json.RawMessage `json:"attributes"`
	Dimensions []*string                  `json:"dimension_names"`
}

func (r *zarrReader) node(dir string) (*zarrDocument, error) {
	name := path.Join(dir, "zarr.json")
	data, err := fs.ReadFile(r.files, name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, reason(err))
	}
	var doc zarrDocument
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if doc.ZarrFormat != 3 {
		return nil, fmt.Errorf("%s: zarr_format is %d; only version 3 is read", name, doc.ZarrFormat)
	}
	return &doc, nil
}

// group reads the arrays of one group. Coordinates give labels; the first group with
// chain and draw axes sets the sizes.
func (r *zarrReader) group(name string, d *Draws) ([]Variable, error) {
	node, err := r.node(name)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(r.files, name)
	if err != nil {
		return nil, err
	}
	var names []string
	if json.Unmarshal(node.Attributes[orderAttribute], &names) != nil {
		names = nil
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(names, e.Name()) {
			names = append(names, e.Name())
		}
	}
	labels := map[string][]string{}
	var out []Variable
	for _, n := range names {
		if strings.ContainsAny(n, `/\`) || n == ".." {
			return nil, fmt.Errorf("%s: %q is no name of an array", name, n)
		}
		at := path.Join(name, n)
		doc, err := r.node(at)
		if err != nil {
			return nil, err
		}
		if doc.NodeType != "array" {
			continue
		}
		a, err := doc.array(at)
		if len(doc.Dimensions) == 1 && doc.Dimensions[0] != nil && *doc.Dimensions[0] == n {
			if err == nil && a.text { // numbers need no labels, other text is left out
				if labels[n], err = r.strings(a); err != nil {
					return nil, err
				}
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		v := Variable{Name: n, Type: a.number.kind(), Dims: a.shape, DimNames: a.dims}
		if name != "observed_data" {
			if len(a.dims) < 2 || a.dims[0] != "chain" || a.dims[1] != "draw" {
				continue // a coordinate with a name of its own
			}
			if d.Chains == 0 && d.DrawsPerChain == 0 {
				d.Chains, d.DrawsPerChain = a.shape[0], a.shape[1]
			}
			if d.Chains != a.shape[0] || d.DrawsPerChain != a.shape[1] {
				return nil, fmt.Errorf("%s has %d chains of %d draws, others have %d of %d", at, a.shape[0], a.shape[1], d.Chains, d.DrawsPerChain)
			}
			v.Dims, v.DimNames = a.shape[2:], a.dims[2:]
		}
		if a.text {
			return nil, fmt.Errorf("%s holds text, not numbers", at)
		}
		if v.Values, err = r.numbers(a); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	for i := range out {
		out[i].describeAxes(labels)
	}
	return out, nil
}

// describeAxes keeps labels, and names of axes that are not the default.
func (v *Variable) describeAxes(labels map[string][]string) {
	standard := true
	for k, dim := range v.DimNames {
		standard = standard && dim == fmt.Sprintf("%s_dim_%d", v.Name, k)
		if l := labels[dim]; len(l) == v.Dims[k] && l != nil {
			if v.Labels == nil {
				v.Labels = make([][]string, len(v.Dims))
			}
			v.Labels[k] = l
		}
	}
	if standard || len(v.Dims) == 0 {
		v.DimNames = nil
	}
	if len(v.Dims) == 0 {
		v.Dims = nil
	}
}
