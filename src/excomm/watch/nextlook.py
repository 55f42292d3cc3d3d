"""The next look: which one raises the least detection most for what it costs.

The window that closes on the next day is the last chance to see what was started when it opened.
The site where that chance is least is where the other side would have gone; among looks there the
one that raises it most per cost is named, and the others follow in their order. One look at a time,
myopic on purpose: a month is planned by `plan`.
"""

import msgspec
import numpy as np

from excomm.watch.linear import INFINITY, Floats
from excomm.watch.situation import Range, Situation

_TIE = 1e-12


class NextLook(msgspec.Struct, frozen=True):
    """A look on the first day that can be planned, and what it would do.

    before, after: the chance at the site to have found what came in a window ago. least_after:
    the least over all sites then. per_cost: what it raises at the site, by cost (at the best).
    """

    site: str
    name: str
    means: str
    means_name: str
    days_unseen: int | None
    before: Range
    after: Range
    least_before: float
    least_after: float
    cost: float
    loss: float
    per_cost: float | None  # None: it costs nothing
    legal_basis: tuple[str, ...]


def next_looks(now: Situation) -> tuple[NextLook, ...]:
    """Every look possible on day 0, best first: least seen sites first, then most per cost.

    One look a site, by the means that raises it most per cost.
    """
    before = now.detected(0)
    possible = now.open_on(1)[:, 0] & (now.detect[1] > 0)
    possible &= np.array([means.sites_per_day > 0 for means in now.means])
    found = []
    for site in range(len(now.sites)):
        ranked = sorted(
            (
                look
                for means in np.flatnonzero(possible[site])
                if (look := _look(now, before, site, int(means)))
            ),
            key=lambda look: (-_worth(look), look.cost, look.means),
        )
        found += ranked[:1]
    return tuple(sorted(found, key=_order))


def _look(now: Situation, before: Floats, site: int, m: int) -> NextLook | None:
    means = now.means[m]
    after = 1.0 - (1.0 - before[:, site]) * (1.0 - now.detect[:, site, m])
    others = np.delete(before[1], site)
    raised = float(after[1] - before[1, site])
    if raised <= _TIE:
        return None
    cost = means.cost_of_look
    return NextLook(
        site=now.sites[site],
        name=now.names[site],
        means=means.id,
        means_name=means.name,
        days_unseen=now.days_unseen[site],
        before=Range(*map(float, before[:, site])),
        after=Range(*map(float, after)),
        least_before=float(before[1].min()),
        least_after=float(min(others.min(initial=1.0), after[1])),
        cost=cost,
        loss=means.loss.best / means.sites_per_sortie,
        per_cost=raised / cost if cost > 0 else None,
        legal_basis=means.legal_basis,
    )


def _worth(look: NextLook) -> float:
    return INFINITY if look.per_cost is None else look.per_cost


def _order(look: NextLook) -> tuple[float, float, float, str]:
    unseen = INFINITY if look.days_unseen is None else float(look.days_unseen)
    return (round(look.before.best, 9), -_worth(look), -unseen, look.site)
