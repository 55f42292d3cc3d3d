"""The commands of options: models solved."""

from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import JsonFlag, give

commands = typer.Typer(
    help="Models of a conflict: what is stable, what each move tells, what deters."
)


@commands.command("solve")
def options_solve(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL.json", help="A model of any kind.", readable=False)
    ],
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Solve a model: stability, robustness, inspection, signals, trees, posture."""
    import msgspec

    from excomm import options as room

    found = room.to_json(room.solve_file(model))
    give((found if json else msgspec.json.format(found)) + b"\n")
