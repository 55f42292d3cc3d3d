"""The sheet: minutes line by line, what stands there beside what was read in it."""

from collections.abc import Sequence

import msgspec

from excomm.record.issues import Tagger
from excomm.record.model import Directive, Mark, Record, Repair, Statement
from excomm.record.repaired import Cut
from excomm.record.review import Disposed, Proposed, Verdict, pending


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A passage as it stands in the raw text, and its reading.

    kind: statement, narration, heading, stamp ...; verdicts: by directive id, what a person said.
    """

    start: int
    end: int
    raw: str
    kind: str
    speaker: str = ""
    act: str = ""
    doubt: str = ""
    issues: tuple[str, ...] = ()
    directives: tuple[Directive, ...] = ()
    repairs: tuple[Repair, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One record laid out for review: every line, what is left to look at, what was said of it."""

    lines: tuple[Line, ...]
    pending: tuple[Proposed, ...]
    verdicts: dict[str, Verdict]


def sheet(raw: str, record: Record, said: Sequence[Disposed], tagger: Tagger) -> Sheet:
    """Lay a record out, in the order of the page."""
    spans: list[Statement | Mark] = sorted(
        [*record.statements, *record.marks], key=lambda one: (one.start, one.end)
    )
    cut = Cut(record)
    lines: list[Line] = []
    orders, fixes = list(record.directives), list(record.repairs)
    for one in spans:
        here = [d for d in orders if one.start <= d.start < one.end]
        orders = [d for d in orders if d not in here]
        mended = [r for r in fixes if one.start <= r.start < one.end]
        fixes = [r for r in fixes if r not in mended]
        is_said = isinstance(one, Statement)
        lines.append(
            Line(
                start=one.start,
                end=one.end,
                raw=raw[one.start : one.end],
                kind="statement" if isinstance(one, Statement) else one.kind,
                speaker=one.speaker if isinstance(one, Statement) else "",
                act=one.act if isinstance(one, Statement) else "",
                doubt=one.doubt if isinstance(one, Statement) else "",
                issues=tagger.tags(cut.words(one.start, one.end)) if is_said else (),
                directives=tuple(here),
                repairs=tuple(mended),
            )
        )
    return Sheet(
        lines=tuple(lines),
        pending=pending(record, said),
        verdicts={one.id: one.verdict for one in said},
    )
