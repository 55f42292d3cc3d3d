"""The commands of assurance: how sure of an item, and how often such figures were right."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from excomm.cli_shared import (
    CaseArg,
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    give,
    give_json,
)


class _ItemUnlessNamed(TyperGroup):
    """A call that names no command of the group asks of an item."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        asks_help = args and args[0] in ctx.help_option_names
        if args and not asks_help and args[0] not in self.commands:
            args = ["item", *args]
        return super().parse_args(ctx, args)


commands = typer.Typer(
    cls=_ItemUnlessNamed,
    help="How sure: excomm assurance CASE ITEM --on DAY; how often right: calibrate.",
)


@commands.command()
def item(
    case: CaseArg,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="The id of an item of the case.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it by day, as .svg or .png.")
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Say how sure we are that none of an item is left and none was brought back."""
    from excomm.case import Case

    found = Case.open(case).on(on, known_by=known_by, cleared=cleared).assurance(item)
    if chart is not None:
        give(found.chart().to_file(chart), chart)
    if json:
        give_json(found)
        return
    from excomm.brief import text

    print(text.table(found.title, ("figure", "low", "best", "high", "rests on"), found.table()))
    for sentence in found.carried():
        print(sentence)


@commands.command()
def calibrate(
    worlds: Annotated[int, typer.Option(min=1, help="Simulated worlds a model.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed, the same worlds.")] = 1962,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it here, as .svg or .png.")
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Count how often the figures were right in simulated worlds; status 1 where one was not."""
    from excomm.assurance.calibrate import calibration, drawn
    from excomm.errors import AnswerIsNo

    rows = calibration(worlds, seed)
    if out is not None:
        give(drawn(rows).to_file(out), out)
    if json:
        give_json(rows)
    else:
        from excomm.brief import text

        head = ("model", "worlds", "stated", "found", "from", "to", "")
        title = f"how often the figures were right, {worlds} worlds a model, seed {seed}"
        print(text.table(title, head, [row.row() for row in rows]))
    if wrong := [row.model for row in rows if not row.holds]:
        raise AnswerIsNo(f"Not as often right as stated: {'; '.join(wrong)}.")
