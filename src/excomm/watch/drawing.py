"""Draws of a policy for a case, day by day, and their audit.

The commitment binds seed and slots and goes into the ledger before the first day; a day's draw says
that day's sites and nothing of another; once the seed is shown, every day can be drawn anew and
held against what was flown. What is exported never holds the seed.
"""

import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.watch.campaign import DrawnPlan
from excomm.watch.draw import commit, draw

_SEED_BYTES = 32


class DayDrawn(msgspec.Struct, frozen=True):
    """One day's draw: the sites to look at by the means; empty where no slot falls on the day."""

    day: date
    means: str
    sites: tuple[str, ...]


class DayBent(msgspec.Struct, frozen=True):
    """A day that was not flown as drawn; without: drawn and not tried, beyond: tried, not drawn."""

    day: date
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

    def text(self) -> str:
        """The same in words."""
        when = {True: "before the first day", False: "not before the first day"}[
            self.lodged_in_time
        ]
        lines = [
            f"commitment {self.commitment}",
            f"lodged {self.lodged}, {when}" if self.lodged else "lodged in no entry of this case",
            f"{self.days - len(self.bent)} of {self.days} days flown as drawn",
        ]
        for one in self.bent:
            parts = [f"drawn and not tried: {', '.join(one.without)}"] if one.without else []
            parts += [f"tried and not drawn: {', '.join(one.beyond)}"] if one.beyond else []
            lines.append(f"  {one.day}  {'; '.join(parts)}")
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
    """The digest to lodge: it binds the seed, the slots and nothing else."""
    return commit(seed, plan.slots)


def slot_days(plan: DrawnPlan) -> tuple[date, ...]:
    """The days on which a slot falls, in order."""
    number = round(plan.days / plan.rhythm_days)
    return tuple(
        plan.first_day + timedelta(days=int(n * plan.rhythm_days + 1e-9)) for n in range(number)
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
    days = slot_days(plan)
    if day not in days:
        return DayDrawn(day, plan.means, ())
    numbers = draw(seed, plan.slots, days.index(day))
    return DayDrawn(day, plan.means, tuple(plan.sites[n] for n in numbers))


def audited(
    plan: DrawnPlan,
    seed: bytes,
    tried: Mapping[date, tuple[str, ...]],
    *,
    until: date,
    lodged: str | None,
    lodged_on: date | None,
) -> Audit:
    """Every day up to `until` drawn anew and held against the sites that were tried on it.

    tried: by day, sites at which a look was made, failed, aborted or refused: the draw decides
    where to look, not what comes of it. lodged_on: the day on which the commitment was taken in.
    """
    last = min(until, plan.first_day + timedelta(days=plan.days - 1))
    bent = []
    number = max((last - plan.first_day).days + 1, 0)
    for n in range(number):
        day = plan.first_day + timedelta(days=n)
        wanted, flown = set(drawn_on(plan, seed, day).sites), set(tried.get(day, ()))
        if wanted != flown:
            bent.append(DayBent(day, tuple(sorted(wanted - flown)), tuple(sorted(flown - wanted))))
    return Audit(
        commitment=commitment(plan, seed),
        lodged=lodged,
        lodged_in_time=lodged_on is not None and lodged_on < plan.first_day,
        days=number,
        bent=tuple(bent),
    )
