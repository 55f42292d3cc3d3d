"""Which entries of a log no longer hold: corrected, withdrawn, or brought back again.

A correction puts itself in the place of what it names; a withdrawal puts nothing there. Withdrawing
a correction brings back what it had replaced, and withdrawing a withdrawal what it had taken away.
Only links are kept here, never what an entry says.
"""

from collections.abc import Iterable

from excomm.entries.entry import Entry, EntryId
from excomm.entries.kinds import Correction, Event


class Corrections:
    """What a log's corrections and withdrawals have done, whatever order they came in.

    gone: the ids that do not hold. withdrawn: those of them that a withdrawal took away, which was
    not itself withdrawn.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        links: dict[EntryId, tuple[EntryId, bool]] = {}
        for entry in entries:
            if entry.corrects is not None:
                links[entry.id] = entry.corrects, withdraws(entry)
        self.gone: set[EntryId] = set()
        self.withdrawn: set[EntryId] = set()
        # Ids whose place something else has taken and still holds.
        taken: set[EntryId] = set()
        for one in _latest_first(links):
            old, takes_away = links[one]
            if one in self.withdrawn and one not in taken:
                continue
            self.gone.add(old)
            if takes_away and one not in self.withdrawn:
                self.withdrawn.add(old)
            else:
                taken.add(old)


def withdraws(entry: Entry) -> bool:
    """Whether an entry takes back the one that it names, and puts nothing in its place."""
    body = entry.body
    return isinstance(body, Correction) or (isinstance(body, Event) and body.kind == "retraction")


def _latest_first(links: dict[EntryId, tuple[EntryId, bool]]) -> list[EntryId]:
    """What corrects before what it corrects. A ring, which is a fault, ends somewhere."""
    depths: dict[EntryId, int] = {}
    for start in links:
        path: dict[EntryId, None] = {}
        one = start
        while one in links and one not in depths and one not in path:
            path[one] = None
            one = links[one][0]
        depth = depths.get(one, 0)
        for each in reversed(path):
            depth += 1
            depths[each] = depth
    return sorted(links, key=lambda one: -depths[one])
