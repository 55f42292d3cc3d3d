"""Grids: the same figures over Dask and xarray arrays, sites in chunks, larger than memory.

Nothing is computed before it is asked for. A chunk holds all periods of some sites; sites are
independent of each other, so each chunk is done by itself, by the very functions that take arrays,
and no chunk ever meets another. Neither package is loaded unless such an array is given.
"""

import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from excomm.assurance.ranges import Floats
from excomm.errors import EnvironmentFault, InputError

if TYPE_CHECKING:
    from excomm.assurance.presence import Equilibrium, Presence
    from excomm.assurance.starts import Start
    from excomm.assurance.thinning import ExpectedRemaining
    from excomm.assurance.worst import WorstSite

# Dask's and xarray's arrays; neither says more of its types than this.
Grid = Any


class RemainingOverGrid(msgspec.Struct, frozen=True):
    """`Remaining` over many sites, each field (S,)."""

    log_likelihood: Grid
    mean: Grid
    prob_none: Grid
    prob_some: Grid
    at_level: Callable[[float], Grid]

    def upper(self, level: float) -> Grid:
        """Least r such that at most r are there with probability `level` or more, (S,)."""
        return self.at_level(level)


def is_grid(*values: object) -> bool:
    """Whether any of these is an array of Dask or xarray."""
    return any(type(value).__module__.split(".")[0] in ("dask", "xarray") for value in values)


def compute(*grids: Grid) -> tuple[Floats, ...]:
    """The values, all in one pass over the chunks; progress on standard error at a terminal.

    On the cluster of the current `distributed.Client` where there is one, else on threads here.
    Reduce before asking (the last day, the least): what comes back has to fit into memory.
    """
    try:
        import dask
        from dask import diagnostics
    except ImportError:
        raise EnvironmentFault(
            "Grids need dask and xarray. Install them: pip install 'excomm[grids]'"
        ) from None
    here: Any = dask  # without types of its own
    bar: Any = diagnostics
    client = _client()
    if client is not None:
        held = client.persist([_data(grid) for grid in grids])
        if sys.stderr.isatty():
            import distributed

            watched: Any = distributed
            watched.progress(held, notebook=False)
        return tuple(client.gather(client.compute(held)))
    if not sys.stderr.isatty():
        return tuple(here.compute(*map(_data, grids)))
    with bar.ProgressBar(out=sys.stderr):
        return tuple(here.compute(*map(_data, grids)))


def prob_absent(detection: Grid, introduction: Grid, prior_absent: Grid) -> "Presence":
    """`prob_absent` over a grid; periods last, all of a series in one chunk."""
    from excomm.assurance import presence

    def block(looks: Floats, coming: Floats, before: Floats) -> list[Floats]:
        alike = all(size == 1 for size in coming.shape[:-1])
        found = presence.prob_absent(looks, coming.ravel() if alike else coming, before[..., 0])
        return [found.absent, found.present]

    arrays = {"detection": detection, "introduction": introduction}
    absent, present = _by_chunk(block, arrays, {"prior_absent": prior_absent}, made=2, axis=-1)
    return presence.Presence(absent, present)


def equilibrium(detection: Grid, introduction: Grid) -> "Equilibrium":
    """`equilibrium` over a grid, place by place."""
    from excomm.assurance import presence

    def block(looks: Floats, coming: Floats) -> list[Floats]:
        found = presence.equilibrium(looks, coming)
        return [found.prior_absent, found.absent, found.present]

    arrays = {"detection": detection, "introduction": introduction}
    return presence.Equilibrium(*_by_chunk(block, arrays, {}, made=3, axis=None))


def expected_remaining(
    start: Grid, arrivals: Grid, detection: Grid, stay: Grid
) -> "ExpectedRemaining":
    """`expected_remaining` over a grid; periods first, all of a series in one chunk."""
    from excomm.assurance import thinning

    def block(looks: Floats, coming: Floats, staying: Floats, before: Floats) -> list[Floats]:
        return [thinning.expected_remaining(before[0], coming, looks, staying).mean]

    arrays = {"detection": detection, "arrivals": arrivals, "stay": stay}
    (mean,) = _by_chunk(block, arrays, {"start": start}, made=1, axis=0)
    return thinning.ExpectedRemaining(mean)


def remaining(counts: Grid, start: "Start", rest: dict[str, Grid]) -> Any:
    """`remaining` over a grid of sites by periods, a `RemainingOverGrid`; one start for all."""
    from excomm.assurance import remaining as of_counts

    names = list(rest)

    def found(seen: Floats, *others: Floats) -> Any:
        return of_counts(seen, start, **dict(zip(names, others, strict=True)))

    def block(seen: Floats, *others: Floats) -> list[Floats]:
        one = found(seen, *others)
        figures = (one.log_likelihood, one.mean, one.prob_none, one.prob_some)
        return [figure[:, None] for figure in figures]

    arrays = {"counts": counts, **rest}

    def upper(level: float) -> Grid:
        def bound(seen: Floats, *others: Floats) -> list[Floats]:
            return [found(seen, *others).upper(level)[:, None]]

        return _by_chunk(bound, arrays, {}, made=1, axis=-1, keeps=False)[0]

    figures = _by_chunk(block, arrays, {}, made=4, axis=-1, keeps=False)
    likelihood, mean, none, some = figures
    return RemainingOverGrid(likelihood, mean, none, some, upper)


