"""The log of the desk: what was done by whom, in lines that are only added."""

from enum import StrEnum

from django.http import HttpRequest

from excomm.desk.accounts.models import Line


class What(StrEnum):
    """What a line says was done."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    REFUSED = "sign-in refused"
    CONFIRMED = "confirmed"
    FACTOR_ADDED = "factor added"
    FACTOR_REMOVED = "factor removed"
    PASSWORD = "password changed"
    INVITED = "invited"
    JOINED = "joined"
    CLOSED = "account closed"
    OPENED = "account opened"
    APPOINTED = "role given"
    DISMISSED = "role taken"
    CLEARED = "clearance set"
    ENDED = "sessions ended"
    TOKEN_MADE = "token made"
    TOKEN_ENDED = "token ended"
    NOTICES = "notices set"
    TOLD = "told by mail"
    ENTERED = "entered"
    EXPORTED = "exported"
    READ = "read marked"


SIGN_INS = (What.SIGNED_IN, What.SIGNED_OUT, What.REFUSED, What.CONFIRMED)


def note(
    what: What, person: str, *, request: HttpRequest | None, case: str = "", about: str = ""
) -> None:
    """Add a line. request: from where; None where the desk itself did it."""
    address = address_of(request) if request is not None else ""
    Line.objects.create(
        person=person[:40], what=what.value, case=case[:100], about=about[:300], address=address
    )


def address_of(request: HttpRequest) -> str:
    """Where a request came from, behind as many proxies as the installation names."""
    from allauth.account.adapter import get_adapter

    return str(get_adapter().get_client_ip(request))
