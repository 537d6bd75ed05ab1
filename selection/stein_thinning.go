package selection

import (
	"context"
	"math"
)

func steinThinningEntry() Entry {
	return Entry{
		Name:      "stein-thinning",
		Formula:   "i_k = argmin_j k_pi(x_j,x_j) + 2 sum_(l<k) k_pi(x_j,x_(i_l)), k_pi the Stein kernel of the IMQ kernel",
		Cost:      "N count d time, N d memory",
		Needs:     "draws and scores of the target",
		Reference: "Riabiz, Chen, Cockayne, Swietach, Niederer, Mackey, Oates 2022, JRSS B 84(4)",
		Scores:    true,
		Indices:   true,
		Kernel:    true,
		run: func(ctx context.Context, r *Request) (*Result, error) {
			_, score, err := r.scores(ctx)
			if err != nil {
				return nil, err
			}
			return steinGreedy(ctx, r, score, -1)
		},
	}
}

// steinGreedy chooses draws one by one, each the one that lowers the kernel Stein
// discrepancy most; the first one may be given. A draw may be chosen again. Ties go to
// the first draw. Riabiz et al. 2022, algorithm 1.
func steinGreedy(ctx context.Context, r *Request, score []float64, start int) (*Result, error) {
	k, err := newStein(r)
	if err != nil {
		return nil, err
	}
	all := k.places(r.Draws, score)
	n := r.Draws.N
	allowed := r.candidates()
	gain := make([]float64, n)
	k.diagonal(gain, all)
	out := &Result{Metric: "ksd"}
	total := 0.0
	for step := range r.Count {
		if ctx.Err() != nil {
			out.Interrupted = true
			break
		}
		j := start
		if step > 0 || start < 0 {
			j = smallest(gain, allowed, r.Threads)
		}
		if j < 0 || !finite(gain[j]) {
			return nil, errLarge
		}
		if r.Distinct {
			allowed[j] = false
		}
		total += gain[j]
		k.add(gain, 2, all, all, j, r.Threads)
		ksd := math.Sqrt(math.Max(0, total)) / float64(step+1)
		out.Indices = append(out.Indices, j)
		out.Trace = append(out.Trace, Record{Step: step + 1, Count: step + 1, Discrepancy: ksd})
		r.progress(step+1, r.Count, ksd)
	}
	if len(out.Indices) == 0 {
		return nil, ctx.Err()
	}
	out.Cloud = chosen(r.Draws, out.Indices)
	return out, nil
}
