"""The deadlines of an agreement for a calendar program."""

from collections.abc import Iterator, Mapping

from excomm.entries.kinds import Agreement
from excomm.fold import Facts
from excomm.interchange.calendar import Due
from excomm.terms import Deadline, Figure, deadlines


def dues(facts: Facts, figures: Mapping[str, Figure]) -> Iterator[Due]:
    """Every day still to come by which something is owed, evidence may come, or a term ends.

    The same deadline has the same uid in every export of an agreement, so that it moves and is
    not added twice.
    """
    agreements = [str(entry.id) for entry, _ in facts.of(Agreement)]
    for one in deadlines(facts, figures):
        yield _due(one, agreements[0] if agreements else "agreement")


def _due(one: Deadline, agreement: str) -> Due:
    return Due(
        uid=f"{one.undertaking}.{one.kind.replace(' ', '-')}@{agreement}",
        title=one.title if one.kind == "deadline" else f"{one.title} ({one.kind})",
        by=one.by,
        text=one.text,
        state="CONFIRMED" if one.sure else "TENTATIVE",
        categories=(one.kind,),
    )
