package store

import (
	"slices"
	"strconv"
	"strings"
)

// Sampler statistics: ArviZ's name and the column of CmdStan's CSV.
var statColumns = [...][2]string{
	{"lp", "lp__"},
	{"acceptance_rate", "accept_stat__"},
	{"step_size", "stepsize__"},
	{"tree_depth", "treedepth__"},
	{"n_steps", "n_leapfrog__"},
	{"diverging", "divergent__"},
	{"energy", "energy__"},
}

// StatColumn is the CSV column of a sampler statistic: lp__ for lp; names that CmdStan
// does not know get "__" appended.
func StatColumn(stat string) string {
	for _, s := range statColumns {
		if s[0] == stat {
			return s[1]
		}
	}
	return stat + "__"
}

// columnStat is the inverse of StatColumn; ok is false for names that do not end in "__".
func columnStat(column string) (stat string, ok bool) {
	for _, s := range statColumns {
		if s[1] == column {
			return s[0], true
		}
	}
	return strings.CutSuffix(column, "__")
}

// ElementNames lists the flat names of a variable as Stan does, the first index fastest:
// theta[1,1], theta[2,1] ... A variable without dimensions has its own name.
func ElementNames(name string, dims []int) []string {
	return elementNames(name, dims, "[", ",", "]")
}

// dottedNames are CmdStan's: theta.1.1, theta.2.1 ...
func dottedNames(name string, dims []int) []string {
	return elementNames(name, dims, ".", ".", "")
}

func elementNames(name string, dims []int, open, separator, end string) []string {
	if len(dims) == 0 {
		return []string{name}
	}
	size := 1
	for _, d := range dims {
		size *= d
	}
	names := make([]string, size)
	index := make([]int, len(dims))
	var b []byte
	for e := range names {
		b = append(append(b[:0], name...), open...)
		for k, i := range index {
			if k > 0 {
				b = append(b, separator...)
			}
			b = strconv.AppendInt(b, int64(i)+1, 10)
		}
		names[e] = string(append(b, end...))
		for k := range index {
			if index[k]++; index[k] < dims[k] {
				break
			}
			index[k] = 0
		}
	}
	return names
}

// splitName takes theta.1.2 or theta[1,2] apart; the indices are nil for a plain name.
// Indices that are no positive numbers belong to the name.
func splitName(flat string) (name string, index []int) {
	if inner, ok := strings.CutSuffix(flat, "]"); ok {
		open := strings.LastIndexByte(inner, '[')
		if open > 0 {
			for part := range strings.SplitSeq(inner[open+1:], ",") {
				i, ok := positive(strings.TrimSpace(part))
				if !ok {
					return flat, nil
				}
				index = append(index, i)
			}
			return inner[:open], index
		}
		return flat, nil
	}
	name = flat
	for {
		dot := strings.LastIndexByte(name, '.')
		if dot <= 0 {
			break
		}
		i, ok := positive(name[dot+1:])
		if !ok {
			break
		}
		name, index = name[:dot], append(index, i)
	}
	slices.Reverse(index)
	return name, index
}

func positive(s string) (int, bool) {
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	i, err := strconv.Atoi(s)
	return i, err == nil && i > 0
}

// displayName joins a name and indices as Stan prints them.
func displayName(name string, index []int) string {
	name = munge(name)
	if len(index) == 0 {
		return name
	}
	parts := make([]string, len(index))
	for k, i := range index {
		parts[k] = strconv.Itoa(i)
	}
	return name + "[" + strings.Join(parts, ",") + "]"
}

// munge turns CmdStan's names of tuple members, pair.1:2, into pair[1].2.
func munge(name string) string {
	if !strings.Contains(name, ":") {
		return name
	}
	parts := strings.Split(name, ":")
	for k, p := range parts {
		if base, index := splitName(p); index != nil {
			parts[k] = displayName(base, index)
		}
	}
	return strings.Join(parts, ".")
}
