"""Reports that nobody has decided yet: who carried them, what was checked, who is owed a reply."""

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, quiet, section
from excomm.brief.structs import Cell, Column, Row, Section, Sentence, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Check, Finding, Interview, Reply, Report


def open_reports(view: View) -> Section | None:
    """The reports without a finding, oldest first, each with what was done about it."""
    decided = {f.report for _, f in view.facts.of(Finding)}
    rows = [
        Row(
            (
                cell(day_of(view, entry)),
                cell(_said(view, report), entry),
                _checked(view, entry),
                _reply(view, entry, report),
            )
        )
        for entry, report in view.reports
        if entry.id not in decided
    ]
    columns = (
        Column("Of", 0.9),
        Column("what is alleged", 3),
        Column("what was checked", 2.4),
        Column("carried by; reply", 1.6),
    )
    title = f"Reports without a finding: {len(rows)}"
    return section("reports", title, Table(columns, tuple(rows)))


def in_short(view: View) -> tuple[Sentence, ...]:
    """What a desk without an agreement leads with: what is open, what was found, what was seen."""
    if not view.reports:
        return ()
    found = (_open(view), _found(view), _seen(view))
    return tuple(said for said in found if said is not None)


def _open(view: View) -> Sentence:
    decided = {f.report for _, f in view.facts.of(Finding)}
    left = [(entry, report) for entry, report in view.reports if entry.id not in decided]
    if not left:
        return Sentence(cell("Every report has its finding."), cell(""))
    entry, report = left[0]
    lead = f"{words.plural(len(left), 'report')} without a finding."
    rest = f"The oldest, of {day_of(view, entry)}: {report.allegation}."
    return Sentence(cell(lead, *(each for each, _ in left)), cell(rest, entry))


def _found(view: View) -> Sentence | None:
    found = view.facts.of(Finding)
    if not found:
        return None
    counts: dict[str, int] = {}
    for _, finding in found:
        counts[finding.decision] = counts.get(finding.decision, 0) + 1
    lead = f"Found: {words.listed([f'{number} {said}' for said, number in counts.items()])}."
    entry, last = found[-1]
    of = view.facts.get(last.report)
    alleged = f" of “{of.body.allegation}”" if of and isinstance(of.body, Report) else ""
    rest = f"The last, {day_of(view, entry)},{alleged}: {last.text or last.decision}"
    return Sentence(cell(lead, *(each for each, _ in found)), cell(words.sentence(rest), entry))


def _seen(view: View) -> Sentence:
    made = [(entry, look) for entry, look in view.looks if look.outcome == "made"]
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
    facts = [part for part in (f"{figure} {item}".strip() if figure != "?" else item,) if part]
    if report.site:
        facts.append(name_of(view, report.site))
    return f"{report.allegation} ({', '.join(facts)})" if facts else report.allegation


def _checked(view: View, entry: Entry) -> Cell:
    told: list[str] = []
    basis: list[Entry] = []
    for check_entry, check in view.facts.of(Check):
        if check.report == entry.id:
            result = f": {check.result}" if check.result else ", no result yet"
            told.append(f"{day_of(view, check_entry)} {check.what}{result}")
            basis.append(check_entry)
    for asked_entry, interview in view.facts.of(Interview):
        if interview.report == entry.id and (interview.asked or interview.result):
            who = interview.person or "source"
            told.append(
                f"{day_of(view, asked_entry)} {who} asked: {interview.result or 'no answer'}"
            )
            basis.append(asked_entry)
    if not told:
        return cell("nothing yet", tone="warning")
    return cell("; ".join(told), *basis)


def _reply(view: View, entry: Entry, report: Report) -> Cell:
    """Who carried it, and whether they were answered."""
    outlet = name_of(view, report.outlet) if report.outlet else "outlet not entered"
    replies = [(e, r) for e, r in view.facts.of(Reply) if r.report == entry.id]
    if not replies:
        return quiet(f"{outlet}; no reply entered" if report.outlet else outlet)
    owed = [(e, r) for e, r in replies if r.sent is None]
    if owed:
        outlets = words.listed([name_of(view, r.outlet) for _, r in owed])
        return cell(f"{outlets}; reply owed", *(e for e, _ in owed), tone="warning")
    last_entry, last = replies[-1]
    assert last.sent is not None
    sent = words.when_words(last.sent, view.case.zone, view.on)
    return cell(f"{outlet}; replied {sent}", last_entry)
