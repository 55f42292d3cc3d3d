"""Inspectors: who may go, and who goes, drawn from what every party accepts.

Only whoever stands on every list can be drawn. Where nobody does, or too few, that is a finding:
the means exists on paper alone, and the answer says whose lists part. The draw comes from a seed
that was committed beforehand (`draw.commit` binds it), so that no party chose.
"""

import hashlib
import hmac

import msgspec

from excomm.errors import InputError
from excomm.watch.problems import Inspectors
from excomm.watch.ranges import require_count


class Lacking(msgspec.Struct, frozen=True):
    """Someone whom all but these parties accept."""

    name: str
    not_by: tuple[str, ...]


class InspectorsAnswer(msgspec.Struct, frozen=True):
    """accepted: by every party, in order. team: those drawn; empty where too few are accepted.

    finding: in words, where no team can be made; else empty. nearest: who fails for fewest parties.
    """

    accepted: tuple[str, ...]
    needed: int
    team: tuple[str, ...]
    reserves: tuple[str, ...]
    finding: str
    nearest: tuple[Lacking, ...]


def solve_inspectors(problem: Inspectors) -> InspectorsAnswer:
    """The team of a day, or why there is none. Raises InputError for lists that say nothing."""
    require_count("$.team", problem.team, 1)
    if len(problem.lists) < 2:
        found = f"{len(problem.lists)} lists"
        raise InputError("$.lists", found, "one for each of two parties or more", "")
    for party, names in problem.lists.items():
        if len(set(names)) != len(names):
            twice = next(name for n, name in enumerate(names) if name in names[:n])
            raise InputError(f"$.lists.{party}", twice, "each name once", "Delete one.")
    every = sorted({name for names in problem.lists.values() for name in names})
    parties = tuple(problem.lists)
    without = {
        name: tuple(party for party in parties if name not in problem.lists[party])
        for name in every
    }
    accepted = tuple(name for name in every if not without[name])
    lacking = sorted((len(without[n]), n) for n in every if without[n])
    fewest = lacking[0][0] if lacking else 0
    nearest = tuple(Lacking(name, without[name]) for n, name in lacking if n == fewest)
    if len(accepted) < problem.team:
        who = "nobody stands" if not accepted else f"only {len(accepted)} stand"
        finding = f"{who} on the list of every party ({', '.join(parties)}): {problem.team} needed"
        return InspectorsAnswer(accepted, problem.team, (), (), finding, nearest)
    drawn = sorted(accepted, key=lambda name: (_rank(problem.seed, problem.day, name), name))
    return InspectorsAnswer(
        accepted=accepted,
        needed=problem.team,
        team=tuple(sorted(drawn[: problem.team])),
        reserves=tuple(drawn[problem.team :]),
        finding="",
        nearest=nearest,
    )


def _rank(seed: str, day: str, name: str) -> bytes:
    said = f"excomm watch inspectors\0{day}\0{name}".encode()
    return hmac.digest(seed.encode(), said, hashlib.sha256)
