"""The fields of an entry said again: what `rows` and `fields` read, in the words that they read.

Only what differs from the default is said, so that a file shows what somebody had to decide.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from excomm.entries.entry import Entry
from excomm.entries.kinds import Body
from excomm.entries.language import All, Counted, Each, Fixed, Is, Not, Relative, With
from excomm.entries.language import Any as AnyOf
from excomm.entries.times import Day, Instant, Span, instant_text, start_of
from excomm.folder.nodes import Plain
from excomm.folder.rows import Column, Form, Reading, columns


class Said(NamedTuple):
    """One field under its name in a file."""

    name: str
    column: Column
    value: Any


_LAST = ("by", "source", "standing", "held_by", "reading", "marking", "corrects", "note")


def said(entry: Entry, form: Form, reading: Reading) -> Iterator[Said]:
    """The fields that a file has to give: id and dates, the kind's own, then the rest of the head.

    reading: the case's zone, opening day, lowest marking and rule for `recorded`.
    """
    words = {field: word for word, field in form.names.items()}
    named = {
        (column.head, column.field): Said(words.get(name, name), column, None)
        for name, column in columns(type(entry.body)).items()
    }
    for field, value in _head(entry, form, reading):
        if field not in _LAST:
            yield named[True, field]._replace(value=value)
    defaults = _defaults(type(entry.body))
    for field in entry.body.__struct_fields__:
        value = getattr(entry.body, field)
        if field not in defaults or value != defaults[field]:
            yield named[False, field]._replace(value=value)
    for field, value in _head(entry, form, reading):
        if field in _LAST:
            yield named[True, field]._replace(value=value)


def _head(entry: Entry, form: Form, reading: Reading) -> Iterator[tuple[str, Any]]:
    if not (form.id_from and getattr(entry.body, form.id_from) == entry.id):
        yield "id", entry.id
    dated = not (form.undated and entry.occurred == Day(reading.opens))
    if dated:
        yield "occurred", entry.occurred
    by_date = not dated or form.dated_by_itself or reading.as_dated
    if not by_date or entry.recorded != reading.dated(entry.occurred):
        yield "recorded", _known(entry.recorded, reading)
    defaults = {"standing": "claimed", "reading": "unverified", "marking": reading.lowest}
    for field in _LAST:
        value = getattr(entry, field)
        if value not in (defaults.get(field, ""), None, ()):
            yield field, value


def _known(recorded: datetime, reading: Reading) -> str:
    """A day where it is that day's start, else the instant in UTC."""
    day = Day(recorded.astimezone(reading.zone).date())
    return str(day) if start_of(day, reading.zone) == recorded else instant_text(recorded)


def _defaults(kind: type[Body]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        if field.default is not msgspec.NODEFAULT:
            found[field.name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            found[field.name] = field.default_factory()
    return found


_ALL_MONTHS = tuple(range(1, 13))


def plain_of(value: Any) -> Plain:  # noqa: PLR0911, PLR0912  one return a form
    """A value in the form of an agreement file, as plain data."""
    match value:
        case Day() | Instant() | Span():
            return str(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Fixed(when, last_day, renewable):
            ends = _ends(last_day, renewable=renewable)
            return {"date": str(when), **ends} if ends else str(when)
        case Relative(anchor, duration, last_day, renewable):
            key = f"{duration} after" if duration else "after"
            return {key: anchor, **_ends(last_day, renewable=renewable)}
        case With(undertaking):
            return {"with": undertaking}
        case Is(what, of):
            return {what: of}
        case Counted(undertaking, at_least):
            return {"counted": undertaking, "at_least": at_least}
        case All(parts):
            return {"all": [plain_of(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [plain_of(part) for part in parts]}
        case Not(part):
            return {"not": plain_of(part)}
        case Each(months, due_day):
            every: Plain = "all" if months == _ALL_MONTHS else list(months)
            return {"months": every} | ({} if due_day is None else {"due_day": due_day})
        case msgspec.Struct():
            defaults = _defaults(type(value))  # type: ignore[arg-type]
            return {
                field: plain_of(getattr(value, field))
                for field in value.__struct_fields__
                if field not in defaults or getattr(value, field) != defaults[field]
            }
        case tuple() | list():
            return [plain_of(part) for part in value]
        case dict():
            # Equal entries give equal files: a map has no order, and a ledger keeps none.
            return {key: plain_of(part) for key, part in sorted(value.items())}
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise AssertionError(f"no form for {type(value)}")


def _ends(last_day: date | None, *, renewable: bool) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    if last_day is not None:
        found["last_day"] = last_day.isoformat()
    if renewable:
        found["renewable"] = True
    return found
