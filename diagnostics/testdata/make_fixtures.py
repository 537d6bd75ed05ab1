"""Writes chains.json: draws and the diagnostics that ArviZ 0.23.4 gives for them.

Run with arviz 0.23.4, numpy 2.4, scipy 1.17:  python make_fixtures.py > chains.json
The draws are rounded to six significant digits first, so that the file holds them
exactly and some cases have ties.
"""
import json
import math
import numpy as np
import scipy.stats as stats
import arviz
from arviz.stats import diagnostics as d
from arviz.stats.stats_utils import quantile


def ar(rng, chains, draws, rho, innovation=None):
    e = rng.normal(size=(chains, draws)) if innovation is None else innovation
    x = np.empty_like(e)
    x[:, 0] = e[:, 0]
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + math.sqrt(1 - rho * rho) * e[:, t]
    return x


rng = np.random.default_rng(20210601)
cases = {
    "independent, 4 x 100": rng.normal(size=(4, 100)),
    "odd length, 3 x 51": rng.normal(size=(3, 51)),
    "AR(0.9), 4 x 250": ar(rng, 4, 250, 0.9),
    "AR(0.98), 2 x 500": ar(rng, 2, 500, 0.98),
    "antithetic AR(-0.7), 4 x 101": ar(rng, 4, 101, -0.7),
    "Cauchy, 4 x 150": rng.standard_cauchy(size=(4, 150)),
    "shifted chain, 4 x 100": rng.normal(size=(4, 100)) + np.array([[0], [0], [0], [3]]),
    "scaled chain, 4 x 101": rng.normal(size=(4, 101)) * np.array([[1], [1], [1], [5]]),
    "counts, 4 x 90": rng.poisson(1.3, size=(4, 90)).astype(float),
    "counts, odd, 3 x 77": rng.poisson(4, size=(3, 77)).astype(float),
    "binary, 4 x 60": rng.binomial(1, 0.3, size=(4, 60)).astype(float),
    "far from zero, 4 x 80": 1e6 + rng.normal(size=(4, 80)),
    "small scale, 2 x 64": 1e-4 * rng.normal(size=(2, 64)),
    "short, 4 x 4": rng.normal(size=(4, 4)),
    "short, 3 x 5": rng.normal(size=(3, 5)),
    "short, 2 x 7": rng.normal(size=(2, 7)),
    "one chain, 1 x 120": ar(rng, 1, 120, 0.5),
    "trend, 4 x 100": rng.normal(size=(4, 100)) + np.linspace(0, 2, 100),
}

out = []
for name, x in cases.items():
    x = np.array([[float(f"{v:.10g}" if abs(v) > 1e5 else f"{v:.6g}") for v in c] for c in x])
    mcse_mean, mcse_sd, ess_bulk, ess_tail, r_hat = d._multichain_statistics(x)
    f = {
        "mean": np.mean(x), "sd": np.std(x, ddof=1),
        "mad": 1.482602218505602 * stats.median_abs_deviation(x, axis=None),
        "mcse_mean": mcse_mean, "mcse_sd": mcse_sd,
        "ess_bulk": ess_bulk, "ess_tail": ess_tail, "r_hat": r_hat,
        "ess_mean": d._ess_mean(x), "ess_sd": d._ess_sd(x),
        "q5": quantile(x, 0.05)[0], "q50": quantile(x, 0.5)[0], "q95": quantile(x, 0.95)[0],
        "ess_median": d._ess_quantile(x, 0.5),
        "mcse_q5": d._mcse_quantile(x, 0.05), "mcse_q50": d._mcse_quantile(x, 0.5),
        "mcse_q95": d._mcse_quantile(x, 0.95),
    }
    if x.shape[0] == 1:  # ArviZ refuses one chain; the definition splits it in two
        z = d._z_scale(d._split_chains(x))
        folded = d._z_scale(d._split_chains(np.abs(x - np.median(x))))
        f["r_hat"] = max(d._rhat(z), d._rhat(folded))
    want = {k: None if not np.isfinite(v) else float(v) for k, v in f.items()}
    out.append({"name": name, "draws": x.tolist(), "want": want})

assert arviz.__version__ == "0.23.4"
print("[\n" + ",\n".join(json.dumps(c) for c in out) + "\n]")
