"""Laws of the folder: whatever is written comes back, and a second load appends nothing."""

import hashlib
import string
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from excomm.entries import KINDS, Body, Day, Entry, EntryId, Instant, Span, to_bytes
from excomm.entries.header import Likelihood, WordRule
from excomm.entries.kinds import (
    Agreement,
    Assumption,
    Attachment,
    CaseHeader,
    Clearance,
    Commitment,
    Correction,
    Directive,
    Event,
    Finding,
    Item,
    Look,
    Means,
    Offer,
    Outlet,
    Party,
    Report,
    Site,
    Undertaking,
)
from excomm.entries.language import (
    Advice,
    All,
    Amount,
    Counted,
    Each,
    Fixed,
    Is,
    Not,
    Reading,
    Relative,
    With,
)
from excomm.entries.language import Any as AnyOf
from excomm.entries.references import REFERENCES
from excomm.entries.times import parse_zone, start_of
from excomm.folder import changes, read, write
from excomm.folder.writing import as_files

NOW = datetime(2150, 1, 1, tzinfo=UTC)

AWKWARD = [
    "a,b",
    'say "so"',
    "two\nlines",
    "a; b",
    "a\\; b",
    "=1+1",
    "-1",
    " spaces ",
    "Ä € 𝄞 \u2028",
    "\\",
    "x: y",
    "'42",
    "# no comment",
    "- a",
    "{a: 1}",
    "\r",
    "a\r\nb",
    "\t",
    "null",
    "yes",
    "42",
    "1e5",
    "1962-11-09",
    "\x7f\x85\ufeff",
    "x" * 300,
]
texts = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
).filter(lambda text: not text.startswith("#"))
words = texts.filter(bool)
ids = st.text(
    string.ascii_letters + string.digits + " ,;:'\"\\-_.#=äß{}[]|", min_size=1, max_size=8
)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(Day)
offsets = st.sampled_from([0, -300, 345]).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.builds(
    lambda day, second, zone: Instant(datetime(day.year, day.month, day.day, tzinfo=zone) + second),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.integers(0, 86_399_999_999).map(lambda part: timedelta(microseconds=part)),
    offsets,
)
spans = st.lists(days, min_size=2, max_size=2).map(lambda two: Span(*sorted(two, key=str)))
whens = days | instants | spans
small = st.integers(0, 10**6)
fractions = st.floats(0, 1e6)
probs = st.floats(0, 1)
numbers = small | fractions
dates = st.dates(date(1900, 1, 1), date(2100, 1, 1))
plains = st.recursive(
    st.none() | st.booleans() | small | fractions | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
durations = st.sampled_from(["", "P14D", "P3M", "P1Y2M", "PT24H"])
points = st.one_of(
    st.builds(Fixed, days | instants, st.none() | dates, st.booleans()),
    st.builds(
        Relative,
        st.sampled_from(["starts", "condition", "1988-06-01", "start of U", "event: 1"]),
        durations,
        st.none() | dates,
        st.booleans(),
    ),
    st.builds(With, st.just("U")),
)
facts = st.builds(Is, st.sampled_from(["fulfilled", "in_force", "breached"]), st.just("U")) | (
    st.builds(Is, st.just("event"), words) | st.builds(Counted, st.just("U"), numbers)
)
conditions: st.SearchStrategy[Any] = st.recursive(
    facts,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=2).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=2).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=4,
)


