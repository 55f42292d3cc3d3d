"""The reports desk on the brief: what is alleged and open, what the looks say, who is owed what.

An allegation that would break an undertaking leads the page and stands at that undertaking. Where
nobody looked the page says so; "no evidence" is never said without the power of the search.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Points, Row, Section, Sentence, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Check, Finding, Interview, Outlet, Reply, Report

if TYPE_CHECKING:
    from excomm.reports.alleged import Settling, Weighed
    from excomm.reports.clocks import Clock
    from excomm.reports.following import Followed

_SHOWN_MAX = 12
_OLD_DAYS = 7
_NAMED_MAX = 4
_VOCABULARY = ("nothing that the vocabulary knows",)


def open_reports(view: View) -> Section | None:
    """What the desk owes a decision or an answer, most pressing first."""
    owed = [each for each in view.waiting() if each.is_open or not _is_old(each)]
    fresh = [each for each in owed if not _is_old(each)] or owed
    shown = fresh[:_SHOWN_MAX]
    columns = (
        Column("Received", 0.8),
        Column("what is alleged", 2.8),
        Column("what the looks say; what was checked", 2.6),
        Column("carried by; left", 2.0),
    )
    undecided = sum(each.is_open for each in owed)
    title = f"Reports without a finding: {undecided}"
    if late := sum(each.is_open and _is_late(each) for each in owed):
        title = f"{title}; time over: {late}"
    if answers := len(owed) - undecided:
        title = f"{title}; to answer: {answers}"
    table = Table(columns, tuple(_row(view, each) for each in shown))
    return section("reports", title, table, points(_more(view, owed, shown)), _outlets(view))


def _more(view: View, owed: list["Followed"], shown: list["Followed"]) -> Iterator[Point]:
    """What is not in the table, in a line."""
    rest = [each for each in owed if each not in shown]
    found = [entry for each in rest if (entry := view.facts.get(each.report)) is not None]
    if not found:
        return
    named = words.listed([str(entry.id) for entry in found[:_NAMED_MAX]])
    after = f" and {len(found) - _NAMED_MAX} more" if len(found) > _NAMED_MAX else ""
    told = f"{named}{after}, since {day_of(view, found[0])}"
    yield Point("longer", quiet(told, *found[:_NAMED_MAX]))


def _is_late(each: "Followed") -> bool:
    return "breached" in (each.interview_clock.state, each.reply_clock.state)


def _is_old(each: "Followed") -> bool:
    """Whether the time ran out so long ago that a page for today need not say it."""
    return each.clock.hours_left < -24 * _OLD_DAYS


def in_question(view: View) -> Sentence | None:
    """The sentence that leads the brief: what is alleged, open, and would break an undertaking."""
    grave = [each for each in view.waiting() if each.is_open and each.would_break]
    if not grave:
        return None
    broken = words.listed(list(dict.fromkeys(u for each in grave for u in each.would_break)))
    entries = [entry for each in grave if (entry := view.facts.get(each.report)) is not None]
    # What can still be answered in time comes before what is over.
    first = next((each for each in grave if not _is_late(each)), grave[0])
    entry = entries[grave.index(first)]
    assert isinstance(entry.body, Report)
    lead = f"{words.plural(len(grave), 'undecided report')} would break {broken} if true."
    said = words.capital(_next_words(first))
    if first.weighed and first.weighed[0].bears:
        said = f"{said}; {first.weighed[0].decision.word}"
    elif _is_late(first):
        said = f"{said}; alleged"
    rest = words.sentence(f"{said}: {entry.body.allegation}")
    return Sentence(cell(lead, *entries), cell(rest, entry))


def borne_out(view: View) -> Sentence | None:
    """The sentence before that: what was corroborated, and means that an undertaking is broken."""
    grave = [
        each
        for each in view.followed()
        if each.decision == "corroborated" and not each.is_open and not each.repeat_of
        if each.would_break and view.facts.get(each.report) is not None
    ]
    if not grave:
        return None
    broken = words.listed(list(dict.fromkeys(u for each in grave for u in each.would_break)))
    entries = [entry for each in grave if (entry := view.facts.get(each.report)) is not None]
    last = entries[-1]
    assert isinstance(last.body, Report)
    lead = f"{words.plural(len(grave), 'corroborated report')} would break {broken}."
    reviewed = "" if grave[-1].reviewed else " (not reviewed)"
    rest = words.sentence(f"The last{reviewed}: {last.body.allegation}")
    return Sentence(cell(lead, *entries), cell(rest, last, tone="warning"))


def alleged_against(view: View, undertaking: str) -> list[Cell]:
    """At an undertaking: what is alleged that would break it, and how that stands."""
    said: list[str] = []
    basis: list[Entry] = []
    is_warning = False
    for each in view.followed():
        entry = view.facts.get(each.report)
        against = undertaking in each.would_break and not each.repeat_of
        if not against or entry is None or not isinstance(entry.body, Report):
            continue
        stands = "undecided" if each.is_open else finding_words(view, each)
        said.append(f"{each.report} ({stands})")
        basis.append(entry)
        is_warning = is_warning or each.is_open or each.decision == "corroborated"
    if not said:
        return []
    text = f"Alleged, and would break it: {'; '.join(said)}."
    return [cell(text, *basis, tone="warning" if is_warning else "quiet")]


def would_settle(view: View) -> Points:
    """The look that would settle each open allegation, for those who choose where to look."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    found: dict[tuple[str, str, tuple[str, ...]], Settling] = {}
    for each in view.waiting():
        for part in each.weighed:
            if not each.is_open or not part.settling:
                continue
            best = part.settling[0]
            key = (best.means, best.item, best.sites)
            groups.setdefault(key, []).append(part.id)
            found.setdefault(key, best)
    return points(_settling(view, found[key], reports) for key, reports in groups.items())


