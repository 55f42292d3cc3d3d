"""What is unsafe in an installation, said one by one with what to do. Changes nothing.

Only what can be seen from here is asked; docs/deploy.md lists what cannot.
"""

import sqlite3
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from excomm.desk.accounts import installation
from excomm.desk.accounts.installation import Installation, shown

_BACKUP = timedelta(days=2)
_CLOCKS = (
    Path("/run/systemd/timesync/synchronized"),
    Path("/run/chrony/chronyd.pid"),
    Path("/run/ntpd.pid"),
)
_FAR = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "glusterfs", "ceph")


class Unsafe(msgspec.Struct, frozen=True):
    """Something unsafe, and what to do about it."""

    what: str
    remedy: str


def unsafe(folder: Path, *, now: datetime) -> tuple[Unsafe, ...]:
    """Everything that was found. Raises what `installation.read` raises."""
    from excomm.desk.wsgi import ready

    found = installation.read(folder)
    secret = [*_readable(folder)]
    if secret:
        return tuple(secret)  # nothing is signed with a secret that others know
    ready(folder)
    return (
        *_transport(found),
        *_settings(),
        *_databases(found, folder),
        *_ledgers(found),
        *_people(),
        *_backup(found, now),
        *_clock(),
    )


def _readable(folder: Path) -> Iterator[Unsafe]:
    for path in (folder, *sorted(folder.iterdir())):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            wanted = "700" if path.is_dir() else "600"
            yield Unsafe(f"{path}: others may read it (mode {mode:o})", f"chmod {wanted} {path}")


def _transport(found: Installation) -> Iterator[Unsafe]:
    if not found.is_https:
        yield Unsafe(
            f"{found.url}: people come without TLS",
            "Good for this machine alone. For others put TLS in front and write url = https://…",
        )
    if not found.listens_here_alone and found.proxies:
        yield Unsafe(
            f"address {found.address}: reached past the proxy, whose word is believed",
            'Write address = "127.0.0.1", or proxies = 0.',
        )
    if found.is_https and not found.proxies and not found.certificate:
        yield Unsafe(
            "proxies = 0: where people come from is not known",
            "Write proxies = 1 where one proxy stands in front: limits count by address.",
        )
    if found.hours > 24 or found.idle_minutes > 120:
        yield Unsafe(
            f"a session lasts {found.hours} h, {found.idle_minutes} min unused",
            "Write hours = 12 and idle_minutes = 30.",
        )


def _settings() -> Iterator[Unsafe]:
    from django.conf import settings

    if settings.DEBUG:
        yield Unsafe("DEBUG is on: faults show what the desk knows", "Unset it.")
    if "locmem" in settings.CACHES["default"]["BACKEND"]:
        yield Unsafe("each worker counts attempts by itself", "Use the database's cache.")


def _databases(found: Installation, folder: Path) -> Iterator[Unsafe]:
    for name, where in {"database": found.database, **found.ledgers}.items():
        parts = urlsplit(where)
        if parts.scheme in ("postgresql", "postgres"):
            far = parts.hostname and not installation.is_loopback(parts.hostname)
            if far and "sslmode=verify-full" not in parts.query:
                yield Unsafe(
                    f"{name}: {shown(where)} is reached without a proven certificate",
                    "Add ?sslmode=verify-full&sslrootcert=FILE.",
                )
        elif (kind := _file_system(folder / where)) in _FAR:
            yield Unsafe(
                f"{name}: SQLite on {kind}, whose locks do not hold",
                "Move the file to a disk of this machine, or use PostgreSQL.",
            )


def _ledgers(found: Installation) -> Iterator[Unsafe]:
    for word, where in found.ledgers.items():
        if "://" in where:
            yield from _role(word, where)
        else:
            path = Path(where)
            mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0
            if mode & 0o077:
                yield Unsafe(f"{word}: others may read {path} (mode {mode:o})", f"chmod 600 {path}")


def _role(word: str, where: str) -> Iterator[Unsafe]:
    """Whether the ledger's role may do more than insert and select."""
    import psycopg

    try:
        with psycopg.connect(where, connect_timeout=5) as connection:
            rows = connection.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE c.relkind = 'r' AND n.nspname = current_schema() AND (pg_get_userbyid("
                "c.relowner) = current_user OR has_table_privilege(c.oid, 'UPDATE') OR "
                "has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')) "
                "ORDER BY 1"
            ).fetchall()
    except psycopg.Error as fault:
        yield Unsafe(f"{word}: the ledger was not reached: {str(fault).strip()}", "Start it.")
        return
    if rows:
        tables = ", ".join(name for (name,) in rows)
        yield Unsafe(
            f"{word}: the ledger's role may change or own {tables}",
            "Let another role own the tables; give this one SELECT and INSERT alone.",
        )


def _people() -> Iterator[Unsafe]:
    from django.db.utils import DatabaseError

    from excomm.desk.accounts.models import Person
    from excomm.desk.accounts.persons import posts

    try:
        people = [*Person.objects.filter(is_active=True).order_by("name")]
    except (DatabaseError, sqlite3.Error) as fault:
        yield Unsafe(f"the accounts were not reached: {str(fault).strip()}", "Start the database.")
        return
    from allauth.mfa.models import Authenticator

    types = {"totp", "webauthn"}
    strong = set(Authenticator.objects.filter(type__in=types).values_list("user_id", flat=True))
    held = {person.name: posts(person) for person in people}
    weak = [p.name for p in people if held[p.name].needs_second_factor and p.pk not in strong]
    if weak:
        yield Unsafe(
            f"no second factor yet: {', '.join(weak)}",
            "They see nothing before; ask them, or close the accounts.",
        )
    custodians = [name for name, found in held.items() if found.is_custodian]
    if len(custodians) < 2:
        yield Unsafe(
            f"custodians: {', '.join(custodians) or 'none'}",
            "Have two: nobody changes his own roles, and one may be away.",
        )
    both = [name for name in custodians if any(held[name].roles.keys() - {""})]
    if both:
        yield Unsafe(
            f"custodian with a role in a case: {', '.join(both)}",
            "Who gives clearances should see no case: use two accounts, or two people.",
        )


def _backup(found: Installation, now: datetime) -> Iterator[Unsafe]:
    path = Path(found.backup)
    if not found.backup or not path.exists():
        yield Unsafe(
            "no backup is known",
            'Write backup = "FILE", one that every backup touches (docs/deploy.md).',
        )
    elif (age := now - datetime.fromtimestamp(path.stat().st_mtime, UTC)) > _BACKUP:
        yield Unsafe(f"the last backup is {age.days} days old", "See why it has stopped.")


def _clock() -> Iterator[Unsafe]:
    """Second factors and deadlines hang on the clock."""
    if not any(path.exists() for path in _CLOCKS):
        yield Unsafe("nobody keeps this machine's clock right", "Run chrony or systemd-timesyncd.")


def _file_system(path: Path) -> str:
    """The kind of file system a file is on, as this machine names it; empty where it does not."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    whole = str(path.resolve())
    mounts = (line.split(" ")[1:3] for line in lines)
    under = [
        (at, kind) for at, kind in mounts if whole == at or whole.startswith(at.rstrip("/") + "/")
    ]
    return max(under, key=lambda found: len(found[0]), default=("", ""))[1]


def told(found: tuple[Unsafe, ...]) -> str:
    """The findings as lines."""
    return "\n".join(f"{each.what}. {each.remedy}" for each in found)
