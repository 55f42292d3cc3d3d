"""From the facts of a case to its allegations: what each says, and which looks bear on it.

The rules of choice stand in docs/reports.md; the arithmetic stands in `overlap` and `bearing`.
Nothing is made up: detection, false alarms, concealment, prior and how long things stay to be seen
come from assumptions.csv. A look that did not come off, or of which no row says where it looked,
bears on nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from excomm.entries import Day, Entry, Instant, Span, When, end_of, start_of
from excomm.entries.header import ReportRules
from excomm.entries.kinds import (
    Assumption,
    CaseHeader,
    Check,
    Count,
    Item,
    Look,
    Means,
    Party,
    Report,
    Site,
)
from excomm.fold import Facts
from excomm.reports import model
from excomm.reports.alleged import Alleged, Weighed
from excomm.reports.bearing import weighed
from excomm.reports.decisions import Thresholds
from excomm.reports.evidence import alike_classes
from excomm.reports.held import Attempt, Known
from excomm.reports.model import Allegation, Parsed
from excomm.reports.overlap import Disc, Lasts, Time
from excomm.reports.parsing import Parser
from excomm.reports.places import Gazetteer
from excomm.reports.places import Site as Named
from excomm.reports.vocabulary import folded, words_of

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
_ALIKE = 0.5


def allegations(facts: Facts) -> tuple[Weighed, ...]:
    """Every allegation of the case's reports, in the order received, each weighed.

    Raises nothing for a missing assumption: the allegation then says which row to add.
    """
    known = _known(facts)
    rules = rules_of(facts)
    found = []
    for entry, report in facts.of(Report):
        for alleged in alleged_in(facts, entry, report):
            found.append(weighed(alleged, known, thresholds_of(rules), _excluded(facts, entry)))
    return tuple(found)


def rules_of(facts: Facts) -> ReportRules:
    """The case's rules for its reports desk, as they stood."""
    headers = facts.of(CaseHeader)
    return (headers[-1][1].reports if headers else None) or ReportRules()


def thresholds_of(rules: ReportRules) -> Thresholds:
    """The case's thresholds, as `decide` takes them."""
    return Thresholds(
        rules.corroborated_ratio,
        rules.contradicted_ratio,
        rules.contradicted_power,
        rules.no_evidence_ratio,
    )


def parsed_of(facts: Facts, entry: Entry, report: Report) -> Parsed:
    """What the desk's parser reads in a report, with the case's own places and items."""
    said = report.published or Instant(entry.recorded)
    day = start_of(said, facts.zone).astimezone(facts.zone).date()
    text = report.text or report.allegation
    return _parsed(_parser_of(facts), model.Report(id=entry.id, text=text, published=day))


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
    item = report.item or (_item_of(facts, part) if part else "")
    if not item and part and part.item:
        said.append(f"“{' '.join(part.item.words)}” is no item of the case")
    sites, place, elsewhere = _place(facts, report, part)
    action = part.action.what if part and part.action else ""
    underground = bool(part and part.item and _UNDERGROUND in part.item.classes)
    return Alleged(
        report=str(entry.id),
        part=number,
        what=report.allegation if number == 1 else _piece(report, part),
        item=item,
        sites=sites,
        place=place,
        elsewhere=elsewhere,
        lasts=_LASTS.get(action, "throughout"),
        time=_time(facts, entry, report, part, said),
        number=_number(report, part),
        hidden=underground or action == "hide",
        would_break=report.would_break,
        origin=entry.source,
        parsed=part,
        notes=tuple(said),
    )


def _piece(report: Report, part: Allegation | None) -> str:
    text = report.text or report.allegation
    return text[part.span.start : part.span.end] if part else text


def _best_fit(facts: Facts, report: Report, read: tuple[Allegation, ...]) -> Allegation | None:
    """Of what was read, the part that the entered fields mean."""

    def agrees(part: Allegation) -> int:
        places = _sites_of(facts, part)
        return (_item_of(facts, part) == report.item) + (report.site in places)

    return max(read, key=agrees, default=None)


def _item_of(facts: Facts, part: Allegation) -> str:
    """The item of the case that is meant: by its own names, else by its general class."""
    if part.item is None:
        return ""
    own = {str(entry.id) for entry, _ in facts.of(Item)}
    named = {name: weight for name, weight in part.item.classes.items() if name in own}
    if named:
        return max(named, key=lambda name: (named[name], name))
    alike = {
        item: alike_classes(part.item.classes, classes)
        for item, classes in _classes(_parser_of(facts), _item_names(facts)).items()
    }
    best = max(alike, key=lambda name: (alike[name], name), default="")
    return best if best and alike[best] >= _ALIKE else ""


@lru_cache(maxsize=16)
def _classes(
    parser: Parser, names: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, dict[str, float]]:
    """The general classes of each item of the case, as read in its own names."""
    found = {}
    for item, said in names:
        total: dict[str, float] = {}
        for name in said:
            read = parser.parse(model.Report(id="", text=name)).allegations
            general = read[0].item.classes if read and read[0].item else {}
            for word, weight in general.items():
                total[word] = max(total.get(word, 0.0), weight)
        total.pop(item, None)
        found[item] = total
    return found


