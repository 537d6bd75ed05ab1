"""Velocities of particle flows by other libraries, double precision, all cores.

usage: peers.py WHO CASE N D      prints: WHO CASE N D SECONDS
"""
import os
import sys
import time

import numpy as np

who, case, n, d = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(1)
x = rng.normal(size=(n, d))
h2 = float(d)


def median(call):
    call()
    all_, began = [], time.perf_counter()
    while len(all_) < 3 or time.perf_counter() - began < 1:
        at = time.perf_counter()
        call()
        all_.append(time.perf_counter() - at)
    return sorted(all_)[len(all_) // 2]


if case == "svgd" and who == "jax":
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    @jax.jit
    def velocity(x, s):
        sq = (x * x).sum(1)
        k = jnp.exp(-(sq[:, None] + sq[None, :] - 2 * x @ x.T) / (2 * h2))
        return (k @ s + (k.sum(1)[:, None] * x - k @ x) / h2) / n

    a = jnp.asarray(x)
    seconds = median(lambda: velocity(a, -a).block_until_ready())
elif case == "svgd" and who == "keops":
    import torch
    from pykeops.torch import Vi, Vj

    a = torch.from_numpy(x)

    def velocity():
        xi, yj, sj = Vi(a), Vj(a), Vj(-a)
        k = (-((xi - yj) ** 2).sum(-1) / (2 * h2)).exp()
        return (k * (sj + (xi - yj) / h2)).sum(1) / n

    seconds = median(velocity)
elif case == "sliced" and who == "torch":
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    a, b = torch.from_numpy(x), torch.from_numpy(rng.normal(size=(n, d)) + 0.3)
    lines = 500
    theta = torch.from_numpy(rng.normal(size=(lines, d)))
    theta /= theta.norm(dim=1, keepdim=True)
    rank = torch.arange(n, dtype=torch.float64)

    def gradient():
        with torch.no_grad():
            sx, order = (theta @ a.T).sort(1)
            sy, _ = (theta @ b.T).sort(1)
            below = torch.searchsorted(sy, sx)
            g = (2 * below - n) / n - (2 * rank + 1 - n) / n
            out = torch.empty(lines, n, dtype=torch.float64).scatter_(1, order, g)
            return out.T @ theta / lines

    seconds = median(gradient)
else:
    sys.exit(f"no case {case} for {who}")
print(f"{who} {case} {n} {d} {seconds:.6f}")
