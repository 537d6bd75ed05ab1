"""Makes extras_grid.json: debiased barycentres of small pictures by POT
(ot.bregman.convolutional_barycenter2d_debiased, MIT licence; made with POT 0.9.7).

Run: python extras_grid.py
"""
import json

import numpy as np
import ot

N = 14


def pictures():
    i, j = np.meshgrid(np.arange(N), np.arange(N), indexing="ij")
    blob = np.exp(-((i - 4.0) ** 2 + (j - 5.0) ** 2) / 6)
    bar = ((i > 7) & (i < 11) & (j > 2) & (j < 12)).astype(float) + 0.01
    corner = 1.0 / (1 + (i - 10) ** 2 + (j - 3) ** 2)
    return [p / p.sum() for p in (blob, bar, corner)]


out = []
for eps, weights in ((1.0, [0.5, 0.3, 0.2]), (1.5, [0.2, 0.2, 0.6])):
    a = np.stack(pictures())
    b = ot.bregman.convolutional_barycenter2d_debiased(
        a, eps / (N - 1) ** 2, np.array(weights), method="sinkhorn_log", numItermax=3000, stopThr=1e-12, warn=False)
    out.append(dict(n=N, epsilon=eps, weights=weights, pictures=[p.ravel().tolist() for p in a], barycentre=(b / b.sum()).ravel().tolist()))
with open("extras_grid.json", "w") as f:
    json.dump(out, f)
