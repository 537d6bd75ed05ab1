package simd

import (
	"math"
	"math/big"
)

// The functions below evaluate to at least 120 correct bits, relative to the
// result, by series that share nothing with the kernels.

const refPrec = 320

func bigF(x float64) *big.Float { return new(big.Float).SetPrec(refPrec).SetFloat64(x) }

func bigNew() *big.Float { return new(big.Float).SetPrec(refPrec) }

func bigAdd(a, b *big.Float) *big.Float { return bigNew().Add(a, b) }
func bigSub(a, b *big.Float) *big.Float { return bigNew().Sub(a, b) }
func bigMul(a, b *big.Float) *big.Float { return bigNew().Mul(a, b) }
func bigQuo(a, b *big.Float) *big.Float { return bigNew().Quo(a, b) }

var (
	bigOne = bigF(1)
	bigLn2 = refLn2()
	bigPi  = refPi()
)

// refLn2 is 2 artanh(1/3).
func refLn2() *big.Float {
	s, p := bigNew(), bigQuo(bigF(2), bigF(3))
	for n := 1; n < 230; n += 2 {
		s.Add(s, bigQuo(p, bigF(float64(n))))
		p.Quo(p, bigF(9))
	}
	return s
}

// refPi is Machin's 16 arctan(1/5) - 4 arctan(1/239).
func refPi() *big.Float {
	arctan := func(q float64) *big.Float {
		s, p := bigNew(), bigQuo(bigOne, bigF(q))
		for n := 1; n < 160; n += 4 {
			s.Add(s, bigQuo(p, bigF(float64(n))))
			p.Quo(p, bigF(q*q))
			s.Sub(s, bigQuo(p, bigF(float64(n+2))))
			p.Quo(p, bigF(q*q))
		}
		return s
	}
	return bigSub(bigMul(bigF(16), arctan(5)), bigMul(bigF(4), arctan(239)))
}

// refExp halves the reduced argument 24 times, sums Taylor's series and squares.
func refExp(x *big.Float) *big.Float {
	q, _ := bigQuo(x, bigLn2).Float64()
	k := math.Round(q)
	r := bigSub(x, bigMul(bigF(k), bigLn2))
	r.SetMantExp(r, -24)
	s, p := bigF(1), bigF(1)
	for n := 1; n < 14; n++ {
		p = bigQuo(bigMul(p, r), bigF(float64(n)))
		s.Add(s, p)
	}
	for range 24 {
		s = bigMul(s, s)
	}
	return s.SetMantExp(s, int(k))
}

// refLog refines math.Log by two steps of Halley's method.
func refLog(x *big.Float) *big.Float {
	m := bigNew()
	e := x.MantExp(m)
	f, _ := m.Float64()
	if f < math.Sqrt2/2 {
		m.SetMantExp(m, 1)
		e--
		f *= 2
	}
	y := bigF(math.Log(f))
	for range 2 {
		t := refExp(y)
		y.Add(y, bigMul(bigF(2), bigQuo(bigSub(m, t), bigAdd(m, t))))
	}
	return bigAdd(y, bigMul(bigF(float64(e)), bigLn2))
}

// refLog1p and refExpm1 use series where the sum with 1 would lose digits.
func refLog1p(x *big.Float) *big.Float {
	if x.Sign() != 0 && x.MantExp(nil) < -70 {
		x2 := bigMul(x, x)
		return bigAdd(bigSub(x, bigQuo(x2, bigF(2))), bigQuo(bigMul(x, x2), bigF(3)))
	}
	return refLog(bigAdd(bigOne, x))
}

func refExpm1(x *big.Float) *big.Float {
	if x.Sign() != 0 && x.MantExp(nil) < -70 {
		x2 := bigMul(x, x)
		return bigAdd(bigAdd(x, bigQuo(x2, bigF(2))), bigQuo(bigMul(x, x2), bigF(6)))
	}
	return bigSub(refExp(x), bigOne)
}

func refLog1pExp(x *big.Float) *big.Float {
	if x.Cmp(bigF(900)) > 0 {
		return x
	}
	return refLog1p(refExp(x))
}

func refInvLogit(x *big.Float) *big.Float {
	if x.Cmp(bigF(900)) > 0 {
		return bigOne
	}
	t := refExp(x)
	return bigQuo(t, bigAdd(bigOne, t))
}

func refTanh(x *big.Float) *big.Float {
	if bigNew().Abs(x).Cmp(bigF(900)) > 0 {
		return bigF(float64(x.Sign()))
	}
	e := refExpm1(bigMul(bigF(2), x))
	return bigQuo(e, bigAdd(e, bigF(2)))
}

