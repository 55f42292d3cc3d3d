"""record review: what was read is shown, the doubtful first; a key accepts, edits or rejects it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import counted
from excomm.errors import AnswerIsNo, InputError

if TYPE_CHECKING:
    from excomm.record.review import Disposed, Proposed

_KEYS = "[a]ccept  [e]dit  [r]eject  [n]ext  [q]uit: "
_CONTEXT = 120  # characters of the source shown before and after


def record_review(
    source: Annotated[
        str, typer.Argument(metavar="FILE|CASE", help="A file of minutes, or a case's ledger.")
    ],
    by: Annotated[
        str, typer.Option(metavar="NAME", help="Who disposes; asked for by a ledger.")
    ] = "",
    minutes: Annotated[str, typer.Option(metavar="ID", help="Of a case: these minutes only.")] = "",
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="For a file: people, JSON or CSV.")
    ] = None,
    meeting_date: Annotated[
        str | None, typer.Option(metavar="DAY-OR-INSTANT", help="For a file; else its heading.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="sentences", help="For a file: a second opinion; excomm[nlp]."),
    ] = None,
) -> None:
    """Accept, edit or reject what was read, the doubtful first.

    For a file each word goes into FILE.review.jsonl beside it; for a case each is an entry of its
    ledger. Exit 1 while something is left.
    """
    file = Path(source)
    if file.is_file() and not _is_ledger(file):
        left = _of_file(file, roster, meeting_date, model)
    else:
        left = _of_case(source, by, minutes)
    if left:
        raise AnswerIsNo(f"{source}: {left} left to look at.")
    print(f"{source}: everything read has been looked at.")


def _is_ledger(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(16) == b"SQLite format 3\x00"


def _of_file(file: Path, roster: Path | None, meeting: str | None, model: str | None) -> int:
    from excomm.record import files
    from excomm.record.review import pending
    from excomm.record.sidecar import append_sidecar, read_sidecar

    raw, record = files.read_file(file, roster=roster, meeting=meeting, model=model)
    said = list(read_sidecar(file, raw))
    for word in _words(pending(record, said), raw):
        append_sidecar(file, raw, word)
        said.append(word)
    return len(pending(record, said))


def _of_case(source: str, by: str, wanted: str) -> int:
    from excomm.case import Case
    from excomm.ledger import open_ledger
    from excomm.record.review import pending

    if "://" not in source and not Path(source).is_file():
        raise InputError(
            "CASE",
            source,
            "a ledger, which keeps what a person decides",
            f"Load it into one first: excomm load {source} --into NAME.ledger.",
        )
    if not by.strip():
        raise InputError("--by", by, "who disposes", 'Write --by "A. Name".')
    ledger = open_ledger(source)
    view = Case.open(source).on(datetime.now(UTC).isoformat())
    found = [pair for pair in view.records() if wanted in ("", str(pair[0].id))]
    if not found:
        raise InputError("--minutes", wanted or "none", "minutes of the case")
    left = 0
    for minutes, record in found:
        said = list(view.disposals().get(str(minutes.id), ()))
        raw = getattr(minutes.body, "text", "")
        for word in _words(pending(record, said), raw):
            now = datetime.now(UTC)
            current = Case.open(source).on(now.isoformat())
            made = current.disposing(
                str(minutes.id), word.part, word.id, word.verdict, word.fields, by=by, now=now
            )
            ledger.append(made, now=now)
            said.append(word)
        left += len(pending(record, said))
    return left


def _words(items: Sequence["Proposed"], raw: str) -> Iterator["Disposed"]:
    """Shows one after the other and gives what the person says of each."""
    from excomm.record.review import Disposed

    key = _key_reader()
    for number, one in enumerate(items, 1):
        of = counted(len(items), "reading")
        print(f"\n{number} of {of}: {one.part}, sure to {one.confidence:.2f}")
        if one.why:
            print(f"  why to look: {_plain(one.why)}")
        print(f"  minutes: {_plain(_around(raw, one.start, one.end))}")
        print(f"  read as: {_plain(one.says)}")
        while True:
            pressed = key()
            if pressed in ("q", ""):
                return
            if pressed == "n":
                break
            if pressed in ("a", "r"):
                verdict = "accepted" if pressed == "a" else "rejected"
                yield Disposed(part=one.part, id=one.id, verdict=verdict)  # type: ignore[arg-type]
                break
            if pressed == "e" and one.fields:
                yield Disposed(part=one.part, id=one.id, verdict="edited", fields=_edits(one))
                break
            print("  nothing to edit here" if pressed == "e" else "  a, e, r, n or q")


def _key_reader() -> Callable[[], str]:
    if not sys.stdin.isatty():
        return _line_key

    def pressed() -> str:
        import click

        print(_KEYS, end="", flush=True)
        key = click.getchar()
        print(_plain(key))
        return key[:1].lower()

    return pressed


def _line_key() -> str:
    return sys.stdin.readline().strip()[:1].lower()


def _edits(one: "Proposed") -> dict[str, str]:
    """What the person writes in; an empty line leaves a field as it was read."""
    found: dict[str, str] = {}
    for name, text in one.fields.items():
        print(f"  {name} [{_plain(text)}]: ", end="", flush=True)
        given = sys.stdin.readline().strip()
        if given and given != text:
            found[name] = given
    return found


def _around(raw: str, start: int, end: int) -> str:
    before, after = raw[max(0, start - _CONTEXT) : start], raw[end : end + _CONTEXT]
    return f"…{before}>>>{raw[start:end]}<<<{after}…"


def _plain(text: str) -> str:
    from excomm.brief.words import printable

    return printable(" ".join(text.split()))
