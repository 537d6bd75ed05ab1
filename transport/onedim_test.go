package transport_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"wgf/measure"
	"wgf/transport"
)

func onLine(x []float64, w []float64) *measure.Cloud {
	c := &measure.Cloud{N: len(x), D: 1, X: x}
	for _, v := range w {
		c.LogW = append(c.LogW, math.Log(v))
	}
	return c
}

func solveLine(t *testing.T, a, b *measure.Cloud, cost transport.Cost) *transport.Result {
	t.Helper()
	r, err := transport.OneDimensional{}.Solve(context.Background(), transport.Problem{A: a, B: b, Cost: cost})
	if err != nil {
		t.Fatal(err)
	}
	certify(t, r, costTable(r.Problem))
	return r
}

func TestOneDimensionalByHand(t *testing.T) {
	// A half at 0 and a half at 4, against thirds at 1, 2, 3.
	a, b := onLine([]float64{4, 0}, nil), onLine([]float64{2, 3, 1}, nil)
	for _, c := range []struct {
		cost transport.Cost
		want float64
	}{
		{transport.Euclidean(), (1.0+1)/3 + 2.0/3*1 - 0},
		{transport.SqEuclidean(), 1.0/3 + 4.0/6 + 4.0/6 + 1.0/3},
		{transport.Power(3), 1.0/3 + 8.0/6 + 8.0/6 + 1.0/3},
	} {
		r := solveLine(t, a, b, c.cost)
		if math.Abs(r.Cost-c.want) > 1e-15 {
			t.Errorf("p = %v: cost %v, want %v", c.cost.Exponent(), r.Cost, c.want)
		}
	}
}

// Weights that no machine number holds, zero weights at the ends and between,
// repeated points, more mass on one side's last atom.
func TestOneDimensionalWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		draw := func() *measure.Cloud {
			n := 1 + r.IntN(12)
			x, w := make([]float64, n), make([]float64, n)
			for i := range x {
				x[i], w[i] = float64(r.IntN(6)), float64(r.IntN(3))*math.Pow(10, -float64(r.IntN(13)))
			}
			w[r.IntN(n)] = 0.1
			return onLine(x, w)
		}
		a, b := draw(), draw()
		for _, p := range []float64{1, 1.3, 2, 4} {
			solveLine(t, a, b, transport.Power(p))
		}
	}
}

// W_1 is the integral of |F_a - F_b| (Villani 2003, theorem 2.18), W_p that of
// the quantile functions.
func TestOneDimensionalIntegrals(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	x, y, w := make([]float64, 300), make([]float64, 200), make([]float64, 200)
	for i := range x {
		x[i] = r.NormFloat64()
	}
	for j := range y {
		y[j], w[j] = 1+2*r.NormFloat64(), r.ExpFloat64()
	}
	a, b := onLine(x, nil), onLine(y, w)
	qa, err := transport.NewQuantile(a)
	if err != nil {
		t.Fatal(err)
	}
	qb, err := transport.NewQuantile(b)
	if err != nil {
		t.Fatal(err)
	}
	cdf, last := 0.0, math.Inf(1)
	for i, j := 0, 0; i < 300 || j < 200; {
		var at float64
		if j == 200 || i < 300 && qa.X[i] < qb.X[j] {
			at, i = qa.X[i], i+1
		} else {
			at, j = qb.X[j], j+1
		}
		if last <= at {
			cdf += (at - last) * math.Abs(qa.CDF(last)-qb.CDF(last))
		}
		last = at
	}
	if got := solveLine(t, a, b, transport.Euclidean()).Cost; math.Abs(got-cdf) > 1e-13 {
		t.Errorf("W1 is %v, want %v", got, cdf)
	}
	quantiles, from := 0.0, 0.0
	for i, j := 0, 0; i < 300 && j < 200; {
		to := math.Min(qa.Cum[i], qb.Cum[j])
		mid := (from + to) / 2
		quantiles += (to - from) * math.Pow(qa.At(mid)-qb.At(mid), 2)
		from = to
		if qa.Cum[i] <= to {
			i++
		}
		if qb.Cum[j] <= to {
			j++
		}
	}
	if got := solveLine(t, a, b, transport.SqEuclidean()).Cost; math.Abs(got-quantiles) > 1e-12 {
		t.Errorf("W2^2 is %v, want %v", got, quantiles)
	}
}

func TestQuantile(t *testing.T) {
	q, err := transport.NewQuantile(onLine([]float64{3, 1, 2, 1}, []float64{2, 1, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ u, want float64 }{{0, 1}, {0.25, 1}, {0.49, 1}, {0.5, 3}, {0.9, 3}, {1, 3}} {
		if got := q.At(c.u); got != c.want {
			t.Errorf("quantile %v is %v, want %v", c.u, got, c.want)
		}
	}
	for _, c := range []struct{ x, want float64 }{{0, 0}, {1, 0.5}, {2, 0.5}, {3, 1}} {
		if got := q.CDF(c.x); got != c.want {
			t.Errorf("mass up to %v is %v, want %v", c.x, got, c.want)
		}
	}
	if q.Mean() != 2 {
		t.Errorf("mean %v, want 2", q.Mean())
	}
}

func TestOneDimensionalFarApart(t *testing.T) {
	a, b := onLine([]float64{0, 3, 5, 6}, nil), onLine([]float64{1e12 + 1, 1e12 + 2, 1e12 + 7}, nil)
	want := 1e24 + 2e12*(10.0/3-3.5) // and what is below the last digit
	if r := solveLine(t, a, b, transport.SqEuclidean()); math.Abs(r.Cost-want) > 1e-15*want {
		t.Errorf("cost %v, want %v", r.Cost, want)
	}
}

func TestOneDimensionalRefuses(t *testing.T) {
	line, plane := onLine([]float64{1, 2}, nil), measure.New(2, 2)
	for name, p := range map[string]transport.Problem{
		"concave":  {A: line, B: line, Cost: transport.Power(0.5)},
		"matrix":   {A: line, B: line, Cost: transport.Matrix(make([]float64, 4), 2, 2)},
		"function": {A: line, B: line, Cost: transport.Func(func(x, y []float64) float64 { return 0 })},
		"plane":    {A: plane, B: plane},
		"empty":    {A: line, B: measure.New(0, 1)},
		"NaN":      {A: line, B: onLine([]float64{math.NaN()}, nil)},
	} {
		if _, err := (transport.OneDimensional{}).Solve(context.Background(), p); err == nil {
			t.Errorf("%s: solved", name)
		}
	}
	if _, err := transport.NewQuantile(plane); err == nil {
		t.Error("points in a plane have a quantile function")
	}
}
