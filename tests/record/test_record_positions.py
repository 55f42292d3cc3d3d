"""Issues, positions and contradictions, attachments, and the search across meetings."""

import json
import subprocess
import sys

import pytest

from excomm.case import Case
from excomm.errors import InputError
from excomm.record import Issue, SaidIndex, Tagger, contradictions, positions, read
from excomm.record.issues import stem
from excomm.record.wording import breaches

ISSUES = (
    Issue(id="barges", name="fuel barges", names=("the tankers",)),
    Issue(id="U-1", name="U-1", words="withdraw the patrols from the inner harbour"),
    Issue(id="U-2", name="U-2", words="open the locks to inspection"),
    Issue(id="U-10", name="U-10", words="publish the register of cargoes"),
)
TEXT = """Summary Record of the Meeting, May 4, 1970, 10 a.m.

Mr. Bell recommended that we withdraw the patrols at once.

General Pike objected. He said the patrols should not be withdrawn before the locks were inspected.

Mr. Orme said that the locks could be inspected in two days. The register should be published.

The President asked about the tankers.
"""


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("the fuel barge had left", ("barges",)),
        ("three of the tankers", ("barges",)),
        ("He would withdraw the patrol.", ("U-1",)),
        ("an inspection of the lock", ("U-2",)),
        ("It was a fine day.", ()),
    ],
)
def test_a_passage_is_tagged_by_names_and_by_the_words_of_one_undertaking(
    words: str, tags: tuple[str, ...]
) -> None:
    assert Tagger(ISSUES).tags(words) == tags


def test_the_name_of_a_party_marks_no_issue() -> None:
    issues = (Issue(id="U-3", name="U-3", words="remove the guns from Cuba"),)
    assert Tagger(issues).tags("Cuba protested.") == ("U-3",)
    assert Tagger(issues, ["Cuba"]).tags("Cuba protested.") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("invade", "invasion"), ("inspected", "inspections"), ("assure", "assurance")],
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_positions_stand_in_the_order_spoken_with_their_stance() -> None:
    found = positions("m", read(TEXT), Tagger(ISSUES))
    assert [(one.issue, one.speaker, one.stance) for one in found] == [
        ("U-1", "Bell", "for"),
        ("U-1", "Pike", "says"),
        ("U-2", "Pike", "says"),
        ("U-2", "Orme", "says"),
        ("U-10", "Orme", "says"),
        ("barges", "President", "asks"),
    ]


def test_an_objection_to_what_was_just_put_forward_is_a_contradiction_with_its_reason() -> None:
    text = "Mr. Bell proposed that the locks be opened. General Pike opposed opening the locks."
    (one,) = contradictions(positions("m", read(text), Tagger(ISSUES)))
    assert (one.issue, one.one.speaker, one.other.speaker) == ("U-2", "Bell", "Pike")
    assert one.why == "Pike objects to what Bell put forward"


def test_should_and_should_not_of_one_deed_exclude_each_other() -> None:
    text = (
        "Mr. Bell said we should inspect the locks in winter. Mr. Bell said no more. General Pike"
        " said we should not inspect the locks in winter."
    )
    (one,) = contradictions(positions("m", read(text), Tagger(ISSUES)))
    assert one.why == (
        "“should inspect the locks in winter” against “should not inspect the locks in”"
    )


def test_one_person_does_not_contradict_himself() -> None:
    text = "Mr. Bell said we should open the locks. Mr. Bell said we should not open the locks."
    assert contradictions(positions("m", read(text), Tagger(ISSUES))) == ()


def test_the_search_finds_every_form_of_a_word_and_no_longer_id() -> None:
    index = SaidIndex([("m", read(TEXT))], Tagger(ISSUES))
    assert [one.speaker for one in index.find("withdrawing patrol")] == ["Bell"]
    assert [one.issues for one in index.find(issue="U-1")] == [("U-1",), ("U-1", "U-2")]
    assert [one.speaker for one in index.find(speaker="pike", act="objected")] == ["Pike"]
    assert index.find('"; DROP TABLE said; --') == ()
    with pytest.raises(InputError) as refused:
        index.find(" - ")
    assert str(refused.value) == (
        "words: found ' - ', expected a word, a speaker, an act or an issue."
    )


def test_papers_that_are_attached_are_named() -> None:
    text = (
        "A press release was revised and approved, copy attached. His talking paper is attached."
        " Also attached is the transcript of the briefing at 10:00 a.m. The figures are at Tab B."
    )
    assert [one.what for one in read(text).attachments] == [
        "A press release",
        "His talking paper",
        "the transcript of the briefing at 10:00 a.m",
        "Tab B",
    ]


def test_a_wording_rule_of_one_meeting_is_held_against_the_next() -> None:
    rule = read('The President asked that the word "pledge" be avoided.').wording_rules[0]
    (one,) = breaches(rule, read("Mr. Bell said no. Mr. Orme said we would give a pledge."))
    assert (one.speaker, one.doubt) == ("Orme", "")


def test_a_case_gives_its_positions_and_refuses_an_issue_it_does_not_have() -> None:
    view = Case.open("cuba-1962").on("1962-11-12")
    assert {one.speaker for one in view.positions("CU-8")} == {"McCloy", "President", "Rusk"}
    with pytest.raises(InputError, match=r"^issue: found CU-88, expected an item or"):
        view.positions("CU-88")
    with pytest.raises(InputError, match=r"^issue: found CU-88, expected an item or"):
        view.said(issue="CU-88")
    with pytest.raises(InputError, match=r"^act: found askd, expected one of said, asked, replied"):
        view.said(act="askd")


def test_what_a_reader_may_not_see_is_not_found() -> None:
    view = Case.open("cuba-1962").on("1962-11-12", cleared="open")
    assert view.positions() == ()
    assert view.said("quarantine") == ()


def _run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "excomm.cli", "record", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_search_of_a_case_answers_no_with_exit_1() -> None:
    found = json.loads(_run("search", "cuba-1962", "losing credibility", "--json").stdout)
    assert [(one["speaker"], one["issues"]) for one in found] == [("President", ["CU-8"])]
    none = _run("search", "cuba-1962", "zebra")
    assert (none.returncode, none.stderr) == (1, "cuba-1962: nothing said fits.\n")


def test_who_says_at_another_meeting_what_he_denied_before_is_shown_with_both_meetings() -> None:
    tagger = Tagger(ISSUES)
    before = positions("m1", read("Mr. Bell said we should withdraw the patrols."), tagger)
    after = positions("m2", read("Mr. Bell said we should not withdraw the patrols."), tagger)
    (one,) = contradictions((*before, *after))
    assert (one.one.minutes, one.other.minutes, one.one.speaker) == ("m1", "m2", "Bell")
    # Within one meeting a person's own second thought is no contradiction between two.
    alone = read(
        "Mr. Bell said we should withdraw the patrols. He said we should not withdraw them."
    )
    assert contradictions(positions("m", alone, tagger)) == ()
