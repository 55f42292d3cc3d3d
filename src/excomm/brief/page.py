"""The brief: one page a principal can act on. The answer, how sure, why, what to do about it."""

import msgspec

from excomm.brief import (
    allegations,
    attribution,
    basis,
    bottom,
    counted,
    decisions,
    due,
    looks,
    measures,
    minutes,
    undertakings,
)
from excomm.brief.structs import Brief
from excomm.case import View

_SECTIONS = (
    decisions.decisions,
    decisions.consulted,
    decisions.line_to_take,
    undertakings.what_stands,
    counted.declared_and_counted,
    due.what_is_due,
    allegations.open_reports,
    looks.look_next,
    looks.losses,
    measures.measures,
    measures.offers,
    minutes.open_questions,
    basis.rests_on,
)


def brief(view: View) -> Brief:
    """The brief of a case as it stands in the view: every sentence and every cell, no rendering.

    Sections with nothing to say are left out. The same view gives the same brief.
    Raises nothing of its own: a figure that cannot be computed says so, and what to enter.
    """
    found = (part(view) for part in _SECTIONS)
    page = Brief(
        heading=basis.heading(view),
        bottom_line=bottom.bottom_line(view),
        sections=tuple(part for part in found if part is not None),
        references=(),
    )
    page = attribution.qualified(page, view)
    return msgspec.structs.replace(page, references=basis.references(page, view))
