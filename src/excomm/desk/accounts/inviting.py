"""Inviting: a link by which somebody makes a password of his own, once, within three days."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.models import Appointment, Invitation, Person, plain
from excomm.desk.roles import Role
from excomm.errors import InputError

_VALID = timedelta(days=3)


def digest_of(secret: str) -> str:
    """Under which a secret of ours is kept: it is random and long, so it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_person(name: str, called: str, *, request: HttpRequest | None, by: str) -> Person:
    """An account without a password. Raises InputError for a name that is taken or no name."""
    person = Person(name=plain(name), called=called.strip())
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as fault:
        said = "; ".join(
            message for messages in fault.message_dict.values() for message in messages
        )
        raise InputError("name", name, "a name that is free", said) from None
    person.save()
    note(What.OPENED, by, request=request, about=person.name)
    return person


def invite(person: Person, *, request: HttpRequest | None, by: str) -> str:
    """The path by which the person joins; earlier links are worth nothing from now on."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(person=person).delete()
        Invitation.objects.create(
            person=person,
            digest=digest_of(secret),
            until=datetime.now(UTC) + _VALID,
            renews=person.has_usable_password(),
        )
    note(What.INVITED, by, request=request, about=person.name)
    return f"/join/{secret}"


def invited(secret: str) -> Invitation | None:
    """The invitation that a link holds, where it is good."""
    now = datetime.now(UTC)
    return (
        Invitation.objects.select_related("person")
        .filter(digest=digest_of(secret), until__gt=now, person__is_active=True)
        .first()
    )


def join(invitation: Invitation, password: str, *, request: HttpRequest) -> bool:
    """Give the person the password; False where the link was used in the meantime.

    Whatever was signed in before is over, and second factors of a lost account are gone.
    """
    from allauth.mfa.models import Authenticator

    person = invitation.person
    with transaction.atomic():
        spent, _ = Invitation.objects.filter(pk=invitation.pk).delete()
        if not spent:
            return False
        person.set_password(password)
        person.epoch += 1
        person.save(update_fields=["password", "epoch"])
        if invitation.renews:
            Authenticator.objects.filter(user=person).delete()
    note(What.JOINED, person.name, request=request)
    return True


def first_custodian(name: str) -> str:
    """Make the custodian that a desk begins with; gives the path by which he joins."""
    person = new_person(name, "", request=None, by="")
    Appointment.objects.create(person=person, role=Role.CUSTODIAN.value)
    note(What.APPOINTED, "", request=None, about=f"{person.name}: {Role.CUSTODIAN.value}")
    return invite(person, request=None, by="")
