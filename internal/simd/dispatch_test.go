package simd

import (
	"slices"
	"testing"
)

// TestChoose: an empty name means the widest variant, a known one itself, and
// one that the machine lacks or nobody knows the portable one.
func TestChoose(t *testing.T) {
	have := available()
	if have[len(have)-1] != goVariant {
		t.Errorf("available() = %v, want the portable variant last", have)
	}
	if got := choose(""); got != have[0] {
		t.Errorf("choose(\"\") = %v, want %v", got, have[0])
	}
	if got := choose("altivec"); got != goVariant {
		t.Errorf("choose of an unknown name = %v, want %v", got, goVariant)
	}
	for _, v := range []variant{goVariant, avx2, avx512} {
		want := goVariant
		if slices.Contains(have, v) {
			want = v
		}
		if got := choose(v.String()); got != want {
			t.Errorf("choose(%q) = %v, want %v", v, got, want)
		}
	}
}

// TestUse: Use changes the variant and its result changes it back.
func TestUse(t *testing.T) {
	before := Active()
	for _, v := range Variants() {
		restore := Use(v)
		if Active() != v {
			t.Errorf("Use(%q) left %q active", v, Active())
		}
		restore()
		if Active() != before {
			t.Errorf("after restore %q is active, want %q", Active(), before)
		}
	}
}
