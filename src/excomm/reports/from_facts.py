"""From the facts of a case to its allegations: what each says, and which looks bear on it.

The rules of choice stand in docs/reports.md; the arithmetic stands in `overlap` and `bearing`.
Nothing is made up: detection, false alarms, concealment, prior and how long things stay to be seen
come from assumptions.csv. A look that did not come off, or of which no row says where it looked,
bears on nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from weakref import WeakKeyDictionary

from excomm.entries import Day, Entry, Instant, Span, When, end_of, start_of
from excomm.entries.header import ReportRules
from excomm.entries.kinds import (
    Assumption,
    CaseHeader,
    Check,
    Count,
    Finding,
    Interview,
    Item,
    Means,
    Party,
    Repeat,
    Reply,
    Report,
    Site,
)
from excomm.fold import Facts
from excomm.reports import model
from excomm.reports.accounts import Account, worth
from excomm.reports.alleged import Alleged, Weighed
from excomm.reports.bearing import can_bear, weighed
from excomm.reports.following import (
    Asked,
    Desk,
    Followed,
    Found,
    Received,
    Sent,
    followed,
    thresholds_of,
)
from excomm.reports.held import Known
from excomm.reports.intake import IMAGE, NO_TEXT
from excomm.reports.looks_from_facts import attempts_by_day, looks_by_day
from excomm.reports.model import Allegation, Parsed
from excomm.reports.naming import Naming, naming
from excomm.reports.overlap import Disc, Lasts, Time
from excomm.reports.places import Site as Named
from excomm.reports.search import FoundReport, Search
from excomm.reports.suggesting import Suggested, suggestions
from excomm.reports.vocabulary import words_of
from excomm.reports.world import town

_LASTS: dict[str, Lasts] = {
    "arrive": "from then on",
    "build": "from then on",
    "hide": "throughout",
    "train": "while it happens",
    "leave": "while it happens",
    "move": "while it happens",
    "fire": "while it happens",
    "dismantle": "while it happens",
}
_UNDERGROUND = "weapon-underground"
_NAMED_ABOVE = 0.5  # of a class: what weighs less is one of several that a word may mean


def allegations(facts: Facts) -> tuple[Weighed, ...]:
    """Every allegation of the case's reports, in the order received, each weighed.

    Raises nothing for a missing assumption: the allegation then says which row to add.
    """
    return tuple(
        _weighed(facts, alleged, _excluded(facts, entry))
        for entry, report in facts.of(Report)
        for alleged in alleged_in(facts, entry, report)
    )


def _weighed(
    facts: Facts,
    alleged: Alleged,
    excluded_by: tuple[str, ...],
    known_by: datetime | None = None,
) -> Weighed:
    """Weighed by all looks, or by those that were known at an instant."""
    known = _known(facts)
    days = looks_by_day(facts, alleged, known) if can_bear(alleged) else {}
    if known_by is not None:
        days = {day: found.until(known_by) for day, found in days.items()}
    return weighed(alleged, days, known, thresholds_of(rules_of(facts)), excluded_by)


def reports_followed(facts: Facts, found: tuple[Weighed, ...]) -> tuple[Followed, ...]:
    """Every report with its clocks, repeats, interviews, finding and replies, as it stands.

    found: what `allegations` gave for the same facts.
    """
    weighed: dict[str, tuple[Weighed, ...]] = {}
    for each in found:
        weighed[each.alleged.report] = (*weighed.get(each.alleged.report, ()), each)
    rules = rules_of(facts)
    received = sorted(facts.of(Report), key=lambda pair: (pair[0].recorded, pair[0].seq))
    desk = Desk(
        received=tuple(
            Received(
                report=str(entry.id),
                at=entry.recorded,
                outlet=report.outlet,
                text=sha256(report.text.encode()).hexdigest() if report.text.strip() else "",
                unparsed=parsed_of(facts, entry, report).unparsed,
            )
            for entry, report in received
        ),
        same=_same(facts),
        asked=tuple(_asked(facts, weighed)),
        found=tuple(_found(facts, weighed, rules)),
        sent=tuple(
            Sent(
                reply=str(entry.id),
                report=reply.report,
                outlet=reply.outlet,
                finding=reply.finding,
                at=_sent_at(facts, reply),
            )
            for entry, reply in facts.of(Reply)
        ),
        weighed=weighed,
    )
    return followed(desk, rules, facts.on)


def suggested(facts: Facts) -> tuple[Suggested, ...]:
    """Reports that may repeat an earlier one and of which nobody has said so yet."""
    pairs = sorted(facts.of(Report), key=lambda pair: (pair[0].recorded, pair[0].seq))
    said = {(row.report, row.of): row.state for _, row in facts.of(Repeat)}
    settled = {pair: state == "confirmed" for pair, state in said.items() if state != "suggested"}
    read = [parsed_of(facts, entry, report) for entry, report in pairs]
    plain = [model.Report(id=str(e.id), text=r.text or r.allegation) for e, r in pairs]
    return suggestions(plain, read, settled)


def found_by_words(facts: Facts, words: str, *, database: str = "") -> tuple[FoundReport, ...]:
    """The reports whose words are nearest, best first.

    database: the URL of the PostgreSQL database that the ledger lies in, whose full text search is
    asked then; empty: SQLite's FTS5.
    """
    pairs = facts.of(Report)
    texts = [(report.text, report.allegation) for _, report in pairs]
    search = Search(texts, [str(entry.id) for entry, _ in pairs], database=database)
    try:
        hits = search.find(words)
    finally:
        search.close()
    return tuple(
        FoundReport(
            str(pairs[hit.row][0].id),
            pairs[hit.row][0].recorded,
            pairs[hit.row][1].allegation,
            hit.likeness,
        )
        for hit in hits
    )


def _same(facts: Facts) -> dict[str, str]:
    """Confirmed repeats: of the rows about one pair, the latest holds."""
    latest = {(row.report, row.of): row.state for _, row in facts.of(Repeat)}
    return {report: of for (report, of), state in latest.items() if state == "confirmed"}


def _asked(facts: Facts, weighed: dict[str, tuple[Weighed, ...]]) -> Iterator[Asked]:
    for entry, interview in facts.of(Interview):
        parts = weighed.get(interview.report, ())
        asked = interview.asked is not None
        settled = interview.outcome or interview.result
        last = interview.last_there
        yield Asked(
            interview=str(entry.id),
            report=interview.report,
            at=start_of(interview.asked, facts.zone)
            if interview.asked
            else (entry.recorded if settled else None),
            worth=worth(
                Account(
                    outcome=interview.outcome,
                    knows=interview.knows,
                    heard_from=interview.heard_from,
                    last_there=end_of(last, facts.zone) if last else None,
                    shows=interview.shows,
                    result=interview.result,
                    asked=asked,
                ),
                parts[0].alleged.time if parts else None,
                _held(facts, interview.result),
            ),
        )


def _held(facts: Facts, account: str) -> tuple[str, ...]:
    """Counts that say already what an account tells: of the same item at the same site."""
    if not account:
        return ()
    read = naming_of(facts).read(model.Report(id="", text=account))
    told = [
        (naming_of(facts).item_of(part), naming_of(facts).sites_of(part))
        for part in read.allegations
    ]
    return tuple(
        str(entry.id)
        for entry, count in facts.of(Count)
        if any(count.item == item and count.site and count.site in sites for item, sites in told)
    )


def _found(
    facts: Facts, weighed: dict[str, tuple[Weighed, ...]], rules: ReportRules
) -> Iterator[Found]:
    for entry, finding in facts.of(Finding):
        ratio = finding.likelihood_ratio
        if ratio is None and weighed.get(finding.report):
            ratio = _ratio_then(facts, weighed[finding.report][0], entry.recorded)
        yield Found(
            finding=str(entry.id),
            report=finding.report,
            at=entry.recorded,
            decision=finding.decision,
            reviewed=bool(finding.reviewer) or rules.review == "none",
            ratio=ratio,
        )


def _ratio_then(facts: Facts, now: Weighed, decided: datetime) -> float | None:
    """The ratio of the looks that were known when a finding was decided that does not tell it."""
    ratio = _weighed(facts, now.alleged, now.excluded_by, decided).ratio
    return ratio.best if ratio else None


def _sent_at(facts: Facts, reply: Reply) -> datetime | None:
    if reply.sent is None:
        return None
    sent = end_of(reply.sent, facts.zone)
    return sent if start_of(reply.sent, facts.zone) <= facts.on else None


def rules_of(facts: Facts) -> ReportRules:
    """The case's rules for its reports desk, as they stood."""
    headers = facts.of(CaseHeader)
    return (headers[-1][1].reports if headers else None) or ReportRules()


