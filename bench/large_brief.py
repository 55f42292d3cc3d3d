"""The brief and its pages on a large ledger: processor time of each, from cold and after one entry.

python bench/large_brief.py [ENTRIES]: 100,000 by default, made as `bench/desk.py` makes them.
"""

import gzip
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from desk import NOW, grown
from excomm import ledger
from excomm.brief import brief, html
from excomm.case import Case, CaseHead, View
from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import AnyBody, Event, Look
from excomm.search import Index

T = TypeVar("T")


def main(size: int) -> None:
    """Make the ledger, and say what each page takes."""
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch) / "cuba.ledger"
        ledger.create(where, grown(size), now=NOW)
        case = Case.open(where)
        view = timed("fold", lambda: case.on("1962-11-20", known_by="1962-12-31"))
        page = timed("brief, cold", lambda: brief(view))
        text = timed("brief as a page", lambda: html.render(page))
        print(f"  {len(gzip.compress(text.encode())) / 1000:.0f} kB compressed")
        look = Look(means="low-level", outcome="made", sites=("banes",), party="USA")
        for name, body in (
            ("look", look),
            ("event", Event(kind="incident", party=("USA",), what="patrol")),
        ):
            view = after(view, body, size := size + 1)
            timed(f"after one {name}: item", partial(view.assurance, "missiles"))
            timed(f"after one {name}: agreement", view.standing)
            timed(f"after one {name}: brief", partial(brief, view))
        ids = {str(entry.id) for entry in view.log}
        index = Index.beside(ledger.open_ledger(where))
        index.matching("patrol report", ids)
        timed("search", lambda: index.matching("labinsk", ids))


def after(view: View, body: AnyBody, number: int) -> View:
    """The view after one entry more, on the day before."""
    at = datetime(1962, 11, 19, 12, tzinfo=UTC)
    one = Entry(
        id=EntryId(f"late-{number}"), occurred=Instant(at), recorded=at, body=body, seq=number
    )
    return view.updated(view.case.updated([one], CaseHead("ledger", number, "0" * 64)), [one])


def timed(name: str, asked: Callable[[], T]) -> T:
    """Ask once, and say what it took."""
    begun = time.process_time()
    found = asked()
    print(f"{name:26} {1000 * (time.process_time() - begun):7.0f} ms of processor time")
    return found


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["100000"])[0].replace(",", "")))
