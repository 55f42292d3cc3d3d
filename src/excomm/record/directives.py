"""Directives: what somebody is to do, from the clauses that order, decide, authorize or promise.

Strength: `hard` (told to), `decision`, `approved-recommendation` (recommended by one, agreed by
whoever presides), `commitment` (said he would), `reported` (said he had ordered), `soft`
(suggested in the form of an order). A passive names nobody: then `to` is None, never a guess.
"""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from excomm.record.due import Due, Moment, find, resolve
from excomm.record.lexicon import (
    ACT_CLASS,
    ADVERBS,
    DELIVERABLES,
    DEPARTMENTS,
    DOCUMENTS,
    STATIVE,
    TASK_PARTICIPLES,
    TASK_VERBS,
    word_set,
)
from excomm.record.model import Directive, Strength
from excomm.record.sentences import Words, words
from excomm.record.turns import Clause
from excomm.record.wording import is_wording

_MODALS = word_set("would should will shall must be")
_HAD = word_set("directed ordered instructed asked requested authorized told arranged")
_PUT_OFF = word_set("deferred postponed defer postpone delay later")
_ORDERED = word_set("directed instructed asked requested ordered authorized tasked told")
_PRONOUNS = word_set("we our us he she they it")
_TO_MAX = 10
_WHAT_MAX = 600


class _Order(msgspec.Struct, frozen=True):
    strength: Strength
    at: int  # the word at which what is to be done begins
    to: str | None = None


def directives(
    clauses: Sequence[Clause], of: Sequence[int | None], meeting: Moment
) -> tuple[Directive, ...]:
    """Every directive, in order. of: for each clause the index of its statement, or None."""
    found: list[Directive] = []
    for index, clause in enumerate(clauses):
        if clause.speaker and clause.act is None and not _quotes(clause):
            continue  # only a wording rule could stand there
        sentence = _content(clause)
        first = _approved(clauses, index, sentence)
        if first is not None:
            approved = _Order("approved-recommendation", 0)
            # What was only suggested is now to be done: one directive, not two.
            found = [d for d in found if d.statement != of[first] or d.strength != "soft"]
            found.append(
                _directive(clauses[first], clause, approved, of[index], meeting, clauses, index)
            )
        elif order := _order(clause, sentence):
            found.append(_directive(clause, clause, order, of[index], meeting, clauses, index))
    return tuple(found)


def _quotes(clause: Clause) -> bool:
    words_ = clause.text.words
    return max(words_.find(mark, clause.start, clause.end) for mark in '"“') >= 0


def _content(clause: Clause) -> Words:
    """The words of what was said in the clause."""
    return _between_chars(clause, clause.content if clause.speaker else clause.start)


def _between_chars(clause: Clause, start: int) -> Words:
    all_words = clause.sentence
    if not all_words.keys:
        return words(clause.text.words, start, clause.end)
    first = bisect_left(all_words.starts, start)
    after = bisect_left(all_words.starts, clause.end)
    return Words(
        all_words.keys[first:after], all_words.starts[first:after], all_words.ends[first:after]
    )


def _order(clause: Clause, sentence: Words) -> _Order | None:  # noqa: PLR0911
    if clause.speaker is None:
        return _narrated(clause)
    if is_wording(clause.text.words[clause.start : clause.end]) and clause.speaker.chair:
        return _Order("hard", 0)
    if clause.act is None:
        return None
    if clause.direct:
        return _direct(clause)
    keys = sentence.keys
    match clause.act:
        case "directed":
            return _told(clause, sentence)
        case "decided":
            put_off = clause.verb in _PUT_OFF or any(key in _PUT_OFF for key in keys[:4])
            to = _actor(clause, sentence, 0) if keys[:1] == ("that",) else None
            return None if put_off else _Order("decision", 0, to)
        case "authorized":
            return _Order("decision", 0, _asked_to(clause, sentence))
        case "agreed":
            return _agreed(clause, sentence)
        case "undertook":
            return _Order("commitment", 0, clause.speaker.name)
        case "suggested" | "recommended" | "proposed" | "urged":
            return _soft(clause, sentence)
        case "said" | "commented" | "reported" | "replied":
            return _said(clause, sentence)
    return None


def _direct(clause: Clause) -> _Order | None:
    assert clause.speaker
    if clause.act in ("decided", "directed"):
        return _Order("decision" if clause.act == "decided" else "hard", 0)
    return _Order("commitment", 0, clause.speaker.name) if clause.act == "undertook" else None


def _told(clause: Clause, sentence: Words) -> _Order | None:
    keys = sentence.keys
    at = 1 if keys[:1] == ("that",) else 0
    to = _actor(clause, sentence, at) if at else _asked_to(clause, sentence)
    return _Order("hard", at, to)


