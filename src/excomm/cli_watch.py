"""The commands of watch: plans of looks."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import (
    JsonFlag,
    give,
)

commands = typer.Typer(help="Plans of looks: where and when, so that nobody can count on a gap.")


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
