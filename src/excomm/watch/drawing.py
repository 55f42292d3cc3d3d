"""Draws of a policy for a case, day by day, and their audit.

The commitment binds seed and slots and goes into the ledger before the first day; a day's draw says
that day's sites and nothing of another; once the seed is shown, every day can be drawn anew and
held against what was flown. What is exported never holds the seed.
"""

import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.watch.campaign import Supposed
from excomm.watch.draw import Slots, commit, draw
from excomm.watch.policy import Cycle, DrawnPlan

_SEED_BYTES = 32


class DayDrawn(msgspec.Struct, frozen=True, omit_defaults=True):
    """One day's draw: the sites to look at by the means; empty where no slot falls on the day.

    beside: the same day's draw for each further means of the policy.
    """

    day: date
    means: str
    sites: tuple[str, ...]
    beside: tuple["DayDrawn", ...] = ()

    @property
    def each(self) -> tuple["DayDrawn", ...]:
        """The draw of every means."""
        return (self, *self.beside)


class DayBent(msgspec.Struct, frozen=True):
    """A day that was not flown as drawn; without: drawn and not tried, beyond: tried, not drawn."""

    day: date
    means: str
    without: tuple[str, ...]
    beyond: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True):
    """What an audit found. lodged: the entry of the commitment, None where the case holds none."""

    commitment: str
    lodged: str | None
    lodged_in_time: bool
    days: int
    bent: tuple[DayBent, ...]

    @property
    def kept(self) -> bool:
        """Lodged before the first day, and every day flown as drawn."""
        return self.lodged_in_time and not self.bent

    @property
    def days_bent(self) -> int:
        """Days on which the looks of a means were not those drawn."""
        return len({one.day for one in self.bent})

    def text(self) -> str:
        """The same in words."""
        when = {True: "before the first day", False: "not before the first day"}[
            self.lodged_in_time
        ]
        lines = [
            f"commitment {self.commitment}",
            f"lodged {self.lodged}, {when}" if self.lodged else "lodged in no entry of this case",
            f"{self.days - self.days_bent} of {self.days} days flown as drawn",
        ]
        for one in self.bent:
            parts = [f"drawn and not tried: {', '.join(one.without)}"] if one.without else []
            parts += [f"tried and not drawn: {', '.join(one.beyond)}"] if one.beyond else []
            lines.append(f"  {one.day} {one.means}  {'; '.join(parts)}")
        return "\n".join(lines) + "\n"


def read_policy(path: Path) -> DrawnPlan:
    """The policy in a file. Raises InputError with file and place; EnvironmentFault unreadable."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DrawnPlan)
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable policy.") from None
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        remedy = "Print one: excomm watch plan CASE --they-know looks --json."
        raise InputError(str(path), str(fault), "a policy that is drawn", remedy) from None


def seed_of(path: Path, *, make: bool = False) -> bytes:
    """The seed in a file, 64 hexadecimal characters; made there, for its owner alone, if asked.

    Raises InputError where the file holds something else; EnvironmentFault where it cannot be read.
    """
    try:
        if make and not path.exists():
            made = secrets.token_bytes(_SEED_BYTES)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(made.hex() + "\n")
            return made
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name the seed's file.") from None
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != _SEED_BYTES:
        place, expected = f"{path}", f"{2 * _SEED_BYTES} hexadecimal characters"
        raise InputError(place, "another content", expected, "excomm watch commit makes one.")
    return found


def commitment(plan: DrawnPlan, seed: bytes) -> str:
    """The digest to lodge: it binds the seed, the slots of every means and nothing else."""
    every: Slots = tuple(slot for one in plan.cycles for slot in one.slots)
    return commit(seed, every)


def slot_days(plan: DrawnPlan, cycle: Cycle) -> tuple[date, ...]:
    """The days on which a slot of the cycle falls, in order."""
    number = round(plan.days / cycle.rhythm_days)
    return tuple(
        plan.first_day + timedelta(days=int(n * cycle.rhythm_days + 1e-9)) for n in range(number)
    )


def day_of(text: str) -> date:
    """A day as written. Raises InputError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("--on", text, "a day", "Write 1962-11-12.") from None


def drawn_on(plan: DrawnPlan, seed: bytes, day: date) -> DayDrawn:
    """The draw of one day. Raises InputError for a day that the policy does not reach."""
    last = plan.first_day + timedelta(days=plan.days - 1)
    if not plan.first_day <= day <= last:
        raise InputError("--on", day, f"{plan.first_day} to {last}, the days of the policy", "")
    first, *beside = (
        DayDrawn(day, cycle.means, _sites(plan, cycle, _own_seed(plan, cycle, seed), day))
        for cycle in plan.cycles
    )
    return msgspec.structs.replace(first, beside=tuple(beside))


def supposed(plan: DrawnPlan, clear_sky: Mapping[str, float]) -> list[Supposed]:
    """The looks of a policy before they are drawn: of each site what the draw gives on the average.

    clear_sky: by means, the share of a site that the sky shows. A miss is as likely as over all the
    draws, since a slot is drawn anew each time.
    """
    return [
        Supposed(day, cycle.means, (site,), chance * clear_sky[cycle.means])
        for cycle in plan.cycles
        for n, day in enumerate(slot_days(plan, cycle))
        for site, chance in zip(plan.sites, cycle.slots[n % len(cycle.slots)], strict=True)
        if chance > 0
    ]


def _own_seed(plan: DrawnPlan, cycle: Cycle, seed: bytes) -> bytes:
    """The seed itself for the policy's own means; for each beside it, one that follows from it."""
    if cycle.means == plan.means:
        return seed
    return hmac.digest(seed, f"excomm watch beside {cycle.means}".encode(), "sha256")


def _sites(plan: DrawnPlan, cycle: Cycle, seed: bytes, day: date) -> tuple[str, ...]:
    days = slot_days(plan, cycle)
    if day not in days:
        return ()
    return tuple(plan.sites[n] for n in draw(seed, cycle.slots, days.index(day)))


def audited(
    plan: DrawnPlan,
    seed: bytes,
    tried: Mapping[tuple[date, str], tuple[str, ...]],
    *,
    until: date,
    lodged: str | None,
    lodged_on: date | None,
) -> Audit:
    """Every day up to `until` drawn anew and held against the sites that were tried on it.

    tried: by day and means, sites at which a look was made, failed, aborted or refused: the draw
    decides where to look, not what comes of it. lodged_on: the day on which the commitment was
    taken in.
    """
    last = min(until, plan.first_day + timedelta(days=plan.days - 1))
    bent = []
    number = max((last - plan.first_day).days + 1, 0)
    for n in range(number):
        day = plan.first_day + timedelta(days=n)
        for one in drawn_on(plan, seed, day).each:
            wanted, flown = set(one.sites), set(tried.get((day, one.means), ()))
            if wanted != flown:
                without, beyond = sorted(wanted - flown), sorted(flown - wanted)
                bent.append(DayBent(day, one.means, tuple(without), tuple(beyond)))
    return Audit(
        commitment=commitment(plan, seed),
        lodged=lodged,
        lodged_in_time=lodged_on is not None and lodged_on < plan.first_day,
        days=number,
        bent=tuple(bent),
    )
