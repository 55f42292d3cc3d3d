"""What somebody is at this desk: roles and clearance in each case, as the accounts say now."""

from collections import defaultdict

import msgspec
from django.http import HttpRequest

from excomm.desk.accounts.models import Appointment, Cleared, Person
from excomm.desk.roles import Doing, Role, doings, may, needs_second_factor

_POSTS = "excomm.desk.posts"


class Posts(msgspec.Struct, frozen=True):
    """Roles by case, clearances by case. within: what a token lets its program do, of all that."""

    person: str
    roles: dict[str, tuple[Role, ...]]
    clearances: dict[str, str]
    within: frozenset[Doing] | None = None
    case: str = ""  # the one case that a token opens; empty: all

    def doings(self, case: str) -> frozenset[Doing]:
        """What the person may do in a case."""
        if self.case not in ("", case):
            return frozenset()
        found = doings(self.roles.get(case, ()))
        return found if self.within is None else found & self.within

    @property
    def is_custodian(self) -> bool:
        """Whether the person keeps the accounts."""
        return self.within is None and may(self.roles.get("", ()), Doing.PEOPLE)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is not enough for what the person may do or see."""
        held = [role for roles in self.roles.values() for role in roles]
        return needs_second_factor(held, above_lowest=bool(self.clearances))


def has_second_factor(person: Person) -> bool:
    """Whether the person signs in with more than a password."""
    from allauth.mfa.adapter import get_adapter

    return bool(get_adapter().is_mfa_enabled(person, ["totp", "webauthn"]))


NOBODY = Posts("", {}, {})


def posts(person: Person) -> Posts:
    """What the accounts say of a person. A role that is none any more is not one."""
    if not person.is_active:
        return NOBODY
    roles: dict[str, list[Role]] = defaultdict(list)
    for case, role in Appointment.objects.filter(person=person).values_list("case", "role"):
        if role in [*Role]:
            roles[case].append(Role(role))
    clearances = dict(Cleared.objects.filter(person=person).values_list("case", "marking"))
    return Posts(
        person.name, {case: tuple(sorted(held)) for case, held in roles.items()}, clearances
    )


def posts_of(request: HttpRequest) -> Posts:
    """Of whoever sends a request; asked once for each."""
    found = request.META.get(_POSTS)
    if not isinstance(found, Posts):
        user = getattr(request, "user", None)
        found = posts(user) if isinstance(user, Person) else NOBODY
        request.META[_POSTS] = found
    return found


def act_as(request: HttpRequest, found: Posts) -> None:
    """From here on the request is of a program with a token."""
    request.META[_POSTS] = found
