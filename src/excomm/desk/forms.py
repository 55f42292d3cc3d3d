"""Forms made from the kinds of entry: which fields, in which order, with which words to choose.

The fields come from the struct definitions; only labels, hints and the order of what is asked first
stand here. Nothing is filled in that somebody has to judge.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from django.utils.translation import gettext as _

from excomm.case import View
from excomm.entries import KINDS, Entry, instant_text
from excomm.entries.kinds import Offer, Undertaking
from excomm.errors import InputError
from excomm.folder import Field, fields


class Kind(msgspec.Struct, frozen=True):
    """One kind that can be entered: what it is called, its key, and what is asked first."""

    called: str
    key: str
    first: tuple[str, ...]
    hint: str

    @property
    def one(self) -> str:
        """One of them: "an event"."""
        return f"{'an' if self.called[0] in 'aeiou' else 'a'} {self.called}"


ENTERED: dict[str, Kind] = {
    "look": Kind(
        "look",
        "1",
        ("means", "outcome", "sites", "items", "party", "what", "refused_by"),
        "an attempt to see, whatever came of it",
    ),
    "count": Kind(
        "count",
        "2",
        ("item", "number", "carrier", "site", "moving", "scope", "what"),
        "a number seen, at a site or on a carrier",
    ),
    "declaration": Kind(
        "declaration",
        "3",
        ("party", "item", "number", "carrier", "site", "scope", "what"),
        "one side's figure for what it has or moved",
    ),
    "event": Kind(
        "event",
        "4",
        ("kind", "party", "about", "what"),
        "something that happened, and what it shows of an undertaking",
    ),
    "report": Kind(
        "report",
        "5",
        ("allegation", "outlet", "item", "site", "number", "would_break", "text"),
        "an allegation as received",
    ),
    "measure": Kind(
        "measure",
        "6",
        ("name", "party", "level", "ended", "what"),
        "something one side keeps up and can change; the latest of a name is its level",
    ),
    "offer": Kind(
        "offer",
        "7",
        ("by", "to", "text", "undertakings", "put"),
        "undertakings offered together, put or only proposed among ourselves",
    ),
    "response": Kind(
        "response",
        "8",
        ("offer", "party", "answer", "text"),
        "what came back to an offer; that nothing came is an answer too",
    ),
    "plan": Kind(
        "planned look",
        "9",
        ("planned_for", "means", "state", "sites", "items", "number", "what"),
        "a look proposed, approved or called off; what comes of it is a look that names it",
    ),
}

_WHOSE = ("by", "source", "standing", "reading", "marking", "held_by", "note")
_LABELS = {
    "occurred": "When it was so",
    "plan": "Came of which planned look",
    "by": "Who says so",
    "entry_by": "Who says so",
    "to": "To whom",
    "put": "Put to the other side",
    "if_accepted": "If accepted",
    "if_countered": "If countered",
    "if_rejected": "If refused",
    "seen_by_them": "Do they see it change?",
    "to_reverse": "To take back",
    "before": "To be done first",
    "held_by": "Held by",
    "reading": "How well it was read",
    "standing": "How it stands",
    "would_break": "Would break, were it true",
    "refused_by": "Refused by",
    "in_answer_to": "In answer to",
    "as_of": "As of",
    "reason": "Reason",
    "collected_from": "Collected from whom, where",
    "approves": "Approves the bytes of",
}
_HINTS = {
    "occurred": "a day 1962-11-09, an instant 1962-11-09T06:00-05:00, an interval a/b; "
    "or 14:30, yesterday, yesterday 14:30 (in the case's zone)",
    "by": "a party, a body, a person",
    "source": "document and page, or who told it",
    "coverage": "share of the sites' area seen, 0 to 1",
    "footprint": "corners, or a track: 12.41 41.87; 12.45 41.90; 12.40 41.95",
    "swath_km": "how wide the track is; empty: the footprint has corners",
    "carrier": "a ship, a train, a convoy",
    "scope": "own: this carrier or site; total: all of them to date",
    "value": "name: figure; name: figure",
    "shows": "undertaking: performed; undertaking: not_performed",
    "difference": "more or fewer than declared, where only that is known",
    "standing": "established: agreed means, or both sides; claimed: one side; disputed: denied",
    "marking": "who may see it",
    "approves": "SHA-256 of what was approved, 64 hexadecimal digits",
    "translator": "of a translation, by name",
    "language": "of the text",
}
_SEVERAL = "Several parted by ;"
_WHOSE_WORD, _MORE = "Whose word", "More"
_LONG = ("text", "note", "allegation", "what", "reason")
_RECENT_MAX = 12


class Choice(msgspec.Struct, frozen=True):
    """A word to choose, and what it stands for."""

    value: str
    text: str


class Box(msgspec.Struct, frozen=True):
    """One field as it is shown. choices: closed; suggested: any other word is as good."""

    name: str
    label: str
    value: str
    required: bool
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    suggested: tuple[Choice, ...] = ()
    long: bool = False
    figure: bool = False
    default: str = ""  # what stands if nothing is chosen
    fault: str = ""

    @property
    def described_by(self) -> str:
        """The ids of hint and fault, for those who hear the page."""
        parts = [f"fault-{self.name}" * bool(self.fault), f"hint-{self.name}" * bool(self.hint)]
        return " ".join(filter(None, parts))


def boxes(
    view: View, kind: str, given: Mapping[str, str], faults: Iterable[InputError]
) -> tuple[tuple[str, tuple[Box, ...]], ...]:
    """The fields of a form in groups with their titles: what, whose word, and the rest.

    given: texts that are filled in already.
    """
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.where.split(".")[0], []).append(_said(fault))
    known = {field.name: field for field in fields(KINDS[kind])}
    made = {
        name: _box(view, kind, field, given, " ".join(said.get(name, ())))
        for name, field in known.items()
    }
    if kind == "correction":
        return (("", (made["reason"], made["by"], made["source"])),)
    if kind not in ENTERED:
        return (("", tuple(made.values())),)
    first = ("occurred", *ENTERED[kind].first)
    # Where a kind has a field of the same name, whose word it is stands under another.
    whose = [f"entry_{name}" if f"entry_{name}" in known else name for name in _WHOSE]
    rest = tuple(name for name in known if name not in (*first, *whose))
    return (
        ("", tuple(made[name] for name in first)),
        (_WHOSE_WORD, tuple(made[name] for name in whose)),
        (_MORE, tuple(made[name] for name in rest)),
    )


def texts_sent(sent: Mapping[str, str], kind: str) -> dict[str, str]:
    """The texts of the kind's fields, and nothing else that a form may carry."""
    known = [field.name for field in fields(KINDS[kind])]
    if kind == "correction":
        known = ["reason", "by", "source"]
    return {name: str(sent.get(name, "")) for name in known if sent.get(name, "")}


