"""What stands: the status of every undertaking on one day, with the entries that decided it."""

import gc
from collections.abc import Mapping
from types import MappingProxyType

from excomm.fold import Facts
from excomm.terms.assured import Figure
from excomm.terms.book import Book, book
from excomm.terms.explaining import Explanation, explain_from
from excomm.terms.explanation import Explaining
from excomm.terms.judging import Room
from excomm.terms.status import Status

NONE: Mapping[str, Figure] = MappingProxyType({})


def standing(facts: Facts, figures: Mapping[str, Figure] = NONE) -> dict[str, Status]:
    """The status of each undertaking at `facts.on`, in the order of the agreement.

    Only what the facts hold is used: what was known by then, as corrected by then. States are
    worked out at once, explanations when they are asked for.
    figures: item -> how sure it is that none is left and none is back; an undertaking's own id
    where it asks something else. Where an undertaking names a standard its state follows from them.
    Raises InputError where an amendment's `set` is not in the form of an agreement file.
    """
    collecting = gc.isenabled()
    # A hundred thousand small structs that all stay: the cycle collector would only re-read them.
    gc.disable()
    try:
        return of_book(book(facts, figures))
    finally:
        if collecting:
            gc.enable()


def explain(facts: Facts, undertaking: str, figures: Mapping[str, Figure] = NONE) -> Explanation:
    """Why one undertaking stands as it does: what decides, what was weighed, what is missing.

    Raises InputError for an id that the agreement does not have.
    """
    asked = Room(book(facts, figures))
    return explain_from(facts, asked, asked.judge(asked.order), undertaking)


def of_book(about: Book) -> dict[str, Status]:
    """The same, of facts already indexed."""
    asked = Room(about)
    found = asked.judge(asked.order)
    teller = Explaining(found, asked)
    return {
        name: Status(name, outcome.state, teller)
        for name, outcome in zip(
            about.undertakings, map(found.outcomes.__getitem__, about.undertakings), strict=True
        )
    }
