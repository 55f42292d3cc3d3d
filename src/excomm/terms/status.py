"""The status of one undertaking on one day, as it is handed out."""

from collections.abc import Mapping
from dataclasses import Field, fields, make_dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec

from excomm.entries.language import State
from excomm.terms.phrases import listed


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a state: asked for one undertaking at a time, since it costs more."""

    why: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()
    assurance: str = ""


class Teller(Protocol):
    """Who knows more of an undertaking than its state."""

    def told(self, name: str) -> Told: ...
    def disputed(self, name: str) -> bool: ...
    def days_late(self, name: str) -> int | None: ...
    def by_party(self, name: str) -> dict[str, State]: ...
    def readings(self, name: str) -> dict[str, State]: ...
    def times(self, name: str) -> tuple[datetime | None, datetime | None]: ...
    def said(self, name: str, state: State) -> str: ...
    def obstructed_by(self, name: str) -> tuple[str, ...]: ...


class Status:
    """What stands of one undertaking, and why. Immutable; explanations are worked out when asked.

    state: under the obligor's reading of the text, where the parties read it differently.
    """

    __slots__ = ("_teller", "_told", "state", "undertaking")

    # msgspec writes it out as it does a dataclass: these names, in this order.
    __dataclass_fields__: ClassVar[Mapping[str, Field[Any]]]

    def __init__(self, undertaking: str, state: State, teller: Teller) -> None:
        self.undertaking = undertaking
        self.state = state
        self._teller = teller
        self._told: Told | None = None

    @property
    def why(self) -> tuple[str, ...]:
        """Every entry that bears on it, in order of time."""
        return self._more.why

    @property
    def decides(self) -> tuple[str, ...]:
        """An irreducible part of `why` that yields the state by itself; empty where the text and

        the calendar alone yield it.
        """
        return self._more.decides

    @property
    def missing(self) -> tuple[str, ...]:
        """What would have to come, in words."""
        return self._more.missing

    @property
    def path(self) -> tuple[str, ...]:
        """The undertakings it waits through, nearest first."""
        return self._more.path

    @property
    def reason(self) -> str:
        """One plain sentence."""
        return self._more.reason

    @property
    def disputed(self) -> bool:
        """An entry that bears on it is denied, a suspension is contested, or readings differ."""
        return self._teller.disputed(self.undertaking)

    @property
    def late(self) -> bool:
        """Performed after its deadline."""
        return self.days_late is not None

    @property
    def days_late(self) -> int | None:
        """Whole days; None where it was not late."""
        return self._teller.days_late(self.undertaking)

    @property
    def flags(self) -> tuple[str, ...]:
        """Static findings that bear on it now."""
        return self._more.flags

    @property
    def by_party(self) -> dict[str, State]:
        """Each obligor's own state, where several are bound."""
        return self._teller.by_party(self.undertaking)

    @property
    def readings(self) -> dict[str, State]:
        """Each party's state, only where their readings lead to different ones."""
        return self._teller.readings(self.undertaking)

    @property
    def starts(self) -> datetime | None:
        """First instant, UTC."""
        return self._teller.times(self.undertaking)[0]

    @property
    def due(self) -> datetime | None:
        """Last instant of the deadline, UTC."""
        return self._teller.times(self.undertaking)[1]

    @property
    def assurance(self) -> str:
        """The figure of its item against its standard, with the prior it assumed; else empty."""
        return self._more.assurance

    @property
    def said(self) -> str:
        """The state in the institution's words; a breach is "proposed" until a person enters it."""
        return self.said_of(self.state)

    def said_of(self, state: State) -> str:
        """Another state of it, as a party reads the text or by one obligor, in the same words."""
        return self._teller.said(self.undertaking, state)

    @property
    def obstructed_by(self) -> tuple[str, ...]:
        """Names of those who never agreed to it, and whose refusal stands in its way now."""
        return self._teller.obstructed_by(self.undertaking)

    @property
    def headline(self) -> str:
        """The state with its figure, and who obstructs it from outside.

        "fulfilled (0.97 against 0.95; prior 0.5)", "cannot be known, obstructed by Cuba".
        """
        by = f", obstructed by {listed(self.obstructed_by)}" if self.obstructed_by else ""
        return f"{self.said}{by}" + (f" ({self.assurance})" if self.assurance else "")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Status):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _FIELDS)

    def __hash__(self) -> int:
        return hash((self.undertaking, self.state))

    def __repr__(self) -> str:
        return f"Status({self.undertaking}: {self.state}; {self.reason})"

    @property
    def _more(self) -> Told:
        if self._told is None:
            self._told = self._teller.told(self.undertaking)
        return self._told


_FIELDS = (
    *("undertaking", "state", "why", "decides", "missing", "path", "reason", "disputed"),
    *("late", "days_late", "flags", "by_party", "readings", "starts", "due", "assurance"),
)
Status.__dataclass_fields__ = {
    field.name: field for field in fields(make_dataclass("Status", _FIELDS))
}
