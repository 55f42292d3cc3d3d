"""The case and its words: parties, items, sites, means."""

from datetime import date
from typing import Literal

from excomm.entries.header import Likelihood, OwnWords, ReportRules, WordRule
from excomm.entries.kinds.body import Body
from excomm.entries.times import Day, Instant


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
