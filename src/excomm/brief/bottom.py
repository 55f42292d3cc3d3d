"""The bottom line: three sentences that a principal reads before anything else.

What goes out as declared and as counted; what is disputed or unanswered (else what changed); what
nobody could look at, and how sure we are that nothing is left and nothing came back. All computed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.allegations import in_short
from excomm.brief.attribution import cell, day_of, last_day_of, name_of, not_computed_here
from excomm.brief.counted import ItemTally, tallies
from excomm.brief.declared import Held, held
from excomm.brief.stopped import chain, looks_granted, missed, series
from excomm.brief.structs import Cell, Sentence
from excomm.brief.undertakings import item_of, reading_words, what_words
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import CaseHeader, Event, Look, Undertaking
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.assurance.item import ItemAssurance
    from excomm.terms import Status

_BROKEN_TOLD = 2  # of more breaches the first so many are told with their reasons


def bottom_line(view: View, before: "Mapping[str, Status]") -> tuple[Sentence, ...]:
    """Three sentences, or fewer where a case has less to say; never none.

    before: how the undertakings stood the day before.
    """
    first = _going(view) or _within(view)
    second = _in_question(view) or _changed(view, before)
    third = _unseen(view) or _last_looks(view)
    found = tuple(said for said in (first, second, third) if said is not None)
    return found or in_short(view) or (_start(view),)


# -- first: declared against counted ------------------------------------------------------------


def _going(view: View) -> Sentence | None:
    leaving = {
        item_of(u)
        for _, u in view.facts.of(Undertaking)
        if u.modality == "must" and u.kind == "achieve"
    }
    found = [
        tally
        for tally in tallies(view)
        if tally.item in leaving and (tally.whole.declared or tally.whole.counted)
    ]
    if not found:
        return None
    leads, rests = [], []
    basis: list[Entry] = []
    for tally in found:
        leads.append(_lead(view, tally))
        rests.append(_differences(tally))
        basis.extend(tally.whole.entries)
        basis.extend(entry for each in tally.differing for entry in each.entries)
    rest = " ".join(rest for rest in rests if rest)
    return Sentence(cell(f"{words.capital('; '.join(leads))}."), cell(rest, *basis))


def _lead(view: View, tally: ItemTally) -> str:
    told = []
    if tally.whole.declared is not None:
        told.append(f"{_number(tally.whole.declared[1].number)} declared")
    if tally.whole.counted is not None:
        entry, count = tally.whole.counted
        by = last_day_of(view, entry)
        told.append(f"{_number(count.number)} counted on the way out by {by}")
    else:
        told.append("none counted on the way out")
    return f"{tally.name}: {', '.join(told)}"


def _number(value: float | None) -> str:
    return "some" if value is None else words.number(value)


def _differences(tally: ItemTally) -> str:
    """ "4 short in all; by carrier: Labinsk 2 short, another ship 1 over." """
    whole = tally.whole.difference
    told = [f"{_off(whole)} in all"] if whole else []
    parts = [f"{each.name} {_off(each.difference or 0)}" for each in tally.differing]
    if parts:
        told.append(f"by carrier: {words.listed(parts)}")
    return f"{words.capital('; '.join(told))}." if told else ""


def _off(difference: float) -> str:
    return f"{words.number(abs(difference))} {'over' if difference > 0 else 'short'}"


def _within(view: View) -> Sentence | None:
    """Where nothing is counted: each side's own figures against its limits."""
    limited = [each for each in held(view) if each.limit is not None]
    if not limited:
        return None
    parties = dict.fromkeys(each.party for each in limited)
    leads = [_side(view, [h for h in limited if h.party == party]) for party in parties]
    ages = [
        f"{party} {words.plural(min(h.age_days for h in limited if h.party == party), 'day')}"
        for party in parties
    ]
    rest = f"On each side's own word; how old: {words.listed(ages)}."
    binding = {h.limit.binds for h in limited if h.limit is not None}
    if "not yet" in binding:
        starts = [h.limit.starts for h in limited if h.limit is not None and h.limit.starts]
        today = view.on.astimezone(view.case.zone).date()
        day = f" before {words.long_day(min(starts), today)}" if starts else " yet"
        rest = f"{rest} The limits do not bind{day}: over one is no breach."
    elif binding == {"ended"}:
        rest = f"{rest} The limits bind no more."
    stops = [
        (f"{each.undertaking.id} {reason} {day_of(view, entry)}", entry)
        for each in series(view)
        if each.body.each is not None and (first := missed(each)) is not None
        for entry, reason in [first]
    ]
    if stops:
        rest = f"{rest} Figures owed have stopped: {'; '.join(told for told, _ in stops)}."
    basis = [*(h.entry for h in limited), *(entry for _, entry in stops)]
    return Sentence(cell(f"{'; '.join(leads)}."), cell(rest, *basis))


