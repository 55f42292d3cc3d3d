"""The entries that hold, by id and by kind, in order; and the same with a few more or fewer.

What a kind's entries are is worked out when asked for. A change shares everything that it leaves
alone with the state before, so that one entry more in a million costs microseconds; who holds the
earlier state goes on holding it.
"""

from bisect import bisect_right
from collections.abc import Mapping, Set
from datetime import datetime, tzinfo

from excomm.entries import Entry, EntryId, start_of
from excomm.layered import GONE, Gone, Layered

Pairs = tuple[tuple[Entry, object], ...]


class Kept:
    """Entries by id, and by kind in the order of when they were so, then as appended."""

    def __init__(self, entries: dict[EntryId, Entry], zone: tzinfo) -> None:
        self._below = _Sorted(entries, zone)
        self._now: Layered[EntryId, Entry] = Layered(entries)
        self._own: dict[type, Pairs] = {}

    def of(self, kind: type) -> Pairs:
        """The entries of one kind with their bodies."""
        if kind not in self._own:
            self._own[kind] = self._changed(kind, self._below.of(kind))
        return self._own[kind]

    def get(self, entry_id: EntryId) -> Entry | None:
        """The entry of that id, if it holds."""
        return self._now.get(entry_id)

    def number_of(self, ids: Set[str]) -> int:
        """How many of these hold."""
        below, over = self._below.entries, self._now.over
        changed = [one for one in over if one in ids]
        return (
            len(ids & below.keys())
            + sum(over[one] is not GONE for one in changed)
            - sum(one in below for one in changed)
        )

    def __len__(self) -> int:
        below, over = self._below.entries, self._now.over
        return (
            len(below)
            + sum(1 for one, value in over.items() if value is not GONE and one not in below)
            - sum(1 for one, value in over.items() if value is GONE and one in below)
        )

    def changed(self, changes: Mapping[EntryId, Entry | Gone]) -> "Kept":
        """With these entries come, or gone."""
        now = self._now.changed(changes)
        if now.over:
            found = Kept.__new__(Kept)
            found._below, found._now = self._below, now
            touched = {type(e.body) for one in changes for e in (now.get(one), self.get(one)) if e}
            found._own = {kind: own for kind, own in self._own.items() if kind not in touched}
            return found
        assert isinstance(now.below, dict)
        return Kept(now.below, self._below.zone)

    def _changed(self, kind: type, pairs: Pairs) -> Pairs:
        below, over = self._below, self._now.over
        come = [e for e in over.values() if not isinstance(e, Gone) and type(e.body) is kind]
        gone = {one for one in over if (old := below.entries.get(one)) and type(old.body) is kind}
        if not come and not gone:
            return pairs
        found = [pair for pair in pairs if pair[0].id not in gone] if gone else list(pairs)
        for entry in come:
            at = bisect_right(found, below.order(entry), key=lambda pair: below.order(pair[0]))
            found.insert(at, (entry, entry.body))
        return tuple(found)


class _Sorted:
    """All entries of a state that others were changed from; shared by them, and never altered."""

    def __init__(self, entries: dict[EntryId, Entry], zone: tzinfo) -> None:
        self.entries = entries
        self.zone = zone
        self._by_kind: dict[type, list[Entry]] | None = None
        self._sorted: dict[type, Pairs] = {}

    def of(self, kind: type) -> Pairs:
        if kind not in self._sorted:
            if self._by_kind is None:
                by_kind: dict[type, list[Entry]] = {}
                for entry in self.entries.values():
                    by_kind.setdefault(type(entry.body), []).append(entry)
                self._by_kind = by_kind
            found = sorted(self._by_kind.get(kind, ()), key=self.order)
            self._sorted[kind] = tuple((entry, entry.body) for entry in found)
        return self._sorted[kind]

    def order(self, entry: Entry) -> tuple[datetime, int]:
        return start_of(entry.occurred, self.zone), entry.seq
