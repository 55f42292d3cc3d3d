"""Handing a message to the mail server that the environment names. What it says is not looked at.

EXCOMM_SMTP is `host:port`, or a URL: `smtp://USER:PASSWORD@HOST:PORT`, `smtps://...` for TLS from
the first byte. TLS is taken wherever the server offers it, and is asked for before a password is
said.
"""

import os
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import AbstractContextManager
from urllib.parse import unquote, urlsplit

import msgspec

from excomm.errors import EnvironmentFault

SERVER_VARIABLE, SENDER_VARIABLE = "EXCOMM_SMTP", "EXCOMM_MAIL_FROM"
_SECONDS = 30


class MailServer(msgspec.Struct, frozen=True):
    """Where messages are handed over, and from whom they are."""

    host: str
    port: int
    sender: str
    is_tls: bool = False  # from the first byte
    user: str = ""
    password: str = ""

    @classmethod
    def of_environment(cls) -> "MailServer | None":
        """What the environment names; None where it names nothing.

        Raises EnvironmentFault for what cannot be a server.
        """
        said, sender = os.environ.get(SERVER_VARIABLE, ""), os.environ.get(SENDER_VARIABLE, "")
        if not said or not sender:
            return None
        parts = urlsplit(said if "://" in said else f"smtp://{said}")
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == -1:
            raise EnvironmentFault(
                f"{SERVER_VARIABLE}: no mail server. Write host:port or smtps://USER:PASSWORD@HOST."
            )
        is_tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if is_tls else 25),
            sender,
            is_tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    @property
    def name(self) -> str:
        """What it is called in messages: without the password."""
        return f"{self.host}:{self.port}"

    def hand_over(self, data: bytes, to: Sequence[str]) -> None:
        """Hand a whole message over. Raises EnvironmentFault where the server does not take it."""
        try:
            with self._connected() as connection:
                connection.ehlo()
                if not self.is_tls and connection.has_extn("starttls"):
                    connection.starttls(context=ssl.create_default_context())
                elif self.user and not self.is_tls:
                    raise EnvironmentFault(
                        f"{self.name}: offers no TLS, so no password is said. Write smtps://."
                    )
                if self.user:
                    connection.login(self.user, self.password)
                connection.sendmail(self.sender, list(to), data)
        except (OSError, ValueError, smtplib.SMTPException) as fault:
            raise EnvironmentFault(f"{self.name}: {fault}.") from None

    def _connected(self) -> AbstractContextManager[smtplib.SMTP]:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
