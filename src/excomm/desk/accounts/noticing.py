"""Telling people by mail that something waits for them: that, and nothing of what it is.

A message names no case, no entry and no number: it may lie anywhere. Whether something waits is
asked of what the person may see, as his own pages ask it: what is hidden from him never rings.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from enum import StrEnum

import msgspec

from excomm.brief.handover import open_items
from excomm.case import View
from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.models import Notices, Person, ReadTo
from excomm.desk.accounts.persons import has_second_factor, posts
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.roles import Doing
from excomm.desk.served import NOW
from excomm.errors import EnvironmentFault
from excomm.mailing import MailServer

_DAY = timedelta(days=1)
_SUBJECT = "Something waits for you"
_TEXT = """Something waits for you at the desk:
{url}

Sign in to see what. This message says no more, whatever it is.
How often it comes, and whether at all, you say on your own page:
{url}account/
"""


class How(StrEnum):
    """How often somebody wants to be told."""

    NEVER = "never"
    SOON = "soon"  # at each run of the command, where something came that he was not told of
    DAILY = "daily"  # once a day at his hour, while anything waits


class Digest(msgspec.Struct, frozen=True):
    """What a run came to. failed: of whom the server did not take the message, and why."""

    told: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def digest(desk: SharedDesk, server: MailServer, *, now: datetime) -> Digest:
    """Tell everybody for whom something waits and who wants to be told now."""
    told, failed = [], []
    for wanted in Notices.objects.exclude(how=How.NEVER).select_related("person").order_by("pk"):
        person = wanted.person
        if not person.email or not _may_look(person) or not _is_time(wanted, now):
            continue
        sizes = dict(_waiting(desk, person))
        if wanted.how == How.SOON:
            sizes = {case: size for case, size in sizes.items() if size > wanted.told.get(case, 0)}
        if not sizes:
            continue
        text = message(person.email, desk.installation.url, server, now)
        try:
            server.hand_over(text, [person.email])
        except EnvironmentFault as fault:
            failed.append((person.name, str(fault)))
            continue
        wanted.told = wanted.told | sizes
        wanted.sent = now
        wanted.save(update_fields=["told", "sent"])
        note(What.TOLD, person.name, request=None)
        told.append(person.name)
    return Digest(tuple(told), tuple(failed))


def message(to: str, url: str, server: MailServer, now: datetime) -> bytes:
    """The one message there is."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _SUBJECT
    mail["From"] = server.sender
    mail["To"] = to
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain="excomm.invalid")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_TEXT.format(url=f"{url.rstrip('/')}/"))
    return mail.as_bytes()


def _may_look(person: Person) -> bool:
    """Whether he could see anything, were he to sign in now."""
    held = posts(person)
    return person.is_active and (not held.needs_second_factor or has_second_factor(person))


def _is_time(wanted: Notices, now: datetime) -> bool:
    if wanted.how == How.SOON:
        return True
    # The last of his hours that has come: once for each, however often the command runs.
    due = now.replace(hour=wanted.hour, minute=0, second=0, microsecond=0)
    due = due if due <= now else due - _DAY
    return wanted.sent is None or wanted.sent < due


def _waiting(desk: SharedDesk, person: Person) -> Iterator[tuple[str, int]]:
    """The cases in which something waits, each with the head up to which it was looked at."""
    held = posts(person)
    read = dict(ReadTo.objects.filter(person=person).values_list("case", "size"))
    for slug, served in desk.cases.items():
        if Doing.READ not in held.doings(slug):
            continue
        seen = served.seen(None, NOW, desk.reader_with(held, slug).cleared)
        log = seen.view.log
        last = log[-1].seq if log else 0
        if last > read.get(served.case().id, 0) or _owes(seen.view, person):
            yield slug, last


def _owes(view: View, person: Person) -> bool:
    """Whether something that he has is late."""
    names = {person.name, person.called.casefold()} - {""}
    return any(item.is_late and item.owner.casefold() in names for item in open_items(view))
