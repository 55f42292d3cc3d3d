"""Which sites were seen within so many days: the looks of a case, asked as `seen` asks arrays.

A look counts where it was made: a refused, failed or planned one shows nothing. One that names no
site was of the whole area, and one that names no item looked for all of them.
"""

from datetime import date
from typing import Literal

import msgspec
import numpy as np

from excomm.entries.kinds import CaseHeader, Item, Look, Site
from excomm.entries.nearest import did_you_mean
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.terms.seen import seen_within

State = Literal["in time", "overdue", "never seen"]


class SiteSeen(msgspec.Struct, frozen=True):
    """One site on the day asked. last: when it was last seen; None where no look was made."""

    site: str
    name: str
    last: date | None
    state: State


class SitesSeen(msgspec.Struct, frozen=True):
    """Every site, and on how many of the days since the first all of them had been seen in time."""

    within: int
    since: date
    days: int
    days_kept: int
    sites: tuple[SiteSeen, ...]


def sites_seen(facts: Facts, within: int, item: str = "") -> SitesSeen:
    """Every site of the case, each to be seen within so many days, from the opening to the day.

    item: only looks for it count. A site not yet seen is overdue once so many days have passed.
    Raises InputError for fewer days than 1, an unknown item, or a case without sites.
    """
    if within < 1:
        raise InputError("within", within, "1 day or more")
    items = [str(entry.id) for entry, _ in facts.of(Item)]
    if item and item not in items:
        raise InputError("item", item, "an item of the case", did_you_mean(item, items))
    sites = {str(entry.id): body.name for entry, body in facts.of(Site)}
    if not sites:
        raise InputError("sites", "none", "a case with sites", "Enter them in sites.csv.")
    place = {site: index for index, site in enumerate(sites)}
    looks = [
        (facts.local_day(entry), look.sites or tuple(sites))
        for entry, look in facts.of(Look)
        if look.outcome == "made" and (not item or not look.items or item in look.items)
    ]
    today = facts.on.astimezone(facts.zone).date()
    headers = facts.of(CaseHeader)
    opened = [headers[-1][1].opens] if headers else []
    since = min([day for day, _ in looks] + opened, default=today)
    days = (today - since).days + 1
    seen = [(place[s], (day - since).days) for day, of in looks for s in of if s in place]
    which = np.array([one for one, _ in seen], dtype=np.int64)
    when = np.array([day for _, day in seen], dtype=np.int64)
    found = seen_within(which, when, items=len(sites), days=days, within=within)
    overdue = set(found.overdue_now.tolist())
    told = []
    for site, index in place.items():
        of = found.days_of(index)
        last = date.fromordinal(since.toordinal() + int(of[-1])) if len(of) else None
        state: State = "overdue" if index in overdue else "in time"
        told.append(SiteSeen(site, sites[site], last, state if last else "never seen"))
    return SitesSeen(within, since, days, int(found.kept.sum()), tuple(told))
