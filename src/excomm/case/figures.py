"""How sure it is that each undertaking is kept: what assurance finds, as terms asks for it.

Here too: the assumptions under it, supposed to be otherwise.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from excomm.assurance.from_facts import items_with_figures
from excomm.entries import Entry
from excomm.entries.kinds import Assumption, Undertaking
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.terms import Figure

if TYPE_CHECKING:
    from excomm.assurance.item import ItemAssurance


class Assurance(Protocol):
    """What is asked of an item, at a standard of proof."""

    def __call__(self, item: str, *, standard: float | None) -> "ItemAssurance": ...


def figures(facts: Facts, assurance: Assurance) -> dict[str, Figure]:
    """By undertaking, where it names a standard to be held to.

    assurance: of an item; where it raises InputError, an assumption is missing and there is no
    figure (asked itself, it says which).
    """
    known = items_with_figures(facts)
    found: dict[str, Figure] = {}
    for entry, body in facts.of(Undertaking):
        item = body.item or (body.quantity.item if body.quantity else "")
        if body.standard is None or item not in known:
            continue
        try:
            sure = assurance(item, standard=body.standard)
        except InputError:
            continue
        forbears = body.modality == "must_not"
        asked = sure.prob_none_back if forbears else sure.prob_none_left_nor_back
        prior = _prior(facts, f"{item}.{'arrival' if forbears else 'prob_retained'}")
        found[str(entry.id)] = Figure(asked.low, asked.best, asked.high, prior)
    return found


def _prior(facts: Facts, name: str) -> str:
    for _, assumed in facts.of(Assumption):
        if assumed.name == name:
            if name.endswith(".arrival"):
                return f"prior {assumed.best:g} a day that one is brought back"
            return f"prior {1 - assumed.best:g} that none was kept back"
    return ""


def assumed(facts: Facts, best: Mapping[str, float]) -> tuple[Entry, ...]:
    """The assumptions of the day, were these known to be exactly so: entries to suppose.

    Raises InputError for a value that is not from 0 to 1.
    """
    for name, value in best.items():
        if not 0.0 <= value <= 1.0:
            raise InputError(name, value, "0 to 1", "Write 85 % as 0.85.")
    replace = msgspec.structs.replace
    return tuple(
        replace(entry, body=replace(body, low=best[name], best=best[name], high=best[name]))
        for entry, body in facts.of(Assumption)
        if (name := body.name) in best
    )