def when_said(view: View, text: str) -> str:
    """A time as it is said on the telephone, written out in the case's zone; all else as it is.

    14:30, yesterday, yesterday 14:30, today: of the day that is shown.
    """
    found = _SPOKEN.fullmatch(text.strip().casefold())
    if not found or not text.strip():
        return text
    zone = view.case.zone
    day = view.on.astimezone(zone).date() - timedelta(days=found["day"] == "yesterday")
    if not found["hour"]:
        return day.isoformat()
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour > 23 or minute > 59:
        return text
    return instant_text(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))


_SPOKEN = re.compile(
    r"(?P<day>today|yesterday)?\s*(?:(?P<hour>\d{1,2}):(?P<minute>\d\d))?", re.ASCII
)


def _said(fault: InputError) -> str:
    text = str(fault)
    return (
        text.removeprefix(f"{fault.where}: ")[:1].upper()
        + text.removeprefix(f"{fault.where}: ")[1:]
    )


def _box(view: View, kind: str, field: Field, given: Mapping[str, str], fault: str) -> Box:
    name = field.name
    label = _("Who offers") if (kind, name) == ("offer", "by") else _(_label(name))
    value = given.get(name, "") if given else _default(view, name)
    choices: tuple[Choice, ...] = ()
    suggested: tuple[Choice, ...] = ()
    if field.words:
        choices = tuple(Choice(word, word.replace("_", " ")) for word in field.words)
    elif name == "marking":
        choices = _markings(view, value)
    elif field.names and not field.several and not field.head:
        choices = named_choices(view, field.names)
    elif field.names or field.several:
        suggested = named_choices(view, field.names)
    elif name not in _LONG and not field.figure and name != "occurred":
        suggested = _recent(view, kind, name.removeprefix("entry_"), head=field.head)
    if choices and value and value not in [choice.value for choice in choices]:
        choices = (*choices, Choice(value, value))
    hints = (_HINTS.get(name, ""), _SEVERAL if field.several else "")
    return Box(
        name,
        label,
        value,
        field.required,
        hint=" ".join(_(hint) for hint in hints if hint),
        choices=choices,
        suggested=suggested,
        long=name in _LONG,
        figure=field.figure,
        default=view.facts.scheme.levels[0] if name == "marking" else field.default,
        fault=fault,
    )


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def words_of_boxes() -> tuple[str, ...]:
    """Every label and hint that a form may show, to be translated."""
    names = [
        field.name for kind in (*ENTERED, "attachment", "reply") for field in fields(KINDS[kind])
    ]
    return (
        *map(_label, dict.fromkeys(names)),
        *_LABELS.values(),
        *_HINTS.values(),
        _SEVERAL,
        _WHOSE_WORD,
        _MORE,
    )


def _default(view: View, name: str) -> str:
    """What nobody has to judge: the present in the case's zone, for a case that is shown now."""
    if name != "occurred":
        return ""
    now = datetime.now(UTC)
    if abs((now - view.on).total_seconds()) < 24 * 60 * 60:
        return instant_text(now.astimezone(view.case.zone).replace(second=0, microsecond=0))
    return view.on.astimezone(view.case.zone).date().isoformat()


def _markings(view: View, value: str) -> tuple[Choice, ...]:
    """The case's levels, and the markings that it uses."""
    scheme = view.facts.scheme
    used = dict.fromkeys(entry.marking for entry in view.log)
    found = [*scheme.levels, *(word for word in used if word not in scheme.levels), value]
    seen = [word for word in dict.fromkeys(found) if word and view.facts.sees(word)]
    return tuple(Choice(word, word) for word in seen)


def named_choices(view: View, kinds: tuple[str, ...]) -> tuple[Choice, ...]:
    """The entries that a field may name, as they hold now."""
    return tuple(
        Choice(str(entry.id), _called(entry))
        for kind in kinds
        for entry, _ in view.facts.of(KINDS[kind])
    )


def _called(entry: Entry) -> str:
    body = entry.body
    name = getattr(body, "name", "") or (body.what if isinstance(body, Undertaking) else "")
    name = name or (body.text if isinstance(body, Offer) else "")
    return f"{name} ({entry.id})" if name and name != entry.id else str(entry.id)


def _recent(view: View, kind: str, name: str, *, head: bool) -> tuple[Choice, ...]:
    """What was last entered in this field, for a kind's own fields by that kind."""
    found: dict[str, None] = {}
    for entry in reversed(view.log):
        if not head and entry.kind != kind:
            continue
        value = getattr(entry if head else entry.body, name, "")
        if isinstance(value, str) and value:
            found[value] = None
        if len(found) >= _RECENT_MAX:
            break
    return tuple(Choice(value, value) for value in found)
