"""What the parties changed later: the undertaking as it reads on the day asked for.

Amended and extended need both sides (an established entry). The obligor's acceptance may set the
deadline on his word alone, but only where the text did not bind him to one already. The latest
change of a field counts, whenever it was made.
"""

from collections.abc import Sequence
from typing import Any as Plain

import msgspec

from excomm.entries.kinds import Undertaking
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
        fields[name] = _default(name) if removed else _read(name, value, act)
    return fields


def _default(name: str) -> Plain:
    field = _FIELDS[name]
    return {} if field.default is msgspec.NODEFAULT else field.default


def _read(name: str, value: Plain, act: Act) -> Plain:
    """A field as an agreement file would say it: there is one reader of that form."""
    from excomm.folder.fields import reader
    from excomm.folder.nodes import node_of

    try:
        return reader(_FIELDS[name].type)(node_of(value), f"set.{name}")
    except InputError as fault:
        where = f"{act.id}: {fault.where}"
        raise InputError(where, fault.found, fault.expected, fault.remedy) from None


_FIELDS = {field.name: field for field in msgspec.structs.fields(Undertaking)}
