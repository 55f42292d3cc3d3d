"""What stands: the status of every undertaking on one day, with the entries that decided it."""

from excomm.fold import Facts
from excomm.terms.book import book
from excomm.terms.explanation import explained
from excomm.terms.judging import Room
from excomm.terms.status import Status


def standing(facts: Facts) -> dict[str, Status]:
    """The status of each undertaking at `facts.on`, in the order of the agreement.

    Only what the facts hold is used: what was known by then, as corrected by then.
    Raises InputError where an amendment's `set` is not in the form of an agreement file.
    """
    asked = Room(book(facts))
    return explained(asked.judge(asked.order), asked)
