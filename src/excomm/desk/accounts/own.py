"""One's own account: what one may do and see, how one signs in, what one has open."""

from allauth.mfa.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from excomm.desk.accounts.audit import SIGN_INS, What, note
from excomm.desk.accounts.entrance import confirmed_first, installation_of, person_of
from excomm.desk.accounts.models import Line, Notices, Person, Token
from excomm.desk.accounts.noticing import How
from excomm.desk.accounts.persons import has_second_factor, posts_of
from excomm.desk.api import tokens
from excomm.desk.api.tokens import DAYS_MAX, Scope
from excomm.desk.office import desk_of
from excomm.errors import InputError
from excomm.mailing import MailServer

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
        "has_factor": has_second_factor(person),
        "has_codes": mfa.is_mfa_enabled(person, ["recovery_codes"]),
        "has_providers": bool(installation_of(request).providers),
        "sessions": UserSession.objects.purge_and_list(person),
        "this_session": request.session.session_key,
        "tokens": Token.objects.filter(person=person).order_by("-pk"),
        "scopes": [*Scope],
        "notices": Notices.objects.filter(person=person).first(),
        "can_mail": MailServer.of_environment() is not None,
        "hours": range(24),
        "token_days_max": DAYS_MAX,
        "lines": Line.objects.filter(
            person=person.name, what__in=[what.value for what in SIGN_INS]
        ).order_by("-pk")[:_LINES],
    }
    return render(request, "people/account.html", said)


@require_POST
def notices(request: HttpRequest) -> HttpResponseBase:
    """Say how one is to be told by mail that something waits, and where."""
    person = person_of(request)
    if (asked := confirmed_first(request, reverse("account"))) is not None:
        return asked
    how, hour = request.POST.get("how", ""), request.POST.get("hour", "")
    if how not in [*How]:
        raise InputError("how", how, f"one of {', '.join(How)}")
    if not (hour.isascii() and hour.isdigit() and int(hour) < 24):
        raise InputError("hour", hour, "0 to 23, in UTC")
    person.email = request.POST.get("email", "").strip()
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError:
        raise InputError("email", person.email, "an address of mail") from None
    if how != How.NEVER and not person.email:
        raise InputError("email", None, "where to", "Write an address, or choose never.")
    with transaction.atomic():
        person.save(update_fields=["email"])
        said = {"how": how, "hour": int(hour)}
        Notices.objects.update_or_create(person=person, defaults=said)
        note(What.NOTICES, person.name, request=request, about=how)
    return redirect("account")


@require_POST
def new_token(request: HttpRequest) -> HttpResponseBase:
    """Make a token, or the secret address of a calendar; it is shown this once."""
    person = person_of(request)
    if (asked := confirmed_first(request, reverse("account"))) is not None:
        return asked
    case = request.POST.get("case", "")
    if case and case not in desk_of(request).cases_for(request):
        raise Http404
    days = request.POST.get("days", "")
    secret = tokens.make(
        person,
        label=request.POST.get("label", ""),
        scopes=tuple(scope for scope in Scope if scope in request.POST.getlist("scopes")),
        case=case,
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
        request=request,
    )
    feeds = []
    if Scope.CALENDAR in request.POST.getlist("scopes"):
        slugs = [case] if case else [*desk_of(request).cases_for(request)]
        paths = [reverse("feed", args=[secret, slug]) for slug in slugs]
        feeds = [request.build_absolute_uri(path) for path in paths]
    return render(request, "people/token.html", {"secret": secret, "feeds": feeds})


@require_POST
def end_token(request: HttpRequest) -> HttpResponse:
    """End a token of one's own at once."""
    person = person_of(request)
    number = request.POST.get("token", "")
    found = Token.objects.filter(person=person, pk=number if number.isdigit() else 0).first()
    if found is None:
        raise Http404
    found.delete()
    note(What.TOKEN_ENDED, person.name, request=request, case=found.case, about=found.label)
    return redirect("account")


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
