"""What each role may do, asked of the one function that decides and of the ledger's door."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from excomm import folder, ledger
from excomm.desk.guarded import Guarded
from excomm.desk.office import Reader
from excomm.desk.roles import GRANTS, NEEDS, Doing, Role, doings, may
from excomm.desk.served import Served
from excomm.entries import KINDS, Day, Entry, EntryId
from excomm.errors import InputError

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]
[markings]
levels = ["open", "secret"]
=== findings.csv
id,occurred,report,decision,text,author,by,marking
F1,2024-01-05,R1,no evidence,nothing there,anna,anna,open
F2,2024-01-06,R1,undetermined,SECRET,anna,anna,secret
=== reports.csv
id,occurred,allegation,outlet,marking
R1,2024-01-04,boats in the port,,open
"""


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_it_is_for_and_nothing_else(role: Role) -> None:
    table = {
        Role.READER: "read",
        Role.RECORDER: "read, enter",
        Role.ANALYST: "read, enter, assess, export",
        Role.CHECKER: "read, check",
        Role.REVIEWER: "read, review, export",
        Role.SPOKESPERSON: "read, speak, export",
        Role.SOURCE_KEEPER: "read, enter, keep sources, export",
        Role.CUSTODIAN: "people",
    }
    assert ", ".join(doing for doing in Doing if may([role], doing)) == table[role]
    assert doings([role]) == GRANTS[role]


def test_every_kind_that_needs_more_is_a_kind() -> None:
    assert set(NEEDS) <= set(KINDS)


def test_no_roles_may_nothing() -> None:
    assert not any(may([], doing) for doing in Doing)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    where = tmp_path / "small.ledger"
    ledger.create(where, folder.read_text(CASE, now=NOW).entries, now=NOW)
    return Served(str(where))


Guard = Callable[..., Guarded]


@pytest.fixture
def guard(served: Served) -> Guard:
    """The case as somebody with these roles may use it."""

    def guard(name: str, *roles: Role, cleared: str = "open") -> Guarded:
        held = doings(roles)
        reader = Reader(name, cleared, Doing.ENTER in held, held)
        return Guarded(served, reader, noted.append)

    noted.clear()
    return guard


noted: list[Entry] = []


def made(kind: str, said: str, entry_id: str = "N1", **head: Any) -> Entry:
    """An entry from its fields in JSON."""
    body: Any = msgspec.json.decode(said, type=KINDS[kind])
    return Entry(
        id=EntryId(entry_id), occurred=Day(date(2024, 1, 7)), recorded=NOW, body=body, **head
    )


def empty(kind: str) -> Any:
    """A body that says nothing: who may not enter it does not learn whether it is well formed."""
    fields = msgspec.structs.fields(KINDS[kind])
    return KINDS[kind](**{field.name: "" for field in fields if field.required})


COUNT = '{"entry":"count","item":"boats","number":3,"site":"port"}'
FINDING = '{"entry":"finding","report":"R1","decision":"no evidence","text":"nothing there"'


def refused(case: Guarded, entry: Entry) -> str:
    before = case.case().head
    with pytest.raises(InputError) as fault:
        case.append(lambda: entry, now=NOW)
    assert case.case().head == before and not noted
    return str(fault.value)


