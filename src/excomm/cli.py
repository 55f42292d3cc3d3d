"""The command line: reads the call, asks the rooms, prints. Holds no domain logic.

Exit status: 0 done; 1 the answer is no (a check found something); 2 the input or the call is
wrong; 3 the environment is. Errors go to standard error, answers to standard output.
"""

import io
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from excomm import (
    cli_assurance,
    cli_desk,
    cli_ledger,
    cli_options,
    cli_record,
    cli_reports,
    cli_sheets,
    cli_terms,
    cli_watch,
)
from excomm.cli_shared import (
    CaseArg,
    ClearedOption,
    KnownOption,
    OnOption,
    counted,
    give,
)
from excomm.errors import AnswerIsNo, EnvironmentFault, ExcommError, Faults, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from excomm.entries import Entry
    from excomm.folder import Folder
    from excomm.ledger import Ledger

app = typer.Typer(
    name="excomm",
    help="A desk for an agreement between parties who do not trust each other.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(cli_assurance.commands, name="assurance", no_args_is_help=True)
app.add_typer(cli_record.commands, name="record", no_args_is_help=True)
app.add_typer(cli_terms.commands, name="terms", no_args_is_help=True)
app.add_typer(cli_desk.commands, name="desk", no_args_is_help=True)
app.add_typer(cli_options.commands, name="options", no_args_is_help=True)
app.add_typer(cli_watch.commands, name="watch", no_args_is_help=True)
app.add_typer(cli_reports.commands, name="reports", no_args_is_help=True)
app.add_typer(cli_ledger.ledger, name="ledger", no_args_is_help=True)


class Format(StrEnum):
    """How a brief leaves."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    JSON = "json"


@app.command()
def brief(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    form: Annotated[Format, typer.Option("--format", help="How it leaves.")] = Format.TEXT,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write here, not to standard output.")
    ] = None,
) -> None:
    """Print the morning brief of a case on a day: one page that a principal can act on."""
    from excomm import brief as room
    from excomm.case import Case

    page = room.brief(Case.open(case).on(on, known_by=known_by, cleared=cleared))
    if form is Format.TEXT:
        from excomm.brief import text

        terminal = out is None and sys.stdout.isatty()
        width = os.get_terminal_size().columns if terminal else 100
        made = text.render(page, width=width, color=terminal and "NO_COLOR" not in os.environ)
        data = made.encode()
    elif form is Format.HTML:
        from excomm.brief import html

        data = html.render(page).encode()
    elif form is Format.PDF:
        from excomm.brief import pdf

        if out is None and sys.stdout.isatty():
            raise InputError("--format pdf", "a terminal", "a file", "Add --out brief.pdf.")
        data = pdf.render(page)
    elif form is Format.DOCX:
        from excomm.brief import docx
        from excomm.brief.document import of_brief

        if out is None and sys.stdout.isatty():
            raise InputError("--format docx", "a terminal", "a file", "Add --out brief.docx.")
        data = docx.render(of_brief(page))
    else:
        data = room.to_json(page) + b"\n"
    give(data, out)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Not there yet, or empty.")],
) -> None:
    """Start a case: a small folder of plain files to edit."""
    from excomm import folder as room

    room.new(folder)
    print(f"{folder}: a case to edit. Then: excomm check {folder}")


@app.command()
def check(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A case as plain files.", readable=False)
    ],
) -> None:
    """Report every fault of a case folder at once, each with file and line."""
    from excomm import folder as room

    now = datetime.now(UTC)
    faults = room.check(folder, now=now)
    if not faults:
        found = room.read(folder, now=now)
        faults = (*_in_models(found, folder), *room.repeated_minutes(found.entries))
    if faults:
        told = counted(len(faults), "fault")
        summary = InputError(str(folder), told, "none", "Mend what is named, then check again.")
        raise Faults((*faults, summary))
    print(f"{folder}: {counted(len(found.entries), 'entry')}, no fault.")


def _in_models(found: "Folder", path: Path) -> tuple[InputError, ...]:
    """What is wrong inside the models of a folder that can be read, each with file and line."""
    from excomm.entries.kinds import Model
    from excomm.folder import line_of
    from excomm.options.from_facts import fault_of

    faults = []
    for entry in found.entries:
        if isinstance(entry.body, Model) and (fault := fault_of(entry.body.model)):
            file = f"{entry.id}.yaml"
            text = (path / file).read_text() if (path / file).is_file() else ""
            faults.append(fault.at(f"{file}:{line_of(text, fault.where)}"))
    return tuple(faults)


@app.command()
def load(
    folder: Annotated[
        str, typer.Argument(metavar="FOLDER", help="A case folder, or a shipped name.")
    ],
    into: Annotated[str, typer.Option(metavar="LEDGER", help="A file (x.ledger) or a URL.")],
    keep_going: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--keep-going", help="Set rows at fault aside and load the rest.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where those rows go; else FOLDER.rejects."),
    ] = None,
) -> None:
    """Load a folder into a ledger: all of it or nothing; again: only what is new or changed."""
    from excomm import folder as room
    from excomm.case import SHIPPED, shipped_cases

    now = datetime.now(UTC)
    path = Path(folder)
    if not path.is_dir() and folder in shipped_cases():
        path = SHIPPED / folder
    if not keep_going:
        if rejects is not None:
            raise InputError("--rejects", rejects, "nothing without --keep-going")
        _load(room.read(path, now=now).entries, into, path, now)
        return
    found = room.read_rest(path, now=now)
    if not found.rows:
        _load(found.folder.entries, into, path, now)
        return
    aside = rejects or path.resolve().with_name(f"{path.resolve().name}.rejects")
    _set_aside(aside, found.text, lambda: _load(found.folder.entries, into, path, now))
    told = counted(found.rows, "row")
    raise AnswerIsNo(
        "\n".join((*map(str, found.faults), f"{aside}: {told} set aside. Mend and load again."))
    )


def _set_aside(aside: Path, text: str, load_rest: "Callable[[], None]") -> None:
    """Write what was set aside to a free place, once the rest is loaded."""
    from excomm.ledger.placing import publish, scratch_beside

    if aside.is_file() and aside.read_bytes() == text.encode():
        load_rest()  # the same rows as the last time
        return
    if os.path.lexists(aside):
        raise InputError(
            str(aside),
            "what an earlier load set aside",
            "a free place",
            "Mend those rows, then move the file away; or name another place with --rejects.",
        )
    with scratch_beside(aside) as scratch:
        scratch.write_bytes(text.encode())
        load_rest()
        publish(scratch, aside)


def _load(wanted: "Sequence[Entry]", into: str, folder: Path, now: datetime) -> None:
    from excomm import folder as room
    from excomm import ledger as ledgers
    from excomm.ledger.attachments import keep_from

    ledger = _opened(into)
    if ledger is None:
        try:
            ledger = ledgers.create(into, wanted, now=now)
        except ledgers.Taken as fault:
            raise _made_meanwhile(into, fault) from None
        keep_from(folder, ledger, wanted)
        head = ledger.head()
        print(f"{into}: {counted(head.size, 'entry')} loaded, head {head.digest[:16]}")
        return
    keep_from(folder, ledger, wanted)
    head = ledger.head()
    found = room.changes(tuple(ledger.read(size=head.size)), wanted, now=now)
    if found.entries:
        try:
            head = ledger.append(found.entries, now=now, onto=head)
        except ledgers.Moved as fault:
            raise InputError(into, fault.found, fault.expected, _AGAIN) from None
    print(
        f"{into}: {counted(len(found.entries) - len(found.corrected), 'entry')} added, "
        f"{counted(len(found.corrected), 'correction')}, head {head.digest[:16]}"
    )
    if found.missing:
        print(
            f"{into}: {counted(len(found.missing), 'entry')} not in {folder}; nothing is removed. "
            "To withdraw one, add a row to corrections.csv.",
            file=sys.stderr,
        )


@app.command()
def export(
    case: CaseArg,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Not there yet, or empty.")],
) -> None:
    """Write a case out as plain files, without loss."""
    from excomm import folder as room
    from excomm.case import Case

    entries = tuple(Case.open(case).read())
    room.write(entries, folder)
    print(f"{folder}: {counted(len(entries), 'entry')} written")


for _command in cli_ledger.COMMANDS:
    app.command()(_command)
app.command("import")(cli_sheets.take_in)


@app.command()
def serve(
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE")] = None,
    on: Annotated[str | None, typer.Option(metavar="DAY", help="The day shown first.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8962,
) -> None:
    """Serve the desk on 127.0.0.1 for one person, opened by a one-time key that it prints."""
    from excomm.desk.serve import serve as run

    run(cases or ["cuba-1962"], on=on, port=port)


def main() -> NoReturn:
    """Run the command; a fault of the input or the environment is said in a line, with a status."""
    _ready_streams()
    status: int | str | None = 0
    try:
        try:
            app()
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
    except ExcommError as fault:
        status = _told(str(fault), fault.exit_status)
    except BrokenPipeError:
        # The reader has gone (| head): nothing more to say, and nothing to say it to.
        _drop_output()
    except KeyboardInterrupt:
        status = 130
    except OSError as fault:
        place = fault.filename if fault.filename is not None else "standard output"
        if fault.filename is None:
            _drop_output()
        said = f"{place}: {(fault.strerror or 'an error').lower()}. "
        said += "Check the name, who may read it, and whether there is room."
        status = _told(said, EnvironmentFault.exit_status)
    sys.exit(status)


def _ready_streams() -> None:
    """Streams that the caller closed take nothing; all others take UTF-8, whatever the locale."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))
        elif name != "stdin" and isinstance(stream, io.TextIOWrapper):
            # Names of files that are no UTF-8 leave as the bytes that they are.
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


def _told(fault: str, status: int) -> int:
    with suppress(OSError):  # nowhere left to say it; the status still does
        print(fault, file=sys.stderr, flush=True)
    return status


def _drop_output() -> None:
    """What is still to be written goes nowhere, and fails no more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_AGAIN = "Run the load again: it adds what is missing by then."


def _made_meanwhile(where: str, fault: InputError) -> InputError:
    if Path(where).is_symlink():
        return fault  # one that leads nowhere
    return InputError(where, "a ledger that was made meanwhile", "none yet", _AGAIN)


def _opened(where: str) -> "Ledger | None":
    from excomm.ledger import NoLedger, open_ledger

    if "://" not in where and not Path(where).exists():
        return None
    try:
        return open_ledger(where)
    except NoLedger:
        return None


if __name__ == "__main__":
    main()
