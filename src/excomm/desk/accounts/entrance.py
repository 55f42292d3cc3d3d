"""The entrance of the shared desk: asked of every request before any page sees it.

Whoever is not signed in, and whoever asks for what is not there, is sent to sign in alike. A page
that hands something out says so (`hands_out`): then the role is asked, and the person confirms.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from excomm.desk import faults
from excomm.desk.accounts import resuming
from excomm.desk.accounts.adapter import is_known_here, make_known
from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.installation import Installation
from excomm.desk.accounts.models import Person
from excomm.desk.accounts.persons import has_second_factor, posts_of
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.asking import ASKED, HANDED_OUT, Asked
from excomm.desk.gate import HEADERS, Answer
from excomm.desk.marks import confirms, hands_out
from excomm.desk.office import desk_of
from excomm.desk.roles import Doing

_OPEN_TO_ALL = (
    *("/account/login/", "/account/2fa/authenticate/", "/account/logout/", "/join/"),
    "/account/inactive/",
    *("/account/other/oidc/", "/account/other/saml/", "/account/other/login/"),
)
_TO_PROVIDERS = ("/account/login/", "/account/other/")
_BY_TOKEN = ("/api/", "/feed/")
_ALIVE = "/up"
_BEGUN, _USED = "excomm-begun", "excomm-used"
_HSTS = "max-age=31536000"
_SAID_SECONDS = 60
_SAID_MAX = 5000
_said: OrderedDict[tuple[str, ...], float] = OrderedDict()


def forget_what_was_said() -> None:
    """Log the next reading, whatever was logged a moment ago."""
    _said.clear()


def installation_of(request: HttpRequest) -> Installation:
    """The installation that a request came to."""
    desk = desk_of(request)
    assert isinstance(desk, SharedDesk)
    return desk.installation


def person_of(request: HttpRequest) -> Person:
    """Whoever is signed in; the entrance let nobody else through."""
    assert isinstance(request.user, Person)
    return request.user


def with_headers(get_response: Answer) -> Answer:
    """Every answer carries the strict headers; behind TLS, that it is asked for by TLS alone."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        installation = installation_of(request)
        if request.META.get("HTTP_HOST") != installation.host:
            response: HttpResponseBase = HttpResponse(
                "This desk has another name.\n", status=421, content_type="text/plain"
            )
        else:
            response = get_response(request)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            return response  # nothing is shown by it, and it is sent every other second
        for name, value in HEADERS.items():
            response[name] = value
        # Codes to be scanned are drawn on the page itself.
        if request.path.startswith("/account/2fa/"):
            response["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
                "img-src 'self'", "img-src 'self' data:"
            )
        # A form that leads to an identity provider ends there: browsers ask of the whole way.
        if request.path.startswith(_TO_PROVIDERS) and installation.providers:
            response["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
                "form-action 'self'", f"form-action 'self' {' '.join(installation.providers)}"
            )
        if installation.is_https:
            response["Strict-Transport-Security"] = _HSTS
        return response

    return answer


class entrance:  # noqa: N801 - a middleware, named for what it does
    """Lets in who is signed in, with as much as his roles ask for."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on, or send to sign in."""
        if request.path == _ALIVE:
            return HttpResponse("up\n", content_type="text/plain")
        turned = _turned_away(request)
        if turned is not None:
            return turned
        response = self.get_response(request)
        _note_reading(request, response)
        resuming.forget_sent(request, response)
        user = request.user
        if isinstance(user, Person) and not is_known_here(request, user.name):
            make_known(request, response, user)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Ask the role, and the person once more, where something is handed out or is grave."""
        if confirms.marks(view) and request.method == "POST":
            return confirmed_first(request, request.get_full_path())
        if not hands_out.marks(view) or request.path.startswith(_BY_TOKEN):
            return None
        slug = str(kwargs.get("slug", ""))
        if slug not in desk_of(request).cases_for(request):
            return None  # answered as what is not there
        if Doing.EXPORT not in posts_of(request).doings(slug):
            lines = ["Your roles in this case do not take anything out of the desk."]
            return faults.page(request, 403, "This is not handed out to you", lines)
        return confirmed_first(request, request.get_full_path())


def confirmed_first(request: HttpRequest, back: str) -> HttpResponseBase | None:
    """Where the person has to confirm who he is before this; None where he has just done so.

    back: the page that he comes to after it; what he sent is shown to him once more instead, if
    it was a form with anything in it.
    """
    from allauth.account.adapter import get_adapter
    from allauth.account.internal.flows import reauthentication

    if reauthentication.did_recently_reauthenticate(request):
        return None
    ways = get_adapter().get_reauthentication_methods(request.user)
    where = ways[0]["url"] if ways else reverse("account_login")
    return _sent_to(where, back, request, person_of(request))


def _sent_to(
    where: str, back: str, request: HttpRequest, person: Person | None
) -> HttpResponseBase:
    """To a page that asks who somebody is, and from there back; what he typed is kept."""
    response = HttpResponseRedirect(where)
    if resuming.keep(request, response, person):
        back = reverse("resume")
    if back:
        response["Location"] = f"{where}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    return response


def _turned_away(request: HttpRequest) -> HttpResponseBase | None:
    if request.path.startswith((*_OPEN_TO_ALL, *_BY_TOKEN)):
        return None
    person = request.user if isinstance(request.user, Person) else None
    if person is None or _is_over(request):
        return _to_sign_in(request, person)
    if request.path.startswith("/account/"):
        return None
    if posts_of(request).needs_second_factor and not has_second_factor(person):
        return HttpResponseRedirect(reverse("mfa_index"))
    return None


def _to_sign_in(request: HttpRequest, person: Person | None) -> HttpResponseBase:
    where = reverse("account_login")
    if getattr(request, "htmx", False):
        return HttpResponse(status=401, headers={"HX-Redirect": where})
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return _sent_to(where, back, request, person)


def _is_over(request: HttpRequest) -> bool:
    """End a session that was not used for long, or has gone on for long."""
    installation = installation_of(request)
    now = time.time()
    session = request.session
    begun = session.setdefault(_BEGUN, now)
    used = session.setdefault(_USED, now)
    if now - begun > installation.hours * 3600 or now - used > installation.idle_minutes * 60:
        logout(request)
        return True
    # Asking whether anything is new is not using the desk.
    if now - used > _SAID_SECONDS and not request.headers.get("X-Excomm-Poll"):
        session[_USED] = now
    return False


def _note_reading(request: HttpRequest, response: HttpResponseBase) -> None:
    """A line where something was handed out, and where marked material was shown."""
    asked = request.META.get(ASKED)
    match = request.resolver_match
    if not isinstance(asked, Asked) or match is None or response.status_code not in (200, 201):
        return
    person = posts_of(request).person
    file = response.get("Content-Disposition", "").startswith("attachment")
    handed_out = match.url_name if file else request.META.get(HANDED_OUT)
    if handed_out:
        note(What.EXPORTED, person, request=request, case=asked.slug, about=handed_out)
        return
    if not asked.heading.marking:
        return
    about = " ".join(filter(None, (match.url_name, request.GET.get("id", ""))))
    key, now = (person, asked.slug, about), time.monotonic()
    if now - _said.get(key, -_SAID_SECONDS) < _SAID_SECONDS:
        return
    _said[key] = now
    _said.move_to_end(key)
    while len(_said) > _SAID_MAX:
        _said.popitem(last=False)
    note(What.READ, person, request=request, case=asked.slug, about=about)
