"""KALE flow on three rings in NumPy, double precision: the peer that run.sh times.

usage: rings.py STEPS
"""
import sys
import time

import numpy as np

LAMBDA, STEP, GAP, WIDTH = 1e-3, 1e-4, 1e-8, 0.1


def rings():
    t = 2 * np.pi * np.arange(80) / 80
    one = 0.3 * np.stack([np.cos(t), np.sin(t)], 1)
    return np.concatenate([one - [0, 0.75 * k] for k in range(3)])


def gram(a, b):
    r2 = (a * a).sum(1)[:, None] + (b * b).sum(1)[None, :] - 2 * a @ b.T
    return np.exp(-r2 / WIDTH)


def solve(k, b, h, q):
    """Newton steps in log a from h until the duality gap is small."""
    count = 0
    while True:
        a = q * np.exp(h)
        hat = (b - k @ a) / LAMBDA
        t = hat - h
        if np.sum(a * (np.expm1(t) - t)) <= GAP or count > 200:
            return a, h, count
        root = np.sqrt(a)
        m = root[:, None] * k * root[None, :]
        m[np.diag_indices_from(m)] += LAMBDA
        u = np.linalg.solve(m, root * t * LAMBDA)
        step = u / root
        longest = np.abs(step).max()
        h = h + step * min(1.0, 4 / longest)
        count += 1


def main(steps):
    x = rings()
    n = len(x)
    y = np.random.default_rng(1).normal(size=(n, 2)) * 0.01 + [0, -0.3]
    q, h, k = np.full(n, 1 / n), np.zeros(n), gram(x, x)
    began, newton = time.perf_counter(), 0
    for _ in range(steps):
        kxy, kyy = gram(x, y), gram(y, y)
        a, h, count = solve(k, kxy.mean(1), h, q)
        newton += count
        scale = -2 / WIDTH * (1 + LAMBDA) / LAMBDA
        own = kyy / n
        g = scale * (own.sum(1)[:, None] * y - own @ y)
        pull = kxy * a[:, None]
        g -= scale * (pull.sum(0)[:, None] * y - pull.T @ x)
        y = y - STEP * g
    print(f"numpy {steps} steps {time.perf_counter() - began:.3f} s, {newton / steps:.2f} Newton steps each")


main(int(sys.argv[1]))
