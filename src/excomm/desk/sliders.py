"""Assumptions as sliders: what a figure would be, were one of them known to be otherwise.

A slider that stands where the assumption's best value is supposes nothing: the range that the desk
holds still counts. One that was moved is taken as exactly so. Nothing is stored.
"""

from collections.abc import Mapping

import msgspec

from excomm.case import View
from excomm.entries import EntryId
from excomm.entries.kinds import Assumption
from excomm.errors import InputError

PREFIX = "suppose-"
_SMALL = 0.05  # an assumption below it is moved within a smaller span


class Slider(msgspec.Struct, frozen=True):
    """One assumption to be moved. at: where it stands; most: the right end."""

    name: str
    entry: EntryId
    says: str
    low: float
    best: float
    high: float
    at: float
    most: float

    @property
    def field(self) -> str:
        """The name of the box that sends it."""
        return f"{PREFIX}{self.name}"

    @property
    def is_moved(self) -> bool:
        """Whether something else than the best value is supposed."""
        return self.at != self.best

    @property
    def held(self) -> str:
        """The range that the desk holds, in words."""
        return f"{self.best:g} ({self.low:g} to {self.high:g})"


def sliders(
    view: View, item: str, assumed: tuple[str, ...], sent: Mapping[str, str]
) -> tuple[Slider, ...]:
    """The chances among the assumptions of an item's figure, each where it was moved to.

    assumed: the ids of those that the figure uses. Detection by means that no look has used comes
    last: it moves nothing before such a look is entered.
    Raises InputError for a value that is no number from 0 to 1.
    """
    found = []
    idle = [
        str(entry.id)
        for entry, body in view.facts.of(Assumption)
        if body.name.endswith(f".{item}.detection") and entry.id not in assumed
    ]
    for name in (*assumed, *idle):
        entry = view.facts.get(name)
        if entry is None or not isinstance(entry.body, Assumption) or entry.body.high > 1.0:
            continue
        body = entry.body
        if body.name.endswith(".refusal_ratio"):
            continue  # no chance, though it may be below 1
        found.append(
            Slider(
                body.name,
                entry.id,
                _IDLE if name in idle else _said(body.name),
                body.low,
                body.best,
                body.high,
                _value(body, str(sent.get(f"{PREFIX}{body.name}", "")).strip()),
                1.0 if body.high > _SMALL else min(1.0, 4 * body.high or _SMALL),
            )
        )
    return tuple(found)


def moved(found: tuple[Slider, ...]) -> dict[str, float]:
    """The values that were moved, by the name of the assumption."""
    return {each.name: each.at for each in found if each.is_moved}


def _value(body: Assumption, text: str) -> float:
    if not text:
        return body.best
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise InputError(body.name, text, "0 to 1", "Write 85 % as 0.85.")
    # A box shows six digits: what was not touched must not count as moved.
    return body.best if f"{value:.6g}" == f"{body.best:.6g}" else value


_SAYS = {
    "prob_retained": "that some were kept back, before any look",
    "arrival": "that one is brought back, a day",
    "detection": "that a look sees what is there",
    "exit.missed": "that one leaving is not counted",
    "exit.moved": "that one declared on a ship left on another",
    "exit.twice": "that one leaving is counted twice",
}


_IDLE = "that a look sees what is there; no look that is used rests on it"


def _said(name: str) -> str:
    return next((says for ending, says in _SAYS.items() if name.endswith(f".{ending}")), "")
