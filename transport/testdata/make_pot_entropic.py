"""Makes pot_entropic.json: entropic, unbalanced and partial transport, by POT
and GeomLoss.

Run with numpy, POT, torch and geomloss: python make_pot_entropic.py
Problems are generated as in make_pot.py. Values are written in the convention
of package transport: entropy relative to a x b, cost |x-y|^p without a factor,
KL(p | q) = sum p log(p/q) - p + q.
"""
import json

import geomloss
import numpy as np
import ot
import torch
from geomloss._legacy import sinkhorn_divergence as loop
from make_pot import ground, points, weights


def problem(p):
    n, m, d, seed = p["n"], p["m"], p["d"], p["seed"]
    x, y = (points(p["points"], side, size, d, seed) for side, size in ((0, n), (1, m)))
    a, b = weights(p["a"], 0, n, seed), weights(p["b"], 1, m, seed)
    c = ground(p["cost"], x, y, n, m, seed).astype(float)
    return x, y, a / a.sum(), b / b.sum(), c


def kl(p, q):
    p, q = p.ravel(), q.ravel()
    at = p > 0
    return (p[at] * np.log(p[at] / q[at])).sum() - p.sum() + q.sum()


def sinkhorn(p):
    """Value, linear cost and potentials; points without weight left out."""
    _, _, a, b, c = problem(p)
    eps = p["epsilon"]
    rows, cols = a > 0, b > 0
    a, b, c = a[rows], b[cols], np.ascontiguousarray(c[np.ix_(rows, cols)])
    plan, log = ot.sinkhorn(a, b, c, eps, method="sinkhorn_log", stopThr=1e-15, numItermax=20000, log=True, warn=False)
    residual = abs(plan.sum(1) - a).sum() + abs(plan.sum(0) - b).sum()
    assert residual < 1e-12, (p["name"], residual)
    f, g = eps * (log["log_u"] - np.log(a)), eps * (log["log_v"] - np.log(b))
    p["linear"] = float((plan * c).sum())
    p["value"] = float(p["linear"] + eps * kl(plan, np.outer(a, b)))
    assert abs(a @ f + b @ g - p["value"]) < 1e-11 * abs(p["value"]) + 1e-13, p["name"]
    p["potential"] = (f - a @ f).tolist()[:5]  # of the first points with weight, mean 0
    return p, residual


def distance(x, y):
    """|x-y|; GeomLoss's own is never less than 1e-4, on the diagonal too."""
    r2 = ((x[..., :, None, :] - y[..., None, :, :]) ** 2).sum(-1)
    return torch.where(r2 > 0, torch.where(r2 > 0, r2, 1).sqrt(), 0)


def geomloss_problem(p):
    """S_eps and its gradient, OT_eps, unbalanced if p has rho; blur^2 = eps/2, since
    the cost of GeomLoss is |x-y|^2/2."""
    x, y, a, b, _ = problem(p)
    order = p["cost"]["p"]
    half = 2 if order == 2 else 1
    X, Y, A, B = (torch.tensor(v, dtype=torch.float64) for v in (x, y, a, b))
    X.requires_grad_()
    blur = (p["epsilon"] / half) ** (1 / order)
    reach = (p["rho"] / half) ** (1 / order) if "rho" in p else None
    loss = lambda debias: geomloss.SamplesLoss("sinkhorn", p=order, blur=blur, reach=reach, scaling=0.7, debias=debias, backend="tensorized",
                                               cost=None if order == 2 else distance)(A, X, B, Y)
    p["ot"] = half * loss(False).item()
    value = loss(True)
    (gradient,) = torch.autograd.grad(value, [X])
    p["divergence"] = half * value.item()
    p["gradient"] = (half * gradient.numpy()[:4]).tolist()  # of the first points
    return p, 0.0


def unbalanced(p):
    """min <P, c> + eps KL(P | a x b) + rho (KL(P 1 | a) + KL(P' 1 | b))."""
    _, _, a, b, c = problem(p)
    a, b = p["massa"] * a, p["massb"] * b
    eps, rho = p["epsilon"], p["rho"]
    plan = ot.unbalanced.sinkhorn_unbalanced(a, b, c, eps, rho, stopThr=1e-15, numItermax=200000)
    p["mass"], p["linear"] = float(plan.sum()), float((plan * c).sum())
    p["value"] = float(p["linear"] + eps * kl(plan, np.outer(a, b)) + rho * (kl(plan.sum(1), a) + kl(plan.sum(0), b)))
    # the dual value bounds what is missing
    f = -rho * np.log(plan.sum(1) / a)
    g = -rho * np.log(plan.sum(0) / b)
    k = np.outer(a, b) * np.exp((f[:, None] + g - c) / eps)
    dual = -rho * (a @ np.expm1(-f / rho) + b @ np.expm1(-g / rho)) - eps * (k.sum() - a.sum() * b.sum())
    residual = abs(p["value"] - dual) / p["value"]
    assert residual < 1e-11, (p["name"], residual)
    return p, residual


def partial(p):
    """min <P, c> over plans of a given mass with marginals at most a and b."""
    _, _, a, b, c = problem(p)
    a, b = p["massa"] * a, p["massb"] * b
    plan = ot.partial.partial_wasserstein(a, b, c, m=p["mass"], nb_dummies=1)
    p["value"] = float((plan * c).sum())
    assert abs(plan.sum() - p["mass"]) < 1e-13
    # the linear program again
    n, m = c.shape
    from scipy.optimize import linprog
    rows = np.kron(np.eye(n), np.ones(m))
    cols = np.kron(np.ones(n), np.eye(m))
    lp = linprog(c.ravel(), A_ub=np.vstack([rows, cols]), b_ub=np.r_[a, b], A_eq=np.ones((1, n * m)), b_eq=[p["mass"]],
                 options=dict(primal_feasibility_tolerance=1e-10, dual_feasibility_tolerance=1e-10))
    return p, abs(lp.fun - p["value"]) / p["value"]


