package rng

import (
	"math"
	"slices"
	"testing"
)

// The statistical tests below have fixed seeds: they pass or fail for good. Each
// single comparison rejects a correct generator with probability below 1e-6 (5
// standard errors, two-sided, is 5.7e-7); there are about 100 of them a variant and
// 600 of single bits, so that fresh seeds would fail with probability below 1e-3.
const sigmas = 5

const (
	statDims      = 4
	statParticles = 50_000
)

func sample(fill filler) []float64 {
	x := make([]float64, statDims*statParticles)
	fill(New(2024, Test), x, statDims, statParticles, 0, 17)
	return x
}

// Raw moments of the normal distribution up to the eighth. The variance of the
// mean of x^k is (m_{2k} - m_k^2)/n, with m_{2j} = 1 3 5 ... (2j-1).
func TestNormalMoments(t *testing.T) {
	moment := func(k int) float64 {
		if k%2 == 1 {
			return 0
		}
		m := 1.0
		for j := k - 1; j > 1; j -= 2 {
			m *= float64(j)
		}
		return m
	}
	eachVariant(t, func(t *testing.T) {
		x := sample(Key.Normals)
		for c := range statDims {
			row := x[c*statParticles : (c+1)*statParticles]
			for k := 1; k <= 8; k++ {
				sum := 0.0
				for _, v := range row {
					sum += math.Pow(v, float64(k))
				}
				want := moment(k)
				tolerance := sigmas * math.Sqrt((moment(2*k)-want*want)/statParticles)
				if got := sum / statParticles; math.Abs(got-want) > tolerance {
					t.Errorf("coordinate %d: moment %d is %v, want %v +- %v", c, k, got, want, tolerance)
				}
			}
		}
	})
}

// The Kolmogorov-Smirnov distance: P(sqrt(n) D > 2.7) = 2 exp(-2 2.7^2) = 9e-7.
func TestKolmogorovSmirnov(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for name, cdf := range map[string]func(x float64) float64{
			"Normals":  func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 },
			"Uniforms": func(x float64) float64 { return x },
		} {
			x := sample(fillers[name])
			for c := range statDims {
				row := slices.Clone(x[c*statParticles : (c+1)*statParticles])
				slices.Sort(row)
				distance := 0.0
				for i, v := range row {
					p := cdf(v)
					distance = max(distance, math.Abs(p-float64(i)/statParticles), math.Abs(float64(i+1)/statParticles-p))
				}
				if distance *= math.Sqrt(statParticles); distance > 2.7 {
					t.Errorf("%s, coordinate %d: sqrt(n) D = %v", name, c, distance)
				}
			}
		}
	})
}

// The tails: the number beyond z is binomial; its normal approximation is used
// where the expected number is above 25.
func TestNormalTails(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		x := sample(Key.Normals)
		for _, z := range []float64{2, 3, 3.5} {
			upper, lower := 0.0, 0.0
			for _, v := range x {
				if v > z {
					upper++
				}
				if v < -z {
					lower++
				}
			}
			want := float64(len(x)) * math.Erfc(z/math.Sqrt2) / 2
			if tolerance := (sigmas + 0.5) * math.Sqrt(want); math.Abs(upper-want) > tolerance || math.Abs(lower-want) > tolerance {
				t.Errorf("beyond %v: %v above, %v below, want %v +- %v", z, upper, lower, want, tolerance)
			}
		}
	})
}

// Far tails in closed form: P(X > z) is half the mean over the angle t of
// P(u < exp(-z^2/(2 cos^2 t))), and u lies on the grid of the odd multiples of
// 2^-64. The grid is fine enough for 1 % at the tail probability 1e-15 (z = 7.94).
func TestFarTail(t *testing.T) {
	for _, z := range []float64{5, 6, 7, 7.94} {
		const angles = 200_000
		sum := 0.0
		for i := range angles {
			cos := math.Cos(math.Pi * ((float64(i)+0.5)/angles - 0.5))
			bound := math.Exp(-z * z / (2 * cos * cos)) // u must be below it
			// The words w with (w|1) 2^-64 < bound, as a share of all words.
			odd := math.Ceil((bound*0x1p64 - 1) / 2)
			sum += max(odd, 0) * 0x1p-63
		}
		got, want := sum/angles/2, math.Erfc(z/math.Sqrt2)/2
		if math.Abs(got/want-1) > 0.01 {
			t.Errorf("P(X > %v) = %v on the grid of the generator, want %v", z, got, want)
		}
	}
}

