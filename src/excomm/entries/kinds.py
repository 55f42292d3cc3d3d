"""The kinds of entry: the vocabulary of the whole product, one frozen struct each.

A body says what is so; who says it, when, from what source and for whose eyes stands in the
`Entry` around it. Field names are the columns of the folder's tables. References are ids of
other entries (parties, items, sites, means, undertakings by their own id).
"""

from datetime import date
from typing import Any, Literal

import msgspec

from excomm.entries.header import Likelihood, OwnWords, ReportRules, WordRule
from excomm.entries.language import (
    Advice,
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
    State,
)
from excomm.entries.times import Day, Instant, Span

When = Day | Instant | Span


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="entry"):
    """What every kind is."""


# -- the case and its words --------------------------------------------------------------------


class CaseHeader(Body, frozen=True, kw_only=True, tag="case"):
    """What the case is called, its zone and its marking words."""

    title: str
    zone: str  # IANA name or fixed offset
    opens: date  # vocabulary without a date of its own is known from this day
    shown_on: Day | Instant | None = None  # a brief asked for without a day; empty: today
    levels: tuple[str, ...] = ()  # lowest first; empty: open, restricted, secret
    compartments: tuple[str, ...] = ()
    scale: tuple[Likelihood, ...] = ()  # empty: ICD 203's
    wording: tuple[WordRule, ...] = ()
    words: tuple[OwnWords, ...] = ()  # the institution's own for states and findings
    reports: ReportRules | None = None  # empty: those of ReportRules


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


class Party(Body, frozen=True, kw_only=True, tag="party"):
    """A party, an outsider, a body, or a person who speaks in the minutes."""

    name: str
    role: Literal["party", "outsider", "body", "person"] = "party"
    of: str = ""  # the party a person or body belongs to
    office: str = ""  # "Secretary of State"
    aliases: tuple[str, ...] = ()


class Item(Body, frozen=True, kw_only=True, tag="item"):
    """An accountable item: a class of things limited, with a unit."""

    name: str
    unit: str
    whole: bool = True  # counted in whole things
    aliases: tuple[str, ...] = ()


class Site(Body, frozen=True, kw_only=True, tag="site"):
    """Where items may be: a site, a port, an airfield, an area."""

    name: str
    type: str = ""
    lat: float | None = None  # degrees north
    lon: float | None = None  # degrees east
    radius_km: float | None = None  # how far it reaches around its position
    within: str = ""  # a larger site
    aliases: tuple[str, ...] = ()


class Means(Body, frozen=True, kw_only=True, tag="means"):
    """A means of verification: overflight, on-site inspection, ship count, declaration."""

    name: str
    type: str = ""
    party: str = ""  # whose means
    aliases: tuple[str, ...] = ()


# -- the agreement -------------------------------------------------------------------------------


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


class Declaration(Body, frozen=True, kw_only=True, tag="declaration"):
    """One side's figure for what it has, moves or moved."""

    party: str
    item: str
    number: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""  # else the item's
    site: str = ""
    carrier: str = ""  # ship, train, convoy; empty: all together
    scope: Literal["own", "total"] = "own"  # one carrier or site, or all of them to date
    what: str = ""


class Look(Body, frozen=True, kw_only=True, tag="look"):
    """An attempt to see, whatever came of it; refused and aborted looks are looks."""

    means: str
    outcome: Literal["made", "failed", "refused", "aborted", "authorized"]
    sites: tuple[str, ...] = ()  # where; empty: the whole area of the case
    items: tuple[str, ...] = ()  # looked for; empty: all
    party: str = ""
    number: int | None = None  # flights, visits
    coverage: float | None = None  # share of the sites' area seen, 0 to 1
    refused_by: str = ""
    lost: int = 0  # aircraft or people lost
    group: str = ""  # looks that share a cause of error (crew, film, cloud) share a word
    plan: str = ""  # the planned look that this came of
    what: str = ""


class Plan(Body, frozen=True, kw_only=True, tag="plan"):
    """A look that is planned; `occurred` is when it was planned, what came of it is a look."""

    planned_for: When
    means: str
    state: Literal["proposed", "approved", "cancelled"] = "proposed"
    sites: tuple[str, ...] = ()  # where; empty: the whole area of the case
    items: tuple[str, ...] = ()  # to be looked for; empty: all
    party: str = ""
    number: int | None = None  # flights, visits
    legal_basis: str = ""
    what: str = ""