def _asked_to(clause: Clause, sentence: Words) -> str | None:
    """ "the State Department" of "asked the State Department to tell"."""
    keys = sentence.keys
    if not keys or not (keys[0][0].isupper() or keys[0] in ("the", "all", "our", "both")):
        return None
    if "to" not in keys[1:_TO_MAX]:
        return None
    return _phrase(clause, sentence, 0, keys.index("to", 1))


def _agreed(clause: Clause, sentence: Words) -> _Order | None:
    assert clause.speaker
    keys = sentence.keys
    if (
        keys[:1] == ("to",)
        and keys[1:2]
        and keys[1].islower()
        and keys[1] not in ("the", "a", "this")
    ):
        return _Order("decision" if clause.speaker.chair else "commitment", 1, clause.speaker.name)
    if not (clause.speaker.chair or clause.speaker.group):
        return None
    modal = next((i for i, key in enumerate(keys[:20]) if key in _MODALS), 0)
    if not modal:
        return None
    following = [key for key in keys[modal : modal + 4] if key not in ("be", "not")]
    if (
        clause.speaker.group
        and not clause.speaker.chair
        and any(key in STATIVE for key in following)
    ):
        return None
    return _Order("decision", 1 if keys[0] == "that" else 0, _actor(clause, sentence, 1))


def _soft(clause: Clause, sentence: Words) -> _Order | None:
    """ "suggested that no statement be given": the form of an order without its force."""
    assert clause.speaker
    keys = sentence.keys
    at = next((i for i, key in enumerate(keys[:6]) if key == "that"), -1) + 1
    if at == 0:
        return None
    be = next((i for i in range(at + 1, min(len(keys), at + 12)) if keys[i] == "be"), 0)
    if be and keys[be - 1] not in ("to", "would", "should", "might", "could", "may", "will", "can"):
        return _Order("soft", at, None)
    tasks = keys[at + 1 : at + 4]
    if clause.speaker.chair and any(key in TASK_VERBS for key in tasks) and keys[at] != "the":
        due = find(clause.text.words, clause.content, clause.end)
        # Whoever presides and names a time gives an order, however politely.
        return _Order(
            "hard" if due and due.form != "event" else "soft", at, _actor(clause, sentence, at)
        )
    return None


def _said(clause: Clause, sentence: Words) -> _Order | None:
    assert clause.speaker
    keys = sentence.keys
    at = 1 if keys[:1] == ("that",) else 0
    if keys[at : at + 1] in (("he",), ("she",)) and keys[at + 1 : at + 2] in (("had",), ("has",)):
        done = next((key for key in keys[at + 2 : at + 5] if key in _HAD), "")
        if done:
            after = keys.index(done, at)
            return _Order("reported", after + 1, _actor(clause, sentence, after + 1))
    if clause.speaker.chair:
        unwanted = keys[at + 1 : at + 4] in (("did", "not", "want"), ("did", "not", "wish"))
        if _wants(clause, keys, at):
            return _Order("hard", 0)
        begin = at + 4 if unwanted else 0
        if (unwanted or clause.verb in ("did not want", "did not wish")) and (
            keys[begin : begin + 1] != ("to",) and "to" in keys[:20]
        ):
            return _Order("hard", 0)
        for index, key in enumerate(keys[:26]):
            if key not in ("should", "must"):
                continue
            subject = keys[index - 1] if index else ""
            task = next(
                (k for k in keys[index + 1 : index + 4] if k not in ADVERBS and k != "not"), ""
            )
            if subject in ("we", "they", "you") and task in TASK_VERBS:
                return _Order("soft", index + 1)
    return None


def _wants(clause: Clause, keys: Sequence[str], at: int) -> bool:
    """ "he wanted a report by Friday", "he would like the paper to be redrafted"."""
    if keys[at + 1 : at + 2] in (("wanted",), ("wished",)):
        rest = keys[at + 2 : at + 16]
    elif keys[at + 1 : at + 3] == ("would", "like"):
        rest = keys[at + 3 : at + 17]
    elif clause.verb in ("wanted", "wished", "would like"):
        rest = keys[:14]
    else:
        return False
    if not rest or rest[0] in ("to", "it", "that"):
        return False
    document = any(key in DOCUMENTS for key in rest[:5])
    return document or any(
        key == "to" and rest[index + 1 : index + 2] and rest[index + 1] in (*TASK_VERBS, "be")
        for index, key in enumerate(rest)
    )


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
    """The clause whose recommendation this one approves: short, by whoever presides."""
    clause = clauses[index]
    if clause.direct or not clause.speaker or not clause.speaker.chair:
        return None
    if clause.verb not in _APPROVES or len(sentence.keys) > 12 or "that" in sentence.keys[:3]:
        return None
    if clause.act == "authorized" and not _REFERS & set(sentence.keys[:6]):
        return None
    first = _recommended(clauses, index)
    return None if first is None or clauses[first].speaker == clause.speaker else first


