package diagnostics

import "gonum.org/v1/gonum/dsp/fourier"

// autocovariance gives the mean over sequences of the autocovariance at a lag,
//
//	acov(t) = 1/(m n) sum_c sum_i y[c,i] y[c,i+t],
//
// of m centred sequences of n numbers. Chains that mix need a few lags only: these are
// summed directly; from directLags on a quarter or all are computed at once by the Fourier
// transform of the sequences, zero-padded, with the power spectra added before the one
// transform back. A direct lag costs m n operations, the transform O(m n log n).
type autocovariance struct {
	y        []float64
	parts, n int
	known    int // lags computed so far
	acov     []float64
	padded   []float64
	coef     []complex128
	power    []complex128
}

const directLags = 24

// start takes sequences that are already centred.
func (a *autocovariance) start(y []float64, parts int) {
	a.y, a.parts, a.n, a.known = y, parts, len(y)/parts, 0
	a.acov = resize(a.acov, a.n)
}

func (w *workspace) acov(t int) float64 {
	a := &w.lags
	for t >= a.known {
		switch {
		case t < directLags:
			a.acov[a.known] = a.direct(a.known)
			a.known++
		case t < a.n/4:
			w.transform(a.n / 4)
		default:
			w.transform(a.n)
		}
	}
	return a.acov[t]
}

func (a *autocovariance) direct(t int) float64 {
	var total float64
	for c := range a.parts {
		y := a.y[c*a.n : (c+1)*a.n]
		total += dot(y[:a.n-t], y[t:])
	}
	return total / float64(a.parts) / float64(a.n)
}

// dot is the inner product with four accumulators; len(y) = len(x).
func dot(x, y []float64) float64 {
	var s0, s1, s2, s3 float64
	y = y[:len(x)]
	i := 0
	for ; i+4 <= len(x); i += 4 {
		s0 += x[i] * y[i]
		s1 += x[i+1] * y[i+1]
		s2 += x[i+2] * y[i+2]
		s3 += x[i+3] * y[i+3]
	}
	for ; i < len(x); i++ {
		s0 += x[i] * y[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// transform fills at least the given number of lags: sequences padded to a length of
// n + lags give these without the ends running into each other.
func (w *workspace) transform(lags int) {
	a := &w.lags
	size := fastLength(a.n + lags)
	fft := w.plans[size]
	if fft == nil {
		if w.plans == nil {
			w.plans = map[int]*fourier.FFT{}
		}
		fft = fourier.NewFFT(size)
		w.plans[size] = fft
	}
	a.padded = resize(a.padded, size)
	a.coef = resize(a.coef, size/2+1)
	a.power = resize(a.power, size/2+1)
	clear(a.power)
	for c := range a.parts {
		copy(a.padded, a.y[c*a.n:(c+1)*a.n])
		clear(a.padded[a.n:])
		a.coef = fft.Coefficients(a.coef, a.padded)
		for i, v := range a.coef {
			a.power[i] += complex(real(v)*real(v)+imag(v)*imag(v), 0)
		}
	}
	a.padded = fft.Sequence(a.padded, a.power)
	a.known = min(a.n, size-a.n)
	scale := 1 / float64(size) / float64(a.parts) / float64(a.n)
	for t := range a.acov[:a.known] {
		a.acov[t] = a.padded[t] * scale
	}
}

// fastLength is the smallest 2^k or 3*2^k that is at least n: lengths whose transforms
// need no slow factors.
func fastLength(n int) int {
	for size := 4; ; size *= 2 {
		if size >= n {
			return size
		}
		if size/2*3 >= n {
			return size / 2 * 3
		}
	}
}
