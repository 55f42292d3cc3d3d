"""The commands of watch: the best next look, and plans of looks."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import (
    CaseArg,
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    give,
)

if TYPE_CHECKING:
    from excomm.case import View
    from excomm.watch.nextlook import NextLook

commands = typer.Typer(help="Plans of looks: where and when, so that nobody can count on a gap.")

ItemsOption = Annotated[
    list[str] | None,
    typer.Option("--item", metavar="ITEM", help="Watched for; else all with a window. Repeatable."),
]


@commands.command("plan")
def watch_plan(
    problem: Annotated[
        Path, typer.Argument(metavar="PROBLEM.json", help="A problem of any kind.", readable=False)
    ],
    seconds: Annotated[float, typer.Option(help="At most so long.")] = 60.0,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Plan looks so that the least chance of finding is as great as can be, with its bound."""
    import msgspec

    from excomm import watch as room

    def progress(value: float, bound: float) -> None:
        if sys.stderr.isatty():
            print(f"least detection {value:.4f}, at most {bound:.4f}", file=sys.stderr)

    found = room.to_json(room.plan_file(problem, seconds=seconds, progress=progress))
    give((found if json else msgspec.json.format(found)) + b"\n")


@commands.command("next")
def watch_next(
    case: CaseArg,
    on: OnOption = None,
    item: ItemsOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Name the best next look of a case, and the sites that have been unseen longest."""
    from excomm.case import Case
    from excomm.errors import Faults, InputError

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    missing: tuple[str, ...] = ()
    looks: tuple[NextLook, ...] = ()
    try:
        looks = view.next_looks(tuple(item or ()))
    except Faults as faults:
        missing = tuple(map(str, faults.faults))
    except InputError as fault:
        if fault.where == "item":
            raise
        missing = (str(fault),)
    give(_as_json(view, looks, missing) if json else _as_text(view, looks, missing))


def _as_json(view: "View", looks: "tuple[NextLook, ...]", missing: tuple[str, ...]) -> bytes:
    import msgspec

    now = None if missing else view.watch(tuple(view.watched_items))
    unseen = [
        {
            "site": str(one.site.id),
            "name": one.name,
            "days_unseen": one.days,
            "last_look": str(one.last.id) if one.last else None,
            "tried_since": str(one.tried.id) if one.tried else None,
        }
        for one in view.sites_seen
    ]
    found = {
        "next": looks[0] if looks else None,
        "then": looks[1:],
        "unseen_longest": unseen,
        "missing": missing,
        "excluded": now.excluded if now else (),
        "assumptions": now.assumptions if now else (),
        "head": view.head.digest,
    }
    return msgspec.json.encode(found) + b"\n"


def _as_text(view: "View", looks: "tuple[NextLook, ...]", missing: tuple[str, ...]) -> bytes:
    lines = []
    if missing:
        lines += ["NEXT LOOK  cannot be computed", *(f"  {one}" for one in missing), ""]
    elif not looks:
        lines += ["NEXT LOOK  none: no look is possible that would raise anything", ""]
    else:
        best = looks[0]
        lines += [
            f"NEXT LOOK  {best.name}, by {best.means_name}",
            f"  chance to have found there what came in a window ago: {best.before.best:.2f}, then"
            f" {best.after.best:.2f} ({best.after.low:.2f} to {best.after.high:.2f})",
            f"  least over all sites: {best.least_before:.2f}, then {best.least_after:.2f}",
            f"  costs {best.cost:g}, chance of loss {best.loss:.2g}; basis:"
            f" {'; '.join(best.legal_basis) or 'none entered'}",
        ]
        if looks[1:6]:
            lines.append("then")
            lines += [
                f"  {one.name}, by {one.means_name}: {one.before.best:.2f}, then"
                f" {one.after.best:.2f}"
                for one in looks[1:6]
            ]
        lines.append("")
    lines.append("UNSEEN LONGEST")
    for one in view.sites_seen:
        since = "not looked" if one.days is None else f"{one.days} days"
        lines.append(f"  {since:>10}  {one.name}")
    return ("\n".join(lines) + "\n").encode()
