"""The commands of record: minutes read into statements, directives and questions."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import (
    JsonFlag,
    give,
)

commands = typer.Typer(help="Minutes: who said, asked, proposed, directed what, by when.")


@commands.command("read")
def record_read(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Minutes as plain text.", readable=False)
    ],
    roster: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="People, JSON or CSV: name, office, aliases, party."),
    ] = None,
    meeting_date: Annotated[
        str | None, typer.Option(metavar="DAY-OR-INSTANT", help="Else taken from the heading.")
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Read minutes into statements, directives with due times, and open questions."""
    from excomm.record import files

    raw, found = files.read_file(file, roster=roster, meeting=meeting_date)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    if json:
        give(found.to_json() + b"\n")
        return
    from excomm.brief import text

    said = [(s.speaker, s.act, raw[s.start : s.end]) for s in found.statements]
    print(text.table(f"Statements in {file.name}", ("speaker", "act", "words"), said))
    due = [(d.from_, d.to or "nobody named", d.what, d.due) for d in found.directives]
    print("\n" + text.table("Directives", ("from", "to", "what", "due"), due))
    open_ones = [(q.by, q.what) for q in found.questions if q.answered_by is None]
    print("\n" + text.table("Open questions", ("by", "question"), open_ones))