def _side(view: View, rows: list[Held]) -> str:
    """ "RUS declares itself within all 3 limits (1 September 2022; nearest: 1,549 of 1,550)"."""
    day = last_day_of(view, max((h.entry for h in rows), key=view.facts.start))
    over = [h for h in rows if (h.margin or 0) > 0]
    told = over or [
        min(rows, key=lambda h: -(h.margin or 0) / max(h.limit.number if h.limit else 1, 1))
    ]
    figures = words.listed(
        [
            f"{words.number(h.number)} {h.name} against {words.number(h.limit.number)}"
            for h in told
            if h.limit
        ]
    )
    which = f"over {len(over)} of {len(rows)} limits" if over else f"within all {len(rows)} limits"
    if len(rows) == 1:
        which = "over its limit" if over else "within its limit"
    nearest = "" if over or len(rows) == 1 else "nearest: "
    return f"{rows[0].party} declared itself {which} as of {day} ({nearest}{figures})"


# -- second: disputed, unanswered, broken -------------------------------------------------------


def _in_question(view: View) -> Sentence | None:
    leads, rests, disputed = [], [], []
    broken: dict[str, list[tuple[str, str]]] = {}
    basis: list[Entry] = []
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        if entry is None or not isinstance(entry.body, Undertaking):
            continue
        what = f"{name} ({what_words(entry.body)})"
        if status.readings:
            leads.append(f"{what}: read in two ways{_unanswered(view, name)}")
            rests.append(f"{name} is {reading_words(status)}.")
        elif status.state == "breached":
            as_said = status.said.replace("proposed: ", "proposed as ", 1)
            broken.setdefault(as_said, []).append((name, what))
            reason = words.small(status.reason.partition("; ")[0])
            rests.append(words.sentence(f"{name}: {reason}"))
        elif status.disputed:
            disputed.append(what)
        else:
            continue
        basis.append(entry)
    for said, found in broken.items():
        named = len(found) > _BROKEN_TOLD
        whose = words.listed([name if named else what for name, what in found])
        leads.append(f"{said}: {whose}")
    if sum(map(len, broken.values())) > _BROKEN_TOLD:
        rests = [*rests[:_BROKEN_TOLD], "The rest stands below."]
    if disputed and not leads:
        leads = [f"disputed: {words.listed(disputed)}"]
    elif disputed:
        rests.append(f"Also disputed: {words.listed(disputed)}.")
    if not leads:
        return None
    return Sentence(cell(f"{words.capital('; '.join(leads))}."), cell(" ".join(rests), *basis))


def _changed(view: View, before: "Mapping[str, Status]") -> Sentence | None:
    """Where nothing is in question: what changed since the day before, and the next deadline."""
    told, basis = [], []
    deadlines: list[tuple[datetime, str]] = []
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        assert entry is not None and isinstance(entry.body, Undertaking)
        if status.due is not None and status.state in ("in_force", "due"):
            deadlines.append((status.due, f"{name} ({what_words(entry.body)})"))
        if name in before and reading_words(before[name]) != (now := reading_words(status)):
            told.append(f"{name} ({what_words(entry.body)}) is {now}")
            basis.append(entry)
    rest = ""
    if deadlines:
        due, what = min(deadlines)
        at = words.instant_words(due, view.case.zone, view.on)
        rest = f"Next deadline: {what}, {at}; {words.left(due, view.on)} left."
    if not told:
        return Sentence(cell("No undertaking changed its state."), cell(rest)) if rest else None
    return Sentence(cell(f"Since the day before: {words.listed(told)}.", *basis), cell(rest))


def _unanswered(view: View, undertaking: str) -> str:
    """Whether the last thing said about it is that no reply has come."""
    about = [(e, event) for e, event in view.facts.of(Event) if undertaking in event.about]
    if about and about[-1][1].kind == "no_reply":
        return f", and no reply by {last_day_of(view, about[-1][0])}"
    return ""


# -- third: not looked, and how sure ------------------------------------------------------------


def _unseen(view: View) -> Sentence | None:
    refused = _refused(view)
    figures = [_figure(view, item) for item in view.items_with_figures()]
    if not refused and not figures:
        return None
    lead = (
        f"{words.capital(words.listed([said for said, _ in refused]))}."
        if refused
        else "How sure we are that all are gone:"
    )
    rest = " ".join(each.text for each in figures)
    basis = tuple(dict.fromkeys(entry_id for each in figures for entry_id in each.rests_on))
    return Sentence(cell(lead, *(entry for _, entry in refused)), Cell(rest, rests_on=basis))


