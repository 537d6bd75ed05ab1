package spec

import (
	"math"
	"strings"
	"testing"
)

var params = []Param{{Name: "decay", Default: 0.9}, {Name: "count", Default: 3}}

func TestParse(t *testing.T) {
	v, err := Parse("scheme", "adagrad: decay = 1 ", params)
	if err != nil || v.Get("decay") != 1 || v.Get("count") != 3 {
		t.Fatal(v, err)
	}
	for text, want := range map[string]string{
		"a:decay":           "not of the form",
		"a:rate=1":          "known are decay, count",
		"a:decay=1,decay=2": "given twice",
		"a:decay=NaN":       "not a finite number",
	} {
		if _, err := Parse("scheme", text, params); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Parse("scheme", "a:x=1", nil); err == nil || !strings.Contains(err.Error(), "no parameters") {
		t.Error(err)
	}
	if _, err := v.Integer("decay", 2); err == nil {
		t.Error("1 is not at least 2")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a:decay=1,count=2")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse("scheme", text, params)
		if x := v.Get("decay"); err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
			t.Fatal(x)
		}
	})
}