// Neighbours in every part of key and counter are uncorrelated, in value and in
// square: the mean of x y has standard error 1/sqrt(n), that of
// (x^2-1)(y^2-1) 2/sqrt(n).
func TestNeighboursAreIndependent(t *testing.T) {
	const d, n = 2, 40_000
	eachVariant(t, func(t *testing.T) {
		draw := func(seed uint64, p Purpose, first int, step uint64) []float64 {
			x := make([]float64, d*n)
			New(seed, p).Normals(x, d, n, first, step)
			return x
		}
		base := draw(1, Test, 0, 1)
		coordinates := make([]float64, 5*n)
		New(1, Test).Normals(coordinates, 5, n, 0, 1)
		others := map[string][]float64{
			"seed":               draw(2, Test, 0, 1),
			"purpose":            draw(1, Test+1, 0, 1),
			"particle":           draw(1, Test, 1, 1),
			"fourth particle":    draw(1, Test, 4, 1),
			"eighth particle":    draw(1, Test, 8, 1),
			"step":               draw(1, Test, 0, 2),
			"seed as step":       draw(2, Test, 0, 0),
			"next coordinate":    coordinates[n : 3*n],
			"block of four":      append(slices.Clone(coordinates[4*n:]), coordinates[3*n:4*n]...),
			"pair of coordinate": coordinates[2*n : 4*n],
		}
		for name, other := range others {
			products, squares := 0.0, 0.0
			for i, v := range base {
				w := other[i]
				products += v * w
				squares += (v*v - 1) * (w*w - 1)
			}
			count := float64(len(base))
			if z := products / math.Sqrt(count); math.Abs(z) > sigmas {
				t.Errorf("%s: correlation is %v standard errors", name, z)
			}
			if z := squares / (2 * math.Sqrt(count)); math.Abs(z) > sigmas+0.5 {
				t.Errorf("%s: correlation of squares is %v standard errors", name, z)
			}
		}
	})
}

// Every bit of a word is set half of the time, and flipping any one bit of the
// counter or key flips half of the output bits (avalanche): 512 input bits, 64
// trials each of 256 output bits, standard error 64 in 8192.
func TestBits(t *testing.T) {
	s := New(5, Test).Source(0, 0)
	var ones [64]float64
	const words = 20_000
	for range words {
		w := s.Uint64()
		for b := range ones {
			ones[b] += float64(w >> b & 1)
		}
	}
	for b, n := range ones {
		if z := (n - words/2) / math.Sqrt(words/4); math.Abs(z) > sigmas {
			t.Errorf("bit %d is set %v standard errors too often", b, z)
		}
	}
	encrypt := func(in [8]uint64) [4]uint64 {
		schedule := newSchedule([4]uint64(in[4:]))
		return schedule.encrypt([4]uint64(in[:4]))
	}
	for bit := range 512 {
		flipped := 0.0
		const trials = 64
		for range trials {
			var in [8]uint64
			for i := range in {
				in[i] = s.Uint64()
			}
			before := encrypt(in)
			in[bit/64] ^= 1 << (bit % 64)
			after := encrypt(in)
			for i := range before {
				for x := before[i] ^ after[i]; x != 0; x &= x - 1 {
					flipped++
				}
			}
		}
		if z := (flipped - trials*128) / math.Sqrt(trials*64); math.Abs(z) > sigmas {
			t.Errorf("input bit %d: %v standard errors too many output bits change", bit, z)
		}
	}
}
