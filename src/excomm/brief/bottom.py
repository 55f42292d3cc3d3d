"""The bottom line: three sentences that a principal reads before anything else.

What goes out as declared and as counted; what is disputed or unanswered; what nobody could look at,
and how sure we are that nothing is left and nothing came back. All of it computed.
"""

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, last_day_of, name_of
from excomm.brief.counted import ItemTally, tallies
from excomm.brief.structs import Cell, Sentence
from excomm.brief.undertakings import item_of, reading_words
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import CaseHeader, Event, Look, Undertaking
from excomm.errors import InputError


def bottom_line(view: View) -> tuple[Sentence, ...]:
    """Three sentences, or fewer where a case has less to say; never none."""
    found = [said for said in (_going(view), _in_question(view), _unseen(view)) if said is not None]
    return tuple(found) or (_start(view),)


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
        leads.append(_lead(tally))
        rests.append(_differences(view, tally))
        basis.extend(tally.whole.entries)
        basis.extend(entry for each in tally.differing for entry in each.entries)
    rest = " ".join(rest for rest in rests if rest)
    return Sentence(cell(f"{words.capital('; '.join(leads))}."), cell(rest, *basis))


def _lead(tally: ItemTally) -> str:
    name = tally.name
    declared = tally.whole.declared[1].number if tally.whole.declared else None
    counted = tally.whole.counted[1].number if tally.whole.counted else None
    if declared is None:
        return f"{name}: {words.number(counted or 0)} counted on the way out, none declared"
    if counted is None:
        return f"{name}: {words.number(declared)} declared, none counted on the way out"
    if counted >= declared:
        return f"{name}: all {words.number(declared)} declared were counted on the way out"
    return f"{name}: {words.number(counted)} of {words.number(declared)} counted on the way out"


def _differences(view: View, tally: ItemTally) -> str:
    """ "38 counted by 9 November against 42 declared: 5 short (2 on Labinsk), 1 over." """
    told = []
    if tally.whole.counted is not None:
        told.append(f"counted by {last_day_of(view, tally.whole.counted[0])}")
    short = [t for t in tally.differing if (t.difference or 0) < 0]
    over = [t for t in tally.differing if (t.difference or 0) > 0]
    parts = [f"{t.name} {words.number(-(t.difference or 0))} short" for t in short]
    parts += [f"{t.name} {words.number(t.difference or 0)} over" for t in over]
    if parts:
        told.append(f"by carrier: {words.listed(parts)}")
    return f"{words.capital('; '.join(told))}." if told else ""


# -- second: disputed, unanswered, broken -------------------------------------------------------


def _in_question(view: View) -> Sentence | None:
    leads, rests = [], []
    basis: list[Entry] = []
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        if entry is None or not isinstance(entry.body, Undertaking):
            continue
        what = f"{name} ({words.small(entry.body.what)})"
        if status.readings:
            leads.append(f"{what} is read in two ways")
            rests.append(f"{name} is {reading_words(status)}{_unanswered(view, name)}.")
        elif status.state == "breached":
            leads.append(f"{what} is broken")
            rests.append(words.sentence(words.capital(status.reason)))
        elif status.disputed:
            leads.append(f"{what} is disputed")
            rests.append(words.sentence(words.capital(status.reason)))
        else:
            continue
        basis.append(entry)
    if not leads:
        return None
    return Sentence(cell(f"{words.capital(words.listed(leads))}."), cell(" ".join(rests), *basis))


def _unanswered(view: View, undertaking: str) -> str:
    """Whether the last thing said about it is that no reply has come."""
    about = [(e, event) for e, event in view.facts.of(Event) if undertaking in event.about]
    if about and about[-1][1].kind == "no_reply":
        return f"; no reply by {day_of(view, about[-1][0])}"
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
        else "How sure we are that all left and none came back:"
    )
    rest = " ".join(each.text for each in figures)
    basis = tuple(dict.fromkeys(entry_id for each in figures for entry_id in each.rests_on))
    return Sentence(cell(lead, *(entry for _, entry in refused)), Cell(rest, rests_on=basis))


def _refused(view: View) -> list[tuple[str, Entry]]:
    """Each means that was refused and never used."""
    made = {look.means for _, look in view.looks if look.outcome == "made"}
    refused: dict[str, tuple[Entry, Look]] = {}
    for entry, look in view.looks:
        if look.outcome == "refused" and look.means not in made:
            refused.setdefault(look.means, (entry, look))
    return [
        (
            f"{name_of(view, means)} has not taken place:"
            f" refused by {look.refused_by or 'nobody named'}, {day_of(view, entry)}",
            entry,
        )
        for means, (entry, look) in refused.items()
    ]


def _figure(view: View, item: str) -> Cell:
    name = name_of(view, item)
    try:
        found = view.assurance(item)
    except InputError as fault:
        return Cell(f"{name}: cannot be computed: {words.small(fault.remedy or str(fault))}")
    basis = [entry for one in found.rests_on if (entry := view.facts.get(one)) is not None]
    if found.seen_after:
        return cell(f"{name}: seen to be there still.", *basis)
    joint = found.prob_none_left_nor_back
    word = words.likelihood(joint.low, joint.high, view.header.scale or words.ICD_203)
    told = f"That none of the {name} is left and none came back is {word}"
    if found.worst_case_miss is not None:
        worst = name_of(view, found.worst_site)
        chance = words.between(found.worst_case_miss.low, found.worst_case_miss.high)
        told += f"; one at {worst} would have been missed by every look with a chance of {chance}"
    if found.days_unseen is None:
        told += "; no look since"
    else:
        told += f"; unseen for {words.plural(found.days_unseen, 'day')}"
    return cell(f"{told}.", *basis)


def _start(view: View) -> Sentence:
    """What a case with nothing in it says: what to enter next."""
    missing = []
    if not view.facts.of(Undertaking):
        missing.append("the undertakings (agreement.yaml)")
    if not view.looks:
        missing.append("the looks made so far (looks.csv)")
    missing.append("what was declared and counted (declarations.csv, counts.csv)")
    header = view.header
    assert isinstance(header, CaseHeader)
    lead = f"Nothing can be said yet of {header.title}."
    return Sentence(cell(lead), cell(f"Enter {words.listed(missing)}, then ask again."))
