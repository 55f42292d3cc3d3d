"""One report from first receipt to last answer, and the desk's queue: as tables for a page.

The answer first, then how sure, then the looks under it with what was left out and why, then what
was asked, found and told. Every figure links to the entries that it rests on.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.allegations import clock_words, finding_words, looks_say
from excomm.brief.attribution import cell, day_of, name_of, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries.kinds import Finding, Reply, Report

if TYPE_CHECKING:
    from excomm.reports.alleged import Bears, Range, Weighed
    from excomm.reports.following import Followed


def queue(view: View) -> Section | None:
    """What the desk owes, most pressing first: every report, none left out."""
    rows = tuple(_queued(view, each) for each in view.waiting())
    columns = (
        Column("What is alleged", 3),
        Column("left", 1.6),
        Column("would break", 1),
        Column("what the looks say", 2),
        Column("carried by", 1.4),
        Column("report", 1.2),
    )
    return section("queue", f"Owed: {words.plural(len(rows), 'report')}", Table(columns, rows))


def settled(view: View) -> Section | None:
    """The reports that nothing is owed for, the latest first."""
    owed = {each.report for each in view.waiting()}
    done = [each for each in reversed(view.followed()) if each.report not in owed]
    rows = tuple(
        Row((_alleged(view, each), cell(_stands(view, each)), cell(each.report))) for each in done
    )
    columns = (Column("What was alleged", 4), Column("how it stands", 3), Column("report", 1.2))
    return section("settled", f"Settled: {len(rows)}", Table(columns, rows))


def of_report(view: View, each: "Followed") -> tuple[Section, ...]:
    """The parts of a report's page. Raises InputError for an unknown or hidden report."""
    found = (
        _account(view, each),
        *(part for one in each.weighed for part in (_figures(view, one), _looks(view, one))),
        _settling(view, each),
        _done(view, each),
    )
    return tuple(part for part in found if part is not None)


def _queued(view: View, each: "Followed") -> Row:
    said = looks_say(each) if each.is_open else cell(finding_words(view, each))
    carried = words.listed([name_of(view, outlet) for outlet in each.outlets])
    notes = (cell(f"Reopened: {each.reopened}.", tone="warning"),) if each.reopened else ()
    return Row(
        (
            _alleged(view, each),
            clock_words(each),
            cell(", ".join(each.would_break) or "–"),
            said,
            cell(carried or "–"),
            cell(each.report),
        ),
        notes,
    )


def _alleged(view: View, each: "Followed") -> Cell:
    entry = view.facts.get(each.report)
    assert entry is not None and isinstance(entry.body, Report)
    return cell(entry.body.allegation, entry)


def _stands(view: View, each: "Followed") -> str:
    if each.repeat_of:
        return f"repeats {each.repeat_of}"
    return finding_words(view, each) if each.finding else "open"


def _account(view: View, each: "Followed") -> Section | None:
    entry = view.facts.get(each.report)
    assert entry is not None and isinstance(entry.body, Report)
    body = entry.body
    received = words.full_when(each.received, view.case.zone)
    grade = f"{body.reliability}{body.credibility}"
    said = [
        ("received", f"{received}, {body.method or 'method not entered'}"),
        ("left", clock_words(each).text or "both clocks have stopped"),
        ("carried by", words.listed([name_of(view, one) for one in each.outlets])),
        ("published", words.when_words(body.published, view.case.zone, view.on))
        if body.published
        else ("", ""),
        ("source", f"{body.origin} {f'graded {grade}' if grade else 'not graded'}".strip()),
        ("would break", words.listed(list(each.would_break))),
        ("repeats", words.listed(list(each.repeats))),
        ("is a repeat of", each.repeat_of),
        ("not parsed", each.unparsed),
        ("text", body.text),
    ]
    rows = [Point(label, cell(text, entry)) for label, text in said if label and text]
    return section("account", "What was received", points(rows))


def _figures(view: View, one: "Weighed") -> Section | None:
    alleged = one.alleged
    what = alleged.what if alleged.part == 1 else f"{one.id}: {alleged.what}"
    place = alleged.place or "any site of the case, or elsewhere"
    first, last = (
        f"{at.astimezone(view.case.zone):%-d %B %Y}"
        for at in (alleged.time.first, alleged.time.last)
    )
    item = name_of(view, alleged.item) if alleged.item else "no item of the case"
    told = [
        ("decision", cell(f"{one.decision.word}: {one.decision.why}", tone="strong")),
        ("over the range", cell(f"also {words.listed(list(one.over_range))}"))
        if one.over_range
        else ("", quiet("")),
        ("likelihood ratio", _figure(one.ratio, one.missing, one)),
        ("power", _figure(one.power, "", one)),
        ("prior", _figure(one.prior, one.prior_missing, one)),
        ("posterior", _figure(one.posterior, one.prior_missing or one.missing, one)),
        ("read as", quiet(f"{alleged.number} {item}, {place}, {first} to {last}".strip())),
        *(("note", quiet(note)) for note in alleged.notes),
        *(("assumed", quiet(said)) for said in one.assumptions),
    ]
    rows = [Point(label, body) for label, body in told if label]
    return section(f"weighed-{alleged.part}", words.capital(what), points(rows))


