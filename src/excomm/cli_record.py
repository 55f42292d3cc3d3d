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
    give_json,
)

MinutesArg = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Minutes: plain text, PDF or DOCX.", readable=False),
]
RosterOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="People, JSON or CSV: name, office, aliases, party."),
]
MeetingOption = Annotated[
    str | None, typer.Option(metavar="DAY-OR-INSTANT", help="Else taken from the heading.")
]

ModelOption = Annotated[
    str | None,
    typer.Option(metavar="sentences", help="A second opinion by a model: excomm[nlp]."),
]

commands = typer.Typer(help="Minutes: who said, asked, proposed, directed what, by when.")
commands.command("review")(record_review)


@commands.command("read")
def record_read(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Minutes: plain text, PDF or DOCX.", readable=False),
    ],
    roster: RosterOption = None,
    meeting_date: MeetingOption = None,
    model: ModelOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Read minutes into statements, directives with due times, and open questions."""
    from excomm.record import files

    raw, found = files.read_file(file, roster=roster, meeting=meeting_date, model=model)
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
    rules = [
        (
            w.avoid,
            w.use,
            w.scope,
            w.by or "all",
            ", ".join(b.speaker + (" (perhaps)" if b.doubt else "") for b in w.broken),
        )
        for w in found.wording_rules
    ]
    if rules:
        heads = ("avoid", "use", "scope", "said by", "not kept by")
        print("\n" + text.table("Wording rules", heads, rules))


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
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.positions(issue)
    apart = [one for one in view.contradictions() if issue in ("", one.issue)]
    if json:
        built = {"positions": found, "contradictions": apart}
        give_json(built)
        return
    from excomm.brief import text

    rows = [(one.issue, one.speaker, one.stance, one.words) for one in found]
    title = f"Positions in {counted(len(view.records()), 'meeting')}"
    print(text.table(title, ("issue", "who", "stance", "words"), rows))
    seem = [
        (one.issue, *(f"{p.speaker}, {p.minutes}" for p in (one.one, one.other)), one.why)
        for one in apart
    ]
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
    from excomm.case import Case
    from excomm.errors import AnswerIsNo

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    database = case if "://" in case else ""
    found = view.said(words, speaker=speaker, act=act, issue=issue, database=database)
    if json:
        give_json(found)
    elif found:
        from excomm.brief import text

        rows = [(one.minutes, one.speaker, one.act, one.words) for one in found]
        title = counted(len(found), "statement")
        print(text.table(title, ("minutes", "who", "act", "words"), rows))
    if not found:
        raise AnswerIsNo(f"{case}: nothing said fits.")


@commands.command("export")
def record_export(
    file: MinutesArg,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it is written.")],
    form: Annotated[
        str, typer.Option("--format", metavar="json|html|docx|tei", help="What is made.")
    ] = "html",
    withhold: Annotated[
        list[str] | None,
        typer.Option(metavar="SPAN-OR-WORDS", help="Left out for good; 120:348, or the words."),
    ] = None,
    title: Annotated[str, typer.Option(metavar="WORDS", help="Else the file's name.")] = "",
    roster: RosterOption = None,
    meeting_date: MeetingOption = None,
) -> None:
    """Write a copy to hand on: for reading (html, docx), for archives (tei), for programs (json).

    What is withheld is not covered but gone: the copy is made from the text that is left.
    """
    from excomm.record import files

    give(
        files.copy(file, form, withhold or (), title=title, roster=roster, meeting=meeting_date),
        out,
    )


@commands.command("align")
def record_align(
    first: Annotated[Path, typer.Argument(metavar="FILE", help="One record.", readable=False)],
    second: Annotated[
        Path, typer.Argument(metavar="OTHER", help="Another of the same meeting.", readable=False)
    ],
    roster: RosterOption = None,
    meeting_date: MeetingOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Lay two records of one meeting side by side: what only one has, and where they differ."""
    from excomm.record import align, files

    records = [
        files.read_file(each, roster=roster, meeting=meeting_date)[1] for each in (first, second)
    ]
    found = align(*records)
    for warning in found.warnings:
        print(f"{first} and {second}: {warning}", file=sys.stderr)
    if json:
        give_json(found)
        return
    from excomm.brief import text

    rows = [
        (one.part, one.by, one.owner or "-", one.first, one.second, "; ".join(one.differ))
        for one in found.only("both")
    ]
    print(
        text.table("In both", ("part", "by", "owner", first.name, second.name, "differ in"), rows)
    )
    for where, name in (("first", first.name), ("second", second.name)):
        alone = [
            (one.part, one.by, one.owner or "-", one.first or one.second)
            for one in found.rows
            if one.where == where
        ]
        print("\n" + text.table(f"Only in {name}", ("part", "by", "owner", "words"), alone))


@commands.command("daybook")
def record_daybook(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Print what is due, late, done, withdrawn and never answered; decisions; the line to take."""
    from excomm.brief import daybook, text
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    book = daybook.day_book(view)
    if json:
        give_json(book)
        return
    tasks = [
        (
            one.state,
            one.what if one.confirmed else f"{one.what} (read, not confirmed)",
            one.who or "nobody named",
            one.due.astimezone(view.case.zone).isoformat(" ", "minutes") if one.due else "-",
        )
        for one in book.tasks
    ]
    parts = (
        ("Tasks", ("state", "what", "who", "by"), tasks),
        (
            "Never answered",
            ("who", "what", "where"),
            [(one.by, one.what, one.where) for one in book.never_answered],
        ),
        (
            "Decisions",
            ("state", "question", "by", "outcome or until"),
            [(one.state, one.question, one.by, one.outcome or one.until) for one in book.decisions],
        ),
        (
            "Consulted",
            ("whom", "about", "state", "answer"),
            [(one.by, one.what, one.where, one.answer) for one in book.consulted],
        ),
        (
            "Line to take",
            ("clause", "to", "source"),
            [(one.clause, one.to, one.source) for one in book.line],
        ),
        (
            "Wording rules",
            ("avoid", "use", "said by", "not kept in"),
            [(one.avoid, one.use, one.source, "; ".join(one.broken)) for one in book.wording],
        ),
    )
    print("\n\n".join(text.table(title, heads, rows) for title, heads, rows in parts))


@commands.command("calendar")
def record_calendar(
    case: CaseArg,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Else standard output.")
    ] = None,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Write what is owed and has a time as iCalendar to-dos."""
    from excomm.brief import daybook
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    give(daybook.to_dos(view), out)