def _settling(view: View, best: "Settling", reports: list[str]) -> Point:
    where = words.listed([name_of(view, site) for site in best.sites]) or "everywhere"
    told = f"{name_of(view, best.means)}, {where}, for {name_of(view, best.item)}"
    needed = best.looks_needed or 0
    more = f" after {needed} such looks" if needed > 1 else ""
    answer = f"nothing seen: {best.decision_if_nothing}{more}"
    if best.decision_if_seen:
        answer = f"{answer}; seen: {best.decision_if_seen}"
    entries = [e for name in reports if (e := view.facts.get(name.partition("#")[0])) is not None]
    text = f"{told}: {words.listed(reports)} ({answer})"
    return Point("to settle", cell(text, *entries))


def in_short(view: View) -> tuple[Sentence, ...]:
    """What a desk without an agreement leads with: what is open, what was found, what was seen."""
    if not view.reports:
        return ()
    found = (_open(view), _found(view), _seen(view))
    return tuple(said for said in found if said is not None)


def _row(view: View, each: "Followed") -> Row:
    entry = view.facts.get(each.report)
    assert entry is not None and isinstance(entry.body, Report)
    repeats = [f"{words.plural(len(each.repeats), 'repeat')}"] if each.repeats else []
    notes = [f"reopened: {each.reopened}"] if each.reopened else []
    # What only the vocabulary lacks is weighed by what was entered; the rest waits for a reader.
    if each.unparsed and each.unparsed not in _VOCABULARY:
        notes.append(f"kept, not parsed: {each.unparsed}")
    told = "; ".join([_said(view, entry.body), *repeats])
    return Row(
        (
            cell(day_of(view, entry)),
            cell(told, entry, tone="strong" if each.would_break and each.is_open else "plain"),
            _known(view, each),
            _reply(view, each),
        ),
        tuple(cell(words.sentence(words.capital(note)), entry) for note in notes),
    )


def _known(view: View, each: "Followed") -> Cell:
    """What the looks say, or what was decided, and what else was done about it."""
    said = looks_say(each) if each.is_open else cell(finding_words(view, each))
    checked = _checked(view, each)
    return Cell(
        f"{said.text}; {checked.text}",
        rests_on=tuple(dict.fromkeys((*said.rests_on, *checked.rests_on))),
    )


