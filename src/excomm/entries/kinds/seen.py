"""What was declared, looked at, counted and kept up."""

from typing import Literal

from excomm.entries.kinds.body import Body, When
from excomm.entries.language import Number
from excomm.entries.times import Day, Instant


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
    coverage: float | None = None  # share of the sites' area (or of the footprint) seen, 0 to 1
    footprint: tuple[str, ...] = ()  # "lat lon": corners of the area looked at, or a track
    swath_km: float | None = None  # with it the footprint is a track, or a circle, so wide
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
