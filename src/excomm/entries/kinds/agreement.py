"""What the sides bound themselves to, offered and answered, and what happened to it."""

from typing import Any, Literal

from excomm.entries.kinds.body import Body, When
from excomm.entries.language import (
    Amount,
    Condition,
    Duty,
    Each,
    EventKind,
    Modality,
    Number,
    Point,
    Reading,
    Shows,
    Silence,
)


class Agreement(Body, frozen=True, kw_only=True, tag="agreement"):
    """The head of an agreement file."""

    title: str
    form: str = ""
    legal_basis: tuple[str, ...] = ()
    parties: dict[str, str] = {}  # id -> name
    not_party: dict[str, str] = {}  # named in the text, never accepted
    items: dict[str, str] = {}  # name -> unit
    sources: dict[str, dict[str, str]] = {}  # id -> what, url, note
    zone: str = "UTC"
    calendar: dict[str, str] = {}  # further words of the calendar: shown, never evaluated


class Undertaking(Body, frozen=True, kw_only=True, tag="undertaking"):
    """An obligation or a forbearance of one party to another."""

    by: tuple[str, ...]
    to: tuple[str, ...] = ()
    modality: Modality
    kind: Duty
    what: str
    starts: Point | None = None
    due: Point | None = None
    ends: Point | None = None
    condition: Condition | None = None
    on_request_of: str = ""
    evidence_by: str = ""  # ISO 8601 duration after the deadline
    verification: tuple[str, ...] = ()  # agreed means
    measure: dict[str, Number] = {}  # limits by name
    relies_on: tuple[str, ...] = ()
    standard: float | None = None  # probability needed to call it performed
    accuse: float | None = None  # probability needed to call it broken
    silence: Silence = "unverifiable"
    act: str = ""  # compared for conflicts; else `what`
    quantity: Amount | None = None
    item: str = ""  # whose assurance figure it rests on; else quantity.item
    needs_consent_of: tuple[str, ...] = ()
    each: Each | None = None
    for_as_long_as: str = ""  # shown, never evaluated
    readings: dict[str, Reading] = {}
    without_prejudice_to: tuple[str, ...] = ()
    leaves_free: tuple[str, ...] = ()
    form: str = ""


class Offer(Body, frozen=True, kw_only=True, tag="offer"):
    """Undertakings offered together, with what follows each answer."""

    by: str
    to: tuple[str, ...] = ()
    text: str = ""
    undertakings: tuple[str, ...] = ()
    before: str = ""  # what must be done before it is put
    if_accepted: str = ""
    if_countered: str = ""
    if_rejected: str = ""
    put: bool = False  # put to the other side, not only proposed among ourselves


class Response(Body, frozen=True, kw_only=True, tag="response"):
    """What came back to an offer."""

    offer: str
    party: str
    answer: Literal["accepted", "countered", "refused", "none"]
    text: str = ""


class Event(Body, frozen=True, kw_only=True, tag="event"):
    """Something that happened, and what it shows about each undertaking."""

    kind: EventKind
    party: tuple[str, ...] = ()  # or "unknown"
    about: tuple[str, ...] = ()  # undertakings; for a directive, its id
    what: str = ""
    # item with total | adds | exactly, unit; others shown
    value: dict[str, Number | str | bool] = {}
    shows: dict[str, Shows] = {}
    due: Point | None = None
    in_answer_to: tuple[str, ...] = ()
    reversible: bool | None = None
    period: str = ""
    as_of: When | None = None
    reason: str = ""
    set: dict[str, Any] = {}  # amended, extended: fields of the undertaking in agreement form
    item: str = ""
    site: str = ""