class Count(Body, frozen=True, kw_only=True, tag="count"):
    """A number seen, at a site or on a carrier, at one time."""

    item: str
    number: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: str = ""
    site: str = ""
    carrier: str = ""
    moving: Literal["present", "leaving", "arriving"] = "present"
    scope: Literal["own", "total"] = "own"
    difference: Number | None = None  # more (or fewer) than declared, where only that is known
    look: str = ""
    what: str = ""


class Measure(Body, frozen=True, kw_only=True, tag="measure"):
    """Something one side keeps up and can change; the latest row of a name is its level."""

    name: str  # "DEFCON SAC": rows of one name follow each other
    party: str
    level: str
    ended: bool = False
    seen_by_them: str = ""  # whether and how soon the other side sees a change
    cost: str = ""
    cost_a_day: Number | None = None  # where it can be put in a figure
    cost_unit: str = ""  # of what: aircraft hours, dollars, crews
    to_reverse: str = ""
    legal_basis: str = ""
    expires: Day | Instant | None = None  # when it ends if nobody renews it
    what: str = ""


class Outlet(Body, frozen=True, kw_only=True, tag="outlet"):
    """Who carried a report and is owed a reply; apart from whoever told it (the source)."""

    name: str
    type: str = ""  # press, radio, tv, official, refugee
    contact: str = ""  # where corrections go
    cleared: str = ""  # what a reply to it may show; empty: the lowest marking
    watched_by: str = ""  # who reads all that it carries; empty: nobody
    watched_last: When | None = None  # up to when


class Report(Body, frozen=True, kw_only=True, tag="report"):
    """An allegation as received; `occurred` is when it is said to have been so, or when it came.

    `recorded` is when it was received: the clocks run from there, whatever the text says.
    """

    allegation: str
    outlet: str = ""
    item: str = ""
    site: str = ""
    lat: float | None = None  # degrees north, where no site is meant
    lon: float | None = None  # degrees east
    radius_km: float | None = None  # how far around
    number: Number | None = None
    low: Number | None = None
    high: Number | None = None
    alleged: When | None = None  # when it is said to have been so, if that is not `occurred`
    text: str = ""  # as received
    would_break: tuple[str, ...] = ()  # undertakings, were it true
    origin: str = ""  # the source by its pseudonym; the name is sealed apart
    reliability: Literal["", "A", "B", "C", "D", "E", "F"] = ""  # of the source
    credibility: Literal["", "1", "2", "3", "4", "5", "6"] = ""  # of what it says
    published: When | None = None
    method: str = ""  # how it was captured
    sha256: str = ""  # of the bytes captured


class Repeat(Body, frozen=True, kw_only=True, tag="repeat"):
    """That a report tells what another told before; the latest row of a pair holds."""

    report: str
    of: str
    state: Literal["suggested", "confirmed", "undone"]
    why: str = ""


class Check(Body, frozen=True, kw_only=True, tag="check"):
    """What was done about a report, and what came of it."""

    report: str
    what: str
    result: str = ""
    excluded_by: tuple[str, ...] = ()  # entries that cannot be so if the report is true


class Interview(Body, frozen=True, kw_only=True, tag="interview"):
    """A source to be asked, and the answer."""

    report: str = ""
    person: str = ""
    due: When | None = None
    asked: When | None = None
    asked_by: str = ""
    language: str = ""
    outcome: Literal["", "answered", "refused", "untraced"] = ""
    knows: Literal["", "seen himself", "heard"] = ""
    heard_from: str = ""
    last_there: When | None = None
    shows: str = ""  # what there is to show: a photograph, a paper; empty: nothing
    result: str = ""


class Unsealing(Body, frozen=True, kw_only=True, tag="unsealing"):
    """The name of a source was read: by whom and why. The name itself is in no entry."""

    origin: str
    reason: str
    read_by: str