def main():
    seed = [200]

    def make(name, points, n, m, d, cost=2, a="equal", b="equal", **kw):
        seed[0] += 1
        cost = {"kind": "power", "p": cost} if not isinstance(cost, dict) else cost
        return dict(name=name, points=points, n=n, m=m, d=d, seed=seed[0], a=a, b=b, cost=cost, **kw)

    out = {"made_with": "POT %s, GeomLoss %s, NumPy %s" % (ot.__version__, geomloss.__version__, np.__version__)}
    plain = [
        make("one point each", "uniform", 1, 1, 2, epsilon=0.1),
        make("one point to many", "uniform", 1, 9, 2, epsilon=0.1),
        make("large epsilon", "uniform", 20, 30, 2, epsilon=10.0),
        make("uniform", "uniform", 40, 50, 2, epsilon=0.05),
        make("small epsilon", "uniform", 40, 50, 2, a="random", b="random", epsilon=0.005),
        make("tiny epsilon", "uniform", 12, 10, 2, a="random", b="random", epsilon=0.001),
        make("weighted", "bell", 50, 40, 3, a="random", b="unequal", epsilon=0.3),
        make("zero weights", "bell", 50, 40, 3, a="zeros", b="zeros", epsilon=0.3),
        make("euclidean", "bell", 30, 40, 3, cost=1, a="random", epsilon=0.2),
        make("cubes", "bell", 30, 40, 2, cost=3, b="random", epsilon=1.0),
        make("repeated", "repeated", 40, 40, 2, a="random", epsilon=0.05),
        make("collinear", "collinear", 30, 30, 3, epsilon=0.05),
        make("lattice", "lattice", 60, 60, 2, b="integer", epsilon=0.2),
        make("far", "far", 30, 20, 2, a="random", epsilon=0.05),
        make("line", "bell", 100, 80, 1, a="random", b="random", epsilon=0.2),
        make("784 dimensions", "sparse", 30, 40, 784, epsilon=1.0),
        make("cost matrix", "uniform", 30, 40, 1, cost={"kind": "integers", "top": 20}, a="random", epsilon=1.0),
        make("signed matrix", "uniform", 30, 40, 1, cost={"kind": "signed"}, b="random", epsilon=0.05),
        make("512 x 400", "bell", 512, 400, 2, a="random", epsilon=0.2),
    ]
    original = loop.epsilon_schedule  # GeomLoss does one step a scale: stay at the last one
    loop.epsilon_schedule = lambda p, diameter, blur, scaling: original(p, diameter, blur, scaling) + [blur**p] * 3000
    compared = [
        make("uniform", "uniform", 20, 30, 2, epsilon=0.05),
        make("weighted", "bell", 40, 30, 3, a="random", b="random", epsilon=0.5),
        make("euclidean", "bell", 30, 30, 2, cost=1, a="random", epsilon=0.2),
        make("one point", "bell", 1, 20, 2, b="random", epsilon=0.2),
        make("clusters", "clusters", 20, 25, 2, a="random", b="random", epsilon=2.0),
        make("line", "uniform", 40, 30, 1, epsilon=0.02),
    ]
    loose = [
        make("uniform", "uniform", 20, 30, 2, epsilon=0.05, rho=0.5, massa=1.0, massb=1.0),
        make("weighted", "bell", 25, 20, 3, a="random", b="random", epsilon=0.5, rho=3.0, massa=1.0, massb=1.0),
        make("masses", "bell", 25, 20, 2, a="random", b="random", epsilon=0.3, rho=2.0, massa=2.0, massb=0.5),
        make("strong", "uniform", 15, 15, 2, epsilon=0.1, rho=100.0, massa=1.0, massb=1.0),
        make("weak", "bell", 15, 15, 2, epsilon=0.5, rho=0.1, massa=1.0, massb=3.0),
        make("euclidean", "bell", 15, 20, 2, cost=1, a="random", epsilon=0.2, rho=1.0, massa=1.0, massb=1.0),
    ]
    parts = [
        make("half", "uniform", 20, 30, 2, massa=1.0, massb=1.0, mass=0.5),
        make("nearly all", "bell", 30, 20, 3, a="random", b="random", massa=1.0, massb=1.0, mass=0.95),
        make("little", "bell", 30, 20, 2, cost=1, a="random", b="random", massa=1.0, massb=1.0, mass=0.05),
        make("masses", "bell", 20, 20, 2, a="random", b="random", massa=2.0, massb=1.5, mass=1.2),
        make("matrix", "uniform", 20, 25, 1, cost={"kind": "integers", "top": 30}, a="integer", b="equal", massa=1.0, massb=1.0, mass=0.7),
    ]
    for kind, f, problems in (("sinkhorn", sinkhorn, plain), ("geomloss", geomloss_problem, compared), ("unbalanced", unbalanced, loose), ("partial", partial, parts)):
        out[kind] = []
        for p in problems:
            p, residual = f(p)
            print(kind, p["name"], {k: v for k, v in p.items() if k in ("value", "ot", "divergence", "mass")}, "%.1e" % residual, flush=True)
            out[kind].append(p)
    with open("pot_entropic.json", "w") as f:
        f.write('{"made_with": %s' % json.dumps(out.pop("made_with")))
        for kind, list_ in out.items():
            f.write(',\n "%s": [\n' % kind + ",\n".join("  " + json.dumps(p) for p in list_) + "\n ]")
        f.write("\n}\n")


if __name__ == "__main__":
    main()
