package stan

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestReadData(t *testing.T) {
	d, err := ReadData("d.json", []byte("\xEF\xBB\xBF{ \"a\" : 1, \"b\":[ 1.5 , \"NaN\",\"-Inf\", \"+inf\" ,Infinity,NaN,-Inf,-0,1e3],\n"+
		`"m":[[1,2,3],[4,5,6]], "e":[], "f":[[],[]], "big": 9007199254740993, "r\u00e9":2}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Names(); !slices.Equal(got, []string{"a", "b", "m", "e", "f", "big", "ré"}) {
		t.Errorf("names %v", got)
	}
	dims, b, _ := d.Value("b")
	if !slices.Equal(dims, []int{9}) || b[0] != 1.5 || !math.IsNaN(b[1]) || !math.IsInf(b[2], -1) || !math.IsInf(b[3], 1) ||
		!math.IsInf(b[4], 1) || !math.IsNaN(b[5]) || !math.IsInf(b[6], -1) || b[7] != 0 || b[8] != 1000 {
		t.Errorf("b = %v %v", dims, b)
	}
	if dims, m, _ := d.Value("m"); !slices.Equal(dims, []int{2, 3}) || !slices.Equal(m, []float64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("m = %v %v", dims, m)
	}
	if dims, e, _ := d.Value("f"); !slices.Equal(dims, []int{2, 0}) || len(e) != 0 {
		t.Errorf("f = %v %v", dims, e)
	}
}

// TestReadDataErrors holds the sentences for what is no JSON of numbers at all.
func TestReadDataErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"", "d.json:1: the file is empty"},
		{"[1]", `d.json:1: expected an object`},
		{"{\n\"a\": 1\n\"b\": 2}", `d.json:3: expected a comma or } after the value of "a", found "\"b\":"`},
		{`{"a": 1} x`, `expected the end of the file after the data, found "x"`},
		{`{"a": 1, "a": 2}`, `variable "a" is given twice, first in line 1`},
		{`{"a": }`, `expected the value of variable "a", found "}"`},
		{`{"a": [1, 2`, `found the end of the file`},
		{`{"a": [1,, 2]}`, `expected the value of variable "a"`},
		{`{"a": 01}`, `expected a number, found "01}", in variable "a"`},
		{`{"a": 1.}`, `expected a number`},
		{`{"a": +1}`, `expected a number`},
		{`{"a": 1e999}`, `beyond what a double holds`},
		{`{"a`, `not closed`},
		{"{\"a\n\":1}", `not closed on its line`},
		{`{a: 1}`, `expected the name of a variable in double quotes, found "a:"`},
		{`{"a" 1}`, `expected a colon after "a"`},
		{`{"a":` + strings.Repeat("[", 200), `nested deeper than 100`},
		{"{\"a\xff\": 1}", `not valid UTF-8`},
	} {
		_, err := ReadData("d.json", []byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.src, err, c.want)
		}
	}
}

func TestReadDataList(t *testing.T) {
	list, err := ReadDataList("i.json", []byte(`[{"a":1}, {"a":2}]`))
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if list, err = ReadDataList("i.json", []byte(`{"a":1}`)); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if list, err = ReadDataList("i.json", []byte(`[]`)); err != nil || len(list) != 0 {
		t.Fatal(list, err)
	}
	for _, bad := range []string{`[{"a":1},]`, `[{"a":1}`, `[1]`, `[{}] 1`} {
		if _, err := ReadDataList("i.json", []byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

const dataProgram = `data {
  int<lower=1> N;
  array[N] int k;
  vector<lower=0>[N] s;
  matrix[2, N] m;
  simplex[N] p;
  ordered[N] o;
}
parameters { real x; }
model { x ~ normal(0, 1); }
`

// TestDataErrors holds the sentences for data that do not fit their declarations.
func TestDataErrors(t *testing.T) {
	good := map[string]string{"N": "2", "k": "[1, -2147483648]", "s": "[0, 1]", "m": "[[1,2],[3,4]]", "p": "[0.25,0.75]", "o": "[-1,0]"}
	prog := program(t, dataProgram)
	build := func(name, value string) string {
		var parts []string
		for _, v := range []string{"N", "k", "s", "m", "p", "o"} {
			x := good[v]
			if v == name {
				x = value
			}
			if x != "" {
				parts = append(parts, `"`+v+`": `+x)
			}
		}
		return "{" + strings.Join(parts, ",\n") + "}"
	}
	bind := func(src string) error {
		d, err := ReadData("d.json", []byte(src))
		if err != nil {
			return err
		}
		_, err = prog.Bind(d, Options{})
		return err
	}
	if err := bind(build("", "")); err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Bind(nil, Options{}); err == nil || !strings.Contains(err.Error(), "no data are given, but the program declares int<lower=1> N (test.stan:2:16)") {
		t.Errorf("nil data: %v", err)
	}
	for _, c := range []struct{ name, value, want string }{
		{"k", "", "d.json: variable k is missing; the program declares array[N] int k (test.stan:3:16)"},
		{"N", "0", "d.json:1: N is 0, but must be greater than or equal to 1; the program declares int<lower=1> N"},
		{"N", "2.0", "found 2.0 where an int is expected"},
		{"N", "[2]", "d.json:1: variable N: found an array of 1 number, expected a single number"},
		{"N", `"2"`, `"2" is a text, not a number`},
		{"N", "null", "null is not a number"},
		{"N", "true", "true is not a number"},
		{"N", `{"1": 2}`, "it is an object (a tuple), which is not supported"},
		{"k", "[1, 2147483648]", "found 2147483648, which does not fit an int (from -2147483648 to 2147483647) at index 2"},
		{"k", "[1, 9007199254740993]", "found 9007199254740993, which does not fit an int"},
		{"k", "[1, 123456789012345678901234567890]", "found 123456789012345678901234567890"},
		{"k", "[1.5, 2]", "found 1.5 where an int is expected at index 1"},
		{"k", `["NaN", 2]`, "found NaN where an int is expected at index 1"},
		{"k", "[1,2,3]", "d.json:2: variable k: found an array of 3 numbers, expected an array of 2 numbers"},
		{"k", "[[1],[2]]", "found an array of size [2, 1], expected an array of 2 numbers"},
		{"s", "[0, -1]", "d.json:3: s[2] is -1, but must be greater than or equal to 0"},
		{"s", `[0, "NaN"]`, "found NaN at index 2"},
		{"m", "[[1,2],[3]]", "it is ragged: one of its arrays has 2 elements and another, at the same depth and ending in line 4, has 1"},
		{"m", "[[1,2],3]", "numbers and arrays stand side by side in it"},
		{"m", "[1,[2,3]]", "numbers and arrays stand side by side in it"},
		{"m", "[[1,3],[2,4],[3,5]]", "found an array of size [3, 2], expected an array of size [2, 2]"},
		{"p", "[0.5, 0.6]", "p is not a valid simplex: its sum is 1.1, but should be 1"},
		{"p", "[-0.5, 1.5]", "p is not a valid simplex: its element 1 is -0.5"},
		{"o", "[1, 1]", "o is not a valid ordered vector: the element at 2 is 1, but should be greater than the previous element, 1"},
	} {
		err := bind(build(c.name, c.value))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %s: error\n  %v\nwant\n  %s", c.name, c.value, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s = %s: more than one line: %v", c.name, c.value, err)
		}
	}
}

// TestEmptyData: a value of a shape with a zero may be written as [], or be absent.
func TestEmptyData(t *testing.T) {
	const src = `data { int N; int M; vector[N] x; matrix[N, M] m; array[N, M] int k; array[2, N] real r; }
		parameters { vector[N] z; real y; } model { y ~ normal(sum(x), 1); z ~ normal(0, 1); }`
	for _, data := range []string{
		`{"N":0,"M":3,"x":[],"m":[],"k":[],"r":[]}`,
		`{"N":0,"M":3,"x":[],"m":[],"k":[],"r":[[],[]]}`,
		`{"N":0,"M":3}`,
	} {
		m := bound(t, src, data)
		if m.Dim() != 1 {
			t.Errorf("%s: dimension %d", data, m.Dim())
		}
	}
}
