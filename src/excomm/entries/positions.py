"""Positions written as text, as the footprint of a look has them: "12.41 41.87", north and east."""

from collections.abc import Iterable

from excomm.errors import InputError

POSITIONS_MAX = 2000


def position(text: str) -> tuple[float, float]:
    """Degrees north and east. Raises InputError for what is no position on the globe.

    >>> position("12.41 -41.87")
    (12.41, -41.87)
    """
    parts = text.split()
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise _no_position(text) from None
    # Ranges say what must hold, so that NaN fails them.
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise _no_position(text)
    return lat, lon


def footprint_faults(footprint: tuple[str, ...], swath_km: float | None) -> Iterable[InputError]:
    """What is wrong with the footprint of a look: a corner off the globe, too few or too many."""
    if swath_km is not None and not 0 < swath_km <= _SWATH_KM_MAX:
        yield InputError("swath_km", swath_km, f"above 0, up to {_SWATH_KM_MAX:g}")
    if not footprint:
        if swath_km is not None:
            yield InputError("footprint", None, "positions", "A swath needs a place or a track.")
        return
    if len(footprint) > POSITIONS_MAX:
        yield InputError("footprint", f"{len(footprint)} positions", f"at most {POSITIONS_MAX}")
    for text in footprint:
        try:
            position(text)
        except InputError as fault:
            yield fault
    if swath_km is None and len(set(footprint)) < _CORNERS_MIN:
        yield InputError(
            "footprint",
            f"{len(set(footprint))} corners",
            "three or more, or a swath_km",
            "A track and a circle have a swath_km; an area has corners.",
        )


_SWATH_KM_MAX = 5000.0
_CORNERS_MIN = 3


def _no_position(text: str) -> InputError:
    return InputError(
        "footprint",
        text,
        "degrees north and degrees east, as in 12.41 41.87",
        "North and east are positive; put a semicolon between positions.",
    )