def parsed_of(facts: Facts, entry: Entry, report: Report) -> Parsed:
    """What the desk's parser reads in a report, with the case's own places and items."""
    said = report.published or Instant(entry.recorded)
    day = start_of(said, facts.zone).astimezone(facts.zone).date()
    text = report.text or report.allegation
    if not report.text and (text == NO_TEXT or report.method == IMAGE):
        return Parsed((), "no text")
    return naming_of(facts).read(model.Report(id=entry.id, text=text, published=day))


def alleged_in(facts: Facts, entry: Entry, report: Report) -> tuple[Alleged, ...]:
    """The allegations of one report: what was entered holds, the text fills what was not."""
    read = parsed_of(facts, entry, report)
    entered = bool(report.item or report.site or report.lat is not None)
    parts: tuple[Allegation | None, ...] = read.allegations or (None,)
    if entered:
        parts = (_best_fit(facts, report, read.allegations),)
    notes = (f"not parsed: {read.unparsed}",) if read.unparsed else ()
    return tuple(
        _alleged(facts, entry, report, part, number, notes)
        for number, part in enumerate(parts, start=1)
    )


def _alleged(
    facts: Facts,
    entry: Entry,
    report: Report,
    part: Allegation | None,
    number: int,
    notes: tuple[str, ...],
) -> Alleged:
    said = [*notes, *(part.notes if part else ())]
    item = report.item or (naming_of(facts).item_of(part) if part else "")
    if not item and part and part.item:
        said.append(f"“{' '.join(part.item.words)}” is no item of the case")
    sites, place, position = _place(facts, report, part)
    action = part.action.what if part and part.action else ""
    # "Rockets" alone may be anywhere; "rockets in a cave" are out of sight.
    classes = part.item.classes if part and part.item else {}
    underground = classes.get(_UNDERGROUND, 0.0) > _NAMED_ABOVE
    return Alleged(
        report=str(entry.id),
        part=number,
        what=report.allegation if number == 1 else _piece(report, part),
        item=item,
        sites=sites,
        place=place,
        elsewhere=bool(place) and not sites and position is None and not _is_whole(facts, place),
        position=position,
        lasts=_LASTS.get(action, "throughout"),
        time=_time(facts, entry, report, part, said),
        number=_number(report, part),
        hidden=underground or action == "hide",
        would_break=report.would_break,
        origin=entry.source,
        reliability=report.reliability,
        parsed=part,
        notes=tuple(said),
    )


