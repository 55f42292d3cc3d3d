"""What stands: the status of every undertaking on one day, with the entries that decided it."""

from excomm.fold import Facts
from excomm.terms.book import Book, book
from excomm.terms.explaining import Explanation, explain_from
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


def explain(facts: Facts, undertaking: str) -> Explanation:
    """Why one undertaking stands as it does: what decides, what was weighed, what is missing.

    Raises InputError for an id that the agreement does not have.
    """
    asked = Room(book(facts))
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
