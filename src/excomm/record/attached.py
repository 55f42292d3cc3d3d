"""Attachments named: the papers that minutes say are attached, enclosed or at a tab."""

import re
from collections.abc import Iterator, Sequence

from excomm.record.model import Annexed
from excomm.record.sentences import has_any
from excomm.record.turns import Clause

_SIGNS = ("attach", "enclos", "annex", "append", "tab ")  # in small letters, before any search
_SAYS = re.compile(r"\b(?:attached|enclosed|annexed|appended)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"([^,;:()]{3,120}?),? (?:is|are|was|were|copy|copies|text)?\s?(?:also |hereto |herewith )*"
    r"(?:attached|enclosed|annexed|appended)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:attached|enclosed|annexed|appended)(?: hereto)? (?:is|are|was|were) ([^;]{3,160})",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:Tab|Annex|Appendix|Attachment|Enclosure) (?:[A-Z]|[IVX]{1,4}|\d{1,2})\b")
_VERBS = re.compile(r"\b(?:was|were|is|are|has|had|will|would) ")


def attachments(clauses: Sequence[Clause]) -> tuple[Annexed, ...]:
    """Every paper that is said to be attached, with the sentence that says so."""
    return tuple(one for clause in clauses for one in _named(clause))


def _named(clause: Clause) -> Iterator[Annexed]:
    text = clause.text.words[clause.start : clause.end]
    small = text.lower()
    if not has_any(small, _SIGNS):
        return
    if not (_SAYS.search(text) or _PLACE.search(text)):
        return
    start, end = clause.text.raw_start(clause.start), clause.text.raw_end(clause.end)
    after = _AFTER.search(text)
    before = _BEFORE.search(text)
    if after:
        yield Annexed(start=start, end=end, what=after[1].strip(" ."))
    elif before:
        # "A release was revised, copy attached": the paper is what stands before its first verb.
        what = _VERBS.split(before[1])[0].strip(" (")
        yield Annexed(start=start, end=end, what=what)
    else:
        for place in _PLACE.finditer(text):
            yield Annexed(start=start, end=end, what=place[0])