_APPROVES = word_set("agreed concurred accepted endorsed approved")
_REFERS = word_set("this these recommendation recommendations proposal suggestion course")


# -- the rapporteur's sentences ------------------------------------------------------------------


def _narrated(clause: Clause) -> _Order | None:
    sentence = _content(clause)
    keys = sentence.keys
    if keys[:1] == ("Action",) and keys[1:2] == (":",):
        return _Order("hard", 2)
    if keys[:2] == ("It", "was"):
        return _impersonal(clause, sentence)
    if keys and keys[0] in _ITEMS and len(keys) > 3:
        return _item(clause)
    if keys[:1] == ("There",) and "agreement" in keys[:5] and "that" in keys[:7]:
        at = keys.index("that")
        modal = any(key in _MODALS for key in keys[at : at + 20])
        return _Order("decision", at + 1, _actor(clause, sentence, at + 1)) if modal else None
    for index in range(1, min(len(keys), 40)):
        order = _passive(clause, sentence, index)
        if order:
            return order
    return None


_ITEMS = word_set("Agreed Directed Decided Approved Requested Authorized Instructed")


def _item(clause: Clause) -> _Order | None:
    """ "b. Directed the Secretary of Defense to": what a body did, without its name."""
    sentence = _content(clause)
    keys = sentence.keys
    if keys[0] == "Agreed" and not any(key in _MODALS for key in keys[:20]):
        return None
    hard = keys[0] in ("Directed", "Requested", "Instructed")
    rest = Words(keys[1:], sentence.starts[1:], sentence.ends[1:])
    return _Order("hard" if hard else "decision", 1, _asked_to(clause, rest))


def _impersonal(clause: Clause, sentence: Words) -> _Order | None:
    """ "It was decided that the Department would": a decision, where something is to be done."""
    keys = sentence.keys
    verb = next((i for i in range(2, min(len(keys), 8)) if keys[i] in _IMPERSONAL), 0)
    if not verb:
        return None
    at = verb + 1
    while at < len(keys) and keys[at] not in ("that", "to") and at < verb + 8:
        at += 1
    if keys[at : at + 1] == ("to",):
        return _Order("decision", at - 1 if keys[at - 1] == "not" else at + 1)
    if keys[at : at + 1] == ("that",) and any(key in _MODALS for key in keys[at : at + 20]):
        return _Order("decision", at + 1, _actor(clause, sentence, at + 1))
    return None


_IMPERSONAL = word_set("agreed decided directed ordered requested determined resolved asked")


def _passive(  # noqa: PLR0911
    clause: Clause, sentence: Words, index: int
) -> _Order | None:
    keys = sentence.keys
    key, rest = keys[index], _without_adverbs(keys[index + 1 : index + 16])
    subject = _phrase(clause, sentence, 0, index)
    if key in ("was", "were") and rest:
        if rest[0] in _ORDERED and "to" in rest[1 : 7 if rest[1:2] == ["by"] else 2]:
            strength: Strength = "decision" if rest[0] == "authorized" else "hard"
            return _Order(strength, keys.index("to", index) + 1, subject)
        reached = rest[0] in ("made", "taken", "reached") and rest[1:2] in (["to"], ["that"])
        if reached and {"decision", "agreement"} & {key.lower() for key in keys[:index]}:
            return _Order("decision", index + 2)
        if rest[0] in ("authorized", "approved") and (
            rest[1:2] == ["for"] or keys[0].isdigit() or keys[0].lower() in _COUNTS
        ):
            return _Order("decision", 0)
        if "approved" in rest[:4] and "for" in rest and _to_do(rest[rest.index("for") :]):
            return _Order("decision", 0, _between(clause, sentence, index, "for", "to"))
        if rest[0] == "decided" and rest[1:2] in (["to"], ["that"]):
            return _Order("decision", 0)
    if key in ("was", "were", "is", "are") and rest[:1] == ["to"] and len(rest) > 1:
        if rest[1] == "be" and len(rest) > 2 and rest[2] in TASK_PARTICIPLES:
            return _Order("hard", 0, _by(clause, sentence, index))
        if rest[1] in TASK_VERBS and _is_actor(keys[:index]):
            return _Order("hard", index + 1, subject)
    if key in ("will", "would", "should", "shall") and rest:
        if rest[0] == "be" and rest[1:2] and rest[1] in DELIVERABLES and _document(keys[:index]):
            return _Order("decision", 0, _by(clause, sentence, index))
        if rest[0] in TASK_VERBS and _is_actor(keys[:index]) and clause.opens:
            return _Order("hard", index, subject)
    return None


