"""Makes pot_geometry.json: Gaussians, mixtures, sliced distances, free-support
barycentres and Gromov-Wasserstein, by POT; squared distances of Gaussians by
mpmath where POT loses digits.

Run with numpy, mpmath and POT: python make_pot_geometry.py
Everything is generated as in make_pot.py.
"""
import json

import mpmath
import numpy as np
import ot
from make_pot import bell, points, weights


def gaussian(seed, d, rank, scale=1.0):
    """Mean and covariance: B B' of a d x rank matrix of bell numbers."""
    g = factor(seed, d, rank)
    return bell(1000 * seed, d * (rank + 1)).reshape(d, rank + 1)[:, 0], scale * g @ g.T


def factor(seed, d, rank):
    return bell(1000 * seed, d * (rank + 1)).reshape(d, rank + 1)[:, 1:]


def bures2(m0, c0, m1, c1, factors=None):
    """|m0-m1|^2 + tr(C0 + C1 - 2 (C0^1/2 C1 C0^1/2)^1/2) with 60 digits; where the
    covariances have less than full rank, from their factors: rounding would give
    them small eigenvalues, whose roots are not small."""
    mpmath.mp.dps = 60
    c = [mpmath.matrix(v.tolist()) for v in (c0, c1)]
    if factors:
        c = [s * mpmath.matrix(v.tolist()) * mpmath.matrix(v.tolist()).T for v, s in factors]
    e, q = mpmath.eigsy(c[0])
    root = q * mpmath.diag([mpmath.sqrt(max(v, 0)) for v in e]) * q.T
    e, _ = mpmath.eigsy(root * c[1] * root)
    s = sum((mpmath.mpf(float(x)) - mpmath.mpf(float(y))) ** 2 for x, y in zip(m0, m1))
    for k in range(len(m0)):
        s += mpmath.mpf(float(c0[k, k])) + mpmath.mpf(float(c1[k, k]))
    return float(s - 2 * sum(mpmath.sqrt(max(v, 0)) for v in e))


def gaussians():
    out = []
    for k, (name, d, ra, rb, scale) in enumerate((
            ("line", 1, 1, 1, 1.0), ("plane", 2, 3, 4, 1.0), ("five", 5, 8, 6, 1.0), ("twenty", 20, 30, 25, 1.0),
            ("one singular", 4, 2, 6, 1.0), ("both singular", 4, 2, 3, 1.0), ("very different", 3, 5, 5, 1e-8))):
        (m0, c0), (m1, c1) = gaussian(400 + 2 * k, d, ra), gaussian(401 + 2 * k, d, rb, scale)
        p = dict(name=name, d=d, ranka=ra, rankb=rb, scale=scale, seed=400 + 2 * k, value=bures2(m0, c0, m1, c1, [(factor(400 + 2 * k, d, ra), 1), (factor(401 + 2 * k, d, rb), scale)]))
        if ra >= d and rb >= d:
            pot = float(ot.gaussian.bures_wasserstein_distance(m0, m1, c0, c1)) ** 2
            assert abs(pot - p["value"]) < 1e-9 * p["value"], (name, pot, p["value"])
            p["map"] = ot.gaussian.bures_wasserstein_mapping(m0, m1, c0, c1)[0].ravel().tolist()[:25]
        out.append(p)
    return out


def gaussian_barycentres():
    out = []
    for name, d, count, seed in (("two", 2, 2, 440), ("three", 3, 3, 445), ("five", 6, 5, 450)):
        all_ = [gaussian(seed + k, d, d + 2) for k in range(count)]
        w = weights("random", 0, count, seed)
        w = w / w.sum()
        m, c = ot.gaussian.bures_wasserstein_barycenter(np.array([g[0] for g in all_]), np.array([g[1] for g in all_]), w, num_iter=5000, eps=1e-14)
        out.append(dict(name=name, d=d, count=count, seed=seed, mean=m.tolist(), cov=c.ravel().tolist()))
    return out


def mixtures():
    out = []
    for name, d, ka, kb, seed in (("one and three", 2, 1, 3, 460), ("four and three", 3, 4, 3, 470), ("line", 1, 3, 5, 485)):
        a, b = [gaussian(seed + k, d, d + 2) for k in range(ka)], [gaussian(seed + ka + k, d, d + 2) for k in range(kb)]
        wa, wb = weights("random", 0, ka, seed), weights("random", 1, kb, seed)
        wa, wb = wa / wa.sum(), wb / wb.sum()
        plan = ot.gmm.gmm_ot_plan(np.array([g[0] for g in a]), np.array([g[0] for g in b]), np.array([g[1] for g in a]), np.array([g[1] for g in b]), wa, wb)
        value = sum(plan[i, j] * bures2(*a[i], *b[j]) for i in range(ka) for j in range(kb))
        out.append(dict(name=name, d=d, counta=ka, countb=kb, seed=seed, value=float(value)))
    return out


