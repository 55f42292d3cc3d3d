"""How allauth signs people in here: nobody signs up, limits hit the guesser and not the guessed.

Wrong passwords are counted for an account *and* where they came from: a browser in which that
person has signed in before counts by itself, any other by its address. So whoever guesses elsewhere
cannot keep a colleague out, and many addresses together have a limit of their own that known
browsers do not feel.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from excomm.desk.accounts.audit import address_of
from excomm.desk.accounts.models import Person, plain

TYPED_COOKIE = "excomm-typed"
KNOWN_COOKIE = "excomm-known"
KNOWN_SECONDS = 90 * 24 * 60 * 60
_SALT = "excomm.desk.accounts.known"
_STRANGERS = {"strangers": "100/d/key"}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Signing in by name and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the custodian."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt before the password is looked at."""
        super().pre_authenticate(request, **credentials)
        name = plain(str(credentials.get("username", "")))
        if is_known_here(request, name):
            return
        usage = ratelimit.consume(
            request, app="excomm.desk", action="strangers", config=_STRANGERS, key=name
        )
        if not usage:
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        name = plain(str(credentials.get("username", "")))
        place = "known" if is_known_here(request, name) else address_of(request)
        return f"{name}|{place}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To what was typed before, if anything was; else to the cases."""
        return "/account/typed" if TYPED_COOKIE in request.COOKIES else "/"

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this desk, named without a host."""
        return str(url).startswith("/") and bool(super().is_safe_url(url))


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor. Its secrets are kept enciphered by the installation's own."""

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows."""
        return "excomm"

    def encrypt(self, text: str) -> str:
        """Encipher."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decipher."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Signing in through an identity provider: only for who has an account and has joined both."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """An identity elsewhere is no account here."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take an answer of OpenID Connect only in return for the question of this browser."""
        claims = (sociallogin.account.extra_data or {}).get("id_token")
        asked = (sociallogin.state or {}).get("nonce")
        if claims is not None and (not asked or claims.get("nonce") != asked):
            raise PermissionDenied("an answer to another question")


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"factors:{settings.SECRET_KEY}".encode()).digest()))


def is_known_here(request: HttpRequest, name: str) -> bool:
    """Whether this person has signed in with this browser before."""
    said = request.COOKIES.get(KNOWN_COOKIE, "")
    try:
        return bool(name) and name in signing.loads(said, salt=_SALT, max_age=KNOWN_SECONDS)
    except (signing.BadSignature, TypeError):
        return False


def make_known(request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
    """Let this browser be known as one of this person's."""
    response.set_cookie(
        KNOWN_COOKIE,
        signing.dumps([person.name], salt=_SALT),
        max_age=KNOWN_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
        path="/account/",
    )
