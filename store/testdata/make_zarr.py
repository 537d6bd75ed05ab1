"""Writes python.zarr as xarray 2026.9.0 and zarr 3.1.6 do with gzip: the store that
TestReadZarrPython reads. Run in this directory."""
import shutil
import numpy as np
import xarray as xr
import zarr

shutil.rmtree("python.zarr", ignore_errors=True)
draws = np.arange(12).reshape(2, 6)
axes = ("chain", "draw")
coords = {"chain": [0, 1], "draw": np.arange(6)}
posterior = xr.Dataset(
    {
        "mu": (axes, draws / 8),
        "theta": (axes + ("school",), (draws[..., None] + np.arange(3) / 4).astype("float32")),
        "k": (axes, draws.astype("int16") - 5),
        "none": (axes, np.zeros((2, 6), dtype=int)),  # all fill values: no chunk is written
    },
    coords=coords | {"school": np.array(["a", "bé", ""], dtype=np.dtypes.StringDType())},
)
stats = xr.Dataset({"lp": (axes, -draws * 1.0), "diverging": (axes, draws % 5 == 0)}, coords=coords)
groups = {"posterior": posterior, "sample_stats": stats}
gzip = zarr.codecs.GzipCodec(level=9)
encoding = {"/" + name: {v: {"compressors": [gzip]} for v in ds.variables} for name, ds in groups.items()}
encoding["/posterior"]["theta"]["chunks"] = (1, 4, 2)
xr.DataTree.from_dict(groups).to_zarr("python.zarr", zarr_format=3, encoding=encoding)
