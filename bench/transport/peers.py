"""Times the peers of wgf on the inputs of main.go, one case a run.

    python peers.py WHO CASE N D

WHO: pot, ott, jax, keops. Needs numpy, POT, jax, ott-jax, torch and pykeops (with
g++). Prints one line of JSON: the median wall clock of the repetitions in
milliseconds, the CPU time of the median, a value that must agree with that of
the others, the peak memory of the process.
"""
import json
import os
import sys
import time

import numpy as np

CORES = len(os.sched_getaffinity(0))


def uniform(seed, count):
    """SplitMix64 (Steele, Lea, Flood 2014): the upper 53 bits over 2^53."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


def cloud(seed, n, d, scale=1.0, shift=0.0):
    """Sums of 12 uniforms less 6, nearly normal."""
    x = uniform(seed, 12 * n * d).reshape(n, d, 12).sum(-1) - 6
    return scale * x + shift


def inputs(n, d):
    return cloud(1, n, d), cloud(2, n, d, 0.7, 0.5)


def clock(f, budget=2.0, most=15):
    """Median wall and CPU milliseconds of f after one call for warming up; a call
    that takes long is timed once."""
    times = []
    start = time.perf_counter()
    while len(times) < 4 or (time.perf_counter() - start < budget and len(times) < most):
        w, c = time.perf_counter(), time.process_time()
        value = f()
        times.append((time.perf_counter() - w, time.process_time() - c))
        if times[0][0] > budget and "jax" not in sys.modules:  # a first call compiles there
            break
    times = sorted(times[1:] or times)
    w, c = times[len(times) // 2]
    return 1e3 * w, 1e3 * c, value


# Exact transport.


def exact(who, x, y, weighted):
    import ot

    n = len(x)
    if weighted:
        a, b = uniform(3, n) + 2.0**-7, uniform(4, n) + 2.0**-7
        a, b = a / a.sum(), b / b.sum()
    else:
        a = b = np.full(n, 1 / n)
    if who == "pot-dist":  # from the points, as wgf does
        return clock(lambda: ot.emd2(a, b, ot.dist(x, y), numItermax=10**8))
    m = ot.dist(x, y)
    return clock(lambda: ot.emd2(a, b, m, numItermax=10**8))


# One Sinkhorn iteration, the slope between two numbers of iterations.

EPSILON = 0.1  # of |x-y|^2


def slope(run, few=5, many=25):
    times = {k: clock(lambda: run(k)) for k in (few, many)}
    per = [(times[many][i] - times[few][i]) / (many - few) for i in (0, 1)]
    return per[0], per[1], times[few][2]


def sinkhorn(who, x, y):
    x, y = x - x.mean(0), y - y.mean(0)  # wgf does so: its potentials begin at 0 there
    if who.startswith("ott"):
        import jax
        import jax.numpy as jnp
        from ott.geometry import pointcloud
        from ott.problems.linear import linear_problem
        from ott.solvers.linear import sinkhorn as sk

        jax.config.update("jax_enable_x64", True)
        if not hasattr(jax.interpreters.batching, "is_vmappable"):  # OTT 0.6.0 beside newer JAX
            jax.interpreters.batching.is_vmappable = lambda v: isinstance(v, jax.Array)
        batch = None if who == "ott" else int(who.removeprefix("ott-"))
        x, y = jnp.asarray(x), jnp.asarray(y)
        made = {}

        def run(k):
            if k not in made:
                solver = sk.Sinkhorn(lse_mode=True, min_iterations=k, max_iterations=k, inner_iterations=k, threshold=0.0)
                made[k] = jax.jit(lambda x, y: solver(linear_problem.LinearProblem(pointcloud.PointCloud(x, y, epsilon=EPSILON, batch_size=batch))).f)
            f = made[k](x, y).block_until_ready()
            # potentials differ by constants between the programs
            return float(f[0] - f[1])

        return slope(run)
    if who == "pot":
        import ot

        m, a = ot.dist(x, y), np.full(len(x), 1 / len(x))

        def run(k):
            _, log = ot.sinkhorn(a, a, m, EPSILON, method="sinkhorn_log", numItermax=k, stopThr=0, warn=False, log=True)
            return float(EPSILON * (log["log_u"][0] - log["log_u"][1]))

        return slope(run, 5, 9)
    import torch
    from pykeops.torch import LazyTensor

    torch.set_num_threads(CORES)
    n = len(x)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    c = ((LazyTensor(x[:, None, :]) - LazyTensor(y[None, :, :])) ** 2).sum(-1)
    shift = EPSILON * np.log(n)

    def run(k):
        f = torch.zeros(n, 1, dtype=torch.float64)
        for _ in range(k):
            g = -EPSILON * ((LazyTensor(f[:, None, :]) - c) / EPSILON).logsumexp(0).reshape(n, 1) + shift
            f = -EPSILON * ((LazyTensor(g[None, :, :]) - c) / EPSILON).logsumexp(1).reshape(n, 1) + shift
        return float(f[0] - f[1])

    return slope(run, 5, 15)


# Sliced W2 with 200 directions.


def sliced(who, x, y):
    import ot

    return clock(lambda: float(ot.sliced_wasserstein_distance(x, y, n_projections=200, seed=1)))


# Gradient of MMD^2 in the points x, Gaussian kernel, h^2 = d.


def mmd(who, x, y):
    n, d = x.shape
    g2 = 1.0 / d
    if who.startswith("jax"):
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)

        def squares(u, v):
            return (u * u).sum(1)[:, None] + (v * v).sum(1)[None, :] - 2 * u @ v.T

        if who == "jax-grad":  # what one gets by differentiation

            def value(x, y):
                k = lambda u, v: jnp.exp(-0.5 * g2 * squares(u, v)).mean()
                return k(x, x) - 2 * k(x, y) + k(y, y)

            f = jax.jit(jax.grad(value))
        else:  # by hand: two matrix products a kernel matrix

            def part(x, y):
                k = jnp.exp(-0.5 * g2 * squares(x, y))
                return g2 * (k @ y - x * k.sum(1)[:, None])

            f = jax.jit(lambda x, y: 2 / n**2 * (part(x, x) - part(x, y)))
        x, y = jnp.asarray(x), jnp.asarray(y)
        w, c, g = clock(lambda: f(x, y).block_until_ready())
        return w, c, float(jnp.abs(g).sum())
    import torch
    from pykeops.torch import LazyTensor

    torch.set_num_threads(CORES)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    one = torch.ones(n, 1, dtype=torch.float64)
    x1, y1 = torch.cat([x, one], 1).contiguous(), torch.cat([y, one], 1).contiguous()

    def part(x, y, y1):
        u, v, t = LazyTensor(x[:, None, :]), LazyTensor(y[None, :, :]), LazyTensor(y1[None, :, :])
        r = ((-((u - v) ** 2).sum(-1) * (0.5 * g2)).exp() * t).sum(1)
        return g2 * (r[:, :-1] - x * r[:, -1:])

    w, c, g = clock(lambda: 2 / n**2 * (part(x, x, x1) - part(x, y, y1)))
    return w, c, float(g.abs().sum())


def main():
    who, case, n, d = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    x, y = inputs(n, d)
    if case == "exact":
        w, c, v = exact(who, x, y, False)
    elif case == "exact-weighted":
        w, c, v = exact(who, x, y, True)
    else:
        w, c, v = {"sinkhorn": sinkhorn, "sliced": sliced, "mmd": mmd}[case](who, x, y)
    peak = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM")) / 1024
    print(json.dumps(dict(case=case, who=who, n=n, d=d, wall_ms=w, cpu_ms=c, value=v, peak_mb=round(peak))))


if __name__ == "__main__":
    main()
