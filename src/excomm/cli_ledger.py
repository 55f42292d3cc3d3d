"""The commands of the ledger: heads, witnesses, verification, releases, and its upkeep."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.errors import AnswerIsNo, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from excomm.ledger import Checkpoint
    from excomm.ledger.receipt import Receipt

ledger = typer.Typer(help="Upkeep of a ledger: make, copy, erase from, restore, change its key.")

_SECONDS_SHOWN = 0.2
LedgerArg = Annotated[str, typer.Argument(metavar="LEDGER", help="A file or a URL.")]
HeadsOption = Annotated[
    Path | None,
    typer.Option(
        "--heads", metavar="FILE", help="Heads kept elsewhere, as head prints them.", readable=False
    ),
]


def head(
    where: LedgerArg,
    size: Annotated[
        int | None, typer.Option(metavar="N", help="Of the first N entries; else of all.")
    ] = None,
    since: Annotated[
        int | None, typer.Option(metavar="N", help="With the proof that it only adds to N.")
    ] = None,
) -> None:
    """Print the ledger's signed head: whose, how many entries, under this root."""
    from excomm.ledger import open_ledger
    from excomm.ledger.witness import request

    opened = open_ledger(where)
    found = opened.checkpoint(size)
    if since is None:
        print(found, end="")
    else:
        print(request(found, since, opened.consistency(since, found.size)), end="")


def verify(
    where: Annotated[
        str, typer.Argument(metavar="LEDGER|RELEASE", help="A ledger, its URL, or a release.")
    ],
    heads: HeadsOption = None,
    since: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--since", help="Read only what came after the newest held head.")
    ] = False,
) -> None:
    """Compute every hash again, and name the first entry that does not follow."""
    from excomm.ledger import attachments, open_ledger, read_heads
    from excomm.ledger.recognition import LEDGER_FILE
    from excomm.ledger.released import is_release

    held = read_heads(heads) if heads else ()
    if "://" not in where and is_release(Path(where)):
        _verify_release(Path(where), held)
        return
    try:
        opened = open_ledger(where)
    except InputError as error:
        if error.expected != LEDGER_FILE:
            raise
        expected = f"{LEDGER_FILE} or a release"
        raise InputError(error.where, error.found, expected, "Fetch it again.") from None
    newest = max(held, key=lambda one: one.size, default=None)
    if since and newest is None:
        raise InputError("--since", "no head", "heads to start from", "Add --heads FILE.")
    show = _shown()
    found = opened.verify(held, since=newest if since else None, progress=show)
    show(found.size, found.size)
    files = [] if since else list(attachments.findings(opened))
    changed = [one for one in files if one.state == "changed"]
    for fault in found.faults:
        place = f"entry {fault.seq}" if fault.seq else "ledger"
        _say(f"{where}: {place}: {fault.what}")
    for one in changed:
        _say(f"{where}: entry {one.seq}: the file of {one.name} was changed")
    if changed or not found.holds:
        raise AnswerIsNo(f"{where}: does not verify. {found.unseen}")
    print(f"{where}: {found.size} {_noun(found.size)} verified, head {found.head.digest}")
    print(found.extent)
    for one in files:
        print(f"Entry {one.seq}: the file of {one.name} is not here, and was not read.")
    for gone in found.erased:
        print(f"Entry {gone.seq}, {gone.id}, was erased: {gone.reason} ({gone.said_by}).")
    for step in found.clock_steps:
        print(f"Entry {step.seq} was taken in while the clock said {step.clock}: it had gone back.")
    for seq, name in found.breaks:
        print(f"Entry {seq}, {name}, admits a break: the ledger was restored from an older copy.")
    print(found.unseen)


def release(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A ledger, or its URL.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A free name.", readable=False)],
    to: Annotated[str, typer.Option(metavar="AUDIENCE", help="A clearance, or a party's id.")],
    on: Annotated[str, typer.Option(metavar="DAY", help="As known on this day.")],
    withhold: Annotated[
        list[str] | None, typer.Option(metavar="FIELD", help="Keep back: source, body.what, ...")
    ] = None,
    entry: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="This entry alone; may be repeated.")
    ] = None,
    proposed_by: Annotated[str, typer.Option(metavar="NAME", help="Who proposes it.")] = "",
    approved_by: Annotated[str, typer.Option(metavar="NAME", help="Who approves it.")] = "",
    sha256: Annotated[str, typer.Option(metavar="HEX", help="The bytes that were approved.")] = "",
) -> None:
    """Hand out what an audience may see, so that they can verify it on their own."""
    from excomm.entries.persons import are_two
    from excomm.ledger import open_ledger
    from excomm.ledger.release import approve, make

    if (proposed_by or approved_by) and not are_two(proposed_by, approved_by):
        raise InputError(
            "--approved-by", approved_by, "two different persons", "Name who proposes as well."
        )
    if approved_by and not sha256:
        raise InputError(
            "--sha256",
            "",
            f"the digest of the bytes that {approved_by} was shown",
            "Make the release once without names: that prints it, and enters nothing.",
        )
    opened = open_ledger(case)
    made = make(
        opened, out, to=to, on=on, withhold=withhold or (), only=entry or (), approved=sha256
    )
    print(f"{out}: {made.shown} {_noun(made.shown)} shown, {made.withheld} withheld, to {to}")
    print(f"head {made.head.head.digest[:16]}; the bytes to approve: {made.digest}")
    if proposed_by:
        entered = approve(
            opened,
            made,
            to=to,
            proposed_by=proposed_by,
            approved_by=approved_by,
            now=datetime.now(UTC),
        )
        print(f"approved by {approved_by}, proposed by {proposed_by}: entry {entered.id}")


