"""What somebody typed is not lost when he has to sign in, or to confirm, before it is taken.

The form is kept for an hour, enciphered by a key that his browser alone holds, and given back to
the same person on a page of its own; nothing is sent without him. A file is not kept: it is chosen
again.
"""

import secrets

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from excomm.desk import faults
from excomm.desk.accounts.adapter import TYPED_COOKIE
from excomm.desk.accounts.models import Person

FIELD = "typed-form"
SECONDS = 60 * 60
_BYTES_MAX = 512 << 10
# Forms that ask for secrets.
_NEVER = (*(f"/account/{each}" for each in ("login/", "password/", "2fa/", "reauth")), "/join/")
_MACHINE = ("csrfmiddlewaretoken", "form-key", FIELD)


class Typed(msgspec.Struct, frozen=True):
    """A form as it was sent. person: whoever was signed in when he sent it."""

    person: str
    path: str
    fields: dict[str, list[str]]
    had_file: bool

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person typed of it."""
        return [
            (name, value)
            for name, values in self.fields.items()
            for value in values
            if value and name not in _MACHINE
        ]


def keep(request: HttpRequest, response: HttpResponseBase, person: Person | None) -> bool:
    """Keep what was sent with a request that is not taken yet; whether there was anything to keep.

    Without a person, nothing is: whoever signs in next might be another.
    """
    own = f"{request.scheme}://{request.get_host()}"
    if request.method != "POST" or person is None or request.path.startswith(_NEVER):
        return False
    if request.headers.get("Origin", own) != own:
        return False
    fields = {name: [str(v) for v in values] for name, values in request.POST.lists()}
    for name in ("csrfmiddlewaretoken", FIELD):
        fields.pop(name, None)
    typed = Typed(person.name, request.get_full_path(), fields, bool(request.FILES))
    raw = msgspec.json.encode(typed)
    if not typed.shown or len(raw) > _BYTES_MAX:
        return False
    name, key = secrets.token_urlsafe(16), Fernet.generate_key()
    cache.set(_place(name), Fernet(key).encrypt(raw).decode(), SECONDS)
    response.set_cookie(
        TYPED_COOKIE,
        f"{name}.{key.decode()}",
        max_age=SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )
    return True


def typed_by(request: HttpRequest) -> Typed | None:
    """What the person of a request typed before; None where nothing was kept for him."""
    name, _, key = request.COOKIES.get(TYPED_COOKIE, "").partition(".")
    kept = cache.get(_place(name)) if name else None
    if kept is None or not isinstance(request.user, Person):
        return None
    try:
        found = msgspec.json.decode(Fernet(key).decrypt(str(kept)), type=Typed)
    except (InvalidToken, ValueError):
        return None
    return found if found.person == request.user.name else None


def forget_sent(request: HttpRequest, response: HttpResponseBase) -> None:
    """Drop what was kept, once it was sent again and taken."""
    name, _, _ = request.COOKIES.get(TYPED_COOKIE, "").partition(".")
    if not name or request.method != "POST" or TYPED_COOKIE in response.cookies:
        return
    if response.status_code < 400 and request.POST.get(FIELD, "") == name:
        _drop(name, response)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponseBase:
    """Show what was typed, ready to be sent; a POST drops it."""
    name, _, _ = request.COOKIES.get(TYPED_COOKIE, "").partition(".")
    if request.method == "POST":
        response = HttpResponseRedirect(reverse("start"))
        _drop(name, response)
        return response
    typed = typed_by(request)
    if typed is None:
        return redirect("start")
    said = {"typed": typed, "name": name, "field": FIELD}
    return render(request, "people/resume.html", said)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form from before somebody signed in again: shown once more, never taken by itself."""
    user = request.user
    response = HttpResponseRedirect(reverse("resume"))
    # Only a browser that stands on a page of this desk says so.
    if request.headers.get("Origin") and keep(
        request, response, user if isinstance(user, Person) else None
    ):
        return response
    return faults.stale_form(request, reason)


def _drop(name: str, response: HttpResponseBase) -> None:
    cache.delete(_place(name))
    response.delete_cookie(TYPED_COOKIE)


def _place(name: str) -> str:
    return f"excomm.desk.typed.{name}"
