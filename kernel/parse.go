package kernel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a kernel: the name of a family, then after a colon its parameters with
// commas between them, such as "gaussian", "imq:bandwidth=2", "riesz:exponent=0.5".
// A bandwidth that is not given is 0: to be chosen from the data. "rbf" is another
// name of gaussian.
func Parse(spec string) (Kernel, error) {
	name, parameters, _ := strings.Cut(strings.ToLower(strings.TrimSpace(spec)), ":")
	if name == "rbf" {
		name = "gaussian"
	}
	f := slices.Index(familyNames[:], name)
	if f < 0 {
		return Kernel{}, fmt.Errorf("kernel: unknown kernel %q, want one of %s", name, strings.Join(familyNames[:], ", "))
	}
	k := Kernel{Family: Family(f)}
	for p := range strings.SplitSeq(parameters, ",") {
		if p == "" {
			continue
		}
		key, text, _ := strings.Cut(p, "=")
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return Kernel{}, fmt.Errorf("kernel: %q in %q: want name=number", p, spec)
		}
		switch strings.TrimSpace(key) {
		case "bandwidth":
			k.Bandwidth = v
		case "exponent":
			k.Exponent = v
		default:
			return Kernel{}, fmt.Errorf("kernel: unknown parameter %q of %q, want bandwidth or exponent", key, spec)
		}
		if v == 0 {
			return Kernel{}, fmt.Errorf("kernel: %q in %q: want a positive number", p, spec)
		}
	}
	if err := k.Check(); err != nil {
		return Kernel{}, err
	}
	return k, nil
}