def _piece(report: Report, part: Allegation | None) -> str:
    text = report.text or report.allegation
    return text[part.span.start : part.span.end] if part else text


def _best_fit(facts: Facts, report: Report, read: tuple[Allegation, ...]) -> Allegation | None:
    """Of what was read, the part that the entered fields mean."""

    def agrees(part: Allegation) -> int:
        places = naming_of(facts).sites_of(part)
        return (naming_of(facts).item_of(part) == report.item) + (report.site in places)

    return max(read, key=agrees, default=None)


def _place(
    facts: Facts, report: Report, part: Allegation | None
) -> tuple[dict[str, float], str, Disc | None]:
    """Shares by site, the place in words, and its position where no site is meant."""
    names = naming_of(facts)
    if report.site:
        return {report.site: 1.0}, names.site_names.get(report.site, report.site), None
    if report.lat is not None and report.lon is not None:
        reach = f", {report.radius_km:g} km around" if report.radius_km else ""
        disc = Disc(report.lat, report.lon, report.radius_km or 0.0)
        return {}, f"{report.lat:g}, {report.lon:g}{reach}", disc
    if part is None or part.place is None:
        return {}, "", None
    sites = names.sites_of(part)
    if sites:
        return sites, " or ".join(names.site_names[site] for site in sites), None
    text = report.text or report.allegation
    name = text[part.place.span.start : part.place.span.end]
    if _is_whole(facts, name):
        return {}, name, None
    found = town(text[part.place.span.start :][:_NAME_CHARS_MAX], names.positions)
    return ({}, str(found), found.position) if found else ({}, name, None)


