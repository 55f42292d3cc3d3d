"""One installation of the shared desk: a folder with its settings, its secret, its SQLite file.

`installation.toml` is written once by `excomm desk init` and edited by hand after that. It may hold
the password of a database and the secret of an identity provider, so nobody else may read it.
"""

import ipaddress
import json
import os
import tomllib
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from excomm.errors import EnvironmentFault, InputError

FILE = "installation.toml"
ACCOUNTS = "accounts.sqlite"
RESERVED = frozenset({"account", "api", "feed", "join", "people", "static", "up"})
"""Words in addresses that no case may have."""


class OpenId(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identity provider that speaks OpenID Connect."""

    name: str
    server_url: str
    client_id: str
    secret: str


class Saml(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identity provider that speaks SAML 2.0."""

    name: str
    entity_id: str
    metadata_url: str


class Installation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a shared desk is set up.

    url: how people reach it. address, port: where it listens. proxies: how many proxies stand
    before it, each adding to X-Forwarded-For; 0: none is believed. database: of accounts; a file
    in the folder or postgresql://. ledgers: by the word that stands for each in addresses.
    idle_minutes, hours: a session ends when it was not used for so long, and in any case.
    backup: a file that the last backup leaves, for `excomm desk check`.
    """

    url: str
    database: str
    ledgers: dict[str, str]
    address: str = "127.0.0.1"
    port: int = 8963
    proxies: int = 0
    idle_minutes: int = 30
    hours: int = 12
    certificate: str = ""
    key: str = ""
    backup: str = ""
    openid: dict[str, OpenId] = {}
    saml: dict[str, Saml] = {}

    @property
    def is_https(self) -> bool:
        """Whether people come through TLS: then cookies are sent no other way."""
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        """The name that requests must carry, with a port where the address has one."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The name without the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def providers(self) -> tuple[str, ...]:
        """Where identity providers are: the origins that signing in may lead to."""
        urls = [
            *(each.server_url for each in self.openid.values()),
            *(each.metadata_url for each in self.saml.values()),
        ]
        parts = [urlsplit(url) for url in urls]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))

    @property
    def listens_here_alone(self) -> bool:
        """Whether only this machine can reach it directly."""
        return is_loopback(self.address)


def is_loopback(name: str) -> bool:
    """Whether a name or an address is this machine's own."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def read(folder: Path) -> Installation:
    """The installation in a folder.

    Raises EnvironmentFault where there is none, InputError where it cannot be read as one.
    """
    path = folder / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        found = msgspec.convert(raw, Installation)
    except FileNotFoundError:
        raise EnvironmentFault(
            f"{path}: no desk is set up here. excomm desk init makes one; --folder names another."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InputError(str(path), str(fault), "TOML", "Mend the line that is named.") from None
    except msgspec.ValidationError as fault:
        raise InputError(str(path), str(fault), "the settings of docs/deploy.md") from None
    check(found, str(path))
    return found


def check(found: Installation, where: str) -> None:
    """Raises InputError for settings that cannot work, whoever wrote them."""
    parts = urlsplit(found.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise InputError(
            f"{where}: url", found.url, "https://NAME", "Write how people reach the desk."
        )
    if not found.ledgers:
        raise InputError(f"{where}: ledgers", "none", "one or more", "Name a ledger by --ledger.")
    for word, ledger in found.ledgers.items():
        if word in RESERVED or not word.replace("-", "").replace("_", "").isalnum():
            raise InputError(
                f"{where}: ledgers", word, "a word of letters, digits, - and _", "Choose another."
            )
        if _is_same(ledger, found.database):
            raise InputError(
                f"{where}: database",
                shown(found.database),
                "another database than the ledger's",
                "A ledger is handed over; password hashes must not travel with it.",
            )
    if not found.is_https and not is_loopback(found.name):
        raise InputError(
            f"{where}: url", found.url, "https, or this machine alone", "Put TLS in front of it."
        )


def write(folder: Path, found: Installation) -> Path:
    """Write the settings, readable by their owner alone. Raises InputError where some are there."""
    path = folder / FILE
    text = _text(found)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise InputError(
            "--folder", folder, "a folder without a desk", "Name another, or run the one in it."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _text(found: Installation) -> str:
    ledgers = "".join(f"{word} = {json.dumps(where)}\n" for word, where in found.ledgers.items())
    return (
        "# The settings of a shared desk: docs/deploy.md names all of them.\n"
        f"url = {json.dumps(found.url)}\n"
        f"database = {json.dumps(found.database)}\n"
        f"address = {json.dumps(found.address)}\n"
        f"port = {found.port}\n"
        f"proxies = {found.proxies}\n"
        f"\n[ledgers]\n{ledgers}"
    )


def shown(url: str) -> str:
    """A database's address without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", "@", 1)


def database(found: Installation, folder: Path) -> dict[str, object]:
    """The accounts database in Django's words."""
    parts = urlsplit(found.database)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder / found.database),
        # Several processes write: each waits for its turn, and takes it at once.
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        "CONN_MAX_AGE": 60,
    }


def _is_same(ledger: str, accounts: str) -> bool:
    if "://" in ledger and "://" in accounts:
        one, other = urlsplit(ledger), urlsplit(accounts)
        return (one.hostname, one.port or 5432, one.path) == (
            other.hostname,
            other.port or 5432,
            other.path,
        )
    return "://" not in ledger + accounts and Path(ledger).resolve() == Path(accounts).resolve()
