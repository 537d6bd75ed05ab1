package main

import "github.com/mmcloughlin/avo/reg"

// threshold is where the asymptotic series of lgamma and digamma start.
const threshold = 8

// lgammaCut is where the interval of the polynomial around 2 starts. There and
// one up the terms of the recurrence cancel most; the result at 2.2578 lies just
// above a power of two, so that its ulp is large.
const lgammaCut = 1.2578125

// lgammaKernel, x >= 0 (the caller sees to negative arguments).
//
// Below the threshold x = 2+t+n with lgammaCut <= 2+t < lgammaCut+1, and log Gamma(2+t),
// a polynomial with its zero at t = 0 taken out, is carried over by the
// recurrence: plus log (x-1)...(x-n), or minus log x, or minus log x(1+x). The
// zero at 1 keeps its relative accuracy, since both terms vanish there. From
// the threshold on Stirling's series. The one logarithm serves both.
func lgammaKernel(l lanes) kernel {
	g := l.logarithm()
	two, stirling := series(lgammaTwo), series(lgammaStirling)
	zero, offset := num(0), num(lgammaOffset)
	return func(x reg.VecVirtual) reg.VecVirtual {
		small := l.compare(isLT, x, num(threshold))
		a := l.load(inReg(x)) // the argument of the logarithm
		t := l.load(zero)
		n := l.load(zero)
		l.ifAny(small, func() {
			k := l.floor(l.sub(x, num(lgammaCut)))
			d := l.sub(x, inReg(l.add(k, g.two)))
			p := l.choose(l.compare(isLT, k, num(-1)), inReg(l.fma(x, inReg(x), inReg(x))), inReg(x))
			l.assign(p, l.compare(isGE, k, zero), g.one)
			for j := 1; j <= threshold-2; j++ {
				more := l.compare(isGE, k, num(float64(j)))
				p = l.mulWhere(more, p, inReg(l.sub(x, num(float64(j)))))
			}
			l.assign(t, small, inReg(d))
			l.assign(n, small, inReg(k))
			l.assign(a, small, inReg(p))
		})
		log := g.log(a)
		y := l.load(inReg(log))
		large := l.compare(isNotLess, x, num(threshold))
		l.ifAny(small, func() {
			below := l.compare(isLT, n, zero)
			v := l.load(inReg(log))
			l.assign(v, below, inReg(l.sub(l.load(zero), inReg(log))))
			v = l.fma(l.poly(two, t), inReg(t), inReg(v))
			l.assign(y, small, inReg(v))
		})
		l.ifAny(large, func() {
			one := l.load(g.one)
			inv := l.div(one, x)
			w := l.mul(inv, inReg(inv))
			v := l.fma(l.poly(stirling, w), inReg(inv), inReg(l.load(offset)))
			v = l.fma(l.sub(x, g.half), inReg(l.sub(log, g.one)), inReg(v))
			l.assign(y, large, inReg(v))
		})
		return y
	}
}

// digammaKernel, x >= 0 (the caller sees to negative arguments).
//
// Below the threshold x = 1+u+n with 0 <= u <= 1, and digamma(1+u), a
// polynomial with its root taken out, is carried over by the recurrence: plus
// 1/(x-1) + ... + 1/(x-n), which is summed as one fraction, or minus 1/x.
func digammaKernel(l lanes) kernel {
	g := l.logarithm()
	one, stirling := series(digammaOne), series(digammaStirling)
	zero := num(0)
	return func(x reg.VecVirtual) reg.VecVirtual {
		small := l.compare(isLT, x, num(threshold))
		large := l.compare(isNotLess, x, num(threshold))
		y := l.load(inReg(x))
		l.ifAny(small, func() {
			k := l.sub(l.floor(x), g.one)
			u := l.sub(x, inReg(l.add(k, g.one)))
			below := l.compare(isLT, k, zero)
			// The sum of the reciprocals, upper/lower.
			upper := l.load(zero)
			l.assign(upper, below, num(-1))
			lower := l.load(g.one)
			l.assign(lower, below, inReg(x))
			for j := 1; j <= threshold-2; j++ {
				more := l.compare(isGE, k, num(float64(j)))
				z := l.sub(x, num(float64(j)))
				l.assign(upper, more, inReg(l.fma(upper, inReg(z), inReg(lower))))
				lower = l.mulWhere(more, lower, inReg(z))
			}
			d := l.sub(l.sub(u, num(digammaRootHi)), num(digammaRootLo))
			v := l.fma(l.poly(one, l.sub(u, g.half)), inReg(d), inReg(l.div(upper, lower)))
			l.assign(y, small, inReg(v))
		})
		l.ifAny(large, func() {
			log := g.log(x)
			inv := l.div(l.load(g.one), x)
			w := l.mul(inv, inReg(inv))
			v := l.fma(inv, g.half, inReg(l.mul(l.poly(stirling, w), inReg(w))))
			l.assign(y, large, inReg(l.sub(log, inReg(v))))
		})
		return y
	}
}
