"""A case as one person may use it: read as he is cleared, entered into as his roles allow.

Pages hold this in the place of the case itself, so no page can forget to ask. At the personal desk
there is nothing to guard.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from excomm.case import Case
from excomm.desk.duties import needed, signed
from excomm.desk.office import Reader
from excomm.desk.served import NOW, Seen, Served
from excomm.entries import Entry
from excomm.errors import InputError
from excomm.ledger import Head, Ledger


class Guarded:
    """One case for one reader. noted: told of every entry taken in, once it is durable."""

    def __init__(self, served: Served, reader: Reader, noted: Callable[[Entry], None]) -> None:
        assert reader.cleared is not None, "a person's clearance is never everything"
        self._served = served
        self._reader = reader
        self._noted = noted

    @property
    def where(self) -> str:
        """What the case is called; where its ledger lies is nobody's business here."""
        return self._served.case().id

    @property
    def folder(self) -> Path | None:
        """The folder, where the case is no ledger."""
        return self._served.folder

    @property
    def ledger(self) -> Ledger | None:
        """The ledger, to verify and to ask its head; entries come in by `append` alone."""
        return self._served.ledger

    def case(self) -> Case:
        """The case as it is now, for its title, its zone and its head."""
        return self._served.case()

    def seen(self, on: str | None, known_by: str | None, cleared: str | None) -> Seen:
        """The view for this reader's clearance, whatever is asked for."""
        del cleared
        return self._served.seen(on, known_by, self._reader.cleared)

    def matching(self, text: str, seen: Seen) -> tuple[Entry, ...]:
        """The entries of a view that match all words asked for, the latest first."""
        return self._served.matching(text, seen)

    def append(self, make: Callable[[], Entry], *, now: datetime) -> Head:
        """Take in an entry as this person's.

        Raises InputError where his roles do not allow the kind, where he would judge what is his
        own, where he gives his own judgement as another's word, or a marking he could not read.
        """
        return self.append_all(lambda: (make(),), now=now)

    def append_all(self, make: Callable[[], Sequence[Entry]], *, now: datetime) -> Head:
        """The same of several entries, or of none: all of them or nothing."""
        taken: tuple[Entry, ...] = ()

        def made() -> tuple[Entry, ...]:
            nonlocal taken
            seen = self._served.seen(None, NOW, self._reader.cleared)
            taken = tuple(self._allowed(entry, seen) for entry in make())
            return taken

        head = self._served.append_all(made, now=now)
        for entry in taken:
            self._noted(entry)
        return head

    def _allowed(self, entry: Entry, seen: Seen) -> Entry:
        person = self._reader.name
        old = seen.by_id.get(entry.corrects) if entry.corrects is not None else None
        if entry.corrects is not None and old is None:
            raise InputError("corrects", entry.corrects, "an entry of this case that you may see")
        wanted = needed(entry, old)
        if wanted not in self._reader.doings:
            raise InputError(
                "kind",
                entry.kind,
                f"what {person} may enter",
                f'Ask the custodian for a role that may "{wanted.value}".',
            )
        if not seen.view.facts.sees(entry.marking):
            raise InputError(
                "marking", entry.marking, "one that you are cleared for", "Else you lose it."
            )
        return signed(person, entry, old)
