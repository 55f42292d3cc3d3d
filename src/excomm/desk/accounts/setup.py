"""Setting a shared desk up: its folder, its tables, its first custodian."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from excomm.desk.accounts import installation
from excomm.desk.accounts.installation import ACCOUNTS, RESERVED, Installation
from excomm.desk.keeping import Kept
from excomm.desk.office import free_word
from excomm.desk.served import Served
from excomm.errors import InputError


def set_up(
    folder: Path, *, database: str, ledgers: list[str], url: str, custodian: str
) -> tuple[Installation, str]:
    """Make a desk in a folder; gives its settings and the path by which the custodian joins.

    database: of accounts; empty: a file in the folder. Nothing is left behind where it fails
    before the settings are written; settings that are there are never written over.
    Raises InputError where a ledger does not open or the settings cannot work.
    """
    os.umask(0o077)
    if (folder / installation.FILE).exists():
        raise InputError(
            "--folder", folder, "a folder without a desk", "Name another, or run the one in it."
        )
    found = Installation(
        url=url,
        database=_database(database, folder),
        ledgers=_words(ledgers),
        port=urlsplit(url).port or 8963,
        proxies=1 if urlsplit(url).scheme == "https" else 0,
    )
    installation.check(found, "desk init")
    installation.write(folder, found)
    try:
        Kept(folder).secret()
        from excomm.desk.wsgi import ready

        ready(folder)
        make_tables()
        from excomm.desk.accounts.inviting import first_custodian

        return found, first_custodian(custodian)
    except BaseException:
        (folder / installation.FILE).unlink()
        raise


def make_tables() -> None:
    """Make or change the tables of the accounts database to what this version needs."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _database(given: str, folder: Path) -> str:
    if not given:
        return ACCOUNTS
    parts = urlsplit(given)
    if parts.scheme == "sqlite":
        given = given.removeprefix("sqlite:///").removeprefix("sqlite://")
    elif parts.scheme not in ("", "postgresql", "postgres"):
        raise InputError(
            "--database",
            installation.shown(given),
            "a file or postgresql://USER@HOST/NAME",
            "SQLite and PostgreSQL hold accounts.",
        )
    elif parts.scheme:
        return given
    path = Path(given).resolve()
    own = folder.resolve()
    return path.name if path.parent == own else str(path)


def _words(ledgers: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: dict[str, object] = dict.fromkeys(RESERVED)
    for where in ledgers:
        served = Served(where)
        if served.ledger is None:
            raise InputError(
                "--ledger",
                where,
                "a ledger",
                "Load the folder into one: excomm load FOLDER --into LEDGER.",
            )
        word = free_word(served.case().id, taken)
        taken[word] = None
        found[word] = where if "://" in where else str(Path(where).resolve())
    return found