def sliced():
    """Mean over directions of W_p^p of the projections. The directions are rows of
    bell numbers, normalised."""
    out = []
    for name, kind, n, m, d, p, a, b, seed in (
            ("equal", "bell", 50, 50, 3, 2, "equal", "equal", 500), ("sizes", "bell", 60, 35, 5, 2, "equal", "equal", 501),
            ("weighted", "bell", 60, 35, 5, 2, "random", "zeros", 502), ("first power", "uniform", 40, 50, 2, 1, "random", "equal", 503),
            ("third power", "uniform", 40, 50, 2, 3, "equal", "random", 504), ("repeated", "repeated", 40, 30, 2, 2, "equal", "random", 505),
            ("784", "sparse", 30, 40, 784, 2, "equal", "equal", 506)):
        x, y = points(kind, 0, n, d, seed), points(kind, 1, m, d, seed)
        wa, wb = weights(a, 0, n, seed), weights(b, 1, m, seed)
        count = 20
        theta = bell(1000 * seed + 7, count * d).reshape(count, d)
        theta /= np.linalg.norm(theta, axis=1, keepdims=True)
        value = ot.sliced_wasserstein_distance(x, y, wa / wa.sum(), wb / wb.sum(), projections=theta.T.copy(), p=p)
        out.append(dict(name=name, points=kind, n=n, m=m, d=d, p=p, a=a, b=b, seed=seed, directions=count, value=float(value) ** p))
    return out


def barycentres():
    """The free-support iteration from a given start, run to its fixed point."""
    out = []
    for name, kind, sizes, d, support, seed in (("two", "bell", (20, 25), 2, 20, 520), ("three", "uniform", (30, 20, 25), 3, 15, 530)):
        clouds = [points(kind, k % 2, n, d, seed + k) for k, n in enumerate(sizes)]
        ws = [weights("random", 0, n, seed + k) for k, n in enumerate(sizes)]
        ws = [w / w.sum() for w in ws]
        mix = weights("random", 1, len(sizes), seed)
        mix = mix / mix.sum()
        start = points("uniform", 0, support, d, seed + 9)
        x = ot.lp.free_support_barycenter(clouds, ws, start, weights=mix, numItermax=1000, stopThr=1e-26)
        b = np.full(support, 1 / support)
        value = sum(t * ot.emd2(b, w, ot.dist(x, c)) for t, w, c in zip(mix, ws, clouds))
        out.append(dict(name=name, points=kind, sizes=sizes, d=d, support=support, seed=seed, value=float(value), first=x[:3].tolist()))
    return out


def gromov():
    """Gromov-Wasserstein with the square loss between squared distances."""
    out = []
    for name, n, m, da, db, eps, a, b, seed in (("same size", 12, 12, 2, 2, 0.05, "equal", "equal", 540), ("sizes", 12, 9, 2, 3, 0.1, "random", "equal", 541)):
        x, y = points("uniform", 0, n, da, seed), points("uniform", 1, m, db, seed)
        wa, wb = weights(a, 0, n, seed), weights(b, 1, m, seed)
        wa, wb = wa / wa.sum(), wb / wb.sum()
        cx, cy = ot.dist(x, x), ot.dist(y, y)
        plan, log = ot.gromov.entropic_gromov_wasserstein(cx, cy, wa, wb, "square_loss", epsilon=eps, solver="PGD", max_iter=100000, tol=1e-14, log=True)
        l = (cx[:, None, :, None] - cy[None, :, None, :]) ** 2
        value = np.einsum("ij,ijkl,kl->", plan, l, plan)
        product = np.einsum("i,j,ijkl,k,l->", wa, wb, l, wa, wb)
        out.append(dict(name=name, n=n, m=m, da=da, db=db, a=a, b=b, seed=seed, epsilon=eps, value=float(value), product=float(product), plan=plan[0].tolist()))
    return out


if __name__ == "__main__":
    sections = dict(gaussians=gaussians(), barycentresofgaussians=gaussian_barycentres(), mixtures=mixtures(), sliced=sliced(), barycentres=barycentres(), gromov=gromov())
    with open("pot_geometry.json", "w") as f:
        f.write('{"made_with": "POT %s, NumPy %s, mpmath %s"' % (ot.__version__, np.__version__, mpmath.__version__))
        for name, list_ in sections.items():
            f.write(',\n "%s": [\n' % name + ",\n".join("  " + json.dumps(p) for p in list_) + "\n ]")
            for p in list_:
                print(name, {k: v for k, v in p.items() if k in ("name", "value", "product")})
        f.write("\n}\n")