def looks_say(each: "Followed") -> Cell:
    """The decision that the looks allow, with ratio and power; of several allegations the first."""
    if not each.weighed:
        return cell("nothing alleged that could be read", tone="unknown")
    found = each.weighed[0]
    if found.missing:
        return cell("cannot be weighed: an assumption is missing", tone="unknown")
    if not found.bears:
        return cell(f"undetermined: {_why_none(found)}", tone="unknown")
    told = f"{found.decision.word}: {found.decision.why}"
    if found.over_range:
        told = f"{told}; over the range of the assumptions also {' or '.join(found.over_range)}"
    return Cell(told, rests_on=found.rests_on)


def _why_none(found: "Weighed") -> str:
    if not found.alleged.item:
        return "no item of the case named"
    if found.alleged.elsewhere:
        return "no place of the case named"
    return "said to be hidden" if found.alleged.hidden else "nobody looked"


def decided_words(view: View, decision: str) -> str:
    """A decision in the institution's own words, where it has some."""
    return view.own_words().get(decision, decision)


def finding_words(view: View, each: "Followed") -> str:
    entry = view.facts.get(each.finding)
    day = f", {day_of(view, entry)}" if entry is not None else ""
    return f"{decided_words(view, each.decision)}{day}{'' if each.reviewed else ', not reviewed'}"


def _checked(view: View, each: "Followed") -> Cell:
    told: list[str] = []
    basis: list[Entry] = []
    for check_entry, check in view.facts.of(Check):
        if check.report == each.report:
            result = f": {check.result}" if check.result else ", no result yet"
            told.append(f"{day_of(view, check_entry)} {check.what}{result}")
            basis.append(check_entry)
    for asked in each.asked:
        entry = view.facts.get(asked.interview)
        if asked.at is None or entry is None or not isinstance(entry.body, Interview):
            continue
        body = entry.body
        who = body.person or "source"
        answer = body.result or body.outcome or "no answer"
        worth = f" ({asked.worth})" if body.knows or body.outcome else ""
        told.append(f"{day_of(view, entry)} {who} asked: {answer}{worth}")
        basis.append(entry)
    if not told:
        return cell("nothing checked yet")
    return cell("; ".join(told), *basis)


def _reply(view: View, each: "Followed") -> Cell:
    """Who carried it, whether they were answered, and what is left of the time."""
    replies = [entry for entry, reply in view.facts.of(Reply) if reply.report == each.report]
    carried = words.listed([name_of(view, outlet) for outlet in each.outlets])
    parts = [carried or "outlet not entered"]
    if each.to_correct:
        outlets = words.listed([name_of(view, outlet) for outlet in each.to_correct])
        parts.append(f"told otherwise before, to be corrected: {outlets}")
    elif each.outlets and not each.unanswered:
        sent = [r.sent for _, r in view.facts.of(Reply) if r.report == each.report and r.sent]
        parts += [f"replied {words.when_words(sent[-1], view.case.zone, view.on)}"] if sent else []
    elif replies:
        parts.append("reply owed")
    left = clock_words(each)
    if left.text:
        parts.append(left.text)
    owed = bool(each.unanswered or each.to_correct)
    return cell("; ".join(parts), *replies, tone="warning" if owed else "plain")


def clock_words(each: "Followed") -> Cell:
    """What is left to ask and to answer."""
    left = {
        what: _left(clock)
        for what, clock in (("ask", each.interview_clock), ("answer", each.reply_clock))
        if clock.state != "stopped"
    }
    if len(left) == 2 and left["ask"] == left["answer"]:
        left = {"ask, answer": left["ask"]}
    told = "; ".join(f"{what}: {words_left}" for what, words_left in left.items())
    if _is_late(each) and each.is_open:
        told = f"{told} (“undetermined so far” may be said)"
    return cell(told, tone="warning" if _is_late(each) else "plain")


