package report

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wgf/diagnostics"
)

var nan = math.NaN()

func rows() []diagnostics.Summary {
	return []diagnostics.Summary{
		{Name: "mu", Mean: 4.39812, MCSEMean: 0.0614, SD: 3.3214, MCSESD: 0.05, MAD: 3.2, Q5: -1.0234, Q50: 4.41, Q95: 9.87654,
			ETILow: -0.9, ETIHigh: 9.7, ESSBulk: 2954.3, ESSTail: 1888.8, RHat: 1.0012},
		{Name: "tiny", Mean: 1.23456e-7, MCSEMean: 2.5e-10, SD: 1e-8, MCSESD: 2e-10, MAD: 1e-8, Q5: 1.1e-7, Q50: 1.23e-7, Q95: 1.4e-7,
			ETILow: 1.1e-7, ETIHigh: 1.39e-7, ESSBulk: 1600, ESSTail: 1500, RHat: 1},
		{Name: "Omega[1,1]", Mean: 1, MCSEMean: nan, MCSESD: nan, Q5: 1, Q50: 1, Q95: 1, ETILow: 1, ETIHigh: 1,
			ESSBulk: nan, ESSTail: nan, RHat: nan, Constant: true},
		{Name: "bad", Mean: nan, MCSEMean: nan, SD: nan, MCSESD: nan, MAD: nan, Q5: nan, Q50: nan, Q95: nan, ETILow: nan, ETIHigh: nan,
			ESSBulk: nan, ESSTail: nan, RHat: nan, NaN: 3, Draws: 1000},
		{Name: "lp__", Mean: -39512.4, MCSEMean: 12.34, SD: 300, MCSESD: 9, MAD: 290, Q5: -40000, Q50: -39500, Q95: -39000,
			ETILow: -39990, ETIHigh: -39010, ESSBulk: 90, ESSTail: 120, RHat: math.Inf(1)},
	}
}

func TestTable(t *testing.T) {
	want := map[Style]string{
		WGF: `
                  mean     mcse         sd        mad          q5         q50         q95  ess_bulk  ess_tail  r_hat
lp__            -39512       12        300        290      -40000      -39500      -39000        90       120    Inf
mu               4.398    0.061      3.321      3.200      -1.023       4.410       9.877      2954      1889  1.001
tiny        1.2346e-07  2.5e-10  1.000e-08  1.000e-08  1.1000e-07  1.2300e-07  1.4000e-07      1600      1500  1.000
Omega[1,1]           1        -          0          0           1           1           1         -         -      -
bad                  -        -          -          -           -           -           -         -         -      -
`,
		ArviZ: `
                  mean         sd    eti89_lb    eti89_ub  ess_bulk  ess_tail  r_hat  mcse_mean  mcse_sd
lp__            -39512        300      -39990      -39010        90       120    Inf         12        9
mu               4.398      3.321      -0.900       9.700      2954      1889  1.001      0.061    0.050
tiny        1.2346e-07  1.000e-08  1.1000e-07  1.3900e-07      1600      1500  1.000    2.5e-10  2.0e-10
Omega[1,1]           1          0           1           1         -         -      -          -        -
bad                  -          -           -           -         -         -      -          -        -
`,
		Stan: `
                  Mean     MCSE     StdDev        MAD          5%         50%         95%  ESS_bulk  ESS_tail  R_hat
lp__            -39512       12        300        290      -40000      -39500      -39000        90       120    Inf
mu               4.398    0.061      3.321      3.200      -1.023       4.410       9.877      2954      1889  1.001
tiny        1.2346e-07  2.5e-10  1.000e-08  1.000e-08  1.1000e-07  1.2300e-07  1.4000e-07      1600      1500  1.000
Omega[1,1]           1        -          0          0           1           1           1         -         -      -
bad                  -        -          -          -           -           -           -         -         -      -
`,
	}
	for style, text := range want {
		var b strings.Builder
		if err := Table(&b, rows(), style); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(text[1:], b.String()); diff != "" {
			t.Errorf("style %s (-want +got):\n%s", style, diff)
		}
	}
	if err := Table(&strings.Builder{}, rows(), "r"); err == nil {
		t.Error("an unknown style is accepted")
	}
}

// Whatever the numbers, all lines of a table have one width and no cell runs into another.
func TestTableAligned(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	any := func() float64 {
		switch rng.IntN(12) {
		case 0:
			return nan
		case 1:
			return math.Inf(1)
		case 2:
			return 0
		}
		return rng.NormFloat64() * math.Pow(10, float64(rng.IntN(40)-20))
	}
	var rows []diagnostics.Summary
	for range 2000 {
		rows = append(rows, diagnostics.Summary{Name: "größe", Mean: any(), MCSEMean: math.Abs(any()), SD: any(), MAD: any(),
			Q5: any(), Q50: any(), Q95: any(), ESSBulk: any(), ESSTail: any(), RHat: any()})
	}
	var b strings.Builder
	if err := Table(&b, rows, WGF); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for _, l := range lines {
		if got, want := len([]rune(l)), len([]rune(lines[0])); got != want {
			t.Fatalf("a line of %d characters under a head of %d:\n%s", got, want, l)
		}
		if n := len(strings.Fields(l)); n != 11 && l != lines[0] {
			t.Fatalf("%d cells: %s", n, l)
		}
	}
}

func TestAdvice(t *testing.T) {
	good := rows()[:3]
	if a := Advice(good, Limits{}); len(a) != 0 {
		t.Errorf("constant and converged quantities get advice: %q", a)
	}
	var b strings.Builder
	if ok, err := Verdict(&b, nil); !ok || err != nil || b.String() != "no problems detected\n" {
		t.Errorf("verdict %q, %v, %v", b.String(), ok, err)
	}
	a := strings.Join(Advice(rows(), Limits{}), "\n")
	for _, part := range []string{"R-hat is above 1.01 for 1 quantity (worst: lp__, infinite)", "(lowest: lp__, 90)", "(lowest: lp__, 120)",
		"1 quantity is not a number in some draws (most: bad, 3 of 1000)"} {
		if !strings.Contains(a, part) {
			t.Errorf("advice lacks %q:\n%s", part, a)
		}
	}
	short := []diagnostics.Summary{diagnostics.Summarize([][]float64{{1, 2, 3}})}
	if a := Advice(short, Limits{}); len(a) != 1 || !strings.Contains(a[0], "too short") {
		t.Errorf("three draws: %q", a)
	}
	b.Reset()
	if ok, _ := Verdict(&b, []string{"x", "y"}); ok || b.String() != "- x\n- y\n" {
		t.Errorf("verdict %q", b.String())
	}
}

func TestJSONRows(t *testing.T) {
	data, err := json.Marshal(Rows(rows())[:2])
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"name":"lp__","mean":-39512.4,"mcse_mean":12.34,"sd":300,"mcse_sd":9,"mad":290,"q5":-40000,"q50":-39500,"q95":-39000,"ess_bulk":90,"ess_tail":120,"r_hat":null},` +
		`{"name":"mu","mean":4.39812,"mcse_mean":0.0614,"sd":3.3214,"mcse_sd":0.05,"mad":3.2,"q5":-1.0234,"q50":4.41,"q95":9.87654,"ess_bulk":2954.3,"ess_tail":1888.8,"r_hat":1.0012}]`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Error(diff)
	}
}
