"""The desk that requests come to: its cases, its run, and who is sitting at it.

A `Reader` says what somebody may see and do. At the personal desk there is one, who sees all; the
shared desk makes one from an account, for each case. Pages ask nothing but the reader.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

import msgspec

from excomm.desk.keeping import Kept, Looked
from excomm.desk.roles import EVERYTHING, Doing
from excomm.desk.run import Run
from excomm.desk.samples import Practice, samples
from excomm.desk.served import Served

if TYPE_CHECKING:
    from django.http import HttpRequest

    from excomm.desk.guarded import Guarded

DESK = "excomm.desk"


class Reader(msgspec.Struct, frozen=True):
    """Who asks. cleared: a clearance in the marking's text form; None sees all.

    name: empty at the personal desk, where nobody has an account.
    """

    name: str
    cleared: str | None
    may_enter: bool
    doings: frozenset[Doing] = EVERYTHING


OWNER = Reader("", None, may_enter=True)
"""Whoever opened the personal desk: the files are his."""

VISITOR = Reader("", None, may_enter=False, doings=frozenset({Doing.READ}))
"""Whoever looks at a sample."""


class Marks(Protocol):
    """Where it is kept how far somebody has read a case."""

    def looked(self, ledger: str) -> Looked | None:
        """How far it was read; None where nobody has said."""

    def mark_looked(self, ledger: str, looked: Looked) -> None:
        """Say how far it was read."""


class Desk:
    """The cases by the word that stands for each in addresses, in the order of the command line."""

    is_shared = False

    def __init__(self, run: Run, kept: Kept, reader: Reader = OWNER) -> None:
        self.run = run
        self.kept = kept
        self.reader = reader
        self.cases: Mapping[str, Served] = self._named(run)
        self.samples = {word: one for word, one in samples().items() if word not in self.cases}
        self.practice = Practice(kept.folder / "practice")
        self.practised = {} if self.is_shared else self.practice.cases()

    def _named(self, run: Run) -> Mapping[str, Served]:
        cases: dict[str, Served] = {}
        for name in run.names:
            served = Served(name)
            cases[free_word(served.case().id, cases)] = served
        return cases

    @property
    def own_names(self) -> tuple[str, str]:
        """What a request may call this desk: a page of another name got here by a trick."""
        return f"127.0.0.1:{self.run.port}", f"localhost:{self.run.port}"

    def cases_for(self, request: "HttpRequest") -> "Mapping[str, Served | Guarded]":
        """The cases that somebody may know of, each as he may use it."""
        return self.cases

    def case_of(self, request: "HttpRequest", slug: str) -> "Served | Guarded | None":
        """A case that somebody may know of, one that he practises on, or a sample."""
        found = self.cases_for(request).get(slug) or self.practised.get(slug)
        return found or self.samples.get(slug)

    def reader_of(self, request: "HttpRequest", slug: str) -> Reader:
        """Who asks, in a case that he may know of."""
        return self.reader

    def marks_of(self, request: "HttpRequest") -> Marks:
        """Where it is kept how far he has read."""
        return self.kept


def desk_of(request: "HttpRequest") -> Desk:
    """The desk that a request came to."""
    desk = request.META[DESK]
    assert isinstance(desk, Desk)
    return desk


def free_word(case_id: str, taken: Mapping[str, object]) -> str:
    """The word for a case in addresses: its id, made plain, and no other case's."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in case_id)
    word, number = plain or "case", 2
    while word in taken:
        word, number = f"{plain}-{number}", number + 1
    return word
