"""A marking is lowered, and a release goes out, by two persons over exact bytes: no way round."""

import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from excomm.case import Case
from excomm.entries import Day, Entry, EntryId, content_digest
from excomm.entries.kinds import CaseHeader, Clearance
from excomm.errors import Faults
from excomm.folder import check, new
from excomm.ledger import Ledger, create, open_ledger
from excomm.ledger.appending import Appending
from excomm.ledger.release import make
from excomm.ledger.released import verify_release
from excomm.ledger.store import Connection

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[Connection]]
HEADER = Entry(
    id=EntryId("case"),
    occurred=Day(date(1962, 10, 14)),
    recorded=datetime(1962, 10, 14, tzinfo=UTC),
    body=CaseHeader(
        title="A case", zone="UTC", opens=date(1962, 10, 14), compartments=("imagery",)
    ),
)


@pytest.fixture
def ledger(where: str, looks: Looks, now: datetime) -> Ledger:
    (secret,) = looks(1)
    return create(where, [HEADER, msgspec.structs.replace(secret, marking="secret")], now=now)


def again(entry: Entry, marking: str, **change: str) -> Entry:
    return msgspec.structs.replace(
        entry, id=EntryId(f"{entry.id}.2"), corrects=entry.id, marking=marking, **change
    )


def clearance(of: Entry, **change: str) -> Entry:
    body = Clearance(
        of=of.id, marking="open", proposed_by="A", approved_by="B", sha256=content_digest(of)
    )
    return msgspec.structs.replace(
        HEADER, id=EntryId("lower"), body=msgspec.structs.replace(body, **change)
    )


@pytest.mark.parametrize("marking", ["open", "restricted", "restricted//imagery", "hush"])
def test_a_correction_does_not_repeat_an_entry_under_a_lower_marking(
    ledger: Ledger, now: datetime, marking: str
) -> None:
    (secret,) = ledger.read(1)
    with pytest.raises(Faults) as refused:
        ledger.append([again(secret, marking)], now=now)
    assert str(refused.value) == (
        f"entries[0].marking: found {marking}, expected at least secret, that of look-1, which it "
        "repeats. A marking is lowered by two persons: keep it as it is, and enter a clearance "
        "of this entry."
    )
    assert ledger.head().size == 2


@pytest.mark.parametrize(
    ("was", "to", "is_fine"),
    [
        ("secret", "secret//imagery", True),
        ("secret//imagery", "secret", False),
        ("open//REL USA", "open", False),
        ("open//REL USA", "open//REL USA,UK", False),
        ("open//REL USA,UK", "secret//REL UK", True),
        ("open", "open//REL USA", True),
    ],
)
def test_a_marking_is_raised_by_one_person_and_not_lowered(
    where: str, looks: Looks, now: datetime, was: str, to: str, *, is_fine: bool
) -> None:
    (entry,) = looks(1)
    marked = msgspec.structs.replace(entry, marking=was)
    # In the same batch, and after it: what is corrected is looked up in both places.
    for at, batches in enumerate(([[marked, again(marked, to)]], [[marked], [again(marked, to)]])):
        if where.startswith("postgresql:") and at:
            break
        ledger = create(f"{where}{at}" if "://" not in where else where, [HEADER], now=now)
        try:
            for batch in batches:
                ledger.append(batch, now=now)
        except Faults as refused:
            assert (is_fine, refused.where.endswith(".marking")) == (False, True)
        else:
            assert is_fine


def test_what_somebody_says_in_other_words_is_his_own_to_mark(
    ledger: Ledger, now: datetime
) -> None:
    (secret,) = ledger.read(1)
    assert ledger.append([again(secret, "open", source="the press")], now=now).size == 3


def test_a_header_does_not_put_the_levels_in_another_order(ledger: Ledger, now: datetime) -> None:
    assert isinstance(HEADER.body, CaseHeader)

    def levels(number: int, *words: str) -> Entry:
        body = msgspec.structs.replace(HEADER.body, levels=words)
        return msgspec.structs.replace(
            HEADER, id=EntryId(f"case.{number}"), corrects=HEADER.id, body=body
        )

    with pytest.raises(Faults) as refused:
        ledger.append([levels(2, "secret", "restricted", "open")], now=now)
    assert str(refused.value).splitlines()[0] == (
        "entries[0].levels: found secret below restricted, expected restricted below secret, as "
        "it has been. What is marked already would be shown to others. Add a level under a new "
        "word."
    )
    # Not in two steps either: taken out, then put in elsewhere.
    ledger.append([levels(2, "open", "restricted")], now=now)
    with pytest.raises(Faults):
        ledger.append([levels(3, "secret", "open", "restricted")], now=now)
    assert ledger.append([levels(3, "open", "restricted", "secret", "top")], now=now).size == 4


