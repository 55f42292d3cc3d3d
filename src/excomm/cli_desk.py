"""The commands of the shared desk: set it up, run it, say what is unsafe about it."""

from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import counted
from excomm.errors import AnswerIsNo, EnvironmentFault

commands = typer.Typer(help="A desk for several people: accounts, roles, second factor.")

FolderOption = Annotated[Path, typer.Option(metavar="DIR", help="Where the desk's settings are.")]
_FOLDER = Path("excomm-desk")


@commands.command("init")
def desk_init(
    ledger: Annotated[
        list[str], typer.Option(metavar="URL|FILE", help="A ledger; again for each further one.")
    ],
    database: Annotated[
        str, typer.Option(metavar="URL|FILE", help="Of accounts; else a file in the folder.")
    ] = "",
    folder: FolderOption = _FOLDER,
    url: Annotated[
        str, typer.Option(metavar="URL", help="How people reach it.")
    ] = "http://127.0.0.1:8963",
    custodian: Annotated[
        str, typer.Option(metavar="NAME", help="Who keeps the accounts.")
    ] = "custodian",
) -> None:
    """Set up a shared desk; print the link by which its first custodian joins."""
    from excomm.desk.accounts.setup import set_up

    found, joins = set_up(folder, database=database, ledgers=ledger, url=url, custodian=custodian)
    print(f"{folder}: a desk for {', '.join(found.ledgers)}")
    print(f"{custodian} joins at {found.url.rstrip('/')}{joins}  (once, within three days)")
    print(f"Then: excomm desk check --folder {folder}; excomm desk run --folder {folder}")


@commands.command("run")
def desk_run(
    folder: FolderOption = _FOLDER,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 2,
) -> None:
    """Serve the shared desk until interrupted."""
    from excomm.desk.accounts.running import run

    run(folder, workers=workers)


@commands.command("digest")
def desk_digest(folder: FolderOption = _FOLDER) -> None:
    """Tell people by mail that something waits for them; for a timer to run."""
    from datetime import UTC, datetime

    from excomm.desk.wsgi import ready
    from excomm.mailing import SENDER_VARIABLE, SERVER_VARIABLE, MailServer

    installation = ready(folder)
    server = MailServer.of_environment()
    if server is None:
        raise EnvironmentFault(
            f"{SERVER_VARIABLE} and {SENDER_VARIABLE}: not both are set. Name the mail server"
            " (host:port) and the sender."
        )
    from excomm.desk.accounts.noticing import digest
    from excomm.desk.accounts.shared import SharedDesk

    found = digest(SharedDesk(installation, folder), server, now=datetime.now(UTC))
    print(f"{folder}: {counted(len(found.told), 'mail')} handed over")
    if found.failed:
        raise EnvironmentFault("\n".join(f"{name}: {why}" for name, why in found.failed))


@commands.command("check")
def desk_check(folder: FolderOption = _FOLDER) -> None:
    """Say what is unsafe in an installation; status 1 where something is."""
    from datetime import UTC, datetime

    from excomm.desk.accounts.checking import told, unsafe

    found = unsafe(folder, now=datetime.now(UTC))
    if found:
        raise AnswerIsNo(told(found))
    print(f"{folder}: nothing unsafe was found")
