"""What is kept of people. No content of a case: of an entry, its id at most.

The lines of the log are only added: the database itself refuses to change or delete one.
"""

import unicodedata
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac

NAME_CHARS_MAX = 40


class People(BaseUserManager["Person"]):
    """Finds people by name, in whatever letters it is written."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person who signs in by this name."""
        return self.get(name=plain(username or ""))


def plain(name: str) -> str:
    """A name in the one form in which it is kept."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


class Person(AbstractBaseUser):
    """Somebody with an account. An account is closed, never deleted: entries carry its name.

    epoch: counts up when all sessions of the person shall end.
    """

    name: "models.CharField[str, str]" = models.CharField(
        max_length=NAME_CHARS_MAX,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9._-]{1,39}\Z",
                "Small letters, digits, dots, hyphens, underscores.",
            )
        ],
    )
    called: "models.CharField[str, str]" = models.CharField(max_length=120, blank=True)
    email: "models.EmailField[str, str]" = models.EmailField(blank=True)
    is_active: "models.BooleanField[bool, bool]" = models.BooleanField(default=True)
    created: "models.DateTimeField[str, object]" = models.DateTimeField(auto_now_add=True)
    epoch: "models.PositiveIntegerField[int, int]" = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The form that is kept."""
        return plain(username)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Changes with the password and with `epoch`; sessions that hold another are over."""
        salt = "excomm.desk.accounts.session"
        said = f"{self.password}:{self.epoch}"
        return salted_hmac(salt, said, secret=secret, algorithm="sha256").hexdigest()


class Appointment(models.Model):
    """A role that somebody has in a case; the custodian's is of no case."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="appointments"
    )
    role: "models.CharField[str, str]" = models.CharField(max_length=20)
    case: "models.CharField[str, str]" = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [  # noqa: RUF012 - Django's own form
            models.UniqueConstraint(fields=["person", "role", "case"], name="people_one_role_once")
        ]


class Cleared(models.Model):
    """What somebody may see in a case: a clearance in the marking's text form."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="clearances"
    )
    case: "models.CharField[str, str]" = models.CharField(max_length=100)
    marking: "models.CharField[str, str]" = models.CharField(max_length=500)

    class Meta:
        constraints = [  # noqa: RUF012 - Django's own form
            models.UniqueConstraint(fields=["person", "case"], name="people_one_clearance")
        ]


class Invitation(models.Model):
    """A link by which somebody makes or renews a password, once. Its digest alone is kept."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="invitations"
    )
    digest: "models.CharField[str, str]" = models.CharField(max_length=64, unique=True)
    made: "models.DateTimeField[object, object]" = models.DateTimeField(auto_now_add=True)
    until: "models.DateTimeField[object, object]" = models.DateTimeField()
    renews: "models.BooleanField[bool, bool]" = models.BooleanField(default=False)


class Token(models.Model):
    """A secret by which a program asks for somebody. Its digest alone is kept.

    scopes: words parted by a space. case: the one case that it opens; empty: all of the person's.
    """

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="tokens"
    )
    label: "models.CharField[str, str]" = models.CharField(max_length=80)
    digest: "models.CharField[str, str]" = models.CharField(max_length=64, unique=True)
    scopes: "models.CharField[str, str]" = models.CharField(max_length=80)
    case: "models.CharField[str, str]" = models.CharField(max_length=100, blank=True)
    made: "models.DateTimeField[object, object]" = models.DateTimeField(auto_now_add=True)
    until: "models.DateTimeField[object, object]" = models.DateTimeField()
    used: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)


class ReadTo(models.Model):
    """How far somebody has read a case."""

    person: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        Person, on_delete=models.CASCADE
    )
    case: "models.CharField[str, str]" = models.CharField(max_length=100)
    size: "models.PositiveIntegerField[int, int]" = models.PositiveIntegerField()
    at: "models.DateTimeField[object, object]" = models.DateTimeField()

    class Meta:
        constraints = [  # noqa: RUF012 - Django's own form
            models.UniqueConstraint(fields=["person", "case"], name="people_one_place")
        ]


class Notices(models.Model):
    """How somebody wants to be told by mail that something waits; the address is the account's.

    hour: of the day, UTC, where it is once a day. told: how far he was told of each case.
    """

    person: "models.OneToOneField[Person, Person]" = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="notices"
    )
    how: "models.CharField[str, str]" = models.CharField(max_length=10)
    hour: "models.PositiveSmallIntegerField[int, int]" = models.PositiveSmallIntegerField(default=6)
    told: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    sent: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)


class Line(models.Model):
    """One line of the log: who did what, when, from where. Only ever added.

    person: the name, which outlives the account. what: one of `audit.What`. case, about: the case
    and the id or the name that it was about.
    """

    at: "models.DateTimeField[object, object]" = models.DateTimeField(
        auto_now_add=True, db_index=True
    )
    person: "models.CharField[str, str]" = models.CharField(max_length=NAME_CHARS_MAX)
    what: "models.CharField[str, str]" = models.CharField(max_length=20, db_index=True)
    case: "models.CharField[str, str]" = models.CharField(max_length=100, blank=True)
    about: "models.CharField[str, str]" = models.CharField(max_length=300, blank=True)
    address: "models.CharField[str, str]" = models.CharField(max_length=45, blank=True)

    @property
    def shown_about(self) -> str:
        """What a custodian is shown: of entries, which kind or page; never which entry."""
        if self.what in ("entered", "read marked"):
            return str(self.about).split(" ")[0]
        return str(self.about)
