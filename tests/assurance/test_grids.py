"""Grids larger than memory: chunk by chunk, and equal to the whole."""

import subprocess
import sys
from typing import Any

import dask
import numpy as np
import pytest
import xarray as xr
from dask import array
from pytest import approx

from excomm import assurance as a
from excomm.assurance import grids
from excomm.errors import InputError

da: Any = array  # without types of its own
RNG = np.random.default_rng(1962)
LOOKS, COMING = RNG.random((60, 30)) * 0.6, RNG.random((60, 30)) * 0.02
PRIOR = RNG.random(60)


@pytest.fixture(autouse=True)
def _on_threads() -> Any:
    with dask.config.set(scheduler="threads", num_workers=2):
        yield


def chunked(values: Any, sites: int = 17) -> Any:
    return da.from_array(values, chunks=(sites, *values.shape[1:]))


@pytest.mark.parametrize("coming", [COMING, COMING[0], 0.01])
@pytest.mark.parametrize("prior", [PRIOR, 0.5])
def test_absence_over_chunks_is_absence_over_the_whole(coming: Any, prior: Any) -> None:
    whole = a.prob_absent(LOOKS, coming, prior)
    found = a.prob_absent(chunked(LOOKS), coming, prior)
    absent, present = grids.compute(found.absent, found.present)
    np.testing.assert_array_equal(absent, whole.absent)
    np.testing.assert_array_equal(present, whole.present)


def test_labels_stay_on_what_they_label() -> None:
    sites = xr.DataArray(
        LOOKS, dims=("site", "day"), coords={"site": np.arange(60), "day": np.arange(30)}
    ).chunk(site=25)
    found: Any = a.prob_absent(sites, 0.01, 0.5)
    assert found.absent.dims == ("site", "day")
    at = found.absent.sel(site=7, day=29)
    assert float(at) == a.prob_absent(LOOKS, 0.01, 0.5).absent[7, 29]


def test_the_worst_site_of_a_grid_is_the_worst_of_the_whole() -> None:
    whole = a.worst_site(LOOKS, present=2)
    found: Any = a.worst_site(chunked(LOOKS), present=2)
    site, miss, misses = grids.compute(found.site, found.miss, found.misses)
    assert (int(site), float(miss)) == (whole.site, whole.miss)
    np.testing.assert_array_equal(misses, whole.misses)
    labelled: Any = a.worst_site(xr.DataArray(LOOKS, dims=("site", "day")).chunk(site=25))
    assert int(labelled.site) == a.worst_site(LOOKS).site


def test_an_equilibrium_and_a_thinned_number_are_those_of_the_whole() -> None:
    settles = a.equilibrium(chunked(LOOKS), 0.01)
    np.testing.assert_array_equal(settles.absent, a.equilibrium(LOOKS, 0.01).absent)
    by_period = da.from_array(LOOKS.T, chunks=(30, 17))
    start = PRIOR * 3
    thinned = a.expected_remaining(start, COMING.T, by_period, 0.9)
    whole = a.expected_remaining(start, COMING.T, LOOKS.T, 0.9)
    np.testing.assert_array_equal(thinned.mean, whole.mean)
    np.testing.assert_array_equal(thinned.prob_none, whole.prob_none)


def test_counts_over_chunks_are_counts_over_the_whole() -> None:
    counts = RNG.poisson(2.0, (40, 5)).astype(float)
    counts[3, 2] = np.nan
    look = RNG.random((40, 5)) * 0.5 + 0.3
    whole = a.remaining(counts, ("poisson", 4), 0.5, look, 0.8)
    labelled = xr.DataArray(chunked(counts, 11), dims=("site", "look"))
    found: Any = a.remaining(labelled, ("poisson", 4), 0.5, look, 0.8)
    assert found.mean.dims == ("site",)
    for name in ("log_likelihood", "mean", "prob_none", "prob_some"):
        assert getattr(found, name).values == approx(getattr(whole, name), rel=1e-12)
    np.testing.assert_array_equal(found.upper(0.95).values, whole.upper(0.95))


def test_a_fault_in_a_chunk_is_named_by_its_place_in_the_whole() -> None:
    looks = LOOKS.copy()
    looks[43, 5] = 85.0
    with pytest.raises(InputError) as raised:
        grids.compute(a.prob_absent(chunked(looks), 0.01, 0.5).absent)
    assert str(raised.value) == (
        "detection[43, 5]: found 85.0, expected 0 to 1. Write 85 % as 0.85."
    )


def test_periods_cut_apart_are_refused_before_anything_is_computed() -> None:
    with pytest.raises(InputError) as raised:
        a.prob_absent(da.from_array(LOOKS, chunks=(17, 10)), 0.01, 0.5)
    assert str(raised.value) == (
        "detection: found 3 chunks of periods, expected all periods of a series together."
        " Write detection.rechunk({-1: -1}), or .chunk({...: -1}) of an xarray."
    )


def test_shapes_that_do_not_broadcast_are_named() -> None:
    with pytest.raises(InputError) as raised:
        a.prob_absent(chunked(LOOKS), COMING[:7], 0.5)
    assert str(raised.value) == (
        "introduction: found shape (7, 30), expected what broadcasts to (60, 30)."
    )


def test_places_that_things_move_between_have_no_chunks() -> None:
    with pytest.raises(InputError) as raised:
        a.expected_remaining(1.0, 0.01, da.from_array(LOOKS.T), routing=np.eye(60))
    assert str(raised.value).startswith("routing: found a grid, expected none.")


def test_nothing_of_dask_is_loaded_for_plain_arrays() -> None:
    code = (
        "import sys; from excomm import assurance as a; a.prob_absent([0.5], [0.1], 0.5)\n"
        "print([name for name in ('dask', 'xarray') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


MILLION = """
import resource, sys
import dask.array as da, numpy as np
from distributed import Client, LocalCluster
from excomm import assurance as a
from excomm.assurance import grids

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20

if __name__ == "__main__":
    sites = int(sys.argv[1])
    with LocalCluster(n_workers=2, threads_per_worker=1, memory_limit="2GB",
                      dashboard_address=None) as cluster, Client(cluster) as client:
        looks = da.random.default_rng(1962).random((sites, 365), chunks=(20_000, 365)) * 0.1
        found = a.prob_absent(looks, 0.001, 0.5)
        last, least = grids.compute(found.absent[:, -1], found.present.min(axis=0))
        part = np.asarray(looks[:20_000].compute())
        here = a.prob_absent(part, 0.001, 0.5)
        assert (last[:20_000] == here.absent[:, -1]).all(), "not equal"
        assert last.shape == (sites,) and least.shape == (365,)
        print(max(client.run(most).values()))
"""


@pytest.mark.long
def test_a_million_sites_by_a_year_take_two_workers_less_than_two_gigabytes_each(
    tmp_path: Any,
) -> None:
    script = tmp_path / "million.py"
    script.write_text(MILLION, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), "1000000"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert float(ran.stdout.strip().splitlines()[-1]) < 2.0