def test_what_somebody_enters_stands_under_his_name_unless_it_is_anothers_word(
    guard: Guard,
) -> None:
    case = guard("rosa", Role.RECORDER)
    case.append(lambda: made("count", COUNT), now=NOW)
    case.append(lambda: made("count", COUNT, "N2", by="A"), now=NOW)
    found = {str(entry.id): entry.by for entry in case.seen(None, "now", None).view.log}
    assert (found["N1"], found["N2"]) == ("rosa", "A")
    assert [entry.id for entry in noted] == ["N1", "N2"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_reader_enters_nothing_of_any_kind(guard: Guard, kind: str) -> None:
    entry = made("count", COUNT)
    entry = msgspec.structs.replace(entry, body=empty(kind))
    for roles in ((Role.READER,), (Role.CUSTODIAN,), ()):
        assert "expected what lena may enter" in refused(guard("lena", *roles), entry)


def test_a_recorder_does_not_judge(guard: Guard) -> None:
    said = refused(guard("rosa", Role.RECORDER), made("finding", FINDING + "}"))
    assert said == (
        "kind: found finding, expected what rosa may enter. "
        'Ask the custodian for a role that may "assess".'
    )


def test_a_judgement_is_never_given_as_anothers(guard: Guard) -> None:
    case = guard("bert", Role.ANALYST)
    entry = made("finding", FINDING + "}", by="anna")
    assert refused(case, entry).startswith("by: found anna, expected bert.")
    entry = made("finding", FINDING + ',"author":"anna"}')
    assert refused(case, entry).startswith("author: found anna, expected bert.")


def test_nobody_marks_what_he_could_not_read_himself(guard: Guard) -> None:
    said = refused(guard("rosa", Role.RECORDER), made("count", COUNT, marking="secret"))
    assert said.startswith("marking: found secret, expected one that you are cleared for.")


def test_the_reviewer_of_a_finding_is_never_its_author(guard: Guard) -> None:
    reviewed = FINDING + ',"author":"anna","reviewer":"%s"}'
    own = made("finding", reviewed % "anna", corrects="F1")
    for roles in ((Role.REVIEWER,), (Role.REVIEWER, Role.ANALYST)):
        said = refused(guard("anna", *roles), own)
        assert said.startswith("reviewer: found anna, expected somebody else than the author")
    # Nor is it reviewed in the name of another, in advance, or by changing what it says.
    bert = guard("bert", Role.REVIEWER, Role.ANALYST)
    assert "expected bert" in refused(bert, made("finding", reviewed % "carl", corrects="F1"))
    assert "nobody yet" in refused(bert, made("finding", FINDING + ',"reviewer":"bert"}'))
    other = reviewed.replace("nothing there", "boats there") % "bert"
    assert "nobody yet" in refused(bert, made("finding", other, corrects="F1"))
    guard("bert", Role.REVIEWER).append(
        lambda: made("finding", reviewed % "bert", corrects="F1"), now=NOW
    )
    assert [entry.by for entry in noted] == ["bert"]


def test_an_analyst_does_not_review(guard: Guard) -> None:
    entry = made("finding", FINDING + ',"author":"anna","reviewer":"bert"}', corrects="F1")
    assert 'may "review"' in refused(guard("bert", Role.ANALYST), entry)


def test_a_withdrawal_needs_what_the_entry_needed(guard: Guard) -> None:
    entry = made("correction", '{"entry":"correction","reason":"wrong"}', corrects="F1")
    assert 'may "assess"' in refused(guard("rosa", Role.RECORDER), entry)


def test_what_is_hidden_is_as_unknown_to_the_door(guard: Guard) -> None:
    case = guard("bert", Role.ANALYST)
    told = []
    for old in ("F2", "none"):
        entry = made("correction", '{"entry":"correction","reason":"wrong"}', corrects=old)
        told.append(refused(case, entry).replace(old, "ID"))
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", ["case", "break", "commitment", "erasure"])
def test_no_role_rewrites_what_the_ledger_rests_on(guard: Guard, kind: str) -> None:
    body = empty(kind)
    entry = msgspec.structs.replace(made("count", COUNT), body=body)
    assert "keep the ledger" in refused(guard("otto", *Role), entry)


def test_a_marking_is_lowered_by_who_did_not_propose_it(guard: Guard) -> None:
    said = '{"entry":"clearance","of":"F1","marking":"open","proposed_by":"%s","approved_by":"%s"}'
    own = made("clearance", said % ("bert", "bert"))
    assert "author of the proposal" in refused(guard("bert", Role.REVIEWER), own)
    other = made("clearance", said % ("anna", "carl"))
    assert refused(guard("bert", Role.REVIEWER), other).startswith("approved_by: found carl")


def test_a_guarded_case_gives_no_other_clearance_than_the_persons(guard: Guard) -> None:
    case = guard("lena", Role.READER)
    assert not [entry for entry in case.seen(None, "now", "secret").view.log if entry.id == "F2"]
