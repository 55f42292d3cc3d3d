"""What a case holds that may bear on an allegation: sites, looks, assumptions by name.

Plain structs, filled by `from_facts`; no logic.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from excomm.reports.overlap import Disc, Footprint, Time

Assumed = tuple[float, float, float, str, str]  # low, best, high, id of the entry, whose and why


class Attempt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A look of the case, whatever came of it. saw: item, site, id of the count, number."""

    id: str
    recorded: datetime
    time: Time
    means: str
    outcome: str
    sites: tuple[str, ...]
    items: tuple[str, ...]
    coverage: float | None
    footprint: Footprint | None
    number: int | None
    group: str
    source: str
    doubt: str
    saw: tuple[tuple[str, str, str, float], ...]
    doubtful: tuple[str, ...]
    counted: tuple[str, ...]  # items of which a count rests on it, none found included
    what: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the case knows beside reports and looks: sites, assumptions, means, what was refused."""

    on: datetime
    within: dict[str, str]
    discs: dict[str, Disc]
    anybody_looked: bool
    refused: dict[str, str]  # means -> id of the last look by it that was refused
    assumed: dict[str, Assumed]
    means: dict[str, str]
    tells_of: Callable[[str, str], bool]  # whether words say that an item was seen
