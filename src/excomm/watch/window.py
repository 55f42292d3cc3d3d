"""What a window of looks assures, against each of three knowledges of the other side.

Plain functions for whoever asks "would it be found in time?": one detection a site, so many looks a
day, a window in days. Each gives a value that some plan has and a bound that none exceeds.
"""

import msgspec
import numpy as np

from excomm.watch.cycle import cycle, cycle_detection
from excomm.watch.envelope import upper_bound
from excomm.watch.known import solve_known
from excomm.watch.mixed import solve_mixed
from excomm.watch.problems import KnownSchedule, Means, SecretMix
from excomm.watch.ranges import require_count, require_detections


class Assured(msgspec.Struct, frozen=True):
    """A least detection over sites and start days: one that is reached, and a bound for all."""

    value: float
    bound: float


def known_schedule(
    detect: tuple[float, ...],
    looks_per_day: int,
    window_days: int,
    days: int,
    *,
    seconds: float = 10.0,
) -> Assured:
    """The other side knows the calendar.

    detect: for each site, the chance that one look finds; days: of the plan, a window at least.
    Raises InputError for what is out of range; NaN is.

    >>> known_schedule((0.5, 0.5), 1, 3, 9)
    Assured(value=0.5, bound=0.5)
    """
    require_detections("detect", detect)
    problem = KnownSchedule(
        window_days=window_days,
        days=days,
        sites=tuple(f"site {n}" for n in range(len(detect))),
        means=(Means("look", looks_per_day),),
        detect=tuple(((d,),) * days for d in detect),
    )
    found = solve_known(problem, seconds=seconds)
    return Assured(found.value, found.bound)


def observed_policy(detect: tuple[float, ...], looks_per_day: int, window_days: int) -> Assured:
    """The other side knows the policy and sees every look: the stratified random cycle.

    The bound holds for every policy, watched or not. Raises InputError as `known_schedule`.

    >>> found = observed_policy((1.0, 1.0, 1.0), 1, 2)
    >>> round(found.value, 4), round(found.bound, 4)
    (0.618, 0.6667)
    """
    require_detections("detect", detect)
    require_count("window_days", window_days, 1)
    require_count("looks_per_day", looks_per_day, 0, len(detect))
    sees = np.array(detect)
    held = cycle_detection(cycle(sees, looks_per_day, window_days), sees)
    bound = upper_bound(sees, looks_per_day, window_days)
    return Assured(float(held.min()), max(bound, float(held.min())))


def secret_policy(
    detect: tuple[float, ...],
    looks_per_day: int,
    window_days: int,
    days: int,
    *,
    seconds: float = 10.0,
) -> Assured:
    """The other side knows the policy and never sees a look: the better of a mix and the cycle.

    days: of the schedules that are mixed. Raises InputError as `known_schedule`.

    >>> found = secret_policy((0.5, 0.5, 0.5), 1, 2, 4)
    >>> round(found.value, 4), round(found.bound, 4)
    (0.3333, 0.3333)
    """
    watched = observed_policy(detect, looks_per_day, window_days)
    mix = solve_mixed(
        SecretMix(
            sites=len(detect),
            days=days,
            window_days=window_days,
            looks_per_day=looks_per_day,
            detect=tuple((d,) * days for d in detect),
        ),
        seconds=seconds,
    )
    # The mix ends with its days: it may hold more than policies that go on for ever.
    value = max(watched.value, mix.value)
    return Assured(value, max(mix.bound, value))
