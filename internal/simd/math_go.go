package simd

import "math"

// portableMath is the variant for machines without vector kernels: the
// algorithms of the assembly, one element after the other, without fused
// multiplication, which not every machine has.
var portableMath = mathTable{
	exp:      each(exp),
	log:      each(log),
	log1p:    each(log1p),
	expm1:    each(expm1),
	log1pExp: each(log1pExp),
	invLogit: each(invLogit),
	tanh:     each(tanh),
	lgamma:   each(lgamma),
	digamma:  each(digamma),
	sqrt:     each(math.Sqrt),
}

// each applies a function of one number to all elements.
func each(f func(float64) float64) func(dst, x []float64) {
	return func(dst, x []float64) {
		for i, v := range x {
			dst[i] = f(v)
		}
	}
}

// polynomial evaluates c[0] + c[1] x + ..., as two chains in x^2.
func polynomial(c []float64, x float64) float64 {
	x2 := x * x
	even, odd := 0.0, 0.0
	i := len(c) - 1
	if i%2 == 0 {
		even = c[i]
		i--
	}
	for ; i > 0; i -= 2 {
		odd = odd*x2 + c[i]
		even = even*x2 + c[i-1]
	}
	return odd*x + even
}

// sumError returns a + b rounded and the rounding error, for |a| >= |b| or a = 0.
func sumError(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// sumErrorAny is sumError without the condition.
func sumErrorAny(a, b float64) (s, e float64) {
	s = a + b
	bb := s - a
	return s, (a - (s - bb)) + (b - bb)
}

// scale returns v 2^k, rounded once where the result is denormal.
func scale(v float64, k int) float64 {
	if -1000 < k && k < 1000 {
		return v * math.Float64frombits(uint64(1023+k)<<52)
	}
	h := k >> 1
	return v * math.Float64frombits(uint64(1023+h)<<52) * math.Float64frombits(uint64(1023+k-h)<<52)
}

// The constants of the argument reduction: log 2 in two parts, the first of
// which is short enough for exact products with the multiples in use.
const (
	ln2Short = 0x0.b17217f7dp0 // 36 bits
	ln2Rest  = math.Ln2 - ln2Short
)

// expPair returns exp(x) = 2^k (t + w), |x| <= 1000, with t = 2^j/8 and
// |w| < t/20.
func expPair(x float64) (t, w float64, k int) {
	const shift = 3 << 51
	n := float64(x*(8*invLn2)+shift) - shift
	r := x - n*(ln2Short/8) - n*(ln2Rest/8)
	i := int(n)
	j := i & 7
	p := r + r*r*polynomial(expShort[:], r)
	t = expTableHi[j]
	return t, t*p + expTableLo[j], i >> 3
}

func exp(x float64) float64 {
	switch {
	case x > 720:
		return math.Inf(1)
	case x < -760:
		return 0
	case x != x:
		return x
	}
	t, w, k := expPair(x)
	return scale(t+w, k)
}

// expm1Pair returns (exp(x)-1) unit = s + e for -60 <= x <= 710, with |e| < |s|.
func expm1Pair(x, unit float64) (s, e float64) {
	n := math.Floor(x*invLn2 + 0.5)
	high := x - n*ln2Short
	low := n * ln2Rest
	r := high - low
	rest := (high - r) - low
	q := rest + r*r*(0.5+r*polynomial(expLong[:], r))
	c := unit * math.Float64frombits(uint64(1023-1+int(n))<<52) * 2
	a := c - unit
	lost := (c - a) - unit
	s, e = sumError(a, c*r)
	return s, e + lost + c*q
}

func expm1(x float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54 || x != x:
		return x
	case x > 710:
		return math.Inf(1)
	case x < -50:
		return -1
	}
	s, e := expm1Pair(x, 0.5)
	return 2 * (s + e)
}

func tanh(x float64) float64 {
	a := math.Abs(x)
	if a < 0x1p-30 || x != x {
		return x
	}
	s, e := expm1Pair(2*min(a, 20), 1)
	s, e = sumError(s, e)
	d, low := sumErrorAny(2, s)
	y := s / d
	y += (e - y*(low+e)) / d
	return math.Copysign(y, x)
}

// invLogit returns 1/(1+exp(-x)).
func invLogit(x float64) float64 {
	if x != x {
		return x
	}
	t, w, k := expPair(-min(math.Abs(x), 760))
	t, w = sumError(t, w)
	d, low := sumError(1, scale(t, k))
	low += scale(w, k)
	if x >= 0 {
		q := 1 / d
		return q - q*q*low
	}
	q := t / d
	return scale(q+(w-q*low)/d, k)
}

// log1pExp returns log(1+exp(x)).
func log1pExp(x float64) float64 {
	if x != x {
		return x
	}
	t, w, k := expPair(-min(math.Abs(x), 760))
	t, w = sumError(t, w)
	t, w = scale(t, k), scale(w, k)
	u, c := sumError(1, t)
	c += w
	y := 0.0
	if u < 1.5 {
		y = logNear(u-1, c, 0)
	} else {
		y = logNear(u/2-1, c/2, 1)
	}
	return y + max(x, 0)
}

// logSplit returns f and k with x = 2^k (1+f) and 3/4 <= 1+f < 3/2, for a
// normal positive x.
func logSplit(x float64) (f, k float64) {
	b := math.Float64bits(x) + 1<<51
	m := math.Float64frombits(b&(1<<52-1) + 0x3fe8000000000000)
	return m - 1, float64(int64(b>>52) - 1023)
}

// logNear returns log(1 + f + low) + k log 2 for |low| of a few ulp.
func logNear(f, low, k float64) float64 {
	s := f / (2 + f)
	z := s * s
	r := z * polynomial(logOdd[:], z)
	h := 0.5 * f * f
	b := s*(h+r) + (k*ln2Rest + (low - low*f))
	return k*ln2Short + (f - (h - b))
}

func log(x float64) float64 {
	switch {
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x != x || x > math.MaxFloat64:
		return x
	}
	shift := 0.0
	if x < 0x1p-1022 {
		x *= 0x1p54
		shift = -54
	}
	f, k := logSplit(x)
	return logNear(f, 0, k+shift)
}

func log1p(x float64) float64 {
	switch {
	case math.Abs(x) < 0x1p-54 || x != x || x > math.MaxFloat64:
		return x
	case x < -1:
		return math.NaN()
	case x == -1:
		return math.Inf(-1)
	}
	u, c := sumErrorAny(1, x)
	f, k := logSplit(u)
	return logNear(f, scale(c, -int(k)), k)
}
