"""The command that takes in a sheet: CSV, XLSX or pasted cells, mapped once."""

import io
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import counted, give
from excomm.errors import AnswerIsNo, EnvironmentFault, Faults, InputError

if TYPE_CHECKING:
    from excomm.interchange.mapping import SheetMap
    from excomm.interchange.sheet import Sheet
    from excomm.interchange.taking import Plan


class Dates(StrEnum):
    """How a sheet writes dates that are not 1962-11-09."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


def take_in(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV or XLSX; - reads cells from standard input.")
    ],
    into: Annotated[str, typer.Option(metavar="LEDGER", help="A ledger file or URL.")],
    name: Annotated[
        str, typer.Option("--map", metavar="NAME", help="Under which the columns are kept.")
    ],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="What a row is (count, look ...): the first time.")
    ] = "",
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=FIELD", help="What a column says; no FIELD: leave it alone."),
    ] = None,
    fixed: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=TEXT", help="What every row says alike."),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Columns that tell a row from all others."),
    ] = None,
    dates: Annotated[Dates | None, typer.Option(help="How 9/11/1962 is meant.")] = None,
    comma: Annotated[
        bool | None, typer.Option("--decimal-comma/--decimal-point", help="38,5 or 38.5.")
    ] = None,
    sheet: Annotated[str, typer.Option(metavar="NAME", help="Of a workbook; else its first.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who maps the columns.")] = "",
    preview: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--preview", help="Say what would be taken in, and write nothing.")
    ] = False,
    keep_going: Annotated[
        Path | None,
        typer.Option(
            metavar="REJECTS.csv", help="Take the rows without fault; write the others here."
        ),
    ] = None,
) -> None:
    """Take in a sheet: new rows, changed rows as corrections, nothing twice; all or nothing."""
    from excomm.interchange.taking import plan, rejects_csv, saved_map, take
    from excomm.ledger import open_ledger

    now = datetime.now(UTC)
    ledger = open_ledger(into)
    began = ledger.head()
    case = tuple(ledger.read(size=began.size))
    found = _read(file, sheet)
    mapping = _mapping(found, saved_map(case, name), name, kind, column, fixed, key, dates, comma)
    made = plan(found, mapping, case, now=now, by=by)
    for line in _said(made):
        print(line)
    if made.faults and keep_going is None:
        raise Faults((*(_placed(file, one) for one in made.faults), _summary(file, made)))
    if preview:
        print("Nothing was written.")
        return
    if made.faults and keep_going is not None:
        give(rejects_csv(found, made).encode(), keep_going)
        print(f"{keep_going}: {counted(len(made.rejected), 'row')} to mend", file=sys.stderr)
    head = take(ledger, made, onto=began, now=now)
    print(f"{into}: head {head.digest[:16]}")
    if made.faults:
        raise AnswerIsNo(f"{file}: {counted(len(made.rejected), 'row')} not taken in.")


def _read(file: str, sheet: str) -> "Sheet":
    from excomm.interchange.sheet import read_sheet

    try:
        if file == "-":
            return read_sheet(io.BytesIO(sys.stdin.buffer.read()), "pasted")
        with Path(file).open("rb") as stream:
            return read_sheet(stream, Path(file).name, sheet=sheet)
    except OSError as fault:
        raise EnvironmentFault(f"{file}: cannot be read: {fault.strerror}.") from None


def _mapping(
    sheet: "Sheet",
    kept: "SheetMap | None",
    name: str,
    kind: str,
    column: list[str] | None,
    fixed: list[str] | None,
    key: list[str] | None,
    dates: Dates | None,
    comma: bool | None,  # noqa: FBT001 - an option of the command
) -> "SheetMap":
    import msgspec

    from excomm.interchange.mapping import guessed, with_changes

    if kept is None and not kind:
        raise InputError(
            "--map", name, "a mapping that this ledger keeps", "Add --kind to map it a first time."
        )
    first = kept if kept is not None and kind in ("", kept.kind) else guessed(sheet, kind, name)
    made = with_changes(first, _pairs("--column", column), _pairs("--set", fixed), key or ())
    if dates is not None:
        made = msgspec.structs.replace(made, dates=dates.value.replace("-", " "))
    return made if comma is None else msgspec.structs.replace(made, comma=comma)


def _pairs(option: str, said: list[str] | None) -> dict[str, str]:
    found = {}
    for text in said or ():
        name, mark, value = text.rpartition("=") if option == "--column" else text.partition("=")
        if not mark or not name.strip():
            raise InputError(option, text, "NAME=VALUE", "Quote it where it has a space.")
        found[name.strip()] = value.strip()
    return found


def _said(made: "Plan") -> list[str]:
    mapped = "; ".join(f"{column} is {field}" for column, field in made.mapping.columns.items())
    lines = [f"{made.mapping.name} ({made.mapping.kind}): {mapped}"]
    lines.append(
        f"{counted(len(made.added), 'row')} new, {len(made.changed)} changed, "
        f"{made.unchanged} as they stand, {len(made.rejected)} with faults"
    )
    lines += [
        f"row {one.line} changes {one.of}: "
        + "; ".join(f"{name}: {was or 'nothing'} -> {is_now or 'nothing'}"
                    for name, was, is_now in one.fields)
        for one in made.changed
    ]  # fmt: skip
    if made.missing:
        lines.append(
            f"{counted(len(made.missing), 'entry')} of earlier sheets not in this one; they stay."
        )
    return lines


def _placed(file: str, one: object) -> InputError:
    from excomm.interchange.taking import CellFault

    assert isinstance(one, CellFault)
    fault = one.fault
    return InputError(f"{file}:{one.line}: {one.column}", fault.found, fault.expected, fault.remedy)


def _summary(file: str, made: "Plan") -> InputError:
    return InputError(
        file,
        f"{counted(len(made.rejected), 'row')} with faults; nothing was taken in",
        "none",
        "Mend what is named, or add --keep-going REJECTS.csv.",
    )
