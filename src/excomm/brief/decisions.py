"""What a principal has to decide, who was asked, and the line to take."""

from collections.abc import Iterator

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, latest, points, quiet, section
from excomm.brief.minutes import place_of
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table, Tone
from excomm.case import View
from excomm.entries import Day, Entry, Instant, start_of
from excomm.entries.kinds import Consultation, Decision, Line


def decisions(view: View) -> Section | None:
    """The questions that wait for a principal: wanted now first, then put off, with the advice."""
    found = latest(view.facts.of(Decision), lambda d: d.question)
    rows = tuple(
        _decision(entry, d)
        for state in ("wanted", "put off")
        for entry, d in found
        if d.state == state
    )
    today = view.on.astimezone(view.case.zone).date()
    taken = (
        Point(f"taken {day_of(view, entry)}", cell(f"{d.question}: {d.outcome or 'taken'}", entry))
        for entry, d in found
        if d.state == "taken" and view.facts.local_day(entry) == today
    )
    columns = (
        Column("To decide", 3),
        Column("by", 1.1),
        Column("when", 1.4),
        Column("options", 2.2),
        Column("advice", 3),
    )
    return section("decisions", "Decisions", Table(columns, rows), points(taken))


def _decision(entry: Entry, decision: Decision) -> Row:
    return Row(
        (
            cell(decision.question, entry, tone="strong"),
            cell(decision.by or "not entered", tone="plain" if decision.by else "quiet"),
            _until(decision),
            cell("; ".join(decision.options)),
            cell("; ".join(f"{advice.who}: {advice.says}" for advice in decision.advice)),
        )
    )


def _until(decision: Decision) -> Cell:
    if decision.state == "wanted":
        return cell(decision.until or "now", tone="strong")
    if not decision.until:
        return cell("put off")
    has_joint = decision.until.split(" ", 1)[0].lower() in ("to", "until", "till", "after")
    return cell(f"put off {'' if has_joint else 'until '}{decision.until}")


def consulted(view: View) -> Section | None:
    """Who was to be asked before we act, and what they answered; the unanswered first."""
    found = latest(view.facts.of(Consultation), lambda c: (c.whom, c.about))
    said = {"wanted": "not yet asked", "asked": "no answer yet", "answered": "answered"}

    def point(entry: Entry, asked: Consultation) -> Point:
        answer = f": {asked.answer}" if asked.answer else ""
        text = f"{asked.whom}{answer} (about {asked.about}; {day_of(view, entry)})"
        tone: Tone = "plain" if asked.state == "answered" else "strong"
        return Point(said[asked.state], cell(text, entry, tone=tone))

    return section(
        "consulted",
        "Consulted",
        points(
            point(entry, asked) for state in said for entry, asked in found if asked.state == state
        ),
    )


def line_to_take(view: View) -> Section | None:
    """Each clause with its source; then the wording rules, and what was said against them since."""
    clauses = (
        Point(
            f"to {line.to}" if line.to else "say",
            cell(line.clause, entry, tone="strong"),
            (quiet(entry.source, entry),) if entry.source else (),
        )
        for entry, line in view.facts.of(Line)
    )
    return section("line", "Line to take", points([*clauses, *_wording(view)]))


class _Rule(msgspec.Struct):
    """A wording rule, from the case's head or from minutes, and who did not keep to it."""

    text: str
    source: str
    entries: list[Entry]
    broken: list[str] = []
    doubtful: list[str] = []  # perhaps broken; a person should look


def _wording(view: View) -> Iterator[Point]:
    """The rules of the case and those read from minutes, one for each word to avoid."""
    rules = {
        rule.avoid.lower(): _Rule(_rule_words(rule.use, rule.avoid, rule.scope), rule.source, [])
        for rule in view.header.wording
        if rule.since is None or _is_known(view, rule.since)
    }
    for minutes, record in view.records():
        for read in record.wording_rules:
            text = _rule_words(read.use, read.avoid, read.scope)
            source = f"{read.by}, {place_of(minutes, record, read.start)}"
            rule = rules.setdefault(read.avoid.lower(), _Rule(text, source, []))
            rule.entries.append(minutes)
            for breach in read.broken:
                place = f"{breach.speaker}, {place_of(minutes, record, breach.start)}"
                (rule.doubtful if breach.doubt else rule.broken).append(place)
    for rule in rules.values():
        notes = [quiet(rule.source)] if rule.source else []
        if rule.broken:
            told = f"Not kept since: {words.listed(rule.broken)}."
            notes.append(cell(told, *rule.entries, tone="warning"))
        if rule.doubtful:
            told = f"Perhaps not kept: {words.listed(rule.doubtful)}."
            notes.append(quiet(told, *rule.entries))
        yield Point("wording", cell(rule.text, *rule.entries), tuple(notes))


def _is_known(view: View, since: Day | Instant) -> bool:
    return start_of(since, view.case.zone) <= min(view.on, view.known_by)


def _rule_words(use: str, avoid: str, scope: str) -> str:
    text = f"“{use}”, never “{avoid}”" if use else f"never “{avoid}”"
    return f"{text} ({scope})" if scope else text
