"""The gate: who may come in at all, and what every answer carries.

Asked before anything else, static files included. A request that came under another name is turned
away, so no page elsewhere can be led here; without a session of this run nothing is shown.
"""

import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirectBase

from excomm.desk.office import Desk, desk_of

Answer = Callable[[HttpRequest], HttpResponseBase]

SESSION_SECONDS_MAX = 12 * 60 * 60
_SALT = "excomm.desk.session"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers then send forms with `Origin: null`, which the check of where a form
    # came from rightly refuses. Nothing goes to any other origin either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


class _SeeOther(HttpResponseRedirectBase):
    status_code = 303


def with_headers(get_response: Answer) -> Answer:
    """Every answer, a refusal too, carries the same strict headers."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return answer


def gate(get_response: Answer) -> Answer:
    """Let in who has a session of this run; give one to who brings its key, once."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        desk = desk_of(request)
        if request.META.get("HTTP_HOST") not in desk.own_names:
            return _said(421, "This desk answers to 127.0.0.1 alone.")
        if request.method == "GET" and "key" in request.GET:
            return _open(request, desk)
        if not _is_open(request, desk):
            return _said(403, "Open the address that the terminal printed.")
        return get_response(request)

    return answer


def cookie_of(desk: Desk) -> str:
    """The name of the session's cookie. Cookies know no ports: two desks have two names."""
    return f"excomm-{desk.run.port}"


def _open(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not (desk.run.opens(request.GET["key"]) and desk.kept.spend(desk.run.id)):
        return _said(403, "This key is spent or wrong. Start the desk again.")
    rest = [(name, value) for name, value in request.GET.items() if name != "key"]
    response = _SeeOther(f"{request.path}?{urlencode(rest)}" if rest else request.path)
    # Of this run and no other; the random part makes two of one second differ.
    said = signing.dumps({"run": desk.run.id, "nonce": secrets.token_hex(16)}, salt=_SALT)
    response.set_cookie(
        cookie_of(desk), said, httponly=True, samesite="Strict", max_age=SESSION_SECONDS_MAX
    )
    return response


def _is_open(request: HttpRequest, desk: Desk) -> bool:
    said = request.COOKIES.get(cookie_of(desk), "")
    try:
        found = signing.loads(said, salt=_SALT, max_age=SESSION_SECONDS_MAX)
    except signing.BadSignature:
        return False
    return isinstance(found, dict) and found.get("run") == desk.run.id


def _said(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