def _of_type(kind: Any, *, needed: bool) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    kind = getattr(kind, "__supertype__", kind)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: words if needed else texts,
        bool: st.booleans(),
        int: small,
        float: fractions,
        date: dates,
        Day: days,
        Instant: instants,
        Span: spans,
        Fixed: points,
        Is: conditions,
        Each: st.builds(
            Each, st.just((3, 9)) | st.just(tuple(range(1, 13))), st.none() | st.just(30)
        ),
        Amount: st.builds(Amount, st.just("I"), numbers, texts),
        Advice: st.builds(Advice, words, texts),
        Likelihood: st.builds(Likelihood, words, st.just(0.2), st.just(0.5)),
        WordRule: st.builds(WordRule, words, texts, texts, texts),
        Reading: st.builds(Reading, st.none() | points, st.none() | conditions, texts, texts),
        type(None): st.none(),
    }
    if kind in simple:
        return simple[kind]
    args = get_args(kind)
    if get_origin(kind) is Literal:
        return st.sampled_from(args)
    if get_origin(kind) is tuple:
        unique = (lambda one: one.who) if args[0] is Advice else None
        return st.lists(
            _of_type(args[0], needed=True), min_size=int(needed), max_size=3, unique_by=unique
        ).map(tuple)
    if get_origin(kind) is dict:
        inner = plains if args[1] is Any else _of_type(args[1], needed=False)
        return st.dictionaries(words, inner, max_size=3)
    return st.one_of(
        [_of_type(one, needed=needed) for one in args if one in simple or get_origin(one)]
    )


@st.composite
def bodies(draw: st.DrawFn, kind: type[Body], known: dict[str, list[str]]) -> Body:
    """Any body of a kind that keeps the rules, naming what is known."""
    values: dict[str, Any] = {}
    references = REFERENCES.get(kind, {})
    for field in msgspec.structs.fields(kind):
        if field.required or draw(st.booleans()):
            needed = field.required or (isinstance(field.default, str) and field.default != "")
            value = draw(_of_type(field.type, needed=needed))
            if field.name in references:
                tags = references[field.name] or tuple(KINDS)
                named = [one for tag in tags for one in known.get(tag, ())]
                if not named:
                    continue
                one = draw(st.sampled_from(named))
                value = (one,) if isinstance(value, tuple) else one
            values[field.name] = value
    values.update(_ruled(draw, kind, values, known))
    return kind(**values)


def _degrees(most: int) -> st.SearchStrategy[float]:
    # A file has one zero only: -0.0 comes back as 0.0.
    return st.floats(-most, most).map(lambda degrees: degrees + 0.0)


