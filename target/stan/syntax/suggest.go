package syntax

import "strings"

// statementWords are the words that can start a statement.
var statementWords = []string{"int", "real", "complex", "vector", "row_vector", "matrix", "array", "tuple", "for",
	"while", "if", "return", "break", "continue", "print", "reject", "target", "profile", "else", "void"}

// nearest is the word of a list that differs from name by the fewest insertions, deletions, replacements and
// exchanges of neighbours, as long as that is at most a third of its letters (at least one); "" if none is near.
// Names of one or two letters are only near those that differ by upper and lower case.
func nearest(name string, words []string) string {
	if len(name) < 3 {
		for _, w := range words {
			if strings.EqualFold(w, name) {
				return w
			}
		}
		return ""
	}
	best, limit := "", max(1, len(name)/3)
	if len(name) > 60 {
		return ""
	}
	for _, w := range words {
		if d := len(w) - len(name); w == name || d > limit || -d > limit {
			continue
		}
		d := distance(name, w)
		if d < limit || d == limit && (best == "" || w < best && distance(name, best) == d) {
			best, limit = w, d
		}
	}
	return best
}

// distance is the restricted Damerau-Levenshtein distance.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