_COUNTS = word_set(
    "one two three four five six seven eight nine ten eleven twelve additional further"
)


def _without_adverbs(keys: Sequence[str]) -> list[str]:
    return [k for k in keys if k not in ADVERBS and not (k.endswith("ly") and len(k) > 4)]


def _to_do(keys: Sequence[str]) -> bool:
    return any(
        key == "to" and index + 1 < len(keys) and keys[index + 1] in TASK_VERBS
        for index, key in enumerate(keys[:8])
    )


def _document(keys: Sequence[str]) -> bool:
    return len(keys) <= 8 and any(key in DOCUMENTS for key in keys)


def _is_actor(keys: Sequence[str]) -> bool:
    """A person or a department stands there, not a thing."""
    return 0 < len(keys) <= 8 and (
        keys[-1] in DEPARTMENTS
        or keys[-1] in ("Department", "Staff", "Agency")
        or (len(keys) > 1 and keys[-1][0].isupper())
        or keys[-1].lower() in ("group", "committee", "subcommittee")
    )


# -- who is to do it -----------------------------------------------------------------------------


def _actor(clause: Clause, sentence: Words, at: int) -> str | None:
    """Whoever stands before the verb of the task; None for a passive or a thing."""
    keys = sentence.keys
    start = at + (keys[at : at + 1] == ("that",))
    if (
        start < len(keys) and keys[start] == "within"
    ):  # "that within twenty-four hours our officials"
        start = min(start + 3, len(keys))
    for index in range(start, min(len(keys), start + _TO_MAX)):
        key = keys[index]
        if key in ("be", "no", ",", "that", "was", "were", "been", "not"):
            return None
        if index > start and (
            key in TASK_VERBS or key in ("to", "would", "should", "will", "shall", "avoid")
        ):
            following = keys[index + 1 : index + 3]
            if "be" in following and key not in TASK_VERBS:
                return None
            named = " ".join(keys[start:index])
            if named != "we" and named in _PRONOUNS:
                return None
            return _phrase(clause, sentence, start, index) or named
    return None


def _phrase(clause: Clause, sentence: Words, first: int, after: int) -> str | None:
    if after <= first or after - first > _TO_MAX:
        return None
    text = clause.text.words[sentence.starts[first] : sentence.ends[after - 1]].rstrip(".")
    if text in ("He", "She"):
        return clause.about or None
    return None if text.lower() in _PRONOUNS else text.removeprefix("The ").removeprefix("the ")


def _between(clause: Clause, sentence: Words, at: int, opening: str, closing: str) -> str | None:
    keys = sentence.keys
    first = next((i for i in range(at, len(keys)) if keys[i] == opening), -1) + 1
    after = next((i for i in range(first, len(keys)) if keys[i] == closing), 0) if first else 0
    return _phrase(clause, sentence, first, after)


def _by(clause: Clause, sentence: Words, at: int) -> str | None:
    keys = sentence.keys
    for index in range(at, min(len(keys), at + 25)):
        if keys[index] in ("by", "under") and index + 1 < len(keys):
            end = index + 1
            while end < len(keys) and (keys[end][0].isupper() or keys[end] in ("the", "of")):
                end += 1
            if end > index + 1 and keys[end - 1][0].isupper():
                return _phrase(clause, sentence, index + 1, end)
    return None


# -- putting it together -------------------------------------------------------------------------


def _directive(
    first: Clause,
    last: Clause,
    order: _Order,
    statement: int | None,
    meeting: Moment,
    clauses: Sequence[Clause],
    index: int,
) -> Directive:
    text = last.text.words
    from_content = first if order.strength == "approved-recommendation" else last
    begin = from_content.content if from_content.speaker else from_content.start
    due = find(from_content.text.words, begin, from_content.end)
    if due is None:
        due = _from_next(clauses, index, from_content)
    if due is None and order.strength == "decision":
        due = _from_discussion(clauses, index)
    due_at, reason = resolve(due, meeting) if due else (None, "")
    until = _list_end(clauses, index)
    wording = is_wording(text[last.start : last.end])
    sentence = _content(from_content)
    at = min(order.at, len(sentence.starts) - 1)
    what_from = sentence.starts[at] if sentence.starts else begin
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


def _list_end(clauses: Sequence[Clause], index: int) -> Clause:
    """The last point of the list that a colon opens; else the clause itself."""
    last = clauses[index]
    if not last.text.words[last.start : last.end].rstrip().endswith(":"):
        return last
    for one in clauses[index + 1 :]:
        if one.act is not None or one.speaker != last.speaker:
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
