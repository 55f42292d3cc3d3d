"""The desk that requests come to: its cases, its run, and who is sitting at it.

A `Reader` says what somebody may see and do. At the personal desk there is one, who sees
all; the shared desk will make one from an account. Pages ask nothing but the reader.
"""

from typing import TYPE_CHECKING

import msgspec

from excomm.desk.keeping import Kept
from excomm.desk.run import Run
from excomm.desk.served import Served

if TYPE_CHECKING:
    from django.http import HttpRequest

DESK = "excomm.desk"


class Reader(msgspec.Struct, frozen=True):
    """Who asks. cleared: a clearance in the marking's text form; None sees all."""

    name: str
    cleared: str | None
    may_enter: bool


OWNER = Reader("", None, may_enter=True)
"""Whoever opened the personal desk: the files are his."""


class Desk:
    """The cases by the word that stands for each in addresses, in the order of the command line."""

    def __init__(self, run: Run, kept: Kept, reader: Reader = OWNER) -> None:
        self.run = run
        self.kept = kept
        self.reader = reader
        self.cases: dict[str, Served] = {}
        for name in run.names:
            served = Served(name)
            self.cases[_free(served.case().id, self.cases)] = served

    @property
    def own_names(self) -> tuple[str, str]:
        """What a request may call this desk: a page of another name got here by a trick."""
        return f"127.0.0.1:{self.run.port}", f"localhost:{self.run.port}"


def desk_of(request: "HttpRequest") -> Desk:
    """The desk that a request came to."""
    desk = request.META[DESK]
    assert isinstance(desk, Desk)
    return desk


def reader_of(request: "HttpRequest") -> Reader:
    """Who asks: the one place where the shared desk will look at the account."""
    return desk_of(request).reader


def _free(case_id: str, taken: dict[str, Served]) -> str:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in case_id)
    word, number = plain or "case", 2
    while word in taken:
        word, number = f"{plain}-{number}", number + 1
    return word
