"""Secrets by which programs ask: random, kept as digests, for one purpose, for a time.

A token never opens more than its person may do at that moment, whatever it was made for.
"""

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec
from django.http import HttpRequest

from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.inviting import digest_of
from excomm.desk.accounts.models import Person, Token
from excomm.desk.accounts.persons import Posts, has_second_factor, posts
from excomm.desk.roles import EVERYTHING, Doing
from excomm.errors import InputError

DAYS_MAX = 90
_USED_SECONDS = 60
_PREFIX = "excomm_"


class Scope(StrEnum):
    """What a token is for."""

    READ = "read"
    ENTER = "enter"
    CALENDAR = "calendar"


_WITHIN: dict[Scope, frozenset[Doing]] = {
    Scope.READ: frozenset({Doing.READ}),
    Scope.ENTER: EVERYTHING - {Doing.EXPORT},
    Scope.CALENDAR: frozenset({Doing.READ}),
}


def make(
    person: Person,
    *,
    label: str,
    scopes: tuple[Scope, ...],
    case: str,
    days: int,
    request: HttpRequest | None,
) -> str:
    """The secret; it is shown this once. Raises InputError for a time that is none or too long."""
    if not 1 <= days <= DAYS_MAX:
        raise InputError("days", days, f"1 to {DAYS_MAX}", "Make another when it ends.")
    if not scopes:
        raise InputError("scopes", "none", f"one of {', '.join(Scope)}")
    secret = f"{_PREFIX}{secrets.token_urlsafe(32)}"
    Token.objects.create(
        person=person,
        label=label.strip()[:80] or "a program",
        digest=digest_of(secret),
        scopes=" ".join(sorted(scopes)),
        case=case,
        until=datetime.now(UTC) + timedelta(days=days),
    )
    about = f"{label.strip()[:80]}: {' '.join(sorted(scopes))}"
    note(What.TOKEN_MADE, person.name, request=request, case=case, about=about)
    return secret


def opened(secret: str, *scopes: Scope) -> Posts | None:
    """What a secret lets its program do, where it holds one of these scopes; None where nothing."""
    now = datetime.now(UTC)
    found = (
        Token.objects.select_related("person")
        .filter(digest=digest_of(secret), until__gt=now, person__is_active=True)
        .first()
    )
    if found is None:
        return None
    held = [Scope(word) for word in str(found.scopes).split()]
    meant = [scope for scope in held if scope in scopes]
    allowed = posts(found.person)
    if not meant or (allowed.needs_second_factor and not has_second_factor(found.person)):
        return None
    if found.used is None or (now - found.used).total_seconds() > _USED_SECONDS:
        Token.objects.filter(pk=found.pk).update(used=now)
    within = frozenset().union(*(_WITHIN[scope] for scope in meant))
    return msgspec.structs.replace(allowed, within=within, case=str(found.case))