@pytest.mark.parametrize(
    ("proposed", "approved"), [("A", "a"), ("A B", " a  b "), ("A", ""), ("", "B"), ("Å", "Å")]
)
def test_one_person_under_two_spellings_is_one(
    ledger: Ledger, now: datetime, proposed: str, approved: str
) -> None:
    (secret,) = ledger.read(1)
    with pytest.raises(Faults, match=r"approved_by: found .*, expected somebody else"):
        ledger.append([clearance(secret, proposed_by=proposed, approved_by=approved)], now=now)


def test_an_approval_ahead_of_the_entry_binds_its_bytes(
    ledger: Ledger, looks: Looks, now: datetime, tmp_path: Path
) -> None:
    (to_come,) = looks(1, first=9)
    to_come = msgspec.structs.replace(to_come, marking="secret")
    ledger.append([clearance(to_come, sha256="0" * 64)], now=now)
    ledger.append([to_come], now=now)
    seen = Case.open(ledger.where) if "://" not in ledger.where else Case.of_ledger(ledger)
    assert seen.on("1962-12-31", cleared="open").facts.get("look-9") is None
    made = make(ledger, tmp_path / "r", to="open", on="1962-12-31")
    assert (made.shown, verify_release(tmp_path / "r").reasons) == (2, {"marking": 2})


def test_a_clearance_written_past_the_ledger_by_one_person_is_named(
    ledger: Ledger, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secret,) = ledger.read(1)
    with monkeypatch.context() as changed:
        changed.setattr(Appending, "_alone_faults", lambda *_: iter(()))
        ledger.append([clearance(secret, approved_by="A")], now=now)
    assert ledger.verify().faults == (
        (3, "lowers a marking, or lets a release go, on one person's word"),
    )


def test_a_release_is_approved_by_two_over_the_bytes_that_were_shown(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    path = tmp_path / "case.ledger"
    create(path, [HEADER, *looks(3)], now=now)

    def release(out: str, *more: str) -> "subprocess.CompletedProcess[str]":
        call = ["release", str(path), str(tmp_path / out), "--to", "open", "--on", "1962-12-31"]
        return subprocess.run(
            [sys.executable, "-m", "excomm.cli", *call, *more],
            capture_output=True,
            text=True,
            check=False,
        )

    two = ("--proposed-by", "A", "--approved-by", "B")
    shown = release("shown")
    digest = shown.stdout.split()[-1]
    for more, said in (
        (two[:2], "--approved-by: found nothing, expected two different persons."),
        ((*two[:3], "a"), "--approved-by: found a, expected two different persons."),
        (two, "--sha256: found nothing, expected the digest of the bytes that B was shown."),
        ((*two, "--sha256", "0" * 64), "--sha256: found 0000"),
    ):
        ran = release("out", *more)
        assert (ran.returncode, ran.stderr.startswith(said)) == (2, True), ran.stderr
        assert not (tmp_path / "out").exists()
    assert open_ledger(path).head().size == 4
    ran = release("out", *two, "--sha256", digest)
    assert ran.stdout.endswith(f"approved by B, proposed by A: entry release-{digest[:16]}\n")
    assert (tmp_path / "out").read_bytes() == (tmp_path / "shown").read_bytes()
    assert open_ledger(path).verify().holds


def test_a_folder_is_told_by_the_line_where_one_person_proposes_and_approves(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "case"
    new(folder)
    rows = "id,occurred,of,marking,proposed_by,approved_by\n"
    header = (folder / "case.toml").read_text(encoding="utf8")
    (first,) = re.findall(r'^id = "(.+)"', header, re.MULTILINE)[:1]
    rows += f"K1,2024-01-02,{first},open,A,a \n"
    (folder / "clearances.csv").write_text(rows, encoding="utf8")
    told = [str(fault) for fault in check(folder)]
    assert (
        "clearances.csv:2: approved_by: found 'a ', expected somebody else than who proposed it. "
        "A marking is lowered, and a release made, by two persons."
    ) in told
