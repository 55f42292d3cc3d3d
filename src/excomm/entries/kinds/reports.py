"""Allegations from outside, and what the desk did about each."""

from typing import Literal

from excomm.entries.kinds.body import Body, When
from excomm.entries.language import DecisionWord, Number


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
    decision: DecisionWord
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
