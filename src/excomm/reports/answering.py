"""Answering: a checked reply approved by a second person, sent, and kept with proof of what left.

Nothing leaves with a leak in it or in words that the case avoids. The entry is appended only once
the reply has been written out or handed over; what left is named by its SHA-256.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import msgspec

from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Reply
from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.ledger import Ledger
from excomm.mailing import SENDER_VARIABLE, SERVER_VARIABLE, MailServer
from excomm.reports.replying import Leak


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A reply ready to be approved. stops: what must be mended before it may leave."""

    report: str
    finding: str
    author: str  # who decided the finding
    outlet: str
    to: str  # the outlet's address for corrections
    subject: str
    text: str
    marking: str
    stops: tuple[Leak, ...]


class Sent(msgspec.Struct, frozen=True):
    """What left, and its entry."""

    entry: Entry
    data: bytes


def checked(answer: Answer, *, approved_by: str, second_person: bool) -> None:
    """Raises Faults for every leak and avoided word, by place; InputError for the approval."""
    stopped("reply", answer.stops)
    if not approved_by.strip():
        raise InputError("approved_by", approved_by, "who approves it", "Name them.")
    same = approved_by.strip().casefold() == answer.author.strip().casefold()
    if second_person and same:
        raise InputError(
            "approved_by", approved_by, f"another person than {answer.author}, who decided it"
        )


def stopped(what: str, stops: Iterable[Leak]) -> None:
    """Raises Faults for everything that may not leave, by its place in `what`."""
    found = [
        InputError(
            f"{what}: characters {leak.start} to {leak.end}",
            leak.found,
            "nothing that may not leave",
            f"It is {leak.what}.",
        )
        for leak in stops
    ]
    if found:
        raise Faults(found)


def as_mail(answer: Answer, *, now: datetime, sender: str) -> bytes:
    """The reply as an e-mail file. Raises InputError for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    try:
        mail["Subject"] = answer.subject
        mail["Date"] = format_datetime(now)
        if sender:
            mail["From"] = sender
        if answer.to:
            mail["To"] = answer.to
    except (ValueError, IndexError) as fault:
        raise InputError("contact", answer.to, "an e-mail address", f"{fault}.") from None
    mail["Message-ID"] = f"<{sha256(answer.text.encode()).hexdigest()[:32]}@excomm.invalid>"
    mail.set_content(answer.text)
    return mail.as_bytes()


def to_file(
    ledger: Ledger,
    answer: Answer,
    path: Path,
    *,
    approved_by: str,
    second_person: bool,
    now: datetime,
) -> Sent:
    """Write the reply to a free name (.eml: as an e-mail, else as text), and enter it as sent.

    Raises what `checked` raises; InputError where the name is taken.
    """
    checked(answer, approved_by=approved_by, second_person=second_person)
    mail = path.suffix.lower() == ".eml"
    data = as_file(answer, now=now) if mail else answer.text.encode()
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise InputError("--out", path, "a name that is free", "Name another file.") from None
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a place to write to.") from None
    method = "e-mail file" if mail else "file"
    return Sent(_entered(ledger, answer, data, method, approved_by, now), data)


def as_file(answer: Answer, *, now: datetime) -> bytes:
    """The reply as an e-mail file, from EXCOMM_MAIL_FROM where that is set."""
    return as_mail(answer, now=now, sender=os.environ.get(SENDER_VARIABLE, ""))


def by_mail(
    ledger: Ledger, answer: Answer, *, approved_by: str, second_person: bool, now: datetime
) -> Sent:
    """Hand the reply to the mail server of EXCOMM_SMTP, from EXCOMM_MAIL_FROM; enter it as sent.

    Raises what `checked` raises; EnvironmentFault where no server is named or it refuses.
    """
    checked(answer, approved_by=approved_by, second_person=second_person)
    data = mailed(answer, now=now)
    return Sent(_entered(ledger, answer, data, "e-mail", approved_by, now), data)


def mailed(answer: Answer, *, now: datetime) -> bytes:
    """Hand a checked reply to the mail server; what was handed over. Raises as `by_mail` does."""
    server = MailServer.of_environment()
    if server is None:
        raise EnvironmentFault(
            f"{SERVER_VARIABLE} and {SENDER_VARIABLE}: not both are set. Name the mail server"
            " (host:port) and the sender, or write a file with --out."
        )
    if not answer.to:
        raise InputError("contact", None, "the outlet's address", "Enter it in outlets.csv.")
    data = as_mail(answer, now=now, sender=server.sender)
    try:
        server.hand_over(data, [answer.to])
    except EnvironmentFault as fault:
        raise EnvironmentFault(f"{fault} Nothing was entered as sent.") from None
    return data


def _entered(
    ledger: Ledger, answer: Answer, data: bytes, method: str, approved_by: str, now: datetime
) -> Entry:
    entry = sent(answer, data, method, approved_by, now=now)
    ledger.append([entry], now=now)
    return entry


def sent(answer: Answer, data: bytes, method: str, approved_by: str, *, now: datetime) -> Entry:
    """The entry of what left."""
    return Entry(
        id=EntryId(f"reply-{token_hex(8)}"),
        occurred=Instant(now),
        recorded=now,
        body=Reply(
            outlet=answer.outlet,
            report=answer.report,
            finding=answer.finding,
            text=answer.text,
            sent=Instant(now),
            approved_by=approved_by,
            method=method,
            sha256=sha256(data).hexdigest(),
        ),
        by=approved_by,
        standing="established",
        reading="high",
        marking=answer.marking,
    )
