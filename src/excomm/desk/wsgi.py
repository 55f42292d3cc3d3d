"""The desk as a WSGI application: the pages, and the desk that a request belongs to.

A request finds its desk in its own environment, never in a global: several desks can live in one
process, and the shared desk can put another in its place.
"""

from collections.abc import Callable, Iterable
from typing import Any

from excomm.desk.keeping import Kept
from excomm.desk.office import DESK, Desk
from excomm.desk.run import handed_over
from excomm.desk.settings import configure

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def application() -> Application:
    """The application of the run that was handed over."""
    kept = Kept.of_user()
    configure(kept.secret())
    return application_of(Desk(handed_over(), kept))


def application_of(desk: Desk) -> Application:
    """The application of one desk; Django must be set up (`settings.configure`)."""
    from django.core.handlers.wsgi import WSGIHandler

    pages = WSGIHandler()

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ[DESK] = desk
        return pages(environ, start)

    return answer
