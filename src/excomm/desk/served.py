"""A case as the desk serves it: opened again when its head has moved, each view folded once.

A view that was computed is kept under what it was asked for by: day, known by, clearance. When the
head moves it goes on by the entries that came, and the day by the time that went; the log is folded
again only where nothing else can tell. At most so many are kept: the oldest goes.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from excomm.brief import Brief, brief, undertakings
from excomm.brief.attribution import qualified_section
from excomm.brief.basis import heading
from excomm.brief.history import Change, histories
from excomm.brief.structs import Heading, Section
from excomm.case import SHIPPED, Case, CaseHead, View
from excomm.entries import Entry
from excomm.entries.kinds import Look
from excomm.errors import InputError
from excomm.ledger import Head, Ledger, Moved, open_ledger
from excomm.search import Index

NOW = "now"
_VIEWS_KEPT = 24
_TRIES = 10  # against other processes that append
_SECONDS_CURRENT = 20.0  # a live page is no older than this


class Seen:
    """A view with what its pages need, each computed when first asked for."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.bodies: dict[str, str] = {}  # the brief as HTML, by the query its links keep
        self.pages: dict[str, bytes] = {}  # whole pages, as `kept` keeps them

    def is_of(self, day: datetime | None, known: datetime | None) -> bool:
        """Whether it shows this moment, where a moment is asked for."""
        view = self.view
        return (day is None or view.on == day) and (known is None or view.known_by == known)

    def gone_on(
        self,
        case: Case,
        entries: tuple[Entry, ...],
        *,
        on: datetime | None,
        known_by: datetime | None,
    ) -> "Seen":
        """The same after these entries; what they do not touch is not worked out again."""
        found = Seen(self.view.updated(case, entries, on=on, known_by=known_by))
        sees = found.view.facts.sees
        if "by_id" in self.__dict__ and "log" in found.view.__dict__:
            later = {str(one.id): one for one in entries if sees(one.marking)}
            found.by_id = self.by_id | later
        return found

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Every entry that the reader may see, corrected ones too."""
        return {str(entry.id): entry for entry in self.view.log}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each entry stands among those that the reader may see."""
        return {str(entry.id): place for place, entry in enumerate(self.view.log)}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries that the reader may see."""
        return tuple(sorted({entry.kind for entry in self.view.log}))

    @cached_property
    def brief(self) -> Brief:
        """The brief of the view."""
        return brief(self.view)

    @cached_property
    def heading(self) -> Heading:
        """Of which case, for when, for whom, from what."""
        return heading(self.view)

    @cached_property
    def stands(self) -> Section | None:
        """Every undertaking with its state, how sure, and what changed since the day before."""
        before = undertakings.day_before(self.view).standing()
        found = undertakings.what_stands(self.view, before)
        return qualified_section(found, self.view) if found is not None else None

    @cached_property
    def histories(self) -> dict[str, tuple[Change, ...]]:
        """How each undertaking came to stand as it does."""
        return histories(self.view)

    @cached_property
    def days(self) -> frozenset[date]:
        """The days, in the case's zone, of which an entry speaks that the reader may see."""
        return frozenset(map(self.view.facts.local_day, self.view.log))

    @cached_property
    def look_days(self) -> frozenset[date]:
        """Those on which somebody tried to look."""
        looks = (entry for entry in self.view.log if isinstance(entry.body, Look))
        return frozenset(map(self.view.facts.local_day, looks))

    @property
    def newest_first(self) -> Iterator[Entry]:
        """The same, the latest taken in first."""
        return reversed(self.by_id.values())


class _Asked(NamedTuple):
    """What a view was asked for by, in the words of the request."""

    on: str | None
    known_by: str | None
    cleared: str | None


