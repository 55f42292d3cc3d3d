"""The assumptions that a figure rests on: found by name, checked, and remembered as used.

The only source of priors, detection and arrival rates. What is missing is an error that says which
line to add, never a default.
"""

from collections.abc import Iterable

import msgspec

from excomm.assurance.interval import Interval
from excomm.errors import InputError


class Assumed(msgspec.Struct, frozen=True):
    """One row of assumptions.csv."""

    name: str
    low: float
    best: float
    high: float
    author: str
    basis: str


class Assumptions:
    """The rows by name; the latest of a name holds."""

    def __init__(self, rows: Iterable[Assumed]) -> None:
        self._rows = {row.name: row for row in rows}
        self.used: dict[str, Assumed] = {}

    def chance(self, name: str, what: str) -> Interval:
        """A probability with its range. Raises InputError where it is missing or none."""
        found = self._interval(name, what)
        if not (found.low >= 0 and found.high <= 1):
            raise InputError(_where(name), found, "0 to 1", "Write 85 % as 0.85.")
        return found

    def number(self, name: str, what: str) -> Interval:
        """A number of whole things with its range."""
        found = self._interval(name, what)
        ends = (found.low, found.best, found.high)
        if not (found.low >= 0 and all(float(end).is_integer() for end in ends)):
            raise InputError(_where(name), found, "whole numbers, 0 or more")
        return found

    def amount(self, name: str, what: str) -> Interval:
        """A quantity with its range, 0 or more."""
        found = self._interval(name, what)
        if not found.low >= 0:
            raise InputError(_where(name), found, "0 or more")
        return found

    def degrees(self, name: str, what: str) -> Interval:
        """A place in degrees, north or east."""
        found = self._interval(name, what)
        if not (found.low >= -180 and found.high <= 180):
            raise InputError(_where(name), found, "degrees, -180 to 180")
        return found

    def used_range(self, name: str) -> Interval:
        """The range of an assumption that was used."""
        row = self.used[name]
        return Interval(row.low, row.best, row.high)

    def offered(self, name: str) -> Assumed | None:
        """A row that may be asked after without being used; None where nobody entered it."""
        return self._rows.get(name)

    def words(self) -> list[str]:
        """What was assumed, by whom and on what basis."""
        return [
            f"{name} {Interval(row.low, row.best, row.high)}: {row.author}, {row.basis}"
            for name, row in self.used.items()
        ]

    def _interval(self, name: str, what: str) -> Interval:
        if name not in self._rows:
            raise InputError(
                "assumptions.csv",
                f"no row {name}",
                f"a row for {what}",
                f"Add the line: {name},low,best,high,author,basis",
            )
        row = self.used[name] = self._rows[name]
        if not row.low <= row.best <= row.high:
            found = f"{row.low:g}, {row.best:g}, {row.high:g}"
            raise InputError(_where(name), found, "low, best and high in this order")
        return Interval(row.low, row.best, row.high)


def _where(name: str) -> str:
    return f"assumptions.csv: {name}"
