"""One run of the personal desk: which cases, on which port, opened by which key.

What the serving process needs is handed to it in its environment; the key itself is not, only its
digest.
"""

import hashlib
import hmac
import os

import msgspec

VARIABLE = "EXCOMM_DESK_RUN"


class Run(msgspec.Struct, frozen=True):
    """names: cases as given on the command line. on: the day shown where a page names none."""

    names: tuple[str, ...]
    port: int
    id: str  # random; a session is of one run
    key_sha256: str
    on: str | None = None

    def opens(self, key: str) -> bool:
        """Whether this is the key of the run."""
        return hmac.compare_digest(digest_of(key), self.key_sha256)

    def hand_over(self) -> None:
        """Leave the run where the processes started from here find it."""
        os.environ[VARIABLE] = msgspec.json.encode(self).decode()


def digest_of(key: str) -> str:
    """The digest under which a key is known."""
    return hashlib.sha256(key.encode()).hexdigest()


def handed_over() -> Run:
    """The run that the starting process left."""
    return msgspec.json.decode(os.environ[VARIABLE], type=Run)
