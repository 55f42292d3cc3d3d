"""What is said when something cannot be shown: what is wrong and what to do, never a traceback."""

import logging
import sys
from collections.abc import Callable
from errno import ENOSPC

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from excomm.desk.office import desk_of
from excomm.errors import EnvironmentFault, ExcommError, Faults

_OUT_OF_REACH = {
    "sqlite3.OperationalError",
    "psycopg.OperationalError",
    "django.db.utils.OperationalError",
    "django.db.utils.InterfaceError",
}
_LOG = logging.getLogger(__name__)

NOT_HERE = gettext_noop("Nothing of that name is here for you on this day.")
"""Said alike of what does not exist and of what the reader may not see."""


class told:  # noqa: N801 - a middleware, named for what it does
    """Turns what the product says on purpose into a page of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page for a fault that was foreseen; others go on to `broken`."""
        if isinstance(fault, Faults):
            lines = [str(each) for each in fault.faults]
            return page(request, 400, _("The case cannot be read as it stands"), lines)
        if isinstance(fault, EnvironmentFault):
            return page(request, 503, _("The desk cannot reach what it needs"), [str(fault)])
        if isinstance(fault, ExcommError):
            return page(request, 400, _("This cannot be shown"), [str(fault)])
        if is_out_of_reach(fault):
            _LOG.error("%s %s: %s", request.method, request.path, fault)
            return out_of_reach(request)
        if not isinstance(fault, Http404 | PermissionDenied):
            _LOG.error("%s %s", request.method, request.path, exc_info=fault)
        return None


def page(request: HttpRequest, status: int, title: str, lines: list[str]) -> HttpResponse:
    """A page that says what is wrong."""
    said = {"title": title, "lines": lines, "cases": desk_of(request).cases_for(request)}
    return render(request, "desk/fault.html", said, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the same words whatever was asked for."""
    return page(request, 404, _("Not here"), [_(NOT_HERE)])


def out_of_reach(request: HttpRequest) -> HttpResponse:
    """503: a database or a disk fails. Asks neither, so that it can be said at all."""
    said = {
        "title": _("The desk cannot reach what it writes to"),
        "lines": [
            _("Nothing of what you have just sent was taken in, or all of it was."),
            _("Send it again in a moment: the same form is never taken in twice."),
        ],
        "cases": {},
    }
    # Without the request: the person's name stands in a database as well.
    response = HttpResponse(render_to_string("desk/fault.html", said), status=503)
    response["Retry-After"] = "5"
    return response


def is_out_of_reach(fault: BaseException | None) -> bool:
    """Whether a database went away or a disk is full, whatever says so."""
    while fault is not None:
        names = {f"{each.__module__}.{each.__name__}" for each in type(fault).__mro__}
        if names & _OUT_OF_REACH or (isinstance(fault, OSError) and fault.errno == ENOSPC):
            return True
        fault = fault.__cause__
    return False


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing of what went wrong is shown, it stands in the terminal."""
    if is_out_of_reach(sys.exc_info()[1]):
        return out_of_reach(request)
    lines = [_("Nothing was changed by this request unless the ledger page shows it.")]
    return page(request, 500, _("The desk made a mistake of its own"), lines)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request was not in a form that the desk reads."""
    return page(request, 400, _("This request cannot be read"), [_("Go back and send it again.")])


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: an answer to another question, or a step that is not this person's."""
    return page(request, 403, _("This is not open to you"), [_("Begin again from the desk.")])


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from this desk, or too long ago."""
    lines = [_("The form did not come from this desk as it is now. Open it again and send it.")]
    return page(request, 403, _("This form cannot be taken"), lines)
