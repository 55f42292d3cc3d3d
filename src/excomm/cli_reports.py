"""The commands of reports: allegations matched, listed and weighed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import CaseArg, ClearedOption, JsonFlag, KnownOption, OnOption, give
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.reports.alleged import Weighed

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


@commands.command("list")
def reports_list(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """List every allegation with what the looks say of it and what may be said."""
    import msgspec

    from excomm.brief import text
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.allegations()
    if json:
        give(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        return
    heads = ("report", "alleged", "looks", "ratio", "power", "decision")
    rows = [
        (
            each.id,
            each.alleged.what,
            str(len(each.bears)),
            str(each.ratio) if each.ratio else "cannot be computed",
            str(each.power),
            each.decision.word,
        )
        for each in found
    ]
    print(text.table(f"{view.header.title}: {len(rows)} allegations", heads, rows))


@commands.command("weigh")
def reports_weigh(
    case: CaseArg,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The id of a report.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Weigh what a report alleges against the looks that overlap it, and say what would settle."""
    import msgspec

    from excomm.case import Case

    every = Case.open(case).on(on, known_by=known_by, cleared=cleared).allegations()
    found = [each for each in every if report in (each.alleged.report, each.id)]
    if not found:
        known = ", ".join(dict.fromkeys(each.alleged.report for each in every)) or "it has none"
        raise InputError("REPORT", report, f"a report of this case on this day ({known})")
    if json:
        give(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        return
    for each in found:
        _show(each)


def _show(found: "Weighed") -> None:
    from excomm.brief import text

    print(text.table(f"{found.id}: {found.alleged.what}", ("figure", "value"), found.table()))
    if found.bears:
        heads = ("look", "day", "area", "time", "detects", "saw it", "ratio")
        rows = [
            (
                each.look.id,
                f"{each.day:%Y-%m-%d}",
                f"{each.look.f:.3g}",
                str(each.tau),
                str(each.detection),
                "yes" if each.look.hit else "no",
                f"{each.look.ratio:.3g}",
            )
            for each in found.bears
        ]
        print(text.table("Looks that bear", heads, rows))
    for said in found.settling:
        more = (
            f"; {said.looks_needed} such looks are needed" if (said.looks_needed or 0) > 1 else ""
        )
        print(
            f"Would settle it: {said.means} for {said.item}: if nothing is seen"
            f" {said.decision_if_nothing} (ratio {said.ratio_if_nothing:.3g}){more}"
        )
    if found.unsettled:
        print(f"Would settle it: {found.unsettled}")
    if found.over_range:
        print(f"Over the range of the assumptions also: {', '.join(found.over_range)}")
    for said_of, lines in (
        ("Left out", found.left_out),
        ("Note", found.alleged.notes),
        ("Assumed", found.assumptions),
    ):
        for line in lines:
            print(f"{said_of}: {line}")
