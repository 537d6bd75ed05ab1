"""Makes pot_exact.json: optimal values of transport problems, by POT.

Run with numpy, scipy and POT: python make_pot.py
Nothing of the problems is stored but a few words each: points, weights and cost
matrices come from the generator below, which pot_generate_test.go repeats bit
for bit (SplitMix64, 53-bit uniforms, only sums, products and floor).

Every value is checked before it is written: the plan's marginals and the dual
value at the c-transformed potentials bound its relative error, stored as `gap`.
Where POT leaves more than 1e-12 the plan's basis is solved again in rational
arithmetic.
"""
import json
import sys
from fractions import Fraction

import numpy as np
import ot
import scipy


def uniform(seed, count):
    """The first `count` numbers of SplitMix64 (Steele, Lea, Flood 2014) from the
    given seed, as uniforms: the upper 53 bits over 2^53."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) * 2.0**-53


def bell(seed, count):
    """Sums of 12 uniforms less 6: nearly normal, and exactly repeatable."""
    u = uniform(seed, 12 * count).reshape(count, 12)
    s = np.zeros(count)
    for k in range(12):
        s = s + u[:, k]
    return s - 6


def points(kind, side, n, d, seed):
    """n x d points; point i, coordinate k uses number i*d+k of the stream."""
    s = 1000 * seed + side
    if kind == "uniform":
        return uniform(s, n * d).reshape(n, d)
    if kind == "bell":  # the second cloud is moved and narrower
        x = bell(s, n * d).reshape(n, d)
        return x if side == 0 else 0.5 * x + 1
    if kind == "clusters":  # five tight clusters on both sides
        centre = 10 * uniform(1000 * seed + 9, 5 * d).reshape(5, d)
        return centre[np.arange(n) % 5] + 2.0**-7 * bell(s, n * d).reshape(n, d)
    if kind == "lattice":  # 4^d points, many of them repeated, many equal costs
        return np.floor(4 * uniform(s, n * d)).reshape(n, d)
    if kind == "collinear":  # on the line (1, 2, ..., d)
        return uniform(s, n)[:, None] * np.arange(1, d + 1)
    if kind == "repeated":  # seven points a side, over and over
        return uniform(s, 7 * d).reshape(7, d)[np.arange(n) % 7]
    if kind == "same":  # both clouds at the same places, the second one in reverse
        x = uniform(1000 * seed, n * d).reshape(n, d)
        return x if side == 0 else x[::-1]
    if kind == "far":  # both clouds far from the origin
        return 1e8 + uniform(s, n * d).reshape(n, d)
    if kind == "tiny":  # distances of 1e-6 on a unit scale
        return 3 + 2.0**-20 * uniform(s, n * d).reshape(n, d)
    if kind == "sparse":  # like pictures: most coordinates are zero
        return np.maximum(0, uniform(s, n * d) - 0.75).reshape(n, d)
    raise ValueError(kind)


def weights(kind, side, n, seed):
    u = uniform(1000 * seed + 2 + side, n)
    if kind == "equal":
        return np.ones(n)
    if kind == "random":
        return u + 2.0**-7
    if kind == "zeros":  # two of three points have no weight
        return np.where(np.arange(n) % 3 == 0, u + 2.0**-7, 0)
    if kind == "unequal":  # every other weight is a billionth of the rest
        return np.where(np.arange(n) % 2 == 0, u + 2.0**-7, 1e-9 * (u + 2.0**-7))
    if kind == "spread":  # 12 orders of magnitude
        return 10.0 ** (-(np.arange(n) % 13)) * (u + 0.5)
    if kind == "integer":
        return 1 + np.floor(5 * u)
    raise ValueError(kind)


def ground(cost, x, y, n, m, seed):
    """The cost matrix, in extended precision before the last rounding."""
    kind = cost["kind"]
    if kind == "integers":  # 0 .. top-1
        return np.floor(cost["top"] * uniform(1000 * seed + 8, n * m)).reshape(n, m)
    if kind == "signed":
        return uniform(1000 * seed + 8, n * m).reshape(n, m) - 0.5
    if kind == "products":  # integer, of rank one: all the same but for the order
        return np.outer(np.arange(1.0, n + 1), np.arange(1.0, m + 1))
    r2 = np.zeros((n, m), dtype=np.longdouble)
    for k in range(x.shape[1]):
        r2 += (x[:, None, k].astype(np.longdouble) - y[None, :, k].astype(np.longdouble)) ** 2
    p = cost["p"]
    if p == 2:
        return r2
    return np.sqrt(r2) if p == 1 else r2 ** (np.longdouble(p) / 2)


def basis_value(plan, c, a, b):
    """Solves the tree or forest that carries the plan again, in rationals: the
    flows that match the weights exactly, and their cost. None if no forest."""
    n, m = plan.shape
    I, J = np.nonzero(plan)
    A = [Fraction(float(v)) for v in a]
    B = [Fraction(float(v)) for v in b]
    ta, tb = sum(A), sum(B)
    left = [v / ta for v in A] + [v / tb for v in B]
    adjacent = [set() for _ in range(n + m)]
    for i, j in zip(I.tolist(), J.tolist()):
        adjacent[i].add(n + j)
        adjacent[n + j].add(i)
    leaves = [v for v in range(n + m) if len(adjacent[v]) == 1]
    value = Fraction(0)
    edges = len(I)
    while leaves:
        v = leaves.pop()
        if len(adjacent[v]) != 1:
            continue
        u = adjacent[v].pop()
        adjacent[u].discard(v)
        flow = left[v]
        left[v] = Fraction(0)
        left[u] -= flow
        if flow < 0:
            return None
        i, j = (v, u - n) if v < n else (u, v - n)
        # a long double is the sum of two doubles
        hi = float(c[i, j])
        value += flow * (Fraction(hi) + Fraction(float(c[i, j] - np.longdouble(hi))))
        edges -= 1
        if len(adjacent[u]) == 1:
            leaves.append(u)
    return value if edges == 0 and not any(left) else None


def solve(p):
    n, m, d, seed = p["n"], p["m"], p["d"], p["seed"]
    x, y = (points(p["points"], side, size, d, seed) for side, size in ((0, n), (1, m)))
    wa, wb = weights(p["a"], 0, n, seed), weights(p["b"], 1, m, seed)
    c = ground(p["cost"], x, y, n, m, seed)
    a, b = wa / wa.sum(), wb / wb.sum()
    # POT's tolerance is absolute, so that small costs are scaled up, exactly
    unit = np.longdouble(2) ** (30 - np.ceil(np.log2(max(abs(c).max(), 1e-300))))
    plan, log = ot.emd(a, b, np.ascontiguousarray(c * unit, dtype=float), numItermax=10**7, log=True, numThreads=1)
    if log["warning"]:
        print(p["name"], log["warning"], file=sys.stderr)
    # dual value at potentials made feasible, over points that have weight
    c = np.asarray(c, dtype=np.longdouble)
    f = np.asarray(log["u"], dtype=np.longdouble) / unit
    g = (c[a > 0] - f[a > 0, None]).min(axis=0)
    f = (c - g[None, :])[:, b > 0].min(axis=1)
    la, lb = wa.astype(np.longdouble), wb.astype(np.longdouble)
    dual = f @ (la / la.sum()) + g @ (lb / lb.sum())
    primal = (plan.astype(np.longdouble) * c).sum()
    exact = basis_value(plan, c, wa, wb) if max(n, m) <= 300 else None
    if exact is not None:
        primal = np.longdouble(float(exact))
    scale = max(abs(primal), 1e-12 * abs(c).max(), np.longdouble(1e-300))
    marginal = max(abs(plan.sum(1) - a).max(), abs(plan.sum(0) - b).max())
    p["value"], p["gap"] = float(primal), float((primal - dual) / scale)
    print(f'{p["name"]:34s} {p["value"]:.17g} gap {p["gap"]:.1e} marginals {marginal:.1e}{"  rational" if exact is not None else ""}', flush=True)
    return p


def problems():
    out = []

    def add(name, points, n, m, d, cost=2, a="equal", b="equal", **kw):
        cost = {"kind": "power", "p": cost} if not isinstance(cost, dict) else cost
        out.append(dict(name=name, points=points, n=n, m=m, d=d, seed=len(out) + 1, a=a, b=b, cost=cost, **kw))

    for n, m in ((1, 1), (1, 5), (7, 1), (2, 2), (3, 2), (5, 5), (20, 13), (50, 50), (128, 97)):
        add(f"uniform {n}x{m}", "uniform", n, m, 2)
    for p in (0.5, 1, 1.5, 3):
        add(f"power {p}", "bell", 60, 45, 3, cost=p, a="random", b="random")
    for kind in ("uniform", "bell", "clusters", "lattice", "collinear", "repeated", "same", "far", "tiny"):
        for w in (("equal", "equal"), ("random", "equal"), ("zeros", "random"), ("unequal", "unequal"), ("spread", "integer")):
            add(f"{kind} {w[0]}/{w[1]}", kind, 60, 60 if kind == "same" else 45, 3, a=w[0], b=w[1])
        add(f"{kind} euclidean", kind, 70, 70, 2, cost=1)
    for top in (2, 10, 1000):
        for w in ("equal", "integer", "random"):
            add(f"integers below {top} {w}", "uniform", 50, 50, 1, cost={"kind": "integers", "top": top}, a=w, b=w)
    add("integers, not square", "uniform", 40, 90, 1, cost={"kind": "integers", "top": 100}, a="integer", b="equal")
    add("signed costs", "uniform", 50, 60, 1, cost={"kind": "signed"}, a="random", b="random")
    add("products", "uniform", 60, 60, 1, cost={"kind": "products"})
    add("line", "bell", 300, 250, 1, a="random", b="integer")
    add("line, euclidean", "bell", 300, 250, 1, cost=1, a="random", b="integer")
    add("784 dimensions", "sparse", 100, 120, 784, a="integer")
    add("500x500", "bell", 500, 500, 2)
    add("500x300 weighted", "clusters", 500, 300, 5, a="random", b="spread")
    add("600x600 lattice", "lattice", 600, 600, 3)
    add("1000x1000", "uniform", 1000, 1000, 10)
    add("1000x800 weighted", "bell", 1000, 800, 2, a="random", b="unequal", heavy=True)
    add("1500x1500 lattice", "lattice", 1500, 1500, 4, heavy=True)
    add("1500x1500 clusters", "clusters", 1500, 1500, 2, cost=1, heavy=True)
    add("2000x2000 integers", "uniform", 2000, 2000, 1, cost={"kind": "integers", "top": 10000}, heavy=True)
    add("2500x1000 weighted", "uniform", 2500, 1000, 3, a="spread", b="random", heavy=True)
    add("3000x3000", "bell", 3000, 3000, 2, heavy=True)
    add("3000x3000 weighted", "clusters", 3000, 3000, 3, a="random", b="random", heavy=True)
    add("3000x3000 repeated", "repeated", 3000, 3000, 2, heavy=True)
    add("3000x2999 integers", "uniform", 3000, 2999, 1, cost={"kind": "integers", "top": 10**6}, a="integer", b="integer", heavy=True)
    return out


if __name__ == "__main__":
    made = [solve(p) for p in problems()]
    with open("pot_exact.json", "w") as f:
        f.write('{"made_with": "POT %s, NumPy %s, SciPy %s",\n "problems": [\n' % (ot.__version__, np.__version__, scipy.__version__))
        f.write(",\n".join("  " + json.dumps(p) for p in made))
        f.write("\n ]\n}\n")
