package selection

import (
	"context"
	"fmt"
	"strings"
)

// Entry is one recipe of selection.
type Entry struct {
	Name      string
	Formula   string
	Cost      string
	Needs     string
	Reference string

	Scores  bool // scores of the target are needed
	Indices bool // the points are draws
	Kernel  bool // the kernel can be chosen

	run func(ctx context.Context, r *Request) (*Result, error)
}

// Catalogue lists the recipes in the order of their names.
func Catalogue() []Entry {
	return []Entry{
		herdingEntry(),
		steinPointsEntry(),
		steinThinningEntry(),
		supportPointsEntry(),
	}
}

// Find returns the recipe of a name; the error lists those there are.
func Find(name string) (Entry, error) {
	var names []string
	for _, e := range Catalogue() {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Entry{}, fmt.Errorf("unknown selection %q: known are %s", name, strings.Join(names, ", "))
}