def _ruled(
    draw: st.DrawFn, kind: type[Body], values: dict[str, Any], known: dict[str, list[str]]
) -> dict[str, Any]:
    """The fields of a kind that rules bind together."""
    given: dict[str, Any] = {}
    if {"low", "number", "high"} <= {field.name for field in msgspec.structs.fields(kind)}:
        given = dict(
            zip(("low", "number", "high"), sorted(draw(st.tuples(*[numbers] * 3))), strict=True)
        )
    if kind is Report:
        given |= {"lat": draw(_degrees(90)), "lon": draw(_degrees(180))}
        given["radius_km"] = draw(st.floats(0, 500))
    if kind is Finding:
        given = {"power": draw(st.none() | probs), "likelihood_ratio": draw(st.floats(0, 1000))}
        given |= {"author": "an analyst", "reviewer": draw(st.sampled_from(["", "another"]))}
    if kind is Assumption:
        given = dict(
            zip(("low", "best", "high"), sorted(draw(st.tuples(*[probs] * 3))), strict=True)
        )
        given["name"] = draw(st.sampled_from(["any.prob", "I.stock"]))
    if kind is Look:
        given = {"coverage": draw(st.none() | probs), "number": draw(st.none() | small)}
        ground: dict[str, object] = {"footprint": (), "swath_km": None}
        track = {"footprint": ("12.41 41.87", "-12.5 -42"), "swath_km": draw(st.floats(0.1, 99))}
        corners = {"footprint": ("12 41", "12 42", "13.5 42"), "swath_km": None}
        given |= draw(st.sampled_from([ground, track, corners]))
    if kind is Site:
        given = {"lat": draw(_degrees(90)), "lon": draw(_degrees(180))}
    if kind is Item:
        given = {"whole": False}
    if kind is Event:
        value = {key: one for key, one in values.get("value", {}).items() if key != "item"}
        shown = {"U": "performed"} if draw(st.booleans()) else {}
        kinds = [
            one for one in get_args(msgspec.structs.fields(Event)[0].type) if one != "retraction"
        ]
        given = {"value": value, "shows": shown, "kind": draw(st.sampled_from(kinds))}
    if kind is Undertaking:
        given = {
            "readings": {"P": draw(_of_type(Reading, needed=True))} if draw(st.booleans()) else {},
            "standard": draw(st.none() | probs),
            "accuse": draw(st.none() | probs),
            "evidence_by": draw(durations),
        }
        if isinstance(values.get("starts"), Fixed):
            given |= {"due": None, "ends": None}  # a fixed day before it would be a fault
    if kind is Attachment:
        text = values.get("text", "")
        raw = text.encode()
        given = {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
    if kind is Commitment:
        given = {"sha256": "a" * 64}
    if kind is Clearance:
        given = {"sha256": "", "marking": "open", "proposed_by": "one", "approved_by": "another"}
    for field in ("start", "end"):
        if field in values:
            given |= {"start": 3, "end": 5}
    return given


NAMED = (Site, Means, Offer, Outlet, Report, Look, Directive)
TABLED = [
    kind
    for tag, kind in KINDS.items()
    if tag not in ("case", "agreement", "correction", "party", "item")
]


@st.composite
def cases(draw: st.DrawFn) -> list[Entry]:
    """A case of any entries that keep the rules, in no order but the header's."""
    zone_name = draw(st.sampled_from(["UTC", "America/New_York", "-05:00", "+05:45"]))
    zone = parse_zone(zone_name)
    opens = draw(dates)
    names = draw(st.lists(ids, min_size=8, max_size=24, unique_by=str.lower).map(_sound))
    known: dict[str, list[str]] = {}
    entries: list[Entry] = []

    def add(kind: type[Body], body: Any, entry_id: str, **head: Any) -> None:
        occurred = draw(st.just(Day(opens)) | whens)
        start = start_of(occurred, zone)
        delay = draw(st.just(timedelta()) | st.timedeltas(timedelta(), timedelta(days=4000)))
        values = {
            "by": draw(texts),
            "source": draw(texts),
            "standing": draw(st.sampled_from(["claimed", "established", "disputed"])),
            "reading": draw(st.sampled_from(["high", "medium", "low", "unverified"])),
            "marking": draw(st.sampled_from(["open", "secret", "secret//IMINT", "open//REL P"])),
            "held_by": draw(st.just(()) | st.just(("P",))),
            "note": draw(texts),
        } | head
        recorded = start + delay
        entries.append(
            Entry(id=EntryId(entry_id), occurred=occurred, recorded=recorded, body=body, **values)
        )
        known.setdefault(str(kind.__struct_config__.tag), []).append(entry_id)

    header = CaseHeader(
        title=draw(words),
        zone=zone_name,
        opens=opens,
        levels=("open", "secret"),
        compartments=("IMINT",),
        scale=tuple(draw(st.lists(_of_type(Likelihood, needed=True), max_size=2))),
        wording=tuple(
            msgspec.structs.replace(rule, marking=draw(st.sampled_from(["", "open", "secret"])))
            for rule in draw(st.lists(_of_type(WordRule, needed=True), max_size=2))
        ),
    )
    add(CaseHeader, header, "case of all", marking="open")
    for entry_id, kind in (("P", Party), ("I", Item), ("U", Undertaking)):
        add(kind, draw(bodies(kind, known | {"party": ["P"]})), entry_id)
    if draw(st.booleans()):
        agreement = Agreement(
            title=draw(words),
            form=draw(texts),
            legal_basis=tuple(draw(st.lists(words, max_size=2))),
            parties={"P": draw(words)},
            items={"I": draw(texts)},
            sources=draw(
                st.dictionaries(words, st.dictionaries(words, texts, max_size=2), max_size=2)
            ),
            zone=zone_name,
            calendar=draw(st.dictionaries(words.filter(lambda w: w != "zone"), texts, max_size=2)),
        )
        add(Agreement, agreement, "the agreement")
    if draw(st.booleans()):
        for named in NAMED:
            add(named, draw(bodies(named, known)), f"{named.__name__} 1")
        minutes = msgspec.structs.replace(draw(bodies(Attachment, known)), role="minutes")
        add(Attachment, minutes, "minutes/a.b")
    for entry_id in names:
        tag_kind = draw(st.sampled_from(TABLED))
        needs = [t for tags in REFERENCES.get(tag_kind, {}).values() for t in tags]
        if all(tag in known for tag in needs):
            add(tag_kind, draw(bodies(tag_kind, known)), entry_id)
    for entry in list(entries[1:]):
        match draw(st.integers(0, 9)):
            case 0:
                add(type(entry.body), entry.body, f"{entry.id}.2", corrects=entry.id)
            case 1:
                add(Correction, Correction(reason=draw(words)), f"{entry.id} w", corrects=entry.id)
    return entries


def _sound(names: list[str]) -> list[str]:
    taken = ("P", "I", "U", "case of all", "the agreement", "unknown")
    sound = [name.strip() for name in names]
    return [
        name
        for name in dict.fromkeys(sound)
        if name
        and name.lower() not in [one.lower() for one in taken]
        and name[0] not in "#0123456789"
    ]


calm = settings(
    max_examples=30,
    deadline=None,
    # A case of twenty entries takes minutes to shrink and says no more for it.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@given(cases())
@calm
def test_entries_written_as_a_folder_come_back_unchanged(entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as place:
        write(entries, Path(place) / "case")
        found = read(Path(place) / "case", now=NOW)
    by_id = {entry.id: to_bytes(entry) for entry in found.entries}
    assert by_id == {entry.id: to_bytes(entry) for entry in entries}
    assert found.entries[0].id == "case of all"


@given(cases())
@calm
def test_a_folder_written_again_has_the_same_bytes(entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as place:
        write(entries, Path(place) / "case")
        found = read(Path(place) / "case", now=NOW)
    assert as_files(found.entries) == as_files(entries)


class Ledger:
    """As much of a ledger as a load needs: it numbers what it takes in, and forgets nothing."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def load(self, rows: list[Entry], now: datetime) -> int:
        found = changes(self.entries, rows, now=now)
        for entry in found.entries:
            self.entries.append(
                msgspec.structs.replace(entry, seq=len(self.entries) + 1, appended=now)
            )
        return len(found.entries)


def _loaded_at(entries: list[Entry], now: datetime, rule: Callable[[int], bool]) -> list[Entry]:
    """The rows as a folder gives them: those of the rule have no `recorded` of their own."""
    return [
        msgspec.structs.replace(entry, recorded=now) if rule(index) else entry
        for index, entry in enumerate(entries)
    ]


@given(cases(), st.integers(1, 5), st.data())
@calm
def test_loading_a_folder_twice_appends_nothing_the_second_time(
    entries: list[Entry], step: int, data: st.DataObject
) -> None:
    ledger = Ledger()
    times = [NOW + timedelta(days=day) for day in range(4)]

    def rows(now: datetime) -> list[Entry]:
        return _loaded_at(entries, now, lambda index: index % step == 1)

    assert ledger.load(rows(times[0]), times[0]) == len(entries)
    assert ledger.load(rows(times[1]), times[1]) == 0
    replaced = {entry.corrects for entry in entries}
    free = [
        i
        for i, e in enumerate(entries)
        if e.id not in replaced and not isinstance(e.body, CaseHeader | Correction)
    ]
    for index in data.draw(st.lists(st.sampled_from(free), unique=True, max_size=4)):
        entries[index] = msgspec.structs.replace(
            entries[index], note=f"{entries[index].note}, changed"
        )
    changed = ledger.load(rows(times[2]), times[2])
    assert ledger.load(rows(times[3]), times[3]) == 0
    assert changed == sum(entry.note.endswith(", changed") for entry in entries)
