"""People: accounts, roles, clearances, sessions, the log. The custodian's, no case's content.

Nobody changes what he himself may do or see. Before anything changes, the custodian confirms.
"""

import msgspec
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from excomm.desk.accounts import inviting
from excomm.desk.accounts.audit import SIGN_INS, What, note
from excomm.desk.accounts.entrance import confirmed_first, person_of
from excomm.desk.accounts.models import Appointment, Cleared, Line, Person, Token, plain
from excomm.desk.accounts.own import end_all
from excomm.desk.accounts.persons import Posts, posts, posts_of
from excomm.desk.office import desk_of
from excomm.desk.roles import OF_A_CASE, Role
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.errors import InputError

_PAGE = 100


class CaseWords(msgspec.Struct, frozen=True):
    """A case as a custodian knows it: its word, and the words of its markings."""

    slug: str
    levels: tuple[str, ...]
    compartments: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """One person in the list."""

    person: Person
    posts: Posts
    factors: tuple[str, ...]
    sessions: int


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    _custodian(request)
    found = Person.objects.order_by("name")
    return render(request, "people/people.html", {"rows": [_row(person) for person in found]})


@require_POST
def new(request: HttpRequest) -> HttpResponseBase:
    """Make an account and the link by which the person joins."""
    custodian = _custodian(request)
    if (asked := confirmed_first(request, reverse("people"))) is not None:
        return asked
    person = inviting.new_person(
        request.POST.get("name", ""),
        request.POST.get("called", ""),
        request=request,
        by=custodian.name,
    )
    path = inviting.invite(person, request=request, by=custodian.name)
    return _shown(request, person, path)


@require_safe
def person(request: HttpRequest, name: str) -> HttpResponse:
    """One person: roles and clearance in each case, sessions, what he did."""
    _custodian(request)
    return _shown(request, _named(name), "")


@require_POST
def change(request: HttpRequest, name: str) -> HttpResponseBase:
    """Change one thing about a person."""
    custodian = _custodian(request)
    found = _named(name)
    if (asked := confirmed_first(request, reverse("person", args=[name]))) is not None:
        return asked
    doing = request.POST.get("do", "")
    if doing == "invite":
        return _shown(request, found, inviting.invite(found, request=request, by=custodian.name))
    if found.pk == custodian.pk and doing != "end":
        raise InputError(
            "person",
            found.name,
            "somebody else",
            "Nobody changes what he himself may do: ask another custodian.",
        )
    with transaction.atomic():
        _change(request, custodian, found, doing)
    return redirect("person", name=found.name)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What was done, newest first; of what was read, only that."""
    _custodian(request)
    lines = Line.objects.order_by("-pk")
    wanted = {
        "signing in": [what.value for what in SIGN_INS],
        "reading": [What.READ.value, What.EXPORTED.value],
    }.get(request.GET.get("show", ""))
    if wanted is not None:
        lines = lines.filter(what__in=wanted)
    if name := request.GET.get("person", ""):
        lines = lines.filter(person=plain(name))
    page = Paginator(lines, _PAGE).get_page(request.GET.get("page"))
    said = {"page": page, "show": request.GET.get("show", ""), "name": name}
    return render(request, "people/log.html", said)


def _custodian(request: HttpRequest) -> Person:
    """Whoever keeps the accounts; for all others these pages are not there."""
    if not posts_of(request).is_custodian:
        raise Http404
    return person_of(request)


def _named(name: str) -> Person:
    found = Person.objects.filter(name=name).first()
    if found is None:
        raise Http404
    return found


def _row(person: Person) -> Row:
    types = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    return Row(
        person,
        posts(person),
        tuple(sorted({str(each) for each in types} - {"recovery_codes"})),
        UserSession.objects.filter(user=person).count(),
    )


def _shown(request: HttpRequest, found: Person, joins: str) -> HttpResponse:
    held = posts(found)
    said = {
        "person": found,
        "row": _row(found),
        "posts": held,
        "is_own": found.pk == person_of(request).pk,
        "cases": [
            (words, held.roles.get(words.slug, ()), held.clearances.get(words.slug, ""))
            for words in _cases(request)
        ],
        "roles": OF_A_CASE,
        "custodian": Role.CUSTODIAN,
        "joins": request.build_absolute_uri(joins) if joins else "",
        "sessions": UserSession.objects.purge_and_list(found),
        "tokens": Token.objects.filter(person=found).order_by("-pk"),
        "lines": Line.objects.filter(person=found.name).order_by("-pk")[:20],
    }
    return render(request, "people/person.html", said)


def _cases(request: HttpRequest) -> list[CaseWords]:
    found = []
    for slug, served in desk_of(request).cases.items():
        header = served.case().header
        found.append(CaseWords(slug, header.levels or DEFAULT_LEVELS, header.compartments))
    return found


def _change(request: HttpRequest, custodian: Person, found: Person, doing: str) -> None:
    """do: the word of the button that was pressed."""
    match doing:
        case "appoint" | "dismiss":
            _change_role(request, custodian, found, give=doing == "appoint")
        case "clear":
            _change_clearance(request, custodian, found)
        case "close" | "open":
            found.is_active = doing == "open"
            found.save(update_fields=["is_active"])
            what = What.OPENED if found.is_active else What.CLOSED
            note(what, custodian.name, request=request, about=found.name)
            if not found.is_active:
                Token.objects.filter(person=found).delete()
                end_all(found, request=request, by=custodian.name)
        case "end":
            end_all(found, request=request, by=custodian.name)
        case _:
            raise InputError("do", doing, "one of the buttons of the page")


def _change_role(request: HttpRequest, custodian: Person, found: Person, *, give: bool) -> None:
    role, case = request.POST.get("role", ""), request.POST.get("case", "")
    if role not in [*Role]:
        raise InputError("role", role, f"one of {', '.join(Role)}")
    if role == Role.CUSTODIAN:
        case = ""
    elif case not in desk_of(request).cases:
        raise InputError("case", case, f"one of {', '.join(desk_of(request).cases)}")
    if give:
        Appointment.objects.get_or_create(person=found, role=role, case=case)
    else:
        Appointment.objects.filter(person=found, role=role, case=case).delete()
    about = f"{found.name}: {role}"
    what = What.APPOINTED if give else What.DISMISSED
    note(what, custodian.name, request=request, case=case, about=about)


def _change_clearance(request: HttpRequest, custodian: Person, found: Person) -> None:
    case, marking = request.POST.get("case", ""), request.POST.get("marking", "").strip()
    cases = desk_of(request).cases
    if case not in cases:
        raise InputError("case", case, f"one of {', '.join(cases)}")
    if marking:
        cases[case].case().on(cleared=marking)
        Cleared.objects.update_or_create(person=found, case=case, defaults={"marking": marking})
    else:
        Cleared.objects.filter(person=found, case=case).delete()
    about = f"{found.name}: {marking or 'what is open to all'}"
    note(What.CLEARED, custodian.name, request=request, case=case, about=about)