def witness(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What came: a head, with proof.", readable=False)
    ],
    heads: Annotated[
        Path | None,
        typer.Option("--heads", metavar="FILE", help="Your held heads; added to.", readable=False),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your key; made where there is none.", readable=False),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Your name as a witness.")] = "",
    into: Annotated[
        str | None, typer.Option(metavar="LEDGER", help="Keep what a witness sent back.")
    ] = None,
    by: Annotated[str, typer.Option(metavar="KEY", help="With --into: the witness's key.")] = "",
) -> None:
    """Sign a head that continues those you hold, and keep it; or take in what a witness signed."""
    from excomm.ledger import exchange

    if into is not None:
        print(exchange.take_in(into, file, by, now=datetime.now(UTC)))
        return
    if heads is None or key is None or not name:
        raise InputError(
            "witness", "not all of --heads, --key, --name", "all three", "Or --into LEDGER."
        )
    cosigned, public = exchange.witness_file(file, heads, key, name, now=datetime.now(UTC))
    print(f"# {public}\n{cosigned}", end="")


@ledger.command()
def receipt(
    where: LedgerArg,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry taken in.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A free name.", readable=False)],
) -> None:
    """Give whoever submitted an entry the proof that it is in the ledger, signed."""
    from excomm.ledger import open_ledger
    from excomm.ledger.receipt import receipt as made

    print(_given(made(open_ledger(where), entry), out))


@ledger.command()
def included(
    given: Annotated[
        Path, typer.Argument(metavar="RECEIPT", help="What was given.", readable=False)
    ],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="What head --since N printed later.", readable=False),
    ],
) -> None:
    """Is what a receipt acknowledges in a later head? If not, the two convict the ledger."""
    from excomm.ledger.exchange import read_request
    from excomm.ledger.receipt import still_in

    print(still_in(given, read_request(file)))


@ledger.command()
def init(
    where: Annotated[str, typer.Argument(metavar="LEDGER", help="A file (x.ledger) or a URL.")],
    writer: Annotated[
        str, typer.Option(metavar="ROLE", help="PostgreSQL: may insert and select, no more.")
    ] = "",
) -> None:
    """Make an empty ledger; in PostgreSQL, with the rights of whoever is to write it."""
    from excomm.ledger import create
    from excomm.ledger.door import is_url

    if writer and not is_url(where):
        raise InputError("--writer", writer, "nothing, for a file", "Rights are the file's own.")
    made = create(where)
    print(f"{made.where}: an empty ledger, {made.origin}")
    print(f"Its key: {made.key_path}. Keep a copy apart, where nobody else can read it.")
    if is_url(where):
        from excomm.ledger.postgresql import PostgresqlStore

        if writer:
            assert isinstance(made.store, PostgresqlStore)
            made.store.allow_writer(writer)
            print(f"{writer} may select and insert. Erasing and changing keys are the owner's.")
        print(
            "The administrator's part: the owner of these tables logs in for erasures only; "
            "nobody writes as a superuser, whom no trigger stops; the server's own backups count "
            "as copies; fsync and synchronous_commit stay on."
        )


@ledger.command()
def backup(
    where: LedgerArg,
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A free name.", readable=False)],
) -> None:
    """Copy a ledger as it is at one moment, while writers go on, into a file; verify the copy."""
    from excomm.ledger import attachments, open_ledger
    from excomm.ledger import backup as copied

    opened = open_ledger(where)
    found = copied(opened, to)
    files = attachments.copy_all(opened, to)
    print(f"{to}: {found.size} {_noun(found.size)} copied and verified, head {found.head.digest}")
    print(f"{files} attached files copied. The key was not: keep one apart.")


@ledger.command()
def attach(
    where: LedgerArg,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An image, a track, a table.", readable=False)
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Whose it is.")],
    role: Annotated[str, typer.Option(metavar="WORD", help="What it is for.")] = "",
    media_type: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="Its media type.")
    ] = "application/octet-stream",
    marking: Annotated[str, typer.Option(metavar="MARKING", help="Who may see it.")] = "open",
    receipt: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="And its receipt, for whoever gave it.", readable=False),
    ] = None,
) -> None:
    """Keep a file beside the ledger under its hash, and enter it."""
    from excomm.ledger import attachments, open_ledger
    from excomm.ledger.receipt import receipt as acknowledged

    opened = open_ledger(where)
    entry = attachments.attach(
        opened,
        file,
        by=by,
        now=datetime.now(UTC),
        role=role,
        media_type=media_type,
        marking=marking,
    )
    print(f"{where}: {file.name} is entered as {entry.id}")
    if receipt is not None:
        print(_given(acknowledged(opened, entry.id), receipt))


