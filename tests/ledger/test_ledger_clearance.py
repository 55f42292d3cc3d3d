"""What a reader may not see changes nothing in his view of a ledger, but for the head."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.brief import brief, to_json
from excomm.case import Case, CaseHead, View
from excomm.entries import Day, Entry, EntryId, content_digest
from excomm.entries.kinds import KINDS, CaseHeader, Clearance, Correction, Count, Party
from excomm.errors import InputError
from excomm.ledger import Ledger, create

NOW = datetime(1963, 1, 1, tzinfo=UTC)
HEADER = Entry(
    id=EntryId("case"),
    occurred=Day(date(1962, 1, 1)),
    recorded=datetime(1962, 1, 1, tzinfo=UTC),
    body=CaseHeader(title="A case", zone="UTC", opens=date(1962, 1, 1), compartments=("imagery",)),
)
BASE = (
    HEADER,
    *(
        msgspec.structs.replace(HEADER, id=EntryId(name), body=Party(name=name))
        for name in ("USA", "UK")
    ),
)
MARKINGS = ("open", "restricted", "secret", "secret//imagery", "open//REL USA", "open//REL UK")
CLEARANCES = (*MARKINGS, "secret//imagery//REL USA,UK")


def count(number: int, day: int, marking: str, corrects: str | None = None) -> Entry:
    return Entry(
        id=EntryId(f"n{number}"),
        occurred=Day(date(1962, 11, day)),
        recorded=datetime(1962, 11, day, 5, tzinfo=UTC),
        body=Count(item="missiles", number=number),
        marking=marking,
        corrects=EntryId(corrects) if corrects else None,
    )


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Counts, corrections and withdrawals of them, each with a marking of its own."""
    log: list[Entry] = []
    for number in range(draw(st.integers(1, 8))):
        old = draw(st.sampled_from([None, *(str(entry.id) for entry in log)]))
        made = count(number, draw(st.integers(1, 28)), draw(st.sampled_from(MARKINGS)), old)
        if old is not None and draw(st.booleans()):
            # One that repeats another under a lower marking would be refused.
            made = msgspec.structs.replace(made, body=Correction(reason=f"for reason {number}"))
        log.append(made)
    return log


HEAD = CaseHead("ledger", 0, "0" * 64)


def view(ledger: Ledger, clearance: str) -> Sequence[object]:
    """The entries that a reader sees, their order, and how many came later."""
    return _view(Case(ledger.read, HEAD).on("1962-11-20", cleared=clearance))


def everything(ledger: Ledger, clearance: str) -> Sequence[object]:
    """All that a reader sees, under one head: the log, what he is told of each id, the page."""
    seen = Case(ledger.read, HEAD, name="case").on("1962-11-20", cleared=clearance)
    told = []
    for number in range(8):
        try:
            seen.entry(f"n{number}")
        except InputError as fault:
            told.append(str(fault))
    log = [_without_place(entry) for entry in seen.log]
    return _view(seen), log, told, to_json(brief(seen))


def _view(seen: View) -> Sequence[object]:
    found = [entry for kind in KINDS.values() for entry, _ in seen.facts.of(kind)]
    plain = [_without_place(entry) for entry in found]
    return plain, len(seen.facts), seen.facts.recorded_later


def _without_place(entry: Entry) -> Entry:
    # Numbers in the ledger are its own, and show that there are others.
    return msgspec.structs.replace(entry, seq=0, appended=None)


@given(logs(), st.sampled_from(CLEARANCES), st.data())
@settings(max_examples=25, deadline=None)
def test_adding_correcting_or_erasing_what_a_reader_may_not_see_changes_nothing(
    log: list[Entry], clearance: str, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = create(Path(folder) / "base.ledger", [*BASE], now=NOW)
        visible = {
            marking
            for at, marking in enumerate(MARKINGS)
            if view(
                create(Path(folder) / f"{at}.ledger", [*BASE, count(0, 1, marking)], now=NOW),
                clearance,
            )
            != view(base, clearance)
        }
        allowed = [
            msgspec.structs.replace(entry, corrects=None)
            if entry.corrects and not _there(entry.corrects, log, visible)
            else entry
            for entry in log
            if entry.marking in visible
        ]
        less = create(Path(folder) / "less.ledger", [*BASE, *allowed], now=NOW)
        same = everything(less, clearance)
        # A visible entry that corrects a hidden one reads as if it corrected nothing.
        whole = [
            msgspec.structs.replace(entry, corrects=None)
            if entry.marking in visible
            and entry.corrects
            and not _there(entry.corrects, log, visible)
            else entry
            for entry in log
        ]
        more = create(Path(folder) / "more.ledger", [*BASE, *whole], now=NOW)
        assert everything(more, clearance) == same
        for entry in log:
            if entry.marking not in visible and data.draw(st.booleans()):
                more.erase(entry.id, reason="r", legal_basis="l", by="b", now=NOW)
        assert everything(more, clearance) == same
        assert more.verify().holds


def _there(name: str, log: list[Entry], visible: set[str]) -> bool:
    return any(entry.id == name and entry.marking in visible for entry in log)


def test_a_lowered_marking_shows_the_exact_entry_from_then_on(tmp_path: Path) -> None:
    secret = count(1, 5, "secret")
    ledger = create(tmp_path / "case.ledger", [*BASE, secret], now=NOW)
    assert view(ledger, "open")[1] == 3
    cleared = Entry(
        id=EntryId("lower"),
        occurred=Day(date(1962, 11, 15)),
        recorded=datetime(1962, 11, 15, tzinfo=UTC),
        body=Clearance(
            of="n1",
            marking="open",
            proposed_by="A",
            approved_by="B",
            sha256=content_digest(secret),
        ),
    )
    ledger.append([cleared], now=NOW)
    case = Case.open(ledger.where)
    found = case.on("1962-11-20", cleared="open").facts.get("n1")
    assert found is not None
    assert found.marking == "open"
    assert case.on("1962-11-14", cleared="open").facts.get("n1") is None
    assert case.on("1962-11-20").facts.get("n1") == msgspec.structs.replace(
        secret, seq=4, appended=NOW
    )
