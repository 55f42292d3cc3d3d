"""What the parties changed later: the undertaking as it reads on the day asked for.

Amended and extended need both sides (an established entry). The obligor's acceptance may set the
deadline on his word alone, but only where the text did not bind him to one already. The latest
change of a field counts, whenever it was made.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any as Plain

import msgspec

from excomm.entries import Day, parse_when
from excomm.entries.kinds import Undertaking
from excomm.entries.language import (
    All,
    Any,
    Condition,
    Counted,
    Fixed,
    Is,
    Not,
    Point,
    Reading,
    Relative,
    With,
)
from excomm.entries.times import Instant
from excomm.errors import InputError
from excomm.terms.conditions import ACCEPTING
from excomm.terms.evidence import Act

_NONE = "none"  # removes a field


class Terms(msgspec.Struct, frozen=True):
    """An undertaking as amended. changed_by: the entries that did it, in order."""

    body: Undertaking
    changed_by: tuple[str, ...] = ()
    deadline_set: Act | None = None  # the last entry that set the deadline anew


def as_amended(body: Undertaking, acts: Sequence[Act]) -> Terms:
    """Apply amendments, extensions and acceptances with a deadline, in order of time.

    Raises InputError where `set` of an entry is not in the form of an agreement file.
    """
    changed: list[str] = []
    deadline_set: Act | None = None
    promised = False
    for act in acts:
        if act.kind in ("amended", "extended") and act.established:
            fields = {**_parsed(act), **_deadline(body, act)}
        elif not promised and accepts(act, body.by) and _may_promise(body, act):
            fields = {"due": act.event.due}
            promised = True
        else:
            continue
        if not fields:
            continue
        body = msgspec.structs.replace(body, **fields)
        changed.append(act.id)
        if "due" in fields or "ends" in fields:
            deadline_set = act
    return Terms(body, tuple(changed), deadline_set)


def _deadline(body: Undertaking, act: Act) -> dict[str, Plain]:
    if act.event.due is None:
        return {}
    # What lasts has a term and not a deadline: the date is the end of that.
    lasting = body.kind != "achieve" and body.due is None
    return {"ends" if lasting else "due": act.event.due}


def _may_promise(body: Undertaking, act: Act) -> bool:
    """Whether the obligor's word sets the deadline: not where the text binds him to one already."""
    if act.event.due is None or body.kind != "achieve":
        return False
    if body.due is None:
        return True
    anchor = getattr(body.starts, "anchor", None)
    return body.starts is None or body.condition is not None or anchor == act.id


def accepts(act: Act, parties: Sequence[str]) -> bool:
    """Whether one of the parties accepts by this act: on his own word, not on another's."""
    if act.kind not in ACCEPTING or act.standing == "disputed" or not act.by_any(parties):
        return False
    return act.established or not act.held_by or any(party in parties for party in act.held_by)


def _parsed(act: Act) -> dict[str, Plain]:
    fields: dict[str, Plain] = {}
    for name, value in act.event.set.items():
        where = f"{act.id}: set.{name}"
        if name not in _FIELDS:
            raise InputError(where, name, "a field of an undertaking")
        removed = value is None or value == _NONE
        if removed and _FIELDS[name].required:
            raise InputError(where, value, "a value", "An undertaking is none without it.")
        try:
            fields[name] = _default(name) if removed else _read(name, value)
        except InputError as fault:
            raise fault.at(where) from None
        except (msgspec.ValidationError, TypeError, KeyError, ValueError, AttributeError):
            raise InputError(where, value, "the form of an agreement file") from None
    return fields


def _default(name: str) -> Plain:
    field = _FIELDS[name]
    return {} if field.default is msgspec.NODEFAULT else field.default


def _read(name: str, value: Plain) -> Plain:
    if name in ("starts", "due", "ends"):
        return _point(value)
    if name == "condition":
        return _condition(value)
    if name == "readings":
        return {party: _reading(said) for party, said in value.items()}
    if name == "each":
        value = {**value, "months": _months(value["months"])}
    if _FIELDS[name].type == tuple[str, ...] and isinstance(value, str):
        value = (value,)
    return msgspec.convert(value, _FIELDS[name].type, strict=False)


def _reading(value: Plain) -> Reading:
    return Reading(
        starts=_point(value["starts"]) if "starts" in value else None,
        condition=_condition(value["condition"]) if "condition" in value else None,
        what=value.get("what", ""),
        source=value.get("source", ""),
    )


def _months(value: Plain) -> Plain:
    return tuple(range(1, 13)) if value == "all" else value


def _point(value: Plain) -> Point:
    if isinstance(value, str):
        return Fixed(_moment(value))
    keys = dict(value)
    last_day = date.fromisoformat(keys.pop("last_day")) if "last_day" in keys else None
    renewable = bool(keys.pop("renewable", False))
    if len(keys) != 1:
        raise InputError("point", " and ".join(keys), "one of after, P14D after, with, date")
    ((word, said),) = keys.items()
    if word == "with":
        return With(said)
    if word == "date":
        return Fixed(_moment(said), last_day, renewable)
    duration, after, rest = word.rpartition("after")
    if after != "after" or rest:
        raise InputError("point", word, "after, P14D after, with or date")
    return Relative(said, duration.strip(), last_day, renewable)


def _moment(text: str) -> Day | Instant:
    when = parse_when(text)
    if not isinstance(when, Day | Instant):
        raise InputError("point", text, "a day or an instant")
    return when


def _condition(value: Plain) -> Condition:
    keys = dict(value)
    at_least = keys.pop("at_least", None)
    ((word, said),) = keys.items()
    match word:
        case "counted":
            return Counted(said, at_least)
        case "not":
            return Not(_condition(said))
        case "all":
            return All(tuple(_condition(part) for part in said))
        case "any":
            return Any(tuple(_condition(part) for part in said))
        case _:
            return msgspec.convert({"type": "is", "what": word, "of": said}, Is)


_FIELDS = {field.name: field for field in msgspec.structs.fields(Undertaking)}
