"""The commands of watch: the best next look, and plans of looks."""

import sys
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
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
    give_json,
)
from excomm.errors import AnswerIsNo, Faults, InputError

if TYPE_CHECKING:
    from excomm.case import View
    from excomm.watch.campaign import CasePlan
    from excomm.watch.nextlook import NextLook
    from excomm.watch.situation import Situation

commands = typer.Typer(help="Plans of looks: where and when, so that nobody can count on a gap.")

ItemsOption = Annotated[
    list[str] | None,
    typer.Option("--item", metavar="ITEM", help="Watched for; else all with a window. Repeatable."),
]


class TheyKnow(StrEnum):
    """What the other side knows of the looks."""

    CALENDAR = "calendar"
    POLICY = "policy"
    LOOKS = "looks"


class SolverChoice(StrEnum):
    """Who searches; all but highs need the extra `planners`."""

    HIGHS = "highs"
    CP_SAT = "cp-sat"
    PYVRP = "pyvrp"


SolverOption = Annotated[
    SolverChoice | None,
    typer.Option(help="A second opinion: cp-sat for a calendar, pyvrp for routes."),
]


@commands.command("plan")
def watch_plan(
    problem: Annotated[
        str,
        typer.Argument(
            metavar="PROBLEM.json|CASE", help="A problem of any kind, or a case to plan for."
        ),
    ],
    seconds: Annotated[float, typer.Option(help="At most so long.")] = 60.0,
    solver: SolverOption = None,
    on: OnOption = None,
    days: Annotated[int, typer.Option(help="Of a case: for so many days from the next.")] = 30,
    budget: Annotated[
        float | None, typer.Option(help="Of a case: what all sorties may cost together.")
    ] = None,
    loss_max: Annotated[
        float | None, typer.Option(help="Of a case: the chance of any loss, at most.")
    ] = None,
    required: Annotated[
        float | None,
        typer.Option(help="Of a case: the least detection to be assured, at least cost."),
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(metavar="DAY[/DAY]", help="Of a case: days without looks. Repeatable."),
    ] = None,
    item: ItemsOption = None,
    they_know: Annotated[
        TheyKnow, typer.Option(help="Of a case: what the other side knows.")
    ] = TheyKnow.CALENDAR,
    plans: Annotated[
        Path | None,
        typer.Option(metavar="PLANS.csv", help="Of a case: write the sorties as its rows."),
    ] = None,
    into: Annotated[
        str | None,
        typer.Option(metavar="LEDGER", help="Of a case: append the sorties as proposed entries."),
    ] = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Plan looks so that the least chance of finding is as great as can be, with its bound."""
    import msgspec

    from excomm import watch as room

    def progress(value: float, bound: float) -> None:
        if sys.stderr.isatty():
            print(f"least detection {value:.4f}, at most {bound:.4f}", file=sys.stderr)

    if problem.endswith(".json"):
        answer = room.plan_file(
            Path(problem),
            seconds=seconds,
            progress=progress,
            solver=None if solver is None else solver.value,
        )
        found = room.to_json(answer)
        give((found if json else msgspec.json.format(found)) + b"\n")
        return
    from excomm.case import Case
    from excomm.watch import campaign, legs, policy, told

    view = Case.open(problem).on(on, known_by=known_by, cleared=cleared)
    now = view.watch(tuple(item or ()))
    if they_know is not TheyKnow.CALENDAR:
        _require_calendar(
            {
                "--plans": plans,
                "--into": into,
                "--required": required,
                "--closed": closed,
                "--loss-max": loss_max,
                "--solver": solver,
            }
        )
        drawn = policy.drawn(now, days, budget=budget)
        give(room.to_json(drawn) + b"\n" if json else told.drawn_text(drawn).encode())
        return
    shut = tuple(_closed(now, one) for one in closed or ())
    made = campaign.planned(
        now,
        days,
        budget=budget,
        loss_max=loss_max,
        closed=shut,
        required=required,
        seconds=seconds,
        progress=progress,
        solver=(solver or SolverChoice.HIGHS).value,
    )
    made = legs.flown(now, made, closed=shut)
    said = _propose(view, made, plans, into) if plans or into else ""
    other = None
    with suppress(InputError):  # nothing can be drawn: the calendar stands alone
        other = policy.drawn(now, days, budget=made.answer.cost if budget is None else budget)
    give(_flat(made) if json else f"{told.calendar_text(made, other)}{said}".encode())


def _require_calendar(options: dict[str, object]) -> None:
    """Raises InputError for an option that a plan that is drawn has no use for."""
    for name, given in options.items():
        if given is not None:
            raise InputError(
                name, "a plan that is drawn", "a calendar", "Draw each day: excomm watch draw."
            )


def _flat(made: "CasePlan") -> bytes:
    """The answer's fields as for a problem's file, with those of the case beside them."""
    import msgspec

    case = {name: getattr(made, name) for name in made.__struct_fields__ if name != "answer"}
    return msgspec.json.encode({**msgspec.to_builtins(made.answer), **case}) + b"\n"


def _closed(now: "Situation", text: str) -> tuple[int, int]:
    """Days without looks, as numbers of days of the plan."""
    from excomm.entries import Day, Span, parse_when

    try:
        when = parse_when(text)
    except InputError as fault:
        raise InputError("--closed", fault.found, fault.expected, fault.remedy) from None
    ends = (when.start, when.end) if isinstance(when, Span) else (when, when)
    first, last = (one.day if isinstance(one, Day) else None for one in ends)
    if first is None or last is None:
        raise InputError("--closed", text, "a day, or two with a stroke between", "")
    return (first - now.first_day).days, (last - now.first_day).days


def _propose(view: "View", made: "CasePlan", plans: Path | None, into: str | None) -> str:
    """The sorties as entries: written as rows of plans.csv, or appended to a ledger; and in words.

    What was only proposed before, for days that the plan reaches, is called off.
    """
    import msgspec

    from excomm.folder.writing import as_files
    from excomm.ledger import open_ledger
    from excomm.lookout import proposals

    found = proposals(view, made)
    if plans is not None:
        give(as_files((*view.case.read(), *found.every))["plans.csv"], plans)
    if into is not None:
        now = datetime.now(UTC)
        live = [msgspec.structs.replace(entry, recorded=now) for entry in found.every]
        if live:
            open_ledger(into).append(live, now=now)
    return found.text()


@commands.command("flights")
def watch_flights(
    case: CaseArg,
    on: OnOption = None,
    item: ItemsOption = None,
    seconds: Annotated[float, typer.Option(help="At most so long.")] = 10.0,
    solver: SolverOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Join the sites of the next day into flights: in which order, how far, when to leave."""
    import msgspec

    from excomm.case import Case
    from excomm.watch import legs

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = legs.next_flights(
        view.watch(tuple(item or ())),
        seconds=seconds,
        solver=None if solver is None else solver.value,
    )
    give(msgspec.json.encode(found) + b"\n" if json else found.text().encode())


@commands.command("rota")
def watch_rota(
    case: CaseArg,
    means: Annotated[str, typer.Option(metavar="MEANS", help="That flies the rota.")],
    sorties: Annotated[int, typer.Option(min=1, help="Of it, spread evenly over the days.")],
    on: OnOption = None,
    days: Annotated[int, typer.Option(help="For so many days from the next.")] = 30,
    window: Annotated[
        int | None,
        typer.Option(min=1, help="Days within which to find, in place of the case's own."),
    ] = None,
    seconds: Annotated[float, typer.Option(help="For the best calendar, at most so long.")] = 10.0,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Say what a plain rota buys, and what the best plan of equal cost would have bought."""
    import msgspec

    from excomm.case import Case
    from excomm.lookout import rota_beside

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = rota_beside(view, means, sorties, days, window_days=window, seconds=seconds)
    give(msgspec.json.encode(found) + b"\n" if json else found.text().encode())


PolicyArg = Annotated[
    Path,
    typer.Argument(
        metavar="POLICY.json", help="What `plan CASE --they-know looks --json` printed."
    ),
]
SeedOption = Annotated[
    Path, typer.Option("--seed", metavar="FILE", help="Holds the secret seed; keep it to yourself.")
]


@commands.command("commit")
def watch_commit(
    policy: PolicyArg,
    seed: SeedOption,
    into: Annotated[
        str | None, typer.Option(metavar="LEDGER", help="Lodge it there as an entry.")
    ] = None,
) -> None:
    """Commit to a secret seed before the first day; a new one is made where none is."""
    from excomm.watch import drawing

    plan = drawing.read_policy(policy)
    digest = drawing.commitment(plan, drawing.seed_of(seed, make=True))
    if into is not None:
        from excomm.ledger import open_ledger
        from excomm.watch.looks_from_facts import commitment_entry

        now = datetime.now(UTC)
        open_ledger(into).append([commitment_entry(plan, digest, now)], now=now)
    give(f"{digest}\n".encode())


@commands.command("draw")
def watch_draw(
    policy: PolicyArg,
    seed: SeedOption,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="The day to be drawn.")],
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Draw the sites of one day, and of no other."""
    from excomm.watch import drawing

    plan = drawing.read_policy(policy)
    found = drawing.drawn_on(plan, drawing.seed_of(seed), drawing.day_of(on))
    if json:
        give_json(found, compact=True)
    else:
        lines = (
            f"{one.day} {one.means}: {', '.join(one.sites) or 'none: no slot falls on this day'}\n"
            for one in found.each
        )
        give("".join(lines).encode())


@commands.command("audit")
def watch_audit(
    case: CaseArg,
    policy: PolicyArg,
    seed: SeedOption,
    on: OnOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Hold the looks of a case against the seed that was committed: was any draw bent?"""
    import msgspec

    from excomm.case import Case
    from excomm.lookout import audited
    from excomm.watch import drawing

    view = Case.open(case).on(on)
    plan = drawing.read_policy(policy)
    found = audited(view, plan, drawing.seed_of(seed))
    give(msgspec.json.encode(found) + b"\n" if json else found.text().encode())
    if not found.kept:
        raise AnswerIsNo(f"{found.days_bent} of {found.days} days were not flown as drawn.")


@commands.command("review")
def watch_review(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Set the planned looks beside what came of them, and what either bought."""
    import msgspec

    from excomm.case import Case
    from excomm.lookout import review

    found = review(Case.open(case).on(on, known_by=known_by, cleared=cleared))
    give(msgspec.json.encode(found) + b"\n" if json else found.text().encode())


@commands.command("calendar")
def watch_calendar(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.ics", help="Write here, not to standard output.")
    ] = None,
) -> None:
    """Write the planned looks as iCalendar; what was called off is cancelled there."""
    from excomm.case import Case
    from excomm.lookout import planned_calendar

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    give(planned_calendar(view, view.known_by), out)


@commands.command("picture")
def watch_picture(
    case: CaseArg,
    on: OnOption = None,
    days: Annotated[int, typer.Option(help="So many days to come.")] = 30,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.svg", help="Write here, not to standard output.")
    ] = None,
) -> None:
    """Draw sites by days: seen, failed, refused, planned, and the worst gap marked."""
    from excomm.case import Case
    from excomm.lookout import watch_picture

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    give(watch_picture(view, days), out)


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

    now = None if missing else view.watch()
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
