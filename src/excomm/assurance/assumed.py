"""The assumptions that a figure rests on: found by name, checked, and remembered as used.

The only source of priors, detection and arrival rates. What is missing is an error that says which
line to add, never a default.
"""

from collections.abc import Iterable

from excomm.assurance.interval import Interval
from excomm.entries import Entry
from excomm.entries.kinds import Assumption
from excomm.errors import InputError


class Assumptions:
    """The rows of assumptions.csv by name; the latest of a name holds."""

    def __init__(self, rows: Iterable[tuple[Entry, Assumption]]) -> None:
        self._rows = {body.name: (entry, body) for entry, body in rows}
        self.used: dict[str, tuple[Entry, Assumption]] = {}

    def chance(self, name: str, what: str) -> Interval:
        """A probability with its range. Raises InputError where it is missing or none."""
        found = self._interval(name, what)
        if not (found.low >= 0 and found.high <= 1):
            raise _fault(name, found, "0 to 1", "Write 85 % as 0.85.")
        return found

    def number(self, name: str, what: str) -> Interval:
        """A number of whole things with its range."""
        found = self._interval(name, what)
        ends = (found.low, found.best, found.high)
        if not (found.low >= 0 and all(float(end).is_integer() for end in ends)):
            raise _fault(name, found, "whole numbers, 0 or more")
        return found

    def entry(self, name: str) -> Entry:
        """The entry of an assumption that was used."""
        return self.used[name][0]

    def words(self) -> list[str]:
        """What was assumed, by whom and on what basis."""
        return [
            f"{name} {Interval(body.low, body.best, body.high)}: {body.author}, {body.basis}"
            for name, (_, body) in self.used.items()
        ]

    def _interval(self, name: str, what: str) -> Interval:
        if name not in self._rows:
            raise InputError(
                "assumptions.csv",
                f"no row {name}",
                f"a row for {what}",
                f"Add the line: {name},low,best,high,author,basis",
            )
        entry, body = self.used[name] = self._rows[name]
        if not body.low <= body.best <= body.high:
            raise InputError(
                f"assumptions.csv: {entry.id}",
                f"{body.low:g}, {body.best:g}, {body.high:g}",
                "low, best and high in this order",
            )
        return Interval(body.low, body.best, body.high)


def _fault(name: str, found: Interval, expected: str, remedy: str = "") -> InputError:
    return InputError(f"assumptions.csv: {name}", found, expected, remedy)
