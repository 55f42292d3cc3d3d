"""What Django and allauth tell of signing in, so that it is logged wherever it happens."""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.models import Person, plain


def connect() -> None:
    """Listen from now on."""
    user_logged_in.connect(_signed_in, dispatch_uid="excomm")
    user_logged_out.connect(_signed_out, dispatch_uid="excomm")
    user_login_failed.connect(_refused, dispatch_uid="excomm")
    authentication_step_completed.connect(_confirmed, dispatch_uid="excomm")
    password_changed.connect(_password, dispatch_uid="excomm")
    authenticator_added.connect(_added, dispatch_uid="excomm")
    authenticator_removed.connect(_removed, dispatch_uid="excomm")
    social_account_added.connect(_joined_other, dispatch_uid="excomm")
    social_account_removed.connect(_left_other, dispatch_uid="excomm")


def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    note(What.SIGNED_IN, user.name, request=request)


def _signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        note(What.SIGNED_OUT, user.name, request=request)


def _refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What is no name of ours may be a password that was typed in the wrong place.
    name = plain(str(credentials.get("username", "")))
    known = Person.objects.filter(name=name).exists()
    note(What.REFUSED, name if known else "", request=request)


def _confirmed(request: HttpRequest, user: Person, method: str, **said: Any) -> None:
    if said.get("reauthenticated"):
        note(What.CONFIRMED, user.name, request=request, about=method)


def _password(request: HttpRequest, user: Person, **_: Any) -> None:
    note(What.PASSWORD, user.name, request=request)


def _added(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    note(What.FACTOR_ADDED, user.name, request=request, about=str(authenticator.type))


def _removed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    note(What.FACTOR_REMOVED, user.name, request=request, about=str(authenticator.type))


def _joined_other(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    account = sociallogin.account
    note(What.FACTOR_ADDED, account.user.name, request=request, about=str(account.provider))


def _left_other(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    name = socialaccount.user.name
    note(What.FACTOR_REMOVED, name, request=request, about=str(socialaccount.provider))
