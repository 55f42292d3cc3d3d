"""Directives: what somebody is to do, from the clauses that order, decide, authorize or promise.

Strength: `hard` (told to), `decision`, `approved-recommendation` (recommended by one, agreed by
whoever presides), `commitment` (said he would), `reported` (said he had ordered), `soft`
(suggested in the form of an order). A passive names nobody: then `to` is None, never a guess.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from excomm.record.due import Due, Moment, find, phrases
from excomm.record.instants import resolve
from excomm.record.lexicon import (
    ACT_CLASS,
    AGREED,
    DELIVERABLES,
    PUT_OFF,
    SO_DONE,
    STATIVE,
    TASK_PARTICIPLES,
    TASK_VERBS,
    word_set,
)
from excomm.record.model import Directive
from excomm.record.narrated import MODALS, narrated
from excomm.record.orders import Order, actor, asked_to, content
from excomm.record.presiding import told_by_chair
from excomm.record.sentences import Words, sentences
from excomm.record.spoken import called
from excomm.record.turns import Clause
from excomm.record.wording import is_wording, on_documents

_HAD = word_set("directed ordered instructed asked requested authorized told arranged")
_WHAT_MAX = 600


def directives(
    clauses: Sequence[Clause], of: Sequence[int | None], meeting: Moment
) -> tuple[Directive, ...]:
    """Every directive, in order. of: for each clause the index of its statement, or None."""
    found: list[Directive] = []
    for index, clause in enumerate(clauses):
        if clause.speaker and clause.act is None and not _quotes(clause):
            continue  # only a wording rule could stand there
        sentence = content(clause)
        first = _approved(clauses, index, sentence)
        if first is not None:
            approved = Order("approved-recommendation", 0)
            # What was only suggested is now to be done: one directive, not two.
            begins = clauses[first].text.raw_start(clauses[first].start)
            while found and found[-1].start >= begins and found[-1].strength == "soft":
                found.pop()
            found.append(
                _directive(clauses[first], clause, approved, of[index], meeting, clauses, index)
            )
        elif order := _order(clause, sentence):
            found.append(_directive(clause, clause, order, of[index], meeting, clauses, index))
    return tuple(found)


def _so_decided(sentence: Words) -> bool:
    """ "It was so decided", "This was agreed", "The meeting so decided": what was put forward."""
    keys = tuple(key for key in sentence.keys[:6] if key != "so")
    if keys[:1] in (("This",), ("The",), ("That",)) and keys[1:2] != () and keys[1] in _REFERS:
        keys = (keys[0], *keys[2:])
    if sentence.keys[:1] != () and sentence.keys[0] in AGREED and set(sentence.keys[1:]) <= {"."}:
        return True
    if keys[:2] not in (("It", "was"), ("This", "was"), ("That", "was"), ("The", "was")):
        last = next((key for key in reversed(sentence.keys[:8]) if key != "."), "")
        return "so" in sentence.keys[1:5] and last in SO_DONE
    return keys[2:3] != () and keys[2] in (*SO_DONE, "accepted") and keys[3:4] in ((), (".",))


def _quotes(clause: Clause) -> bool:
    words_ = clause.text.words
    return max(words_.find(mark, clause.start, clause.end) for mark in '"“') >= 0


def _order(clause: Clause, sentence: Words) -> Order | None:  # noqa: PLR0911
    if clause.speaker is None:
        return narrated(clause)
    if is_wording(clause.text.words[clause.start : clause.end]) and clause.speaker.chair:
        return Order("hard", 0)
    if clause.act is None:
        return None
    if clause.direct:
        return _direct(clause)
    keys = sentence.keys
    match clause.act:
        case "directed":
            return _told(clause, sentence)
        case "decided":
            put_off = clause.verb in PUT_OFF or not PUT_OFF.isdisjoint(keys[:4])
            to = actor(clause, sentence, 0) if keys[:1] == ("that",) else None
            return None if put_off else Order("decision", 0, to)
        case "authorized":
            return Order("decision", 0, asked_to(clause, sentence))
        case "agreed":
            return _agreed(clause, sentence)
        case "undertook":
            return Order("commitment", 0, clause.speaker.name)
        case "suggested" | "recommended" | "proposed" | "urged":
            return _soft(clause, sentence)
        case "said" | "commented" | "reported" | "replied":
            return _said(clause, sentence)
    return None


# "Haas, please draft a letter": whoever is called is to do it.
_CALLED = re.compile(
    r"\b(?!(?:Agreed|Yes|No|Well|Then|Now|So|And|But|Right|Fine|Good|Okay|OK|First|Also)\b)"
    r"((?:[A-Z][a-z]{1,9}\.? )?[A-Z][\w'-]{1,30}), (?:please|would you|will you|could you)\b"
)


def _direct(clause: Clause) -> Order | None:
    assert clause.speaker
    if clause.act in ("decided", "directed"):
        asked = _CALLED.search(clause.text.words, clause.content, clause.end)
        to = asked[1] if asked else _called(clause)
        return Order("decision" if clause.act == "decided" else "hard", 0, to)
    return Order("commitment", 0, clause.speaker.name) if clause.act == "undertook" else None


def _called(clause: Clause) -> str | None:
    text = clause.text.words
    for start, end in sentences(text[clause.content : clause.end]):
        if name := called(text[clause.content + start : clause.content + end]):
            return name
    return None


def _told(clause: Clause, sentence: Words) -> Order | None:
    keys = sentence.keys
    at = 1 if keys[:1] == ("that",) else 0
    if keys[at : at + 1] in (("he",), ("she",)) and (wish := told_by_chair(clause, sentence, at)):
        return wish  # "said he wanted the Navy to"
    told = at or clause.verb.endswith(" that")
    if told:
        return Order("hard", at, actor(clause, sentence, at))
    to = asked_to(clause, sentence)
    return Order("hard", keys.index("to", 1) + 1 if to and "to" in keys[1:] else at, to)


def _agreed(clause: Clause, sentence: Words) -> Order | None:
    assert clause.speaker
    keys = sentence.keys
    if (
        keys[:1] == ("to",)
        and keys[1:2]
        and keys[1].islower()
        and keys[1] not in ("the", "a", "this")
    ):
        if clause.speaker.chair or clause.speaker.group:
            return Order("decision", 1)
        return Order("commitment", 1, clause.speaker.name)
    if not (clause.speaker.chair or clause.speaker.group):
        return None
    modal = next((i for i, key in enumerate(keys[:20]) if key in MODALS), 0)
    if not modal:
        return None
    following = [key for key in keys[modal : modal + 4] if key not in ("be", "not")]
    if (
        clause.speaker.group
        and not clause.speaker.chair
        and any(key in STATIVE for key in following)
    ):
        return None
    return Order("decision", 1 if keys[0] == "that" else 0, actor(clause, sentence, 1))


def _soft(clause: Clause, sentence: Words) -> Order | None:
    """ "suggested that no statement be given": the form of an order without its force."""
    assert clause.speaker
    keys = sentence.keys
    at = next((i for i, key in enumerate(keys[:6]) if key == "that"), -1) + 1
    if at == 0:
        return None
    be = next((i for i in range(at + 1, min(len(keys), at + 12)) if keys[i] == "be"), 0)
    task = keys[be + 1 : be + 2] if be else ()
    # "That two courses be studied" is somebody's work, "that no statement be made" an order to all;
    # "that the ships be held" is a policy.
    work = task and (task[0] in DELIVERABLES or task == ("taken",))
    forbids = task and keys[at] == "no" and task[0] in TASK_PARTICIPLES
    if (work or forbids) and keys[be - 1] not in (
        "to",
        "would",
        "should",
        "might",
        "could",
        "may",
        "will",
        "can",
    ):
        return Order("soft", at, None)
    tasks = keys[at + 1 : at + 4]
    if clause.speaker.chair and any(key in TASK_VERBS for key in tasks) and keys[at] != "the":
        due = find(clause.text.words, clause.content, clause.end)
        # Whoever presides and names a time gives an order, however politely.
        return Order(
            "hard" if due and due.form != "event" else "soft", at, actor(clause, sentence, at)
        )
    return None


def _said(clause: Clause, sentence: Words) -> Order | None:
    assert clause.speaker
    keys = sentence.keys
    at = 1 if keys[:1] == ("that",) else 0
    if keys[at : at + 1] in (("he",), ("she",)) and keys[at + 1 : at + 2] in (("had",), ("has",)):
        done = next((key for key in keys[at + 2 : at + 5] if key in _HAD), "")
        if done:
            after = keys.index(done, at)
            return Order("reported", after + 1, actor(clause, sentence, after + 1))
    return told_by_chair(clause, sentence, at) if clause.speaker.chair else None


# -- approved by whoever presides --------------------------------------------------------------


def _recommended(clauses: Sequence[Clause], index: int) -> int | None:
    for before in range(index - 1, max(-1, index - 4), -1):
        one = clauses[before]
        if one.speaker is None:
            return None
        if one.act and ACT_CLASS[one.act] == "propose":
            return before
    return None


def _approved(clauses: Sequence[Clause], index: int, sentence: Words) -> int | None:
    """The clause whose recommendation this one approves: short, by whoever presides or all."""
    clause = clauses[index]
    if clause.speaker is None and _so_decided(sentence):
        return _recommended(clauses, index)
    if clause.direct or not clause.speaker or not clause.speaker.chair:
        return None
    if clause.verb not in _APPROVES or len(sentence.keys) > 12 or "that" in sentence.keys[:3]:
        return None
    if sentence.keys[:1] == ("with",) and not _REFERS & set(sentence.keys[:6]):
        return None  # of one mind with somebody, which approves nothing
    if clause.act == "authorized" and not _REFERS & set(sentence.keys[:6]):
        return None
    first = _recommended(clauses, index)
    return None if first is None or clauses[first].speaker == clause.speaker else first


_APPROVES = word_set("agreed concurred accepted endorsed approved")
_REFERS = word_set("this these recommendation recommendations proposal suggestion course")


# -- putting it together -------------------------------------------------------------------------


def _directive(
    first: Clause,
    last: Clause,
    order: Order,
    statement: int | None,
    meeting: Moment,
    clauses: Sequence[Clause],
    index: int,
) -> Directive:
    text = last.text.words
    from_content = first if order.strength == "approved-recommendation" else last
    begin = from_content.content if from_content.speaker else from_content.start
    due, due_at, reason = _due(from_content, begin, meeting)
    if due is None:
        due = _from_next(clauses, index, from_content)
        if due is None and order.strength == "decision":
            due = _from_discussion(clauses, index)
        due_at, reason = resolve(due, meeting) if due else (None, "")
    until = _list_end(clauses, index)
    wording = is_wording(text[last.start : last.end]) or on_documents(text[last.start : last.end])
    sentence = content(from_content)
    at = min(order.at, len(sentence.keys) - 1)
    what_from = sentence.start_of(at) if sentence.keys else begin
    what = from_content.text.words[what_from : from_content.end].strip(" .")[:_WHAT_MAX]
    return Directive(
        start=first.text.raw_start(first.start),
        end=until.text.raw_end(until.end),
        from_=last.speaker.name if last.speaker else "",
        to=order.to,
        what=what.removeprefix("that ").strip(),
        due=due.words if due else "",
        due_at=due_at,
        due_reason=reason,
        strength=order.strength,
        kind="wording" if wording else "task",
        statement=statement,
    )


def _due(clause: Clause, begin: int, meeting: Moment) -> tuple[Due | None, datetime | None, str]:
    """The first due phrase of the clause and what it means; a day that is over is none."""
    for one in phrases(clause.text.words, begin, clause.end):
        at, reason = resolve(one, meeting)
        if at is None or meeting.day is None or at.date() >= meeting.day:
            return one, at, reason
    return None, None, ""


def _list_end(clauses: Sequence[Clause], index: int) -> Clause:
    """The last point of the list that a colon opens; else the clause itself."""
    last = clauses[index]
    if not last.text.words[last.start : last.end].rstrip().endswith(":"):
        return last
    for one in clauses[index + 1 :]:
        beside = one.paragraph == last.paragraph or one.text.number
        if one.act is not None or one.speaker != last.speaker or not beside:
            break
        last = one
    return last


def _from_next(clauses: Sequence[Clause], index: int, clause: Clause) -> Due | None:
    """ "... be prepared. It should be ready by Friday.": the time stands in the next sentence."""
    following = clauses[index + 1] if index + 1 < len(clauses) else None
    if following is None or following.act is not None or following.speaker != clause.speaker:
        return None
    text = following.text.words[following.start : following.end]
    if not text.startswith(("It ", "This ", "They ", "These ")) or clause.direct:
        return None
    found = find(following.text.words, following.start, following.end)
    return found if found and found.form not in ("event", "none") else None


def _from_discussion(clauses: Sequence[Clause], index: int) -> Due | None:
    """A decision answers the discussion just before it, and takes its day from there."""
    if index == 0:
        return None
    before, clause = clauses[index - 1], clauses[index]
    if before.speaker is not None or before.paragraph != clause.paragraph:
        return None
    if "whether" not in before.text.words[before.start : before.end]:
        return None
    found = find(before.text.words, before.start, before.end)
    return found if found and found.form == "day" else None
