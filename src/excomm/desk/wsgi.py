"""The desk as a WSGI application: the pages, and the desk that a request belongs to.

A request finds its desk in its own environment, never in a global: several desks can live in one
process, and the shared desk can put another in its place.
"""

import gc
import importlib.util
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excomm.desk.keeping import Kept
from excomm.desk.office import DESK, Desk
from excomm.desk.run import handed_over
from excomm.desk.settings import configure, personal, shared
from excomm.errors import EnvironmentFault

if TYPE_CHECKING:
    from excomm.desk.accounts.installation import Installation

FOLDER = "EXCOMM_DESK_FOLDER"
"""Where the processes of a shared desk find its folder."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def application() -> Application:
    """The application of the run that was handed over."""
    kept = Kept.of_user()
    configure(personal(kept.secret()))
    return application_of(Desk(handed_over(), kept))


def application_of(desk: Desk) -> Application:
    """The application of one desk; Django must be set up (`settings.configure`)."""
    from django.core.handlers.wsgi import WSGIHandler

    from excomm.desk.asking import ASKED

    pages = WSGIHandler()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ[DESK] = desk
        answered = pages(environ, start)
        # What was asked holds the request and a whole view: a ring that only the collector ends.
        environ.pop(ASKED, None)
        return answered

    return answer


def shared_application() -> Application:
    """The application of the installation whose folder was handed over."""
    from excomm.desk.accounts.shared import SharedDesk

    folder = Path(os.environ[FOLDER])
    installation = ready(folder)
    # Views of large cases stay: going through all that they hold would stop every thread. What is
    # made and dropped by one request is still collected, in its own small round.
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    return application_of(SharedDesk(installation, folder))


def ready(folder: Path) -> "Installation":
    """Set Django up for the installation in a folder, and say what it is.

    Raises EnvironmentFault where its secret can be read by others or an extra is missing, and what
    `read` raises.
    """
    from excomm.desk.accounts.installation import read

    installation = read(folder)
    if installation.saml and importlib.util.find_spec("onelogin") is None:
        raise EnvironmentFault(
            "[saml]: python3-saml is not installed. pip install 'excomm[saml]', or take it out."
        )
    configure(shared(Kept(folder).secret(), installation, folder))
    return installation
