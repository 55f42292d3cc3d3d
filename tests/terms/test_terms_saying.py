"""The agreement in plain English, and what a changed text says otherwise."""

from excomm.case import Case
from excomm.folder import read_agreement
from excomm.terms import say, say_changes

TEXT = """
title: A ship for a promise
parties: {A: United Aland, B: Bland}
not_party: {X: Xland}
items: {crate: {unit: crates}}
undertakings:
  - {id: P-1, by: A, to: [B], modality: must, kind: achieve, what: land the crates,
     starts: 2030-05-01, due: {P14D after: starts, last_day: 2030-05-15}, evidence_by: P3D,
     quantity: {item: crate, number: 42, unit: crates}, verification: [tally, overflight]}
  - {id: P-2, by: B, to: [A], modality: must, kind: achieve, what: release the ship,
     condition: {in_force: P-1}, due: {PT24H after: condition}}
  - {id: P-3, by: A, modality: must_not, kind: maintain, what: load crates,
     condition: {any: [{all: [{fulfilled: P-1}, {requested_by: B}]}, {not: {accepted_by: X}}]},
     ends: {with: P-2}, leaves_free: [load coal]}
packages:
  - {id: PK, by: A, to: [B], undertakings: [P-1, P-2], if_rejected: we wait}
"""


def test_each_undertaking_is_a_paragraph_with_its_start_deadline_means_and_who_acts_first() -> None:
    assert say(read_agreement(TEXT)) == (
        "A ship for a promise. Between United Aland and Bland. Xland never accepted it and is not"
        " bound by it. Its days are those of UTC.\n\n"
        "P-1: United Aland must land the crates, 42 crates (owed to Bland). It begins on"
        " 1 May 2030. It must be done within 14 days after its start (that is, by 15 May 2030)."
        " Evidence may come until three days after the deadline. It is verified by tally and"
        " overflight.\n\n"
        "P-2: Bland must release the ship (owed to United Aland). It binds only once P-1 is in"
        " force. P-1 is that United Aland must land the crates. So Bland acts first, on the promise"
        " of United Aland (P-1), which need not have been kept by then. It must be done within"
        " 24 hours after its condition is met. No means of verification is agreed.\n\n"
        "P-3: United Aland must not load crates. It binds only once (P-1 is fulfilled and Bland"
        " asks for it) or it is not so that Xland accepts. P-1 is that United Aland must land the"
        " crates. It ends when P-2 ends. No means of verification is agreed. It leaves free: load"
        " coal.\n\n"
        "PK, offered by United Aland to Bland. It joins two undertakings: P-1 and P-2. Before it is"
        " put: not said. If it is accepted: not said. If it is countered: not said. If it is"
        " rejected: we wait.\n"
    )


def test_a_changed_text_says_what_it_says_otherwise() -> None:
    changed = TEXT.replace("last_day: 2030-05-15", "last_day: 2030-05-14").replace(
        "  - {id: PK", "  - {id: PL"
    )
    assert say_changes(read_agreement(TEXT), read_agreement(TEXT)) == ""
    said = say_changes(read_agreement(TEXT), read_agreement(changed))
    assert said.splitlines()[:3] == [
        "Changed, P-1:",
        "- It must be done within 14 days after its start (that is, by 15 May 2030).",
        "+ It must be done within 14 days after its start (that is, by 14 May 2030).",
    ]
    assert "No longer there:\n- PK, offered" in said
    assert "Added:\n+ PL, offered" in said


def test_the_readings_of_the_parties_are_said_side_by_side() -> None:
    told = say(Case.open("cuba-1962").on("1962-11-12").facts)
    assert "The United States reads it so: the exchange of letters covers the IL-28s" in told
    assert "it binds only once the Soviet Union accepts" in told
    assert "So the United States acts first, on the promise of the Soviet Union (CU-4)" in told