class Finding(Body, frozen=True, kw_only=True, tag="finding"):
    """What the desk decided of an allegation; without a reviewer it is proposed, not decided."""

    report: str
    decision: Literal["corroborated", "contradicted", "no evidence", "undetermined"]
    text: str = ""
    author: str = ""
    reviewer: str = ""
    ledger_head: str = ""  # computed from
    likelihood_ratio: Number | None = None  # of the looks, when it was decided
    power: Number | None = None  # of the search, 0 to 1


class Reply(Body, frozen=True, kw_only=True, tag="reply"):
    """An answer to whoever carried a report; owed while `sent` is empty."""

    outlet: str
    report: str = ""
    finding: str = ""  # what it tells
    text: str = ""
    due: When | None = None
    sent: When | None = None
    approved_by: str = ""
    method: str = ""  # file, e-mail
    sha256: str = ""  # of what was sent


class Attachment(Body, frozen=True, kw_only=True, tag="attachment"):
    """A file of the case; minutes are kept as text, untouched."""

    name: str
    sha256: str
    size: int  # bytes
    media_type: str = "text/plain"
    role: str = ""  # "minutes"
    text: str = ""
    meeting: str = ""  # "ExComm 24"
    provenance: str = ""
    about: tuple[str, ...] = ()  # the entries that it belongs to
    collected_by: str = ""
    collected_from: str = ""
    handed_to: str = ""
    language: str = ""  # of the text
    translator: str = ""  # of a translation
    approves: str = ""  # SHA-256, hex, of the bytes that this approves


class Statement(Body, frozen=True, kw_only=True, tag="statement"):
    """Who said, asked or proposed what, confirmed from the minutes."""

    speaker: str
    act: str
    text: str
    minutes: str = ""  # attachment
    start: int | None = None  # characters in the raw file
    end: int | None = None


class Directive(Body, frozen=True, kw_only=True, tag="directive"):
    """Something somebody was told to do, by when."""

    what: str
    issued_by: str = ""
    to: str = ""  # empty: the minutes name nobody
    due: When | None = None
    due_words: str = ""
    strength: str = ""
    minutes: str = ""
    start: int | None = None
    end: int | None = None


class Disposal(Body, frozen=True, kw_only=True, tag="disposal"):
    """What a person made of something read in minutes; the latest of a reading holds."""

    minutes: str
    part: Literal["directive", "repair", "statement"]
    reading: str  # its id, made of its words
    verdict: Literal["accepted", "edited", "rejected"]
    what: str = ""  # put in; empty: as read
    to: str = ""
    due: str = ""
    speaker: str = ""


class Consultation(Body, frozen=True, kw_only=True, tag="consultation"):
    """Who is to be asked before we act, and what they answered."""

    whom: str
    about: str
    state: Literal["wanted", "asked", "answered"] = "wanted"
    answer: str = ""


class Decision(Body, frozen=True, kw_only=True, tag="decision"):
    """A question for a principal: wanted, put off or taken."""

    question: str
    state: Literal["wanted", "put off", "taken"]
    by: str = ""  # who decides
    until: str = ""  # put off until; due by
    options: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    outcome: str = ""


class Line(Body, frozen=True, kw_only=True, tag="line"):
    """One clause of the line to take."""

    clause: str
    to: str = ""  # "press", "Security Council"


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


# -- the desk's own ---------------------------------------------------------------------------


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
    """Withdraws the entry named in `corrects`; if that was itself a correction, what it had

    replaced stands again. (An entry of another kind with `corrects` replaces the old one.)
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


AnyBody = (
    CaseHeader
    | Agreement
    | Party
    | Item
    | Site
    | Means
    | Undertaking
    | Offer
    | Response
    | Event
    | Declaration
    | Look
    | Plan
    | Count
    | Measure
    | Outlet
    | Report
    | Repeat
    | Check
    | Interview
    | Unsealing
    | Finding
    | Reply
    | Attachment
    | Statement
    | Directive
    | Disposal
    | Consultation
    | Decision
    | Line
    | Model
    | Handover
    | Assumption
    | Assessment
    | Correction
    | Clearance
    | Erasure
    | Break
    | Commitment
)
KINDS: dict[str, type[Body]] = {str(kind.__struct_config__.tag): kind for kind in AnyBody.__args__}