def _is_whole(facts: Facts, place: str) -> bool:
    # "In Cuba", said in a case between Cuba's neighbours, is all of the case's area.
    return naming_of(facts).is_whole(place)


_NAME_CHARS_MAX = 60


def _time(
    facts: Facts, entry: Entry, report: Report, part: Allegation | None, notes: list[str]
) -> Time:
    """When it is said to have been so, in whole days of the case's zone."""
    when: When = report.alleged or entry.occurred
    if report.alleged is None and part and part.window:
        when = Span(Day(part.window.first), Day(part.window.last))
        if start_of(when, facts.zone) > entry.recorded:
            notes.append("said of a time after it was received")
    elif report.alleged is None:
        notes.append("no time stated: taken as of the day of the report")
    first = start_of(when, facts.zone).astimezone(facts.zone).date()
    last = end_of(when, facts.zone).astimezone(facts.zone).date()
    return Time(start_of(Day(first), facts.zone), end_of(Day(last), facts.zone))


def _number(report: Report, part: Allegation | None) -> str:
    low, high, best = report.low, report.high, report.number
    if low is None and high is None and best is None:
        if not part or part.number is None or part.number.vague:
            return ""
        low, high, best = part.number.low, part.number.high, part.number.best
    if best is not None and low in (None, best) and high in (None, best):
        return f"{best:g}" if high == best or low is None else f"at least {best:g}"
    if low is not None and high is None:
        return f"at least {low:g}"
    if low is None and high is not None:
        return f"at most {high:g}"
    return f"{low:g} to {high:g}" if low is not None and high is not None else ""


def _excluded(facts: Facts, entry: Entry) -> tuple[str, ...]:
    """The entries that somebody found to exclude it, as checks of the report say."""
    return tuple(
        named
        for _, check in facts.of(Check)
        if check.report == entry.id
        for named in check.excluded_by
        if facts.get(named) is not None
    )


# -- what the case knows --------------------------------------------------------------------------


def _known(facts: Facts) -> Known:
    """What the case knows beside its reports; made once for these facts."""
    if facts not in _KNOWN:
        _KNOWN[facts] = _read_known(facts)
    return _KNOWN[facts]


_KNOWN: WeakKeyDictionary[Facts, Known] = WeakKeyDictionary()


def _read_known(facts: Facts) -> Known:
    sites = {str(entry.id): site for entry, site in facts.of(Site)}
    attempts = attempts_by_day(facts)
    return Known(
        on=facts.on,
        within={name: site.within for name, site in sites.items()},
        discs={
            name: Disc(site.lat, site.lon, site.radius_km or 0.0)
            for name, site in sites.items()
            if site.lat is not None and site.lon is not None
        },
        anybody_looked=any(day.anybody_looked for day in attempts.values()),
        refused={means: one for day in attempts.values() for means, one in day.refused.items()},
        assumed={
            body.name: (
                body.low,
                body.best,
                body.high,
                str(entry.id),
                f"{body.author}, {body.basis}",
            )
            for entry, body in facts.of(Assumption)
        },
        means={str(entry.id): means.name for entry, means in facts.of(Means)},
        tells_of=naming_of(facts).tells_of,
    )


def naming_of(facts: Facts) -> Naming:
    """What the case calls its items and places; made once for these facts."""
    if facts not in _NAMED:
        titles = [word for _, h in facts.of(CaseHeader) for word in words_of(h.title)]
        parties = [p for _, p in facts.of(Party) if p.role in ("party", "outsider")]
        _NAMED[facts] = naming(
            tuple((str(e.id), (item.name, *item.aliases)) for e, item in facts.of(Item)),
            tuple(
                (str(e.id), Named(site.name, site.lat, site.lon, site.aliases))
                for e, site in facts.of(Site)
            ),
            (*titles, *(name for p in parties for name in (p.name, *p.aliases))),
        )
    return _NAMED[facts]


_NAMED: WeakKeyDictionary[Facts, Naming] = WeakKeyDictionary()
