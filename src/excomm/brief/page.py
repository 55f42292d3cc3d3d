"""The brief: one page a principal can act on. The answer, how sure, why, what to do about it."""

import msgspec

from excomm.brief import (
    allegations,
    attribution,
    basis,
    bottom,
    counted,
    decisions,
    declared,
    due,
    looks,
    measures,
    minutes,
    modelled,
    sampled,
    stopped,
    undertakings,
)
from excomm.brief.attribution import cell
from excomm.brief.structs import Brief, Sentence
from excomm.case import View


def brief(view: View) -> Brief:
    """The brief of a case as it stands in the view: every sentence and every cell, no rendering.

    Sections with nothing to say are left out. The same view gives the same brief.
    Raises nothing of its own: a figure that cannot be computed says so, and what to enter.
    """
    before = undertakings.day_before(view).standing()
    found = (
        decisions.decisions(view),
        decisions.consulted(view),
        decisions.line_to_take(view),
        undertakings.what_stands(view, before),
        declared.declared(view),
        stopped.what_stopped(view),
        sampled.what_a_sample_buys(view),
        counted.declared_and_counted(view),
        due.what_is_due(view),
        allegations.open_reports(view),
        looks.look_next(view),
        looks.losses(view),
        measures.measures(view),
        measures.offers(view),
        modelled.conclusions(view),
        minutes.open_questions(view),
        basis.rests_on(view),
    )
    page = Brief(
        heading=basis.heading(view),
        bottom_line=(*_breaks(view), *_alleged(view), *bottom.bottom_line(view, before)),
        sections=tuple(part for part in found if part is not None),
        references=(),
    )
    page = attribution.qualified(page, view)
    page = msgspec.structs.replace(page, references=basis.references(page, view))
    return msgspec.structs.replace(page, references_more=basis.references_more(page, view))


def _alleged(view: View) -> tuple[Sentence, ...]:
    # What would break an undertaking if it were true is asked first each morning.
    said = (allegations.borne_out(view), allegations.in_question(view))
    return tuple(each for each in said if each is not None)


def _breaks(view: View) -> tuple[Sentence, ...]:
    # Before the answer itself: a page from a ledger that lost something says so first.
    return tuple(
        Sentence(
            cell("This ledger goes on from an older copy; what came after may be missing.", entry),
            cell(
                f"Somebody holds the head {lost.held_head[:16]} of what was lost. "
                "This stands here until a person explains it.",
                tone="warning",
            ),
        )
        for entry, lost in view.breaks
    )