def worst_site(detection: Grid, present: int) -> "WorstSite":
    """`worst_site` over a grid of sites by periods; site and miss are not computed yet either."""
    from excomm.assurance import worst

    def block(looks: Floats) -> list[Floats]:
        return [worst.worst_site(looks, present).misses[:, None]]

    (misses,) = _by_chunk(block, {"detection": detection}, {}, made=1, axis=-1, keeps=False)
    plain = _data(misses)
    return worst.WorstSite(plain.argmax(), plain.max(), misses)


def _by_chunk(
    block: Callable[..., list[Floats]],
    arrays: dict[str, Grid],
    by_series: dict[str, Grid],
    *,
    made: int,
    axis: int | None,
    keeps: bool = True,
) -> tuple[Grid, ...]:
    """Arrays of figures, chunk by chunk; labelled where the first array is.

    arrays: broadcast to the first, which sets the chunks. by_series: those without periods.
    axis: of the periods. keeps: whether the figures have it too.
    """
    from dask import array

    da: Any = array  # without types of its own
    first, *_ = arrays
    leading = arrays[first]
    whole = da.asarray(_data(leading))
    if axis is not None and whole.numblocks[axis] > 1:
        raise InputError(
            first, f"{whole.numblocks[axis]} chunks of periods", "all periods of a series together",
            f"Write {first}.rechunk({{{axis}: -1}}), or .chunk({{...: -1}}) of an xarray.",
        )  # fmt: skip
    given = [whole]
    given += [_fitted(name, arrays[name], whole, None) for name in arrays if name != first]
    given += [_fitted(name, value, whole, axis) for name, value in by_series.items()]
    chunks = list(whole.chunks)
    if axis is not None and not keeps:
        chunks[axis] = (1,)
    stacked = da.map_blocks(
        _block,
        *given,
        function=block,
        dtype=np.float64,
        meta=np.empty((0,) * (whole.ndim + 1)),
        new_axis=0,
        chunks=((made,), *chunks),
    )
    figures = [stacked[n] if keeps else stacked[n, ..., 0] for n in range(made)]
    return tuple(_labelled(figure, leading, axis, keeps=keeps) for figure in figures)


def _block(
    *blocks: Floats, function: Callable[..., list[Floats]], block_info: Any = None
) -> Floats:
    try:
        return np.stack(function(*blocks))
    except InputError as fault:
        starts = [start for start, _ in block_info[0]["array-location"]]
        raise InputError(
            _placed(fault.where, starts), fault.found, fault.expected, fault.remedy
        ) from None


def _placed(where: str, starts: Sequence[int]) -> str:
    """The index of a fault within its chunk, as it is in the whole: `detection[1000007, 14]`."""
    found = re.search(r"\[([\d, ]+)\]$", where)
    if found is None:
        return where
    within = [int(n) for n in found[1].split(",")]
    if len(within) not in (len(starts), len(starts) - 1):
        return where
    placed = ", ".join(str(n + start) for n, start in zip(within, starts, strict=False))
    return f"{where[: found.start()]}[{placed}]"


def _fitted(name: str, value: Grid, whole: Grid, missing: int | None) -> Grid:
    """An argument laid along the whole: axes of length 1 stay so, others are cut alike.

    missing: the axis that the whole has and the argument has not.
    """
    from dask import array

    da: Any = array  # without types of its own
    laid = da.asarray(_data(value))
    if missing is not None:
        laid = laid[..., None] if missing == -1 else laid[None]
    if laid.ndim < whole.ndim:
        laid = laid[(None,) * (whole.ndim - laid.ndim)]
    fits = laid.ndim == whole.ndim and all(
        size in (1, of) for size, of in zip(laid.shape, whole.shape, strict=True)
    )
    if not fits:
        raise InputError(name, f"shape {laid.shape}", f"what broadcasts to {whole.shape}")
    cut = zip(laid.shape, whole.chunks, strict=True)
    return laid.rechunk(tuple((1,) if size == 1 else chunks for size, chunks in cut))


def _labelled(figure: Grid, like: Grid, axis: int | None, *, keeps: bool) -> Grid:
    if not type(like).__module__.startswith("xarray"):
        return figure
    if keeps:
        return like.copy(data=figure)
    return like.isel({like.dims[axis or 0]: 0}, drop=True).copy(data=figure)


def _data(value: Grid) -> Any:
    return value.data if type(value).__module__.startswith("xarray") else value


def _client() -> Any:
    if "distributed" not in sys.modules:
        return None
    from distributed import get_client

    try:
        return get_client()
    except ValueError:
        return None
