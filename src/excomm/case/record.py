"""What the minutes of a case say: the record room, asked with the facts of a view."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground
from excomm.entries import Entry
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.record import (
        Breach,
        Contradiction,
        Found,
        Position,
        Record,
        SaidIndex,
        Tagger,
        WordingRule,
    )
    from excomm.record.review import Disposed, Part, Verdict
    from excomm.record.sheet import Sheet


class OfRecord(Ground):
    """The part of a view that reads minutes."""

    @cached_property
    def _records(self) -> "tuple[tuple[Entry, Record], ...]":
        from excomm.record.from_facts import records

        return records(self.facts)

    def records(self) -> "tuple[tuple[Entry, Record], ...]":
        """The minutes of the case, each read into statements, directives and questions."""
        return self._records

    @cached_property
    def _tagger(self) -> "Tagger":
        from excomm.record.from_facts import tagger

        return tagger(self.facts)

    @cached_property
    def _positions(self) -> "tuple[Position, ...]":
        from excomm.record import positions

        return tuple(
            one
            for minutes, record in self.records()
            for one in positions(str(minutes.id), record, self._tagger)
        )

    def positions(self, issue: str = "") -> "tuple[Position, ...]":
        """Who stood where on the items and undertakings of the case, in the order spoken.

        issue: an item or an undertaking; without it all. Raises InputError for one that is none.
        """
        self._known_issue(issue)
        return tuple(one for one in self._positions if issue in ("", one.issue))

    def _known_issue(self, issue: str) -> None:
        if issue and issue not in {one.id for one in self._tagger.issues}:
            known = ", ".join(one.id for one in self._tagger.issues)
            raise InputError("issue", issue, "an item or an undertaking", f"There are: {known}.")

    def contradictions(self) -> "tuple[Contradiction, ...]":
        """Positions of two people on one issue that seem to exclude each other."""
        from excomm.record import contradictions

        return contradictions(self._positions)

    def _said_in(self, database: str) -> "SaidIndex":
        from excomm.record import SaidIndex

        read = ((str(e.id), record) for e, record in self.records())
        return SaidIndex(read, self._tagger, database=database)

    @cached_property
    def _said(self) -> "SaidIndex":
        return self._said_in("")

    def said(
        self,
        words: str = "",
        *,
        speaker: str = "",
        act: str = "",
        issue: str = "",
        database: str = "",
    ) -> "tuple[Found, ...]":
        """Statements of all the minutes by words, speaker, act and issue. Raises InputError.

        database: URL of the PostgreSQL database that holds the ledger; its full text search is
        asked then, else SQLite's.
        """
        self._known_issue(issue)
        if not database:
            return self._said.find(words, speaker=speaker, act=act, issue=issue)
        index = self._said_in(database)
        try:
            return index.find(words, speaker=speaker, act=act, issue=issue)
        finally:
            index.close()

    def wording_broken_later(
        self,
    ) -> "tuple[tuple[Entry, WordingRule, Entry, tuple[Breach, ...]], ...]":
        """Wording rules of one meeting that later meetings break: rule's minutes, rule, whose."""
        from excomm.record.from_facts import broken_later

        return broken_later(self.records())

    def disposals(self) -> "dict[str, tuple[Disposed, ...]]":
        """By minutes: what persons made of their reading; the latest word on a thing holds."""
        from excomm.record.from_facts import disposals

        return disposals(self.facts)

    def minutes(self, minutes: str) -> "tuple[Entry, Record]":
        """One record of the case. Raises InputError, alike for an unknown and a hidden one."""
        for entry, record in self.records():
            if entry.id == minutes:
                return entry, record
        raise InputError("id", minutes, "minutes of this case on this day")

    def sheet(self, minutes: str) -> "Sheet":
        """One record line by line, with what a person has still to look at. Raises InputError."""
        from excomm.record.sheet import sheet

        entry, record = self.minutes(minutes)
        said = self.disposals().get(minutes, ())
        return sheet(getattr(entry.body, "text", ""), record, said, self._tagger)

    def disposing(
        self,
        minutes: str,
        part: "Part",
        reading: str,
        verdict: "Verdict",
        fields: "Mapping[str, str]",
        *,
        by: str,
        now: datetime,
    ) -> tuple[Entry, ...]:
        """The entries that a person's word on a reading makes; nothing is taken in here.

        Raises InputError where nothing of that id was read.
        """
        from excomm.record.confirming import confirmed
        from excomm.record.from_facts import made_before
        from excomm.record.review import Disposed

        entry, record = self.minutes(minutes)
        word = Disposed(part=part, id=reading, verdict=verdict, fields=dict(fields))
        before = made_before(self.facts, entry, reading)
        return confirmed(entry, record, word, by=by, now=now, before=before)
