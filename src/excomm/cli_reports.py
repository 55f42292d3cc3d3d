"""The commands of reports: allegations matched and weighed."""

from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import give

commands = typer.Typer(help="Allegations: repeats, earlier findings, and what the looks say.")


@commands.command("match")
def reports_match(
    earlier: Annotated[
        Path, typer.Option(metavar="FINDINGS.jsonl", help="Earlier findings.", readable=False)
    ],
    new: Annotated[
        Path, typer.Option(metavar="REPORTS.jsonl", help="Reports that came in.", readable=False)
    ],
    run: Annotated[
        Path | None, typer.Option(metavar="RUN.tsv", help="Write report, finding, score.")
    ] = None,
    repeats: Annotated[
        Path | None, typer.Option(metavar="CLUSTERS.tsv", help="Write report, group.")
    ] = None,
) -> None:
    """Match reports to earlier findings and group the repeats of one allegation."""
    from excomm.reports import match_files

    found = match_files(earlier, new)
    if run is not None:
        found.write_run(run)
    if repeats is not None:
        found.write_repeats(repeats)
    if run is None and repeats is None:
        give(found.to_json() + b"\n")
