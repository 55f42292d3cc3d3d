"""What the parties change later, in the form of the agreement file."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from excomm.errors import InputError
from excomm.terms import Status

Judge = Callable[[str, str], Mapping[str, Status]]

TEXT = """
parties: {A: Aland, B: Bland}
items: {gun: {unit: guns}}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: destroy guns, starts: 2030-01-01,
     due: 2030-03-01, quantity: {item: gun, number: 10, unit: guns}}
  - {id: V, by: B, to: [A], modality: must, kind: achieve, what: leave, condition: {fulfilled: U}}
  - {id: K, by: A, to: [B], modality: must, kind: maintain, what: keep out, starts: 2030-01-01,
     ends: 2030-12-31}
events:
"""


def amended(kind: str, about: str, fields: str, held: str = "established") -> str:
    return (
        f"  - {{id: E1, date: 2030-02-01, kind: {kind}, party: [A, B], about: [{about}], "
        f"assurance: {held}, {fields}}}\n"
    )


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ("due: 2030-04-01", "2030-04-01"),
        ("set: {due: 2030-04-01}", "2030-04-01"),
        ("set: {due: {P60D after: E1}}", "2030-04-02"),
        ("set: {due: {P60D after: starts, last_day: 2030-03-31}}", "2030-03-31"),
        ("set: {due: {date: 2030-04-01, renewable: true}}", "2030-04-01"),
    ],
)
def test_a_deadline_is_set_anew_in_any_form(status: Judge, fields: str, due: str) -> None:
    found = status(TEXT + amended("amended", "U", fields), "2030-02-02")["U"]
    assert found.due is not None
    assert found.due.date().isoformat() == due
    assert status(TEXT + amended("amended", "U", fields), "2030-03-15")["U"].decides == ("E1",)


def test_an_extension_of_what_lasts_moves_its_end(status: Judge) -> None:
    text = TEXT + amended("extended", "K", "due: 2031-12-31")
    assert status(text, "2031-06-01")["K"].state == "in_force"
    assert status(TEXT, "2031-06-01")["K"].state == "fulfilled"


def test_conditions_and_amounts_may_be_changed_or_removed(status: Judge) -> None:
    removed = TEXT + amended("amended", "V", "set: {condition: none, starts: 2030-02-10}")
    assert status(removed, "2030-02-09")["V"].state == "pending"
    assert status(removed, "2030-02-10")["V"].starts == datetime(2030, 2, 10, tzinfo=UTC)
    changed = TEXT + amended(
        "amended", "V", "set: {condition: {any: [{counted: U, at_least: 5}, {accepted_by: A}]}}"
    )
    found = status(changed, "2030-02-10")["V"]
    assert found.missing == ("five counted under U or acceptance by Aland",)
    count = (
        "  - {id: E2, date: 2030-02-05, kind: count, about: [U], assurance: established, "
        "value: {item: gun, total: 5}}\n"
    )
    assert status(changed + count, "2030-02-10")["V"].state == "in_force"
    fewer = TEXT + amended("amended", "U", "set: {quantity: {item: gun, number: 5}}") + count
    assert status(fewer, "2030-02-10")["U"].state == "fulfilled"


def test_one_side_alone_amends_nothing(status: Judge) -> None:
    text = TEXT + amended("amended", "U", "set: {due: 2031-01-01}", "claimed")
    assert status(text, "2030-03-02")["U"].state == "unverifiable"


def test_an_obligor_cannot_put_off_by_his_word_what_already_binds_him(status: Judge) -> None:
    promise = "  - {id: E1, date: 2030-02-01, kind: accepted, party: A, about: [U, K], "
    promise += "due: 2030-06-01, assurance: established}\n"
    found = status(TEXT + promise, "2030-03-02")
    assert found["U"].state == "unverifiable"
    assert found["K"].state == "in_force"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("set: {deadline: 2030-04-01}", "E1: set.deadline: found deadline, expected a field of"),
        ("set: {due: 2030-02-31}", "E1: set.due: found 2030-02-31, expected a day that"),
        ("set: {due: {next: E2}}", "E1: set.due: found the key next, expected one of after, P14D"),
        ("set: {by: none}", "E1: set.by: found none, expected a value. An undertaking is none"),
        (
            "set: {condition: {perhaps: U}}",
            "E1: set.condition: found the key perhaps, expected",
        ),
        (
            "set: {due: {P1M2H after: E1}}",
            "E1: set.due: found P1M2H, expected an ISO 8601",
        ),
    ],
)
def test_an_amendment_out_of_form_is_refused_by_name(
    status: Judge, fields: str, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        status(TEXT + amended("amended", "U", fields), "2030-02-02")
    assert str(refused.value).startswith(message)