// bernoulli holds B_2, B_4, ..., B_60.
var bernoulli = func() []*big.Float {
	const top = 60
	b := make([]*big.Rat, top+1)
	b[0] = big.NewRat(1, 1)
	for n := int64(1); n <= top; n++ {
		s := new(big.Rat)
		for k := int64(0); k < n; k++ {
			c := new(big.Int).Binomial(n+1, k)
			s.Add(s, new(big.Rat).Mul(new(big.Rat).SetInt(c), b[k]))
		}
		b[n] = s.Mul(s, big.NewRat(-1, n+1))
	}
	var even []*big.Float
	for n := 2; n <= top; n += 2 {
		even = append(even, bigNew().SetRat(b[n]))
	}
	return even
}()

// refSinCosPi returns sin(pi x) and cos(pi x).
func refSinCosPi(x *big.Float) (sin, cos *big.Float) {
	f, _ := x.Float64()
	n := math.Round(f)
	r := bigMul(bigPi, bigSub(x, bigF(n)))
	sin, cos = bigNew(), bigNew()
	p := bigF(1)
	for k := 0; k < 60; k += 4 {
		cos.Add(cos, p)
		p = bigQuo(bigMul(p, r), bigF(float64(k+1)))
		sin.Add(sin, p)
		p = bigQuo(bigMul(p, r), bigF(float64(k+2)))
		cos.Sub(cos, p)
		p = bigQuo(bigMul(p, r), bigF(float64(k+3)))
		sin.Sub(sin, p)
		p = bigQuo(bigMul(p, r), bigF(float64(k+4)))
	}
	if math.Mod(n, 2) != 0 {
		sin.Neg(sin)
		cos.Neg(cos)
	}
	return sin, cos
}

// refLgamma carries the argument to 45 and sums Stirling's series there.
func refLgamma(x *big.Float) *big.Float {
	if x.Cmp(bigOne) == 0 || x.Cmp(bigF(2)) == 0 {
		return bigNew()
	}
	if x.Sign() < 0 {
		// |Gamma(x) Gamma(-x)| = pi/|x sin(pi x)|
		s, _ := refSinCosPi(x)
		p := bigQuo(bigPi, bigMul(x, s))
		return bigSub(refLog(p.Abs(p)), refLgamma(bigNew().Neg(x)))
	}
	z, p := bigNew().Set(x), bigF(1)
	for z.Cmp(bigF(45)) < 0 {
		p = bigMul(p, z)
		z = bigAdd(z, bigOne)
	}
	l := refLog(z)
	s := bigSub(bigMul(bigSub(z, bigF(0.5)), l), z)
	s.Add(s, bigQuo(refLog(bigMul(bigF(2), bigPi)), bigF(2)))
	z2, q := bigMul(z, z), z
	for i, b := range bernoulli {
		n := float64(2 * (i + 1))
		s.Add(s, bigQuo(b, bigMul(bigF(n*(n-1)), q)))
		q = bigMul(q, z2)
	}
	return bigSub(s, refLog(p))
}

// refDigamma does the same with the derivative.
func refDigamma(x *big.Float) *big.Float {
	if x.Sign() < 0 {
		s, c := refSinCosPi(x)
		return bigSub(refDigamma(bigSub(bigOne, x)), bigMul(bigPi, bigQuo(c, s)))
	}
	z, s := bigNew().Set(x), bigNew()
	for z.Cmp(bigF(45)) < 0 {
		s.Sub(s, bigQuo(bigOne, z))
		z = bigAdd(z, bigOne)
	}
	s.Add(s, bigSub(refLog(z), bigQuo(bigF(0.5), z)))
	z2 := bigMul(z, z)
	q := z2
	for i, b := range bernoulli {
		s.Sub(s, bigQuo(b, bigMul(bigF(float64(2*(i+1))), q)))
		q = bigMul(q, z2)
	}
	return s
}

// ulps returns the distance of got from the exact value in units of the last
// place of the exact value.
func ulps(got float64, exact *big.Float) float64 {
	want, _ := exact.Float64()
	if math.IsInf(want, 0) || math.IsInf(got, 0) || math.IsNaN(got) {
		if got == want {
			return 0
		}
		return math.Inf(1)
	}
	e := max(exact.MantExp(nil)-53, -1074)
	d := bigSub(bigF(got), exact)
	f, _ := d.SetMantExp(d, -e).Float64()
	return math.Abs(f)
}