def _last_looks(view: View) -> Sentence | None:
    """Where looks rest on the other side's undertaking: the last ones, and what stopped them."""
    granted = looks_granted(view)
    if not granted:
        return None
    by_day: dict[tuple[str, int], list[str]] = {}
    rests, never = [], []
    basis: list[Entry] = []
    for each in granted:
        if each.last is None or each.days is None:
            never.append(each.name)
        else:
            day = last_day_of(view, each.last)
            by_day.setdefault((day, each.days), []).append(f"last {each.name}")
            basis.append(each.last)
        name = str(each.series.undertaking.id)
        state = f"{name} ({reading_words(view.standing()[name])})"
        look = each.last.body if each.last is not None else None
        told = getattr(look, "what", "") if not each.series.stops else chain(view, each.series)
        rests.append(f"{state}: {told}." if told else f"{state}.")
        basis.extend(entry for entry, _ in each.series.stops)
    leads = [
        f"{words.listed(names)}: by {day}, {words.plural(days, 'day')} ago"
        for (day, days), names in by_day.items()
    ]
    leads += [f"no {name} is entered" for name in never]
    if by_day and all(each.series.stops for each in granted):
        rests.append("What was declared after that, no look has tested.")
    return Sentence(cell(f"{words.capital('; '.join(leads))}."), cell(" ".join(rests), *basis))


def _refused(view: View) -> list[tuple[str, Entry]]:
    """Each means that was refused and never used."""
    made = view.means_used
    refused: dict[str, tuple[Entry, Look]] = {}
    for entry, look in view.looks_apart:
        if look.outcome == "refused" and look.means not in made:
            refused.setdefault(look.means, (entry, look))
    return [
        (
            f"{name_of(view, means)} has not taken place: refused by"
            f" {name_of(view, look.refused_by) or 'nobody named'}, {day_of(view, entry)}",
            entry,
        )
        for means, (entry, look) in refused.items()
    ]


def _figure(view: View, item: str) -> Cell:
    name = name_of(view, item)
    try:
        found = view.assurance(item)
    except InputError as fault:
        return Cell(f"{words.capital(name)}: {not_computed_here(fault)}.")
    if found.seen_after:
        seen = [entry for one in found.seen_after if (entry := view.facts.get(one)) is not None]
        told = f"{words.capital(name)}: still there on {last_day_of(view, seen[-1])}."
        return cell(told, *seen)
    joint = found.prob_none_left_nor_back
    word = words.likelihood(joint.low, joint.high, view.header.scale or words.ICD_203)
    told = f"{words.capital(name)}: that none is left and none was brought back: {word}"
    return Cell(f"{told}; {_at_worst(view, found)}.", rests_on=found.rests_on)


def _at_worst(view: View, found: "ItemAssurance") -> str:
    if found.days_unseen is None:
        made = any(
            outcome == "made" and found.item in items
            for day in view.looks_by_day.values()
            for _, outcome, items in day.numbers
        )
        return f"no look for them {'that the figure could use' if made else 'entered'}"
    if found.days_unseen == 0:
        unseen = "last looked for today"
    else:
        unseen = f"no look for them entered for {words.plural(found.days_unseen, 'day')}"
    miss = found.worst_case_miss
    if miss is None:
        return unseen
    where = name_of(view, found.worst_site)
    if miss.low >= 1:
        return f"at worst ({where}), no look since the count could have seen one; {unseen}"
    chance = f"with a chance of {words.between(miss.low, miss.high)}"
    return f"at worst ({where}), every look would have missed one {chance}; {unseen}"


def _start(view: View) -> Sentence:
    """What a case with nothing in it says: what to enter next, or from which day to ask."""
    header = view.header
    assert isinstance(header, CaseHeader)
    lead = f"Nothing can be said yet of {header.title}."
    if not view.facts.of(CaseHeader):
        opens = words.long_day(header.opens, view.on.astimezone(view.case.zone).date())
        return Sentence(cell(lead), cell(f"The case opens on {opens}: ask for a day from then on."))
    missing = []
    if not view.facts.of(Undertaking):
        missing.append("the undertakings (agreement.yaml)")
    if not view.looks:
        missing.append("the looks made so far (looks.csv)")
    missing.append("what was declared and counted (declarations.csv, counts.csv)")
    return Sentence(cell(lead), cell(f"Enter {words.listed(missing)}, then ask again."))
