package store

import (
	"encoding/json"
	"strconv"
)

// The metadata documents of Zarr version 3 (zarr-specs, "Zarr core specification
// version 3"), as far as wgf writes them.
type zarrNode struct {
	ZarrFormat int            `json:"zarr_format"`
	NodeType   string         `json:"node_type"`
	Shape      []int          `json:"shape,omitempty"`
	DataType   string         `json:"data_type,omitempty"`
	ChunkGrid  *zarrGrid      `json:"chunk_grid,omitempty"`
	ChunkKey   *zarrKey       `json:"chunk_key_encoding,omitempty"`
	Fill       any            `json:"fill_value,omitempty"`
	Codecs     []zarrCodec    `json:"codecs,omitempty"`
	Attributes map[string]any `json:"attributes"`
	Dimensions []string       `json:"dimension_names,omitempty"`
	// Consolidated is set in the root only.
	Consolidated *zarrConsolidated `json:"consolidated_metadata,omitempty"`
}

type zarrGrid struct {
	Name          string `json:"name"`
	Configuration struct {
		ChunkShape []int `json:"chunk_shape"`
	} `json:"configuration"`
}

type zarrKey struct {
	Name          string `json:"name"`
	Configuration struct {
		Separator string `json:"separator"`
	} `json:"configuration"`
}

type zarrCodec struct {
	Name          string         `json:"name"`
	Configuration map[string]any `json:"configuration,omitempty"`
}

type zarrConsolidated struct {
	Kind           string              `json:"kind"`
	MustUnderstand bool                `json:"must_understand"`
	Metadata       map[string]zarrNode `json:"metadata"`
}

// MarshalJSON writes what an array or a group must have even where it is empty.
func (n zarrNode) MarshalJSON() ([]byte, error) {
	type plain zarrNode
	if n.Attributes == nil {
		n.Attributes = map[string]any{}
	}
	if n.NodeType != "array" {
		return json.Marshal(plain(n))
	}
	return json.Marshal(struct {
		plain
		Shape      []int    `json:"shape"`
		Dimensions []string `json:"dimension_names"`
		Fill       any      `json:"fill_value"`
	}{plain(n), notNil(n.Shape), notNil(n.Dimensions), n.Fill})
}

func notNil[T int | string](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

const gzipLevel = 1 // draws are nearly random bits: a higher level costs time for nothing

func groupNode(attributes map[string]any) zarrNode {
	return zarrNode{ZarrFormat: 3, NodeType: "group", Attributes: attributes}
}

// arrayNode describes an array of float64, int64, bool or string.
func arrayNode(dataType string, shape, chunk []int, dimensions []string) zarrNode {
	n := zarrNode{
		ZarrFormat: 3, NodeType: "array", Shape: shape, DataType: dataType,
		ChunkGrid: &zarrGrid{Name: "regular"}, ChunkKey: &zarrKey{Name: "default"}, Dimensions: dimensions,
	}
	n.ChunkGrid.Configuration.ChunkShape = notNil(chunk)
	n.ChunkKey.Configuration.Separator = "/"
	serialise := zarrCodec{Name: "bytes", Configuration: map[string]any{"endian": "little"}}
	switch dataType {
	case "float64":
		n.Fill = "NaN"
	case "int64":
		n.Fill = 0
	case "bool":
		n.Fill = false
		serialise.Configuration = nil
	case "string":
		n.Fill = ""
		serialise = zarrCodec{Name: "vlen-utf8"}
	}
	n.Codecs = []zarrCodec{serialise, {Name: "gzip", Configuration: map[string]any{"level": gzipLevel}}}
	return n
}

// chunkShape keeps small arrays whole and cuts others into chunks of one chain and about
// a million numbers.
func chunkShape(shape []int) []int {
	const most = 1 << 20
	chunk := make([]int, len(shape))
	size, inner := 1, 1
	for k, n := range shape {
		chunk[k] = max(n, 1)
		size *= chunk[k]
		if k >= 2 {
			inner *= chunk[k]
		}
	}
	if size > most && len(shape) >= 2 {
		chunk[0] = 1
		chunk[1] = min(chunk[1], max(1, most/inner))
	}
	return chunk
}

// chunkKey is the path of a chunk in its array: c/0/1, or c for an array without axes.
func chunkKey(index []int) string {
	key := []byte("c")
	for _, i := range index {
		key = strconv.AppendInt(append(key, '/'), int64(i), 10)
	}
	return string(key)
}
