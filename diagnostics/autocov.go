package diagnostics

import "gonum.org/v1/gonum/dsp/fourier"

// autocovariance gives the mean over sequences of the autocovariance at a lag,
//
//	acov(t) = 1/(m n) sum_c sum_i y[c,i] y[c,i+t],
//
// of m centred sequences of n numbers. Chains that mix need a few lags only: these are
// summed directly; from directLags on all are computed at once by the Fourier transform
// of the sequences, zero-padded, with the power spectra added before the one transform
// back. A direct lag costs m n operations, the transform O(m n log n).
type autocovariance struct {
	y        []float64
	parts, n int
	known    int // lags computed so far
	acov     []float64
	padded   []float64
	coef     []complex128
	power    []complex128
}

const directLags = 32

// start takes sequences that are already centred.
func (a *autocovariance) start(y []float64, parts int) {
	a.y, a.parts, a.n, a.known = y, parts, len(y)/parts, 0
	a.acov = resize(a.acov, a.n)
}

func (w *workspace) acov(t int) float64 {
	a := &w.lags
	if t >= a.known {
		if t < directLags {
			for a.known <= t {
				a.acov[a.known] = a.direct(a.known)
				a.known++
			}
		} else {
			w.transformAll()
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

// transformAll fills every lag.
func (w *workspace) transformAll() {
	a := &w.lags
	size := fastLength(2 * a.n)
	if w.fftLen != size {
		w.fft, w.fftLen = fourier.NewFFT(size), size
	}
	a.padded = resize(a.padded, size)
	a.coef = resize(a.coef, size/2+1)
	a.power = resize(a.power, size/2+1)
	clear(a.power)
	for c := range a.parts {
		copy(a.padded, a.y[c*a.n:(c+1)*a.n])
		clear(a.padded[a.n:])
		a.coef = w.fft.Coefficients(a.coef, a.padded)
		for i, v := range a.coef {
			a.power[i] += complex(real(v)*real(v)+imag(v)*imag(v), 0)
		}
	}
	a.padded = w.fft.Sequence(a.padded, a.power)
	scale := 1 / float64(size) / float64(a.parts) / float64(a.n)
	for t := range a.acov {
		a.acov[t] = a.padded[t] * scale
	}
	a.known = a.n
}

// fastLength is the smallest even number >= n without prime factors above 5.
func fastLength(n int) int {
	for n += n % 2; ; n += 2 {
		m := n
		for _, p := range [...]int{2, 3, 5} {
			for m%p == 0 {
				m /= p
			}
		}
		if m == 1 {
			return n
		}
	}
}