@ledger.command()
def erase(
    where: LedgerArg,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry to erase.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the ledger.")],
    basis: Annotated[str, typer.Option(metavar="TEXT", help="The law that asks for it.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decided.")],
) -> None:
    """Take an entry's content out for good; its place and the erasure stay."""
    from excomm.ledger import open_ledger

    found = open_ledger(where).erase(
        entry, reason=reason, legal_basis=basis, by=by, now=datetime.now(UTC)
    )
    print(f"{where}: {entry} erased, head {found.digest[:16]}. Copies made before still have it.")


@ledger.command()
def rotate(where: LedgerArg) -> None:
    """Sign with a fresh key from now on; the old one vouches for it."""
    from excomm.ledger import open_ledger

    opened = open_ledger(where)
    opened.rotate()
    print(f"{where}: signs with a fresh key, {opened.key_path}")


@ledger.command()
def restored(
    where: LedgerArg,
    heads: Annotated[
        Path, typer.Option(metavar="FILE", help="Heads that others hold.", readable=False)
    ],
) -> None:
    """After an older copy was put back: append a break for each held head that it lacks."""
    from excomm.ledger import open_ledger, read_heads

    found = open_ledger(where).resume(read_heads(heads), now=datetime.now(UTC))
    print(f"{where}: the break is in the ledger, head {found.digest[:16]}")


@ledger.command()
def explain(
    where: LedgerArg,
    entry: Annotated[str, typer.Argument(metavar="BREAK", help="The id of the break.")],
    says: Annotated[str, typer.Option(metavar="TEXT", help="What happened.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who says so.")],
) -> None:
    """Say how a break came about: from then on it stands on no page, and stays readable."""
    from excomm.ledger import open_ledger

    found = open_ledger(where).explain(entry, says, by=by, now=datetime.now(UTC))
    print(f"{where}: {entry} is explained, head {found.digest[:16]}")


@ledger.command()
def retold(where: LedgerArg) -> None:
    """List entries that seem to tell an earlier one under a lower marking; a person reads both."""
    from excomm.ledger import open_ledger
    from excomm.ledger.retold import retold as seeming

    found = seeming(open_ledger(where).read)
    for entry, of in found:
        print(f"{entry.id}, {entry.marking}, seems to tell {of.id}, {of.marking}")
    if found:
        raise AnswerIsNo(
            f"{where}: {len(found)} to be read by a person. If it is the same: correct the later "
            "one to the marking of the earlier, or let two persons lower it by a clearance."
        )
    print(f"{where}: no entry seems to tell one that is marked higher")


def _verify_release(path: Path, held: "Sequence[Checkpoint]") -> None:
    from excomm.ledger.release import counts
    from excomm.ledger.released import verify_release

    found = verify_release(path, held)
    print(f"{path}: a release to {found.to}, {found.on}, of {found.origin}; it holds.")
    withheld = counts(found.reasons)
    if found.whole:
        print(
            f"{found.head.size} {_noun(found.head.size)}, {found.shown} shown; withheld: {withheld}"
        )
    else:
        print(f"{found.shown} {_noun(found.shown)} alone; nothing is said of the others.")
    print(f"Head {found.head.digest}; witnesses: {', '.join(found.witnesses) or 'none'}")
    print(f"What an approval names: {found.digest}")
    if found.held:
        print(f"It agrees with {found.held} held head{'s' if found.held > 1 else ''}.")
    else:
        print(
            "Without a head that somebody else holds, a ledger written afresh and different "
            "ledgers shown to different parties cannot be seen."
        )


def _given(made: "Receipt", out: Path) -> str:
    from excomm.ledger.placing import publish, scratch_beside

    with scratch_beside(out) as scratch:
        scratch.write_bytes(made.content)
        publish(scratch, out)
    return f"{out}: {made.entry} is in the head of {made.head.size}, {made.head.head.digest[:16]}"


def _shown() -> "Callable[[int, int], None]":
    """Says on a terminal how far a verification is, a few times a second, in one line."""
    told = time.monotonic()

    def show(read: int, of: int) -> None:
        nonlocal told
        if sys.stderr.isatty() and (read == of or time.monotonic() - told > _SECONDS_SHOWN):
            told = time.monotonic()
            said = "" if read == of else f"{read:,} of {of:,} entries read"
            print(f"\r{said:<60}\r{said}", end="", file=sys.stderr, flush=True)

    return show


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _noun(number: int) -> str:
    return "entry" if number == 1 else "entries"


COMMANDS = (head, verify, release, witness)
