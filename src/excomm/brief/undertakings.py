"""What stands: each undertaking with its state, how sure, why, and what changed since yesterday.

Where parties read a text differently both states are shown, side by side; no headline takes a side.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.allegations import alleged_against
from excomm.brief.attribution import (
    cell,
    day_of,
    name_of,
    not_computed_here,
    quiet,
    section,
    whose_word,
)
from excomm.brief.counted import ItemTally, tallies
from excomm.brief.structs import Cell, Column, Row, Section, State, Table, Tone
from excomm.case import View
from excomm.entries import Day, Entry, When, start_of
from excomm.entries.kinds import Count, Event, Undertaking
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.assurance.interval import Interval
    from excomm.terms import Status

_NEWS_DAYS = 7  # an older entry is named by its day alone
_STATE_TONES: dict[State, Tone] = {"unverifiable": "unknown", "breached": "warning"}


def what_stands(view: View, before: "Mapping[str, Status]") -> Section | None:
    """Every undertaking, in the order of the agreement. before: how they stood the day before."""
    by_item = {tally.item: tally for tally in tallies(view)}
    rows = []
    told: dict[str, str] = {}  # entries already told in full, and in whose row
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        assert entry is not None and isinstance(entry.body, Undertaking)
        item = item_of(entry.body)
        row = _row(view, entry, status, before.get(name), by_item.get(item), told)
        rows.append(row)
    columns = (
        Column("Undertaking", 3.4),
        Column("state", 1.7),
        Column("how sure", 2.2),
        Column("since the day before", 2.4),
    )
    return section("stands", "What stands", Table(columns, tuple(rows)))


def what_words(undertaking: Undertaking) -> str:
    """What is owed, forborne or allowed: "must not bring in weapons"; a duty stands bare."""
    prefix = {"must": "", "must_not": "must not ", "may": "may "}[undertaking.modality]
    return f"{prefix}{words.small(undertaking.what)}"


def item_of(undertaking: Undertaking) -> str:
    """The item whose assurance figure an undertaking rests on; empty where it rests on none."""
    return undertaking.item or (undertaking.quantity.item if undertaking.quantity else "")


def state_cell(status: "Status") -> Cell:
    """The state as word and shape; where readings differ, each with whose reading it is."""
    if status.readings:
        return Cell(reading_words(status), tone="strong", states=tuple(status.readings.values()))
    tone = _STATE_TONES.get(status.state, "strong")
    late = f", {words.plural(status.days_late, 'day')} late" if status.days_late else ""
    disputed = ", disputed" if status.disputed else ""
    obstructed = f", obstructed by {words.listed(status.obstructed_by)}"
    text = f"{status.said}{late}{disputed}{obstructed if status.obstructed_by else ''}"
    return Cell(text, tone=tone, states=(status.state,))


def reading_words(status: "Status") -> str:
    """The state, or each reading's: "in force as USA reads it; pending as USSR does"."""
    if not status.readings:
        return status.said
    told = [f"{status.said_of(state)} as {party}" for party, state in status.readings.items()]
    return "; ".join([f"{told[0]} reads it", *(f"{each} does" for each in told[1:])])


def how_sure(view: View, undertaking: Undertaking, status: "Status") -> Cell:
    """The joint figure with its standard, else whose word decided the state."""
    item = item_of(undertaking)
    if item and item in view.items_with_figures():
        return figure(view, item, undertaking)
    if status.state == "lapsed" and undertaking.kind == "maintain":
        return _kept_until(view, undertaking, status)
    decided = [entry for name in status.decides if (entry := view.facts.get(name)) is not None]
    bearing = [entry for entry in decided if isinstance(entry.body, Event | Count)]
    bearing = [entry for entry in bearing if not _sets_terms(entry)]
    if not bearing and status.state in ("in_force", "due"):
        bearing = _last_shown(view, undertaking, status)
    if not bearing:
        return quiet("–")
    told = dict.fromkeys(_word_of(view, entry, undertaking) for entry in bearing)
    return cell("; ".join(told), *bearing)


def _kept_until(view: View, undertaking: Undertaking, status: "Status") -> Cell:
    """Of a state to be kept whose term ended early: until when it was shown to be kept."""
    shown = _last_shown(view, undertaking, status)
    if not shown:
        return cell("over; never shown to be kept", tone="unknown")
    day = words.when_words(_speaks_of(shown[0]), view.case.zone, view.on)
    text = f"over; last shown kept {day}, after that cannot be known"
    return cell(text, *shown, tone="unknown")


def _speaks_of(entry: Entry) -> When:
    """The time that an entry's figures speak of."""
    as_of = entry.body.as_of if isinstance(entry.body, Event) else None
    return as_of or entry.occurred


def _sets_terms(entry: Entry) -> bool:
    """Whether an entry says what is owed, and nothing of whether it is done."""
    return isinstance(entry.body, Event) and entry.body.kind in ("amended", "extended")


def _last_shown(view: View, undertaking: Undertaking, status: "Status") -> list[Entry]:
    """What last showed that a lasting duty was kept; of the days since nothing is said."""
    if undertaking.kind == "achieve":
        return []
    shown = [
        entry
        for name in status.why
        if (entry := view.facts.get(name)) is not None
        and isinstance(entry.body, Event)
        and entry.body.shows.get(status.undertaking) == "performed"
    ]
    return [max(shown, key=lambda e: (view.facts.start(e), e.seq))] if shown else []


