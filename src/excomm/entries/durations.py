"""Durations as agreements write them: ISO 8601, a calendar part and a clock part.

Only their form is known here; what day so many months later is, is the calendar's affair.
"""

import re
from functools import lru_cache

import msgspec

from excomm.errors import InputError

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?",
    re.ASCII,
)


class Duration(msgspec.Struct, frozen=True):
    """An ISO 8601 duration, its calendar part and its clock part."""

    months: int
    days: int
    seconds: int


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration: P14D, P3M, PT24H."""
    return _DURATION.fullmatch(text) is not None


@lru_cache(maxsize=256)
def parse_duration(text: str) -> Duration:
    """Read `P14D`, `P6M`, `P3Y`, `PT24H`, `P1DT12H`; empty is no duration.

    Raises InputError (`where` "duration") for any other form.

    >>> parse_duration("P1Y6M")
    Duration(months=18, days=0, seconds=0)
    """
    if not text:
        return Duration(0, 0, 0)
    found = _DURATION.fullmatch(text)
    if not found:
        raise InputError(
            "duration", text, "ISO 8601, as P14D, P6M or PT24H", "Hours and minutes follow a T."
        )
    years, months, weeks, days, hours, minutes, seconds = (int(n or 0) for n in found.groups())
    return Duration(12 * years + months, 7 * weeks + days, 3600 * hours + 60 * minutes + seconds)
