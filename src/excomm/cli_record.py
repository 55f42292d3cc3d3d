"""The commands of record: minutes read, searched, compared and confirmed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_review import record_review
from excomm.cli_shared import (
    CaseArg,
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    counted,
    give,
)

commands = typer.Typer(help="Minutes: who said, asked, proposed, directed what, by when.")
commands.command("review")(record_review)


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


@commands.command("positions")
def record_positions(
    case: CaseArg,
    issue: Annotated[
        str, typer.Option(metavar="ID", help="An item or an undertaking; else all.")
    ] = "",
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Print who stood where on each issue, in the order spoken, and where two stood apart."""
    import msgspec

    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.positions(issue)
    apart = [one for one in view.contradictions() if issue in ("", one.issue)]
    if json:
        built = {"positions": found, "contradictions": apart}
        give(msgspec.json.format(msgspec.json.encode(built)) + b"\n")
        return
    from excomm.brief import text

    rows = [(one.issue, one.speaker, one.stance, one.words) for one in found]
    title = f"Positions in {counted(len(view.records()), 'meeting')}"
    print(text.table(title, ("issue", "who", "stance", "words"), rows))
    seem = [(one.issue, one.one.speaker, one.other.speaker, one.why) for one in apart]
    print("\n" + text.table("Seem to exclude each other", ("issue", "one", "other", "why"), seem))


@commands.command("search")
def record_search(
    case: CaseArg,
    words: Annotated[str, typer.Argument(metavar="[WORDS]", help="All have to stand in it.")] = "",
    speaker: Annotated[str, typer.Option(metavar="NAME", help="Who said it.")] = "",
    act: Annotated[str, typer.Option(metavar="ACT", help="said, asked, directed ...")] = "",
    issue: Annotated[str, typer.Option(metavar="ID", help="An item or an undertaking.")] = "",
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Search what was said in all the minutes of a case; exit 1 where nothing fits."""
    import msgspec

    from excomm.case import Case
    from excomm.errors import AnswerIsNo

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.said(words, speaker=speaker, act=act, issue=issue)
    if json:
        give(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    elif found:
        from excomm.brief import text

        rows = [(one.minutes, one.speaker, one.act, one.words) for one in found]
        title = counted(len(found), "statement")
        print(text.table(title, ("minutes", "who", "act", "words"), rows))
    if not found:
        raise AnswerIsNo(f"{case}: nothing said fits.")
