"""Questions and proposals: what was put, who answered, what a proposal hangs on."""

import re
from collections.abc import Sequence

from excomm.record.lexicon import ACT_CLASS
from excomm.record.model import Branch, Proposal, Question, Statement
from excomm.record.sentences import has_any, sentences
from excomm.record.turns import Clause

_OPEN = re.compile(
    r"\bmust have some way\b|\b(?:question|issue|problem) (?:is|was) (?:whether|how|what|if)\b"
    r"|\b(?:had|have|need|needs|must) to decide (?:whether|how|what)\b|\bmust decide whether\b"
    r"|\braised (?:again )?the question\b|\bremains to be (?:decided|seen)\b"
    r"|\bwanted to know\b|\bdid not know (?:whether|how)\b"
)
# What each of these expressions needs, looked for before it: a plain search costs a tenth.
_OPEN_SIGNS = (
    *("some way", "question", "issue ", "problem ", " decide", "remains to", "wanted to know"),
    "did not know",
)
_IF_SIGNS = ("if ", "unless ", "provided ", "in case ", "If", "Should", "Unless", "Were", "In ")
_ANSWERS_WITHIN = 4  # statements after the question in which its answer is looked for
_IF = re.compile(r"^(?:If|Should|Unless|Were|In case|In the event)\b")
_IF_INSIDE = re.compile(r"\b(?:if|unless|provided(?: that)?|in case) ([^,.;]{3,200})")
_BEFORE = re.compile(r"\b[Bb]efore ([^,.;]{3,160})")
_UNTIL = re.compile(r"\buntil ([^,.;]{3,200})")
_ELSE = re.compile(r"^(?:If not|Otherwise|Failing that|Or else)\b,? ?(.{3,300})")
_OFFERS = re.compile(r"\b(?:proposal|package|offer|plan)\b")
_OFFER_SIGNS = ("proposal", "package", "offer", "plan")


def questions(
    clauses: Sequence[Clause], of: Sequence[int | None], statements: Sequence[Statement]
) -> tuple[Question, ...]:
    """Every question with the statement that answers it; also what must be found out or decided."""
    paragraph = {
        index: c.paragraph for c, index in zip(clauses, of, strict=True) if index is not None
    }
    found: list[Question] = []
    for clause, index in zip(clauses, of, strict=True):
        if index is None or clause.speaker is None:
            continue
        text = clause.text.words[clause.start : clause.end]
        is_open = has_any(text, _OPEN_SIGNS) and _OPEN.search(text)
        if clause.act == "asked" or is_open or text.rstrip('"”) ').endswith("?"):
            what = clause.text.words[clause.content : clause.end].strip(" .:,")
            found.append(
                Question(
                    start=clause.text.raw_start(clause.start),
                    end=clause.text.raw_end(clause.end),
                    by=clause.speaker.name,
                    what=what.removeprefix("of ") or text,
                    statement=index,
                    answered_by=_answer(index, statements, paragraph, direct=clause.direct),
                )
            )
    return tuple(found)


def _answer(
    index: int, statements: Sequence[Statement], paragraph: dict[int, int], *, direct: bool
) -> int | None:
    asker = statements[index].speaker
    for number in range(index + 1, min(len(statements), index + 1 + _ANSWERS_WITHIN)):
        one = statements[number]
        if one.speaker == asker:
            if one.act == "asked":
                return None
            continue
        if one.act == "replied":
            return number
        near = direct or paragraph[number] == paragraph[index]
        return number if near and ACT_CLASS[one.act] != "ask" else None
    return None


def proposals(
    statements: Sequence[Statement], clauses_of: Sequence[Sequence[Clause]], texts: Sequence[str]
) -> tuple[Proposal, ...]:
    """What was suggested, recommended or urged; and what was laid out with "if" and "then".

    texts: each statement's words.
    """
    found: list[Proposal] = []
    for index, one in enumerate(statements):
        clauses = clauses_of[index]
        whole = texts[index]
        offers = ACT_CLASS[one.act] == "propose"
        if not (offers or (has_any(whole, _OFFER_SIGNS) and _OFFERS.search(whole))):
            continue
        branches = tuple(branch for clause in clauses for branch in _branches(clause))
        if not offers and not branches:
            continue
        what = _what(clauses)
        each = (clause.text.words[clause.start : clause.end] for clause in clauses)
        other = next((found for found in map(_ELSE.match, each) if found), None)
        before = _BEFORE.search(whole) if "efore " in whole else None
        until = _UNTIL.search(whole) if "until " in whole else None
        found.append(
            Proposal(
                start=one.start,
                end=one.end,
                by=one.speaker,
                what=what,
                statement=index,
                branches=branches,
                before=before[1].strip() if before else "",
                until=until[1].strip() if until else "",
                else_=other[1].strip(" .") if other else "",
            )
        )
    return tuple(found)


def _what(clauses: Sequence[Clause]) -> str:
    first = clauses[0]
    what = first.text.words[first.content : first.end].strip(" .,")
    head, that, rest = what.partition("that ")
    if that and len(head) < 20:
        what = rest
    if "following" in what and len(clauses) > 1:
        after = clauses[1]
        what = f"{what}: {after.text.words[after.start : after.end].strip(' .')}"
    return what


def _branches(clause: Clause) -> list[Branch]:
    found: list[Branch] = []
    content = clause.text.words[clause.content : clause.end]
    if not has_any(content, _IF_SIGNS):
        return found
    for first, after in sentences(content):
        start, end = clause.content + first, clause.content + after
        text = clause.text.words[start:end]
        if_, then = "", ""
        if _IF.match(text) and "," in text:
            condition, _, then = text.partition(",")
            if_ = condition.partition(" ")[2]
        else:
            inside = _IF_INSIDE.search(text)
            if inside:
                if_, then = inside[1], text[: inside.start()]
        if if_ and not _ELSE.match(text):
            found.append(
                Branch(
                    start=clause.text.raw_start(start),
                    end=clause.text.raw_end(end),
                    if_=if_.strip(),
                    then=then.strip(" .,").removeprefix("that "),
                )
            )
    return found
