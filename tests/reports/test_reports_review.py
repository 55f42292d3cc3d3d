"""One person decides and a second reviews: held below the desk, by the rules and by the ledger."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from excomm.entries import Day, Entry, EntryId
from excomm.entries.header import ReportRules
from excomm.entries.kinds import CaseHeader, Finding, Report
from excomm.entries.rules import own_faults
from excomm.errors import Faults
from excomm.ledger import create

NOW = datetime(2024, 2, 1, tzinfo=UTC)


def entry(name: str, body: CaseHeader | Report | Finding) -> Entry:
    return Entry(id=EntryId(name), occurred=Day(date(2024, 1, 10)), recorded=NOW, body=body)


CASE = entry("case", CaseHeader(title="A case", zone="UTC", opens=date(2024, 1, 1)))
REPORT = entry("R1", Report(allegation="launchers at the port"))


def finding(author: str, reviewer: str) -> Entry:
    return entry(
        "F1", Finding(report="R1", decision="undetermined", author=author, reviewer=reviewer)
    )


@pytest.mark.parametrize("reviewer", ["Ann", " ann "])
def test_the_ledger_takes_no_finding_reviewed_by_its_author(tmp_path: Path, reviewer: str) -> None:
    ledger = create(str(tmp_path / "a.ledger"), [CASE, REPORT], now=NOW)
    with pytest.raises(Faults) as refused:
        ledger.append([finding("Ann", reviewer)], now=NOW)
    assert str(refused.value).startswith("entries[0].reviewer: found ")
    assert "expected another person than its author, Ann." in str(refused.value)
    assert ledger.head().size == 2


def test_a_review_without_an_author_is_refused() -> None:
    (fault,) = [fault for _, fault in own_faults([CASE, REPORT, finding("", "Ben")])]
    assert str(fault) == (
        "author: found nothing, expected who decided, where somebody reviewed. Name them."
    )


def test_two_persons_are_taken(tmp_path: Path) -> None:
    ledger = create(str(tmp_path / "a.ledger"), [CASE, REPORT], now=NOW)
    assert ledger.append([finding("Ann", "Ben")], now=NOW).size == 3


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            ReportRules(reply_hours=0),
            "reports.reply_hours: found 0, expected above 0, up to 8784.",
        ),
        (
            ReportRules(contradicted_ratio=0.5),
            "reports.no_evidence_ratio: found 0.5, 0.333333, 20, expected"
            " contradicted_ratio <= no_evidence_ratio < 1 < corroborated_ratio.",
        ),
    ],
)
def test_rules_that_cannot_hold_are_refused(rules: ReportRules, told: str) -> None:
    header = CaseHeader(title="A case", zone="UTC", opens=date(2024, 1, 1), reports=rules)
    assert [str(fault) for _, fault in own_faults([entry("case", header)])] == [told]