def _place(
    facts: Facts, report: Report, part: Allegation | None
) -> tuple[dict[str, float], str, bool]:
    """Shares by site, the place in words, and whether it is none that the case knows."""
    if report.site:
        return {report.site: 1.0}, _site_name(facts, report.site), False
    if report.lat is not None and report.lon is not None:
        reach = f", {report.radius_km:g} km around" if report.radius_km else ""
        return {}, f"{report.lat:g}, {report.lon:g}{reach}", False
    if part is None or part.place is None:
        return {}, "", False
    sites = _sites_of(facts, part)
    if sites:
        names = " or ".join(_site_name(facts, site) for site in sites)
        return sites, names, False
    text = report.text or report.allegation
    name = text[part.place.span.start : part.place.span.end]
    # "In Cuba", said in a case between Cuba's neighbours, is all of the case's area.
    return {}, name, folded(name) not in _area_words(facts)


def _sites_of(facts: Facts, part: Allegation) -> dict[str, float]:
    if part.place is None:
        return {}
    by_name = {site.name: str(entry.id) for entry, site in facts.of(Site)}
    return {by_name[name]: s for name, s in part.place.shares.items() if name in by_name}


def _area_words(facts: Facts) -> frozenset[str]:
    headers = facts.of(CaseHeader)
    said = [word for _, header in headers for word in words_of(header.title)]
    for _, party in facts.of(Party):
        if party.role in ("party", "outsider"):
            said += [folded(party.name), *(folded(alias) for alias in party.aliases)]
    return frozenset(said)


def _site_name(facts: Facts, site: str) -> str:
    entry = facts.get(site)
    return entry.body.name if entry and isinstance(entry.body, Site) else site


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
    sites = {str(entry.id): site for entry, site in facts.of(Site)}
    return Known(
        on=facts.on,
        within={name: site.within for name, site in sites.items()},
        discs={
            name: Disc(site.lat, site.lon, site.radius_km or 0.0)
            for name, site in sites.items()
            if site.lat is not None and site.lon is not None
        },
        places={
            str(entry.id): Disc(report.lat, report.lon, report.radius_km or 0.0)
            for entry, report in facts.of(Report)
            if report.lat is not None and report.lon is not None
        },
        attempts=tuple(_attempts(facts)),
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
        tells_of=lambda words, item: _tells_of(facts, words, item),
    )


def _tells_of(facts: Facts, words: str, item: str) -> bool:
    """Whether words say that something of the item was seen: it is named, and not as none."""
    read = _parsed(_parser_of(facts), model.Report(id="", text=words))
    return any(
        _item_of(facts, part) == item and not (part.number and part.number.high == 0)
        for part in read.allegations
    )


def _attempts(facts: Facts) -> Iterator[Attempt]:
    saw: dict[str, list[tuple[Entry, Count]]] = {}
    for entry, count in facts.of(Count):
        if count.look and count.moving != "leaving":
            saw.setdefault(count.look, []).append((entry, count))
    for entry, look in facts.of(Look):
        counts = saw.get(str(entry.id), [])
        yield Attempt(
            id=str(entry.id),
            time=Time(
                start_of(entry.occurred, facts.zone),
                min(end_of(entry.occurred, facts.zone), facts.on + timedelta(days=1)),
            ),
            means=look.means,
            outcome=look.outcome,
            sites=look.sites,
            items=look.items,
            coverage=look.coverage,
            number=look.number,
            group=look.group,
            source=entry.source,
            doubt=_doubt(entry),
            saw=tuple(
                (count.item, count.site, str(each.id), _at_least(count))
                for each, count in counts
                if not _doubt(each) and _at_least(count) > 0
            ),
            doubtful=tuple(
                count.item for each, count in counts if _doubt(each) and _at_least(count) > 0
            ),
            counted=tuple(count.item for _, count in counts),
            what=look.what,
        )


def _doubt(entry: Entry) -> str:
    if entry.reading == "unverified":
        return "read unverified"
    return "disputed" if entry.standing == "disputed" else ""


def _at_least(count: Count) -> float:
    return float(next((n for n in (count.low, count.number, count.high) if n is not None), 0))


def _parser_of(facts: Facts) -> Parser:
    sites = tuple(Named(site.name, site.lat, site.lon, site.aliases) for _, site in facts.of(Site))
    return _parser(sites, _item_names(facts))


def _item_names(facts: Facts) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((str(e.id), (item.name, *item.aliases)) for e, item in facts.of(Item))


@lru_cache(maxsize=16)
def _parser(sites: tuple[Named, ...], items: tuple[tuple[str, tuple[str, ...]], ...]) -> Parser:
    return Parser(Gazetteer(sites), item_names=dict(items))


@lru_cache(maxsize=4096)
def _parsed(parser: Parser, report: model.Report) -> Parsed:
    return parser.parse(report)


def received(entry: Entry) -> datetime:
    """When a report came in: the clocks run from here, whatever times it gives itself."""
    return entry.recorded
