"""What stands: the status of every undertaking on one day, with the entries that decided it."""

from excomm.fold import Facts
from excomm.terms.book import Book, book
from excomm.terms.explanation import Explaining
from excomm.terms.judging import Room
from excomm.terms.status import Status


def standing(facts: Facts) -> dict[str, Status]:
    """The status of each undertaking at `facts.on`, in the order of the agreement.

    Only what the facts hold is used: what was known by then, as corrected by then. States are
    worked out at once, explanations when they are asked for.
    Raises InputError where an amendment's `set` is not in the form of an agreement file.
    """
    return of_book(book(facts))


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
