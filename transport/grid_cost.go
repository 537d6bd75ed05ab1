package transport

import "math"

// cost is <P, |x-y|^2> for P = a b exp((f + g - |x-y|^2)/eps). The mean of
// (x_k-y_k)^2 under the plan needs the images of the first two moments of one
// coordinate: sources shifted to positive coordinates keep their logarithms.
func (k *gridKernel) cost(f, g, la, lb []float64) float64 {
	n := len(f)
	h, sum := make([]float64, n), make([]float64, n)
	at := Grid{Shape: k.shape}
	total := 0.0
	for axis := range k.shape {
		// sum_xy P (x-y)^2 = sum_x x^2 P1 - 2 sum x E[y|x] + sum E[y^2|x]
		for power := range 3 {
			for j := range h {
				h[j] = g[j]/k.eps + lb[j]
				if power > 0 {
					h[j] = math.Max(nothing, h[j]+float64(power)*math.Log(float64(at.at(j)[axis])))
				}
			}
			k.apply(sum, h)
			for i, s := range sum {
				if la[i] <= nothing {
					continue
				}
				x := float64(at.at(i)[axis])
				mass := math.Exp(la[i] + f[i]/k.eps + s)
				switch power {
				case 0:
					total += mass * x * x
				case 1:
					total -= 2 * mass * x
				default:
					total += mass
				}
			}
		}
	}
	return total
}
