"""Opens what the Go test TestWriteForReaders writes with the readers that users have.

    WGF_STORE_DEMO=/tmp/demo go test -run TestWriteForReaders ./store
    python -W error store/testdata/verify_readers.py /tmp/demo

Checked with Python 3.11, xarray 2026.9.0, zarr 3.1.6, ArviZ 0.23.4 (from_datatree and
summary; its own from_zarr asks for Zarr below version 3), cmdstanpy 1.3.2, numpy 2.4.6,
pandas 3.1.1: values, shapes, types, coordinates and attributes are those written, and no
warning appears.
"""
import glob
import sys
import warnings

with warnings.catch_warnings():  # about ArviZ itself
    warnings.simplefilter("ignore")
    import arviz

import cmdstanpy
import numpy as np
import pandas as pd
import xarray as xr
import zarr

root = sys.argv[1]


def expected(chains, draws):
    n = chains * draws
    i = np.arange(n, dtype=float)
    mu = np.sin(i) / 3
    mu[:3] = np.nan, np.inf, -np.inf
    theta = i[:, None, None] + np.arange(6).reshape(2, 3) / 10
    count = np.stack([i - 3, 1e15 + i], axis=1)
    return (mu.reshape(chains, draws), theta.reshape(chains, draws, 2, 3), count.reshape(chains, draws, 2))


def close(a, b):
    np.testing.assert_allclose(np.asarray(a, dtype=float), b, rtol=1e-14, atol=0)


for name, chains, draws in [("ensemble", 4, 50), ("nuts", 4, 50), ("one", 1, 20)]:
    mu, theta, count = expected(chains, draws)
    path = f"{root}/{name}.zarr"

    store = zarr.open_group(path, mode="r")
    assert store.metadata.consolidated_metadata is not None
    assert store.metadata.zarr_format == 3
    for use in (None, True, False):
        with xr.open_datatree(path, engine="zarr", consolidated=use) as dt:
            assert set(dt.children) == {"posterior", "sample_stats", "posterior_predictive", "log_likelihood", "observed_data"}
            p = dt["posterior"].to_dataset()
            close(p.mu, mu), close(p.theta, theta), close(p["count"], count)
            assert p["count"].dtype == np.int64 and p.flag.dtype == bool and p.chain.dtype == np.int64
            assert p.theta.dims == ("chain", "draw", "theta_dim_0", "theta_dim_1")
            assert list(p.theta_dim_0.values) == ["männlich", ""] and list(p.theta_dim_1.values) == [0, 1, 2]
            assert list(p.chain.values) == list(range(chains)) and list(p.draw.values) == list(range(draws))
            assert p.attrs["sample_dims"] == ["chain", "draw"] and p.attrs["inference_library"] == "wgf"
            s = dt["sample_stats"].to_dataset()
            assert s.diverging.dtype == bool and not s.diverging.values.any()
            close(s.lp.values.ravel(), -np.arange(chains * draws) * 1e-3)
            close(dt["observed_data"].y, [1, 2, 3])
            close(dt["log_likelihood"].y.values.ravel(), -np.arange(3 * chains * draws))
            idata = arviz.from_datatree(dt.load())
            table = arviz.summary(idata, var_names=["theta"])
            assert len(table) == 6
    with xr.open_dataset(path, engine="zarr", group="posterior") as ds:
        close(ds.theta, theta)

    files = sorted(glob.glob(f"{root}/{name}_[0-9].csv")) or [f"{root}/{name}.csv"]
    assert len(files) == chains
    fit = cmdstanpy.from_csv(files, method="sample")
    close(fit.stan_variable("mu"), mu.ravel())
    close(fit.stan_variable("theta"), theta.reshape(-1, 2, 3))
    assert fit.chains == chains and fit.num_draws_sampling == draws and fit.num_draws_warmup in (1, 300)
    close(fit.method_variables()["lp__"], (-np.arange(chains * draws) * 1e-3).reshape(chains, draws).T)
    close(fit.draws_pd()["theta[2,3]"], theta[..., 1, 2].ravel())
    if name == "nuts":
        close(fit.step_size, [0.5, 1.5, 2.5, 3.5])
        close(fit.inv_metric, [[1, 2.5, 3]] * 4)
    fit.draws_xr()
    cmdstanpy.from_csv(files)
    idata = arviz.from_cmdstanpy(fit)
    close(idata.posterior.theta, theta)

    table = pd.read_csv(f"{root}/{name}_table.csv")
    assert list(table.columns[:4]) == [".chain", ".iteration", ".draw", "lp__"]
    close(table["theta[2,3]"], theta[..., 1, 2].ravel())

    columns = np.load(f"{root}/{name}.npy")
    assert columns.shape == (chains, draws, 1 + 6 + 2 + 1)
    close(columns[..., 0], mu), close(columns[..., 1:7], theta.transpose(0, 1, 3, 2).reshape(chains, draws, 6))
    with np.load(f"{root}/{name}.npz") as members:
        close(members["theta"], theta)
        assert members["count"].dtype == np.int64 and members["flag"].dtype == bool
print("all readers agree:", "xarray", xr.__version__, "zarr", zarr.__version__, "arviz", arviz.__version__,
      "cmdstanpy", cmdstanpy.__version__, "numpy", np.__version__, "pandas", pd.__version__)
