"""A case as the desk serves it: opened again when its head has moved, each view folded once.

A view that was computed is kept under (head, day, known by, clearance); a new head makes new
views. At most so many are kept: the oldest goes.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from excomm.brief import Brief, brief, undertakings
from excomm.brief.attribution import qualified_section
from excomm.brief.basis import heading
from excomm.brief.history import Change, histories
from excomm.brief.structs import Heading, Section
from excomm.case import SHIPPED, Case, View
from excomm.desk.telling import searchable
from excomm.entries import Entry
from excomm.errors import InputError
from excomm.ledger import Head, Ledger, Moved, open_ledger

NOW = "now"
_VIEWS_KEPT = 24
_TRIES = 10  # against other processes that append
_SECONDS_CURRENT = 20.0  # a live page is no older than this


class Seen:
    """A view with what its pages need, each computed when first asked for."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.bodies: dict[str, str] = {}  # the brief as HTML, by the query its links keep

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
    def searchable(self) -> tuple[tuple[str, Entry], ...]:
        """Every entry that the reader may see, with its words in small letters; newest first."""
        return tuple((searchable(entry), entry) for entry in reversed(self.view.log))


class _Key(NamedTuple):
    digest: str
    on: str | datetime | None
    known_by: str | datetime | None
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
        self._views: OrderedDict[_Key, Seen] = OrderedDict()
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
            day: str | datetime | None = on
            if on is None and case.header.shown_on is None:
                day = moment
            known = moment if known_by == NOW else known_by
            key = _Key(case.head.digest, day, known, cleared)
            found = self._views.pop(key, None)
            if found is None:
                found = Seen(case.on(day, known_by=known, cleared=cleared))
            self._views[key] = found
            while len(self._views) > _VIEWS_KEPT:
                self._views.popitem(last=False)
            return found

    def append(self, make: Callable[[], Entry], *, now: datetime) -> Head:
        """Make an entry and take it in, with nothing else taken in between by whomever.

        make: asked again where another process has appended meanwhile.
        Raises InputError where the case is no ledger, and what `make` and the ledger raise.
        """
        if self.ledger is None:
            raise InputError("case", self.where, "a ledger", "Load it into one first.")
        with self._writing:
            for _ in range(_TRIES):
                # Before `make` reads: what it then misses, the ledger refuses.
                head = self.ledger.head()
                with suppress(Moved):
                    return self.ledger.append([make()], now=now, onto=head)
        raise InputError(
            "ledger", "others who keep appending", "a moment without", "Send the form again."
        )

    def _of_ledger(self, ledger: Ledger) -> Case:
        head = ledger.head()
        if self._case is None or self._case.head.digest != head.digest:
            self._case = Case.of_ledger(ledger)
        return self._case

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
