"""The personal desk: served on this machine alone, opened once by a key that it prints.

Binds 127.0.0.1 and nothing else; there is no setting for another address. What is checked at each
request stands in `gate`.
"""

import secrets
import socket
import sys
import threading
import time

from excomm.case import Case
from excomm.desk.keeping import Kept
from excomm.desk.run import Run, digest_of
from excomm.errors import InputError

ADDRESS = "127.0.0.1"
_THREADS = 4
_READY_SECONDS_MAX = 60


def serve(names: list[str], *, on: str | None = None, port: int = 8962) -> None:
    """Serve these cases until interrupted; says its address first.

    on: the day shown where a page names none; else the case's own.
    Raises InputError where the port is taken or a case does not open.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    for name in names:
        Case.open(name).on(on)
    kept = Kept.of_user()
    kept.secret()
    key = secrets.token_urlsafe(24)
    run = Run(
        names=tuple(names),
        port=free_port(port),
        id=secrets.token_hex(16),
        key_sha256=digest_of(key),
        on=on,
    )
    run.hand_over()
    server = Granian(
        "excomm.desk.wsgi:application",
        factory=True,
        address=ADDRESS,
        port=run.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        log_level=LogLevels.error,
    )
    telling = threading.Thread(target=_tell, args=(run.port, key), daemon=True)
    telling.start()
    try:
        server.serve()
    finally:
        kept.forget(run.id)
    print("stopped", file=sys.stderr)


def free_port(port: int, address: str = ADDRESS) -> int:
    """The port, if it can be had; 0 takes any. Raises InputError where it is taken."""
    # Asked here: the server's own socket shares a taken port without saying so.
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as fault:
            raise InputError(
                "--port", port, "a free port", f"{fault.strerror}. Add --port 0 to take any."
            ) from None
        return int(probe.getsockname()[1])


def _tell(port: int, key: str) -> None:
    """Print the address as soon as something answers there."""
    until = time.monotonic() + _READY_SECONDS_MAX
    while time.monotonic() < until:
        try:
            socket.create_connection((ADDRESS, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            break
    print(f"Desk at http://{ADDRESS}:{port}/?key={key}  (stop with Ctrl-C)", flush=True)
