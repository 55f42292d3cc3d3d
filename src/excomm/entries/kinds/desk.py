"""The desk's own: what it assumes, asserts, corrects, releases and hands over."""

from typing import Any, Literal

from excomm.entries.kinds.body import Body, When
from excomm.entries.language import Number, State


class Model(Body, frozen=True, kw_only=True, tag="model"):
    """A model of the conflict: what the parties can do, want and believe; an analyst's claim.

    What it holds is an object of one of the kinds in docs/options.md, as it was written.
    """

    title: str
    model: dict[str, Any]
    cites: tuple[str, ...] = ()  # the entries that its facts are taken from
    author: str = ""


class Handover(Body, frozen=True, kw_only=True, tag="handover"):
    """A shift handed over, or taken by name; whoever has an open item last holds it."""

    to: str  # who takes it
    state: Literal["handed over", "taken"] = "handed over"
    of: str = ""  # taken: the handover
    owners: dict[str, str] = {}  # open item: who has it
    what: str = ""


class Assumption(Body, frozen=True, kw_only=True, tag="assumption"):
    """A number that is in no record, with its range and whose claim it is."""

    name: str  # "missiles.detection.low-level"
    low: float
    best: float
    high: float
    author: str
    basis: str


class Assessment(Body, frozen=True, kw_only=True, tag="assessment"):
    """What the desk, or a named body, asserts."""

    statement: str
    item: str = ""
    number: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    undertaking: str = ""  # whose state a person settles by this
    state: State | None = None
    ledger_head: str = ""  # the desk's own: computed from


class Correction(Body, frozen=True, kw_only=True, tag="correction"):
    """Withdraws the entry named in `corrects`, so that what that had replaced stands again.

    An entry of another kind with `corrects` replaces the old one.
    """

    reason: str


class Clearance(Body, frozen=True, kw_only=True, tag="clearance"):
    """A marking lowered, or a release approved, by a second person."""

    of: str
    marking: str
    proposed_by: str
    approved_by: str
    sha256: str = ""


class Erasure(Body, frozen=True, kw_only=True, tag="erasure"):
    """A lawful erasure: what went and why."""

    of: str
    reason: str
    legal_basis: str = ""
    leaf: str = ""  # of what went, its leaf in the ledger's tree, hex; set by the ledger


class Break(Body, frozen=True, kw_only=True, tag="break"):
    """The ledger was restored to a state older than one that somebody had seen."""

    held_head: str
    explanation: str = ""


class Commitment(Body, frozen=True, kw_only=True, tag="commitment"):
    """A digest lodged now of something shown later."""

    sha256: str
    purpose: str
    reveal_by: When | None = None
