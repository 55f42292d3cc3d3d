"""What a marked entry says, said again to more readers, is listed for a person to read."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import AnyBody, CaseHeader, Count, Statement
from excomm.ledger import create
from excomm.ledger.retold import retold

NOW = datetime(1962, 11, 12, 16, tzinfo=UTC)
SAID = "Six launchers stand under nets in the woods north of the road to Remedios"


def entry(name: str, body: AnyBody, marking: str, *, day: int = 9, corrects: str = "") -> Entry:
    return Entry(
        id=EntryId(name), occurred=Day(date(1962, 11, day)), recorded=NOW, body=body,
        marking=marking, corrects=EntryId(corrects) if corrects else None,
    )  # fmt: skip


def statement(text: str) -> Statement:
    return Statement(speaker="analyst", act="report", text=text)


def found(*log: Entry) -> list[tuple[str, str]]:
    return [(str(one.entry.id), str(one.of.id)) for one in retold(lambda: log)]


def test_the_same_count_and_a_reworded_text_under_a_lower_marking_are_listed() -> None:
    log = (
        entry("c-1", Count(item="MRBM", number=6, site="remedios"), "secret"),
        entry("s-1", statement(SAID), "secret"),
        entry("c-2", Count(item="MRBM", number=6, site="remedios"), "open"),
        entry("s-2", statement("Nets hide launchers north of the road to Remedios"), "restricted"),
    )
    assert found(*log) == [("c-2", "c-1"), ("s-2", "s-1")]


def test_another_day_number_or_text_and_a_marking_that_is_no_lower_are_not() -> None:
    count = Count(item="MRBM", number=6, site="remedios")
    log = (
        entry("c-1", count, "restricted"),
        entry("s-1", statement(SAID), "restricted"),
        entry("c-2", count, "secret"),
        entry("c-3", count, "restricted"),
        entry("c-4", count, "open", day=10),
        entry("c-5", Count(item="MRBM", number=5, site="remedios"), "open"),
        entry("s-2", statement("The quarantine line was not crossed by any tanker"), "open"),
    )
    assert found(*log) == []


def test_a_correction_that_rewords_under_a_lower_marking_is_listed() -> None:
    fewer = statement("Launchers under nets in the woods, road to Remedios")
    log = (entry("a", statement(SAID), "secret"), entry("a.2", fewer, "open", corrects="a"))
    assert found(*log) == [("a.2", "a")]


def test_the_levels_of_the_case_say_what_is_lower() -> None:
    header = CaseHeader(
        title="A case", zone="UTC", opens=date(1962, 10, 14), levels=("public", "inner", "sealed")
    )
    count = Count(item="MRBM", number=6, site="remedios")
    log = [entry("case", header, "public"), entry("a", count, "sealed"), entry("b", count, "inner")]
    assert found(*log) == [("b", "a")]
    assert found(log[0], log[2], log[1]) == []


def test_the_command_lists_them_and_its_answer_is_no(tmp_path: Path) -> None:
    path = tmp_path / "case.ledger"
    count = Count(item="MRBM", number=6, site="remedios")
    ledger = create(path, [entry("a", count, "secret")], now=NOW)
    call = [sys.executable, "-m", "excomm.cli", "ledger", "retold", str(path)]
    ran = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    ledger.append([entry("b", count, "open")], now=NOW)
    ran = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, "b, open, seems to tell a, secret\n")
    assert ran.stderr == (
        f"{path}: 1 to be read by a person. If it is the same: correct the later one to the "
        "marking of the earlier, or let two persons lower it by a clearance.\n"
    )