def _next_words(each: "Followed") -> str:
    """What is left until something is owed of a report; once it is late, what is."""
    clock = each.clock
    if clock.state == "stopped":
        return "decided late"
    if clock.state != "breached":
        return _left(clock)
    owed = "the question to its source" if clock == each.interview_clock else "its answer"
    return f"{owed} is {_over(clock)} overdue"


def _left(clock: "Clock") -> str:
    hours = clock.hours_left
    if clock.state == "breached":
        return f"over by {_over(clock)}"
    warned = ", warned" if clock.state != "running" else ""
    return f"{hours:.0f} h left{warned}"


def _over(clock: "Clock") -> str:
    over = -clock.hours_left
    return f"{over / 24:,.0f} days" if over >= 48 else f"{over:.0f} h"


def _outlets(view: View) -> Points:
    """Of which outlets every report was seen: those that somebody reads all of, and until when."""
    watched = [(entry, o) for entry, o in view.facts.of(Outlet) if o.watched_by]
    if not watched:
        return points([])
    told = "; ".join(
        f"{outlet.name} by {outlet.watched_by}"
        + (
            f", last {words.when_words(outlet.watched_last, view.case.zone, view.on)}"
            if outlet.watched_last
            else ", since when is not entered"
        )
        for _, outlet in watched
    )
    text = f"{told}. Of no other outlet can it be said that every report was seen."
    return points([Point("watched", quiet(text, *(entry for entry, _ in watched)))])


def _open(view: View) -> Sentence:
    left = [each for each in view.waiting() if each.is_open]
    if not left:
        return Sentence(cell("Every report has its finding."), cell(""))
    entries = [entry for each in left if (entry := view.facts.get(each.report)) is not None]
    entry = min(entries, key=lambda e: (view.facts.start(e), e.seq))
    assert isinstance(entry.body, Report)
    lead = f"{words.plural(len(left), 'report')} without a finding."
    rest = words.sentence(f"The oldest, of {day_of(view, entry)}: {entry.body.allegation}")
    return Sentence(cell(lead, *entries), cell(rest, entry))


def _found(view: View) -> Sentence | None:
    found = view.facts.of(Finding)
    if not found:
        return None
    counts: dict[str, int] = {}
    for _, finding in found:
        said = decided_words(view, finding.decision)
        counts[said] = counts.get(said, 0) + 1
    lead = f"Found: {words.listed([f'{number} {said}' for said, number in counts.items()])}."
    entry, last = found[-1]
    of = view.facts.get(last.report)
    alleged = f" of “{of.body.allegation}”" if of and isinstance(of.body, Report) else ""
    told = last.text or decided_words(view, last.decision)
    rest = f"The last, {day_of(view, entry)},{alleged}: {told}"
    if not last.reviewer:
        rest = f"{rest.removesuffix('.')} (not reviewed)"
    return Sentence(cell(lead, *(each for each, _ in found)), cell(words.sentence(rest), entry))


def _seen(view: View) -> Sentence:
    made = [day.last for day in view.looks_by_day.values() if day.last is not None]
    if not made:
        return Sentence(cell("No look has come off."), cell(""))
    entry, look = made[-1]
    where = words.listed([name_of(view, site) for site in look.sites]) or "no site named"
    lead = f"Last look that came off: {day_of(view, entry)}, {name_of(view, look.means)}, {where}."
    return Sentence(
        cell(lead, entry),
        cell(words.sentence(words.capital(look.what)) if look.what else "", entry),
    )


def _said(view: View, report: Report) -> str:
    figure = words.amount(report.number, report.low, report.high)
    item = name_of(view, report.item) if report.item else ""
    named = bool(item) and item.casefold() in report.allegation.casefold()
    facts = [f"{figure} {item}".strip()] if figure != "?" else [item] * (bool(item) and not named)
    if report.site:
        facts.append(name_of(view, report.site))
    return f"{report.allegation} ({', '.join(facts)})" if facts else report.allegation