def _word_of(view: View, entry: Entry, undertaking: Undertaking) -> str:
    """Whose word decides; of figures that the obligor himself gave, that they are his own."""
    word = whose_word(view, entry)
    event = entry.body
    if not isinstance(event, Event) or event.kind not in ("measurement", "declaration"):
        return word
    if not event.party or any(party not in undertaking.by for party in event.party):
        return word
    day = words.when_words(_speaks_of(entry), view.case.zone, view.on)
    return f"{word}: its own figures of {day}"


def figure(view: View, item: str, undertaking: Undertaking) -> Cell:
    """None left and none brought back, as a word with its range, beside the standard.

    Of a forbearance only the second is asked.
    """
    try:
        found = view.assurance(item)
    except InputError as fault:
        return Cell(not_computed_here(fault), tone="unknown")
    if found.seen_after:
        seen = [e for name in found.seen_after if (e := view.facts.get(name)) is not None]
        return cell(f"still there: seen {day_of(view, seen[-1])}", *seen, tone="warning")
    forbears = undertaking.modality == "must_not"
    asked = found.prob_none_back if forbears else found.prob_none_left_nor_back
    what = "none brought back" if forbears else "none left, none back"
    word = words.likelihood(asked.low, asked.high, view.header.scale or words.ICD_203)
    against = _against(asked, undertaking.standard)
    return Cell(f"{what}: {word}{against}", rests_on=found.rests_on)


def _against(asked: "Interval", standard: float | None) -> str:
    if standard is None:
        return ""
    meets = "met" if asked.low >= standard else "open" if asked.high >= standard else "not reached"
    return f"; standard {words.probability(standard)}: {meets}"


def day_before(view: View) -> View:
    """The case as it read at the end of the day before."""
    today = view.on.astimezone(view.case.zone).date()
    return view.earlier(start_of(Day(today), view.case.zone) - timedelta(microseconds=1))


def _row(
    view: View,
    entry: Entry,
    status: "Status",
    before: "Status | None",
    tally: ItemTally | None,
    told: dict[str, str],
) -> Row:
    body = entry.body
    assert isinstance(body, Undertaking)
    what = f"{entry.id} {words.listed(body.by)}: {what_words(body)}"
    return Row(
        (
            cell(what, entry),
            state_cell(status),
            how_sure(view, body, status),
            _since(view, status, before, told),
        ),
        (*alleged_against(view, str(entry.id)), *_notes(view, body, status, tally)),
    )


def _since(view: View, status: "Status", before: "Status | None", told_in: dict[str, str]) -> Cell:
    """What changed since the end of the day before; else the latest entry that bears on it.

    An entry that bears on several is told in full once: after that, in whose row it was.
    """
    bearing = [entry for name in status.why if (entry := view.facts.get(name)) is not None]
    bearing = [entry for entry in bearing if not isinstance(entry.body, Undertaking)]
    last = max(bearing, key=lambda e: (view.facts.start(e), e.seq), default=None)
    told = f"{day_of(view, last)}: {_what(last)}" if last is not None else ""
    if before is None:
        return cell(f"new. {words.capital(told)}".rstrip(), *([last] if last else []))
    was = reading_words(before)
    if was != reading_words(status):
        text = f"was {was}" + (f"; {told}" if told else "")
        return cell(text, *([last] if last else []), tone="strong")
    if last is None:
        return quiet("no change")
    if (view.on - view.facts.start(last)).days > _NEWS_DAYS:
        return quiet(f"no change; last entry {day_of(view, last)}", last)
    first = told_in.setdefault(str(last.id), status.undertaking)
    if first != status.undertaking:
        told = f"{day_of(view, last)}: as under {first}"
    return cell(f"no change; {told}", last)


def _what(entry: Entry) -> str:
    what = getattr(entry.body, "what", "") or getattr(entry.body, "text", "")
    return what or str(getattr(entry.body, "kind", entry.kind)).replace("_", " ")


def _notes(view: View, body: Undertaking, status: "Status", tally: ItemTally | None) -> list[Cell]:
    # Where readings differ the reason would speak for one side: both are told below.
    reason = "" if status.readings else status.reason
    said = [words.sentence(words.capital(reason))] if reason else []
    missing = [
        each
        for each in status.missing
        if each.casefold() not in reason.casefold() and not each.startswith("performance")
    ]
    if missing:
        said.append(f"Missing: {words.sentence('; '.join(missing))}")
    if status.due is not None and status.state in ("due", "in_force", "pending"):
        said.append(_due(view, status.due))
    notes = [quiet(" ".join(said))] if said else []
    for party, reading in body.readings.items():
        if party in status.readings and reading.what:
            source = f" ({reading.source})" if reading.source else ""
            notes.append(quiet(f"{party} reads: {reading.what}{source}."))
    counted = _of_declared(tally) if tally is not None and body.modality == "must" else ""
    if tally is not None and counted not in status.reason:
        notes.append(quiet(f"{counted} declared counted out.", *tally.whole.entries))
    consent = [each for each in body.needs_consent_of if name_of(view, each) not in " ".join(said)]
    if consent and status.state not in ("fulfilled", "lapsed"):
        needed = words.listed([name_of(view, each) for each in consent])
        notes.append(quiet(f"Needs the consent of {needed}."))
    return notes


def _of_declared(tally: ItemTally) -> str:
    if tally.whole.declared is None or tally.whole.counted is None:
        return ""
    declared, counted = tally.whole.declared[1].number, tally.whole.counted[1].number
    if declared is None or counted is None:
        return ""
    return f"{words.number(counted)} of {words.number(declared)}"


def _due(view: View, due: datetime) -> str:
    at = words.instant_words(due, view.case.zone, view.on)
    return f"Due {at}: {words.left(due, view.on.astimezone(UTC))} left."
