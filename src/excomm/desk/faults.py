"""What is said when something cannot be shown: what is wrong and what to do, never a traceback."""

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from excomm.desk.office import desk_of
from excomm.errors import EnvironmentFault, ExcommError, Faults

_LOG = logging.getLogger(__name__)

NOT_HERE = "Nothing of that name is here for you on this day."
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
            return page(request, 400, "The case cannot be read as it stands", lines)
        if isinstance(fault, EnvironmentFault):
            return page(request, 503, "The desk cannot reach what it needs", [str(fault)])
        if isinstance(fault, ExcommError):
            return page(request, 400, "This cannot be shown", [str(fault)])
        if not isinstance(fault, Http404):
            _LOG.error("%s %s", request.method, request.path, exc_info=fault)
        return None


def page(request: HttpRequest, status: int, title: str, lines: list[str]) -> HttpResponse:
    """A page that says what is wrong."""
    said = {"title": title, "lines": lines, "cases": desk_of(request).cases_for(request)}
    return render(request, "desk/fault.html", said, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the same words whatever was asked for."""
    return page(request, 404, "Not here", [NOT_HERE])


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing of what went wrong is shown, it stands in the terminal."""
    lines = ["Nothing was changed by this request unless the ledger page shows it."]
    return page(request, 500, "The desk made a mistake of its own", lines)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request was not in a form that the desk reads."""
    return page(request, 400, "This request cannot be read", ["Go back and send it again."])


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that did not come from this desk, or too long ago."""
    lines = ["The form did not come from this desk as it is now. Open it again and send it."]
    return page(request, 403, "This form cannot be taken", lines)
