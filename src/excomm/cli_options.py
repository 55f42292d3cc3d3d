"""The commands of options: models solved."""

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
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.options import Told

commands = typer.Typer(
    help="Models of a conflict: what is stable, what each move tells, what deters."
)


@commands.command("show")
def options_show(
    case: CaseArg,
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="One of its models; else all.")
    ] = None,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Say what the models of a case conclude on a day, what each hangs on, which are stale."""
    from excomm.case import Case
    from excomm.options import from_facts

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.solved_models if model is None else (view.model(model),)
    if json:
        give(from_facts.to_json(found) + b"\n")
        return
    if not found:
        print(f"{view.header.title}: no model on this day. Models stand in options/NAME.yaml.")
    for one in found:
        print(f"{one.id}: {one.title} ({one.author or 'no author named'})")
        for said in one.stale:
            print(f"  STALE: {said}")
        if one.fault:
            print(f"  NOT SOLVED: {one.fault}")
        if one.told is not None:
            _print(one.told)
        print()


@commands.command("if-accepted")
def options_if_accepted(
    case: CaseArg,
    offer: Annotated[str, typer.Argument(metavar="OFFER", help="The id of an offer.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Suppose that an offer is accepted: what arises, how it is verified, whether it holds."""
    from excomm.case import Case

    found = Case.open(case).on(on, known_by=known_by, cleared=cleared).if_accepted(offer)
    if json:
        give_json(found)
        return
    from excomm.brief import text

    rows = [
        (a.undertaking, a.by, a.before, a.after, a.verified_by or "none agreed", a.assurance or "-")
        for a in found.arising
    ]
    heads = ("id", "by", "is", "would be", "verified by", "how sure today")
    print(text.table(f"If {offer} is accepted: {found.text}", heads, rows))
    for said in (*found.outcomes, *(f"open: {each}" for each in found.open)):
        print(f"  {said}")


@commands.command("picture")
def options_picture(
    case: CaseArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.svg", help="Where to write it.")],
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="A tree or offers; else the posture.")
    ] = None,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Draw the tree of a model, or what each side kept up over time, as SVG."""
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    drawn = view.posture_picture() if model is None else view.model_picture(model)
    give(drawn.encode(), out)


@commands.command("solve")
def options_solve(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL.json", help="A model of any kind.", readable=False)
    ],
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Solve a model: stability, robustness, inspection, signals, trees, posture."""
    from excomm import options as room

    try:
        asked, found = room.solved_file(model)
    except InputError as fault:
        raise _with_line(fault, model) from None
    if json:
        give(room.to_json(found) + b"\n")
    else:
        _print(room.tell(asked, found))


def _with_line(fault: InputError, model: Path) -> InputError:
    """The fault of a model with the line of its file: `deal.json:7: $.infeasible[0]`."""
    from excomm.folder import line_of

    name = f"{model}: "
    if not fault.where.startswith(f"{name}$"):
        return fault
    place = fault.where.removeprefix(name)
    line = line_of(model.read_text(errors="replace"), place)
    where = f"{model}:{line}: {place}"
    return InputError(where, fault.found, fault.expected, fault.remedy)


def _print(told: "Told") -> None:
    from excomm.brief import text

    for said in told.says:
        print(f"  {said}")
    for said in told.hangs_on:
        print(f"  hangs on: {said}")
    for table in told.tables:
        print("\n" + text.table(table.title, table.columns, table.rows))
