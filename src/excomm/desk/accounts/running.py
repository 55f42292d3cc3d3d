"""Running a shared desk: several processes behind one address, each with the same cases."""

import os
import sys
from pathlib import Path

from excomm.desk.accounts import installation
from excomm.desk.accounts.setup import make_tables
from excomm.errors import InputError

_THREADS = 4


def run(folder: Path, *, workers: int) -> None:
    """Serve the desk of a folder until interrupted.

    Raises what `installation.read` raises; InputError where it would be reached without TLS from
    elsewhere, and where the port is taken.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from excomm.desk.serve import free_port
    from excomm.desk.wsgi import FOLDER, ready

    os.umask(0o077)
    found = installation.read(folder)
    if not found.listens_here_alone and not found.certificate:
        raise InputError(
            "address",
            found.address,
            "127.0.0.1, or a certificate",
            "Passwords would travel in the clear: let a proxy with TLS stand in front.",
        )
    free_port(found.port, found.address)
    ready(folder)
    make_tables()
    from django.db import connections

    connections.close_all()
    os.environ[FOLDER] = str(folder.resolve())
    server = Granian(
        "excomm.desk.wsgi:shared_application",
        factory=True,
        address=found.address,
        port=found.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_level=LogLevels.error,
        ssl_cert=Path(found.certificate) if found.certificate else None,
        ssl_key=Path(found.key) if found.key else None,
    )
    print(f"Desk at {found.url} (stop with Ctrl-C)", flush=True)
    server.serve()
    print("stopped", file=sys.stderr)
