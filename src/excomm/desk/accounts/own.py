"""One's own account: what one may do and see, how one signs in, what one has open."""

from allauth.mfa.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from excomm.desk.accounts.audit import SIGN_INS, What, note
from excomm.desk.accounts.entrance import person_of
from excomm.desk.accounts.models import Line, Person
from excomm.desk.accounts.persons import posts_of

_LINES = 12


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The page of whoever is signed in."""
    person = person_of(request)
    held = posts_of(request)
    mfa = get_adapter()
    said = {
        "person": person,
        "posts": held,
        "cases": {case: roles for case, roles in held.roles.items() if case},
        "clearances": held.clearances,
        "has_factor": mfa.is_mfa_enabled(person, ["totp", "webauthn"]),
        "has_codes": mfa.is_mfa_enabled(person, ["recovery_codes"]),
        "sessions": UserSession.objects.purge_and_list(person),
        "this_session": request.session.session_key,
        "lines": Line.objects.filter(
            person=person.name, what__in=[what.value for what in SIGN_INS]
        ).order_by("-pk")[:_LINES],
    }
    return render(request, "people/account.html", said)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of one's own but this."""
    person = person_of(request)
    end_all(person, request=request, by=person.name)
    update_session_auth_hash(request, person)
    return redirect("account")


def end_all(person: Person, *, request: HttpRequest, by: str) -> None:
    """End every session of a person, on whatever machine."""
    person.epoch += 1
    person.save(update_fields=["epoch"])
    UserSession.objects.filter(user=person).delete()
    note(What.ENDED, by, request=request, about=person.name)