class Served:
    """One case of the desk. where: a shipped name, a folder, a ledger file or URL."""

    def __init__(self, where: str) -> None:
        self.where = where
        path = Path(where)
        self.folder = path if path.is_dir() else None
        self.ledger: Ledger | None = None
        if "://" in where or path.is_file():
            self.ledger = open_ledger(where)
        elif self.folder is None:
            self.folder = SHIPPED / where
        self._case: Case | None = None
        self._files: object = None
        self._moment = (0.0, "", datetime.now(UTC))
        self._views: OrderedDict[_Asked, Seen] = OrderedDict()
        self._index: Index | None = None
        self._indexed: Case | None = None
        self._lock = threading.RLock()
        self._writing = threading.Lock()

    def case(self) -> Case:
        """The case as it is now. Raises what `Case.open` raises."""
        with self._lock:
            if self.ledger is not None:
                return self._of_ledger(self.ledger)
            assert self.folder is not None
            files = _state(self.folder)
            if self._case is None or files != self._files:
                self._case, self._files = Case.open(self.where), files
            return self._case

    def seen(self, on: str | None, known_by: str | None, cleared: str | None) -> Seen:
        """The view for a day, as known by an instant (or `now`), for one clearance.

        Raises InputError as `Case.on` does.
        """
        with self._lock:
            case = self.case()
            moment = self._current(case)
            day = moment if on is None and case.shown_on(cleared) is None else None
            known = moment if known_by == NOW else None
            asked = _Asked(on, known_by, cleared)
            found = self._views.pop(asked, None)
            if found is None or found.view.head != case.head or not found.is_of(day, known):
                # Without `known_by`, what is known is what was known on the day itself.
                later = known or (day if known_by is None else None)
                found = self._gone_on(found, case, day, later) or Seen(
                    case.on(day or on, known_by=known or known_by, cleared=cleared)
                )
            self._views[asked] = found
            while len(self._views) > _VIEWS_KEPT:
                self._views.popitem(last=False)
            return found

    def _gone_on(
        self, found: Seen | None, case: Case, day: datetime | None, known: datetime | None
    ) -> Seen | None:
        """What was seen before, with what came since taken in; None where nothing can go on."""
        if found is None or self.ledger is None or found.view.head.size > case.head.size:
            return None
        entries = self._since(found.view.head.size, case.head.size)
        return found.gone_on(case, entries, on=day, known_by=known)

    def matching(self, text: str, seen: Seen) -> tuple[Entry, ...]:
        """The entries that a reader may see and that match all words asked for, the latest first.

        Raises InputError for a question too long.
        """
        with self._lock:
            index = self._index_now()
        names = index.matching(text, seen.by_id)
        return tuple(seen.by_id[name] for name in names)

    def _index_now(self) -> Index:
        if self.ledger is not None:
            if self._index is None:
                self._index = Index.beside(self.ledger)
            return self._index
        case = self.case()
        if self._index is None or self._indexed is not case:
            self._index, self._indexed = Index.of(case.read()), case
        return self._index

    def append(self, make: Callable[[], Entry], *, now: datetime) -> Head:
        """Make an entry and take it in, with nothing else taken in between by whomever.

        make: asked again where another process has appended meanwhile.
        Raises InputError where the case is no ledger, and what `make` and the ledger raise.
        """
        return self.append_all(lambda: (make(),), now=now)

    def append_all(self, make: Callable[[], Sequence[Entry]], *, now: datetime) -> Head:
        """The same of several entries, or of none: all of them or nothing."""
        if self.ledger is None:
            raise InputError("case", self.where, "a ledger", "Load it into one first.")
        with self._writing:
            for _ in range(_TRIES):
                # Before `make` reads: what it then misses, the ledger refuses.
                head = self.ledger.head()
                with suppress(Moved):
                    entries = make()
                    return self.ledger.append(entries, now=now, onto=head) if entries else head
        raise InputError(
            "ledger", "others who keep appending", "a moment without", "Send the form again."
        )

    def _of_ledger(self, ledger: Ledger) -> Case:
        head = ledger.head()
        if self._case is None or head.size < self._case.head.size:
            self._case = Case.of_ledger(ledger)
        elif self._case.head.digest != head.digest:
            entries = self._since(self._case.head.size, head.size)
            found = CaseHead("ledger", head.size, head.digest)
            self._case = self._case.updated(entries, found)
        return self._case

    def _since(self, size: int, now: int) -> tuple[Entry, ...]:
        assert self.ledger is not None
        return tuple(self.ledger.read(size, size=now))

    def _current(self, case: Case) -> datetime:
        """This moment, the same for a while, so that pages opened one after the other agree."""
        made, digest, _ = self._moment
        if digest != case.head.digest or time.monotonic() - made > _SECONDS_CURRENT:
            self._moment = (time.monotonic(), case.head.digest, datetime.now(UTC))
        return self._moment[2]


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The files of a folder with time and size: another state has to be read again."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [(path, path.stat()) for path in files]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in found)