def _figure(value: "Range | None", missing: str, one: "Weighed") -> Cell:
    if value is None:
        return Cell(missing or "cannot be computed", tone="unknown")
    return Cell(str(value), rests_on=one.rests_on)


def _looks(view: View, one: "Weighed") -> Section | None:
    columns = (
        Column("Look", 2),
        Column("day", 1),
        Column("area", 0.7, figures=True),
        Column("time", 1, figures=True),
        Column("detects", 1.2, figures=True),
        Column("saw it", 0.7),
        Column("ratio", 0.8, figures=True),
    )
    counted = {look.id for look in one.best.counted}
    rows = tuple(_look(view, each, counted=each.look.id in counted) for each in one.bears)
    left = [Point("left out", quiet(said)) for said in one.left_out]
    title = f"Looks that bear: {len(rows)}" if rows else "No look bears on it"
    suffix = "" if one.alleged.part == 1 else f"-{one.alleged.part}"
    return section(f"bears{suffix}", title, Table(columns, rows), points(left))


def _look(view: View, each: "Bears", *, counted: bool) -> Row:
    entry = view.facts.get(each.look.id)
    basis = (entry,) if entry is not None else ()
    return Row(
        (
            cell(
                f"{name_of(view, each.means)}{'' if counted else ' (group counted once)'}", *basis
            ),
            cell(day_of(view, entry) if entry is not None else ""),
            cell(f"{each.look.f:.2g}"),
            cell(str(each.tau)),
            cell(str(each.detection)),
            cell("yes" if each.look.hit else "no", tone="strong" if each.look.hit else "plain"),
            cell(f"{each.look.ratio:.3g}"),
        )
    )


def _settling(view: View, each: "Followed") -> Section | None:
    columns = (
        Column("Look", 2),
        Column("if nothing is seen", 2),
        Column("if it is seen", 2),
        Column("looks needed", 0.8, figures=True),
    )
    rows = tuple(
        Row(
            (
                cell(f"{name_of(view, s.means)} for {name_of(view, s.item)}"),
                cell(f"{s.decision_if_nothing}, ratio {s.ratio_if_nothing:.3g}"),
                cell(
                    f"{s.decision_if_seen}, ratio {s.ratio_if_seen:.3g}"
                    if s.ratio_if_seen is not None
                    else "no false-alarm rate is assumed"
                ),
                cell("no number" if s.looks_needed is None else str(s.looks_needed)),
            ),
            (cell(f"Refused: {s.refused}.", tone="warning"),) if s.refused else (),
        )
        for one in each.weighed
        for s in one.settling
    )
    why = [Point("no look", quiet(one.unsettled)) for one in each.weighed if one.unsettled]
    return section("settling", "What would settle it", Table(columns, rows), points(why))


def _done(view: View, each: "Followed") -> Section | None:
    return section("told", "Asked, found, told", points(_steps(view, each)))


def _steps(view: View, each: "Followed") -> Iterator[Point]:
    for asked in each.asked:
        entry = view.facts.get(asked.interview)
        if entry is not None:
            yield Point("interview", cell(f"{day_of(view, entry)}: {asked.worth}", entry))
    ids = (each.report, *each.repeats)
    for entry, finding in view.facts.of(Finding):
        if finding.report in ids:
            by = f" by {finding.author}" if finding.author else ""
            review = f", reviewed by {finding.reviewer}" if finding.reviewer else ", not reviewed"
            told = f"{day_of(view, entry)}: {finding.decision}{by}{review}; {finding.text}"
            yield Point("finding", cell(told, entry))
    if each.reopened:
        yield Point("reopened", cell(each.reopened, tone="warning"))
    for entry, reply in view.facts.of(Reply):
        if reply.report in ids:
            sent = words.when_words(reply.sent, view.case.zone, view.on) if reply.sent else "owed"
            by = f", approved by {reply.approved_by}" if reply.approved_by else ""
            yield Point("reply", cell(f"{name_of(view, reply.outlet)}: {sent}{by}", entry))
    for outlet in each.to_correct:
        told = f"{name_of(view, outlet)} was told otherwise, and is owed a correction"
        yield Point("to correct", cell(told, tone="warning"))
