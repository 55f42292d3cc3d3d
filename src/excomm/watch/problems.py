"""The watch problems an analyst writes down: one frozen struct per kind, decoded at the edge.

Conventions of every kind: days count from 0; a start on day u is seen by looks on days u to
u + window_days - 1; looks are independent; at most one look per site, day and means.
"""

from datetime import date
from fractions import Fraction
from typing import Literal

import msgspec

# Who searches, where there is a choice. HiGHS comes with the product, the others are an extra.
Solver = Literal["highs", "cp-sat", "pyvrp"]


class EqualSites(msgspec.Struct, frozen=True, tag_field="kind", tag="equal_sites"):
    """n equal sites, k looks a day: what can be promised at all?"""

    n_sites: int
    looks_per_day: int
    window_days: int
    detect: float


class StratifiedCycle(msgspec.Struct, frozen=True, tag_field="kind", tag="stratified_cycle"):
    """Unequal sites, k looks a day, an adversary who sees every look as it happens."""

    looks_per_day: int
    window_days: int
    detect: tuple[float, ...]


class Means(msgspec.Struct, frozen=True):
    """A means of looking: how many sorties a day, what one costs, and how many sites it sees."""

    name: str
    sorties_per_day: int
    cost: float = 1.0
    sites_per_sortie: int = 1


class Agreed(msgspec.Struct, frozen=True):
    """An agreed frequency: at least and at most so many looks at a site, by a means or by all."""

    site: str
    least: int = 0
    most: int | None = None
    means: str | None = None
    days: tuple[int, int] | None = None  # first and last, both counted; None: the whole plan


class KnownSchedule(msgspec.Struct, frozen=True, tag_field="kind", tag="deterministic_maxmin"):
    """The adversary knows the calendar: maximise the least detection over sites and start days.

    detect[site][day][means], 0 where refused or closed; risk[site][means], loss of the aircraft on
    one look (on one sortie, where that sees several sites: the greatest of the means counts);
    looks_before: (site, day below 0, detection) of looks already made, whose windows reach into the
    plan; required_detection: ask for the least cost that assures it instead.
    """

    window_days: int
    days: int
    sites: tuple[str, ...]
    means: tuple[Means, ...]
    detect: tuple[tuple[tuple[float, ...], ...], ...]
    budget: float | None = None
    risk: tuple[tuple[float, ...], ...] | None = None
    risk_max: float | None = None
    looks_before: tuple[tuple[str, int, float], ...] = ()
    agreed: tuple[Agreed, ...] = ()
    required_detection: float | None = None


class SecretMix(msgspec.Struct, frozen=True, tag_field="kind", tag="secret_policy_mixed"):
    """The adversary knows how often, not when: the best mix of schedules. detect[site][day]."""

    sites: int
    days: int
    window_days: int
    looks_per_day: int
    detect: tuple[tuple[float, ...], ...]


class Observing(msgspec.Struct, frozen=True, tag_field="kind", tag="observing_adversary"):
    """The adversary sees the policy and every past look, and starts once, in time."""

    n_sites: int
    looks_per_day: int
    window_days: int
    start_days: int
    detect: float


class Coverage(msgspec.Struct, frozen=True, tag_field="kind", tag="coverage_zero_sum"):
    """One day, perfect looks; a site not looked at loses its value."""

    site_value: tuple[Fraction, ...]
    looks: int


class Interim(msgspec.Struct, frozen=True, tag_field="kind", tag="interim_inspection"):
    """Inspections drawn in advance among points of time, a last one always at the end."""

    n_points: int
    inspections: int


class Effort(msgspec.Struct, frozen=True, tag_field="kind", tag="effort_allocation"):
    """Effort that can be divided; detection 1 - exp(-sweep_rate effort)."""

    prior: tuple[float, ...]
    sweep_rate: tuple[float, ...]
    effort: float


class GapSchedule(msgspec.Struct, frozen=True, tag_field="kind", tag="gap_schedule"):
    """No site unseen for longer than agreed."""

    max_gap_days: tuple[int, ...]
    looks_per_day: int


class Sorties(msgspec.Struct, frozen=True, tag_field="kind", tag="sortie_orienteering"):
    """Sorties from a base and back; every leg rounded up to whole units."""

    base: tuple[float, float]
    points: tuple[tuple[float, float], ...]
    profit: tuple[float, ...]
    sorties: int
    max_length: float


class Team(msgspec.Struct, frozen=True, tag_field="kind", tag="team_orienteering"):
    """Routes from a start to an end, exact Euclidean legs; points are x, y, profit."""

    vehicles: int
    max_length: float
    points: tuple[tuple[float, float, float], ...]
    start: int
    end: int


class FlyingMeans(msgspec.Struct, frozen=True):
    """A means that flies: how many sorties, how fast and far, how long over each point.

    base: its own, where it is not that of the problem. refused: points that it may not look at.
    points_most: how many points one sortie can see.
    """

    name: str
    sorties: int
    speed_kmh: float
    range_km: float
    station_minutes: float = 0.0
    detect: float = 1.0
    clear_sky: float = 1.0
    daylight: bool = True  # whether it has to see by daylight
    base: tuple[float, float] | None = None
    refused: tuple[int, ...] = ()
    points_most: int | None = None


class Flights(msgspec.Struct, frozen=True, tag_field="kind", tag="flights"):
    """Flights of one day from a base over points of the earth: degrees north, degrees east."""

    day: date
    base: tuple[float, float]
    points: tuple[tuple[float, float], ...]
    gain: tuple[float, ...]
    means: tuple[FlyingMeans, ...]


class PortCalls(msgspec.Struct, frozen=True, tag_field="kind", tag="port_calls"):
    """Port calls, each from a first to a last day; a team inspects one on one day."""

    calls: tuple[tuple[int, int], ...]
    teams: int
    detect: tuple[float, ...]


class InspectionQueue(msgspec.Struct, frozen=True, tag_field="kind", tag="inspection_queue"):
    """Ships that arrive and wait for a team; some are not completed the first time."""

    arrivals_per_day: float
    teams: int
    inspections_per_team_day: float
    first_time_share: float = 1.0
    wait_days_max: float | None = None


class Inspectors(msgspec.Struct, frozen=True, tag_field="kind", tag="inspectors"):
    """Whom each party accepts; a team is drawn for a day from those on every list."""

    lists: dict[str, tuple[str, ...]]
    team: int
    seed: str
    day: str


Problem = (
    EqualSites
    | StratifiedCycle
    | KnownSchedule
    | SecretMix
    | Observing
    | Coverage
    | Interim
    | Effort
    | GapSchedule
    | Sorties
    | Team
    | Flights
    | PortCalls
    | InspectionQueue
    | Inspectors
)
