package transport_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"wgf/transport"
)

// The sliced W2 of 100,000 points in ten dimensions along 200 directions.
func BenchmarkSliced(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 4))
	x, y := randomCloud(r, 100000, 10, 0, false), randomCloud(r, 100000, 10, 1, false)
	s := transport.Sliced{Directions: 200}
	b.Run("distance", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Distance(context.Background(), x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gradient", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.Gradient(context.Background(), x, y); err != nil {
				b.Fatal(err)
			}
		}
	})
	weighted := randomCloud(r, 100000, 10, 1, true)
	b.Run("weighted", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Distance(context.Background(), x, weighted); err != nil {
				b.Fatal(err)
			}
		}
	})
}
