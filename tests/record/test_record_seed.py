"""The seed minutes, read: what a historian would check by hand.

tests/record/data/seed-meeting-24.txt is raw scan text of a public-domain record (see its README).
"""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from excomm.record import Directive, Person, Record, read

SEED = (Path(__file__).parent / "data" / "seed-meeting-24.txt").read_text(encoding="utf-8")
MEETING = datetime(1962, 11, 12, 11, tzinfo=timezone(-timedelta(hours=5)))


@pytest.fixture(scope="module")
def record() -> Record:
    return read(SEED, meeting=MEETING, zone=ZoneInfo("America/New_York"))


def _directive(record: Record, words: str) -> Directive:
    return next(one for one in record.directives if words in SEED[one.start : one.end])


def test_every_speaker_turn_of_page_one_is_right(record: Record) -> None:
    page_two = SEED.index("- 2 -")
    turns = [(one.speaker, one.act, one.verb) for one in record.statements if one.end < page_two]
    assert turns == [
        ("Taylor", "replied", "said"),
        ("President", "suggested", "suggested"),
        ("McNamara", "said", "said"),
        ("McNamara", "suggested", "suggested"),
        ("McNamara", "undertook", "said"),
        ("McCone", "reported", "summarized"),
        ("McCone", "commented", "called attention"),
        ("President", "commented", "commented"),
        ("Rusk", "reported", "reported"),
        ("Stevenson", "reported", "reviewed"),
        ("Stevenson", "commented", "commented"),
    ]


def test_unattributed_sentences_belong_to_the_last_speaker(record: Record) -> None:
    taylor = record.statements[0]
    assert SEED[taylor.start : taylor.end].endswith("Other forces have been reduced to DEFCON 3.")


def test_the_refugees_are_to_be_asked_within_24_hours_of_the_meeting(record: Record) -> None:
    found = _directive(record, "interrogate every Cuban refugee")
    assert (found.from_, found.to, found.strength) == ("President", "our officials", "hard")
    assert found.due == "within twenty-four hours"
    assert found.due_at == datetime(1962, 11, 13, 16, tzinfo=UTC)


def test_the_reply_to_the_media_is_due_promptly_which_is_no_instant(record: Record) -> None:
    found = _directive(record, "check every press, radio and TV report")
    assert (found.due, found.due_at, found.due_reason) == ("promptly", None, "names no time")


def test_the_statement_for_the_four_o_clock_meeting_is_due_at_16_00_that_day(
    record: Record,
) -> None:
    found = _directive(record, "a short statement be prepared")
    assert found.due == "at a 4:00 meeting"
    assert found.due_at == datetime(1962, 11, 12, 21, tzinfo=UTC)
    assert found.to is None  # the passive names nobody


def test_the_day_and_hour_come_from_the_heading_where_nobody_gives_them() -> None:
    found = _directive(read(SEED, zone=ZoneInfo("America/New_York")), "interrogate every")
    assert found.due_at == datetime(1962, 11, 13, 16, tzinfo=UTC)
    assert read(SEED).meeting == datetime(1962, 11, 12, 11)  # noqa: DTZ001 - no zone is known


def test_assurances_not_guarantee_and_who_says_guarantee_afterwards(record: Record) -> None:
    (rule,) = record.wording_rules
    assert (rule.use, rule.avoid, rule.by) == ("assurances", "guarantee", "President")
    assert rule.scope == "in all papers discussing a co-invasion pledge"
    assert [(one.speaker, one.doubt) for one in rule.broken] == [
        ("McCloy", ""),
        ("Attorney General", "may speak of something else"),
    ]


def test_stamps_also_garbled_ones_are_marks_and_no_statements(record: Record) -> None:
    shown = [(one.kind, SEED[one.start : one.end]) for one in record.marks]
    assert shown == [
        (
            "heading",
            "Summery Record of NSC Executive Committee Meeting No. 24 November 12, 1962"
            " -- 11:00 AM",
        ),
        ("stamp", "FOR SECRET - SINSITIVE"),
        ("stamp", "SANITIZED"),
        ("stamp", "NLV-80-89 BY MIM HARS, DATE 10 9 184"),
        ("stamp", "TOD SECRET - SENSITIVE"),
        ("page", "- 2 -"),
        ("stamp", "TOP SECRET - SENSITIVE"),
        ("page", "- 3 -"),
        ("stamp", "TOP SECRET - SENSITIVE"),
        ("page", "- 4 -"),
        ("stamp", "-FOP SECRET SENSITIVE"),
        ("page", "- 5 -"),
        ("signature", "Bromley Smith"),
    ]


def test_a_garbled_speaker_is_repaired_where_sure_and_the_raw_text_stays(record: Record) -> None:
    at = SEED.index("Ambassalor Utevenson")
    found = [(one.raw, one.fixed) for one in record.repairs if at <= one.start < at + 20]
    assert found == [("Ambassalor", "Ambassador"), ("Utevenson", "Stevenson")]
    assert all(0 < one.certainty <= 1 for one in record.repairs)
    assert all(SEED[one.start : one.end] == one.raw for one in record.repairs)
    speaker = next(one for one in record.statements if one.start == at)
    assert (speaker.speaker, speaker.act) == ("Stevenson", "urged")
    assert "Ambassador Stevenson again urged" in record.text


def test_figures_dates_and_designations_are_never_repaired(record: Record) -> None:
    assert not [one for one in record.repairs if any(c.isdigit() for c in one.raw)]


def test_questions_are_answered_or_open(record: Record) -> None:
    answers = {
        one.what[:28]: None
        if one.answered_by is None
        else record.statements[one.answered_by].speaker
        for one in record.questions
    }
    assert answers == {
        "whether we should give a gua": None,  # McCloy's; the President's was answered, below
        "how the U.S. could give an a": "Stevenson",
        "whether we should lift the q": None,
        "we must have some way in whi": "McCloy",
        "how we could prove that the ": None,
        "how we ensure the continuati": "McCone",
        "whether we should tell the C": "Stevenson",
        "The question is whether we s": None,
        "what we tell the American pe": None,
        "we had to decide whether to ": None,
        "If we decide on making a pac": None,
    }
    first = record.questions[0]
    assert (first.by, first.answered_by) == ("President", 17)


def test_the_package_has_its_branches_and_what_comes_before_it(record: Record) -> None:
    package = next(one for one in record.proposals if "package" in one.what)
    assert [one.if_ for one in package.branches][1:] == [
        "the Russians accepted",
        "they came back with counterproposals",
        "it is rejected",
    ]
    assert package.branches[1].then == "the transaction would be ended"
    assert package.before.startswith("presenting it to the Russians")


def test_the_roster_gives_full_names_and_leaves_the_short_one() -> None:
    roster = (
        Person(name="Adlai E. Stevenson", office="Ambassador to the United Nations"),
        Person(name="John F. Kennedy", office="President"),
    )
    record = read(SEED, roster)
    named = {one.speaker: one.person for one in record.statements}
    assert named["Stevenson"] == "Adlai E. Stevenson"
    assert named["President"] == "John F. Kennedy"
    assert named["Rusk"] == ""


def test_the_json_form_holds_what_others_rely_on(record: Record) -> None:
    built = msgspec.json.decode(record.to_json())
    assert {
        "statements",
        "directives",
        "proposals",
        "questions",
        "wording_rules",
        "marks",
        "repairs",
        "text",
    } <= built.keys()
    assert {"speaker", "act", "start", "end"} <= built["statements"][0].keys()
    due = next(one for one in built["directives"] if one["due"] == "within twenty-four hours")
    assert {"start", "end", "from", "to", "what", "due", "due_at"} <= due.keys()
    assert due["due_at"] == "1962-11-13T11:00-05:00"
    assert {"start", "end", "raw", "fixed", "certainty"} <= built["repairs"][0].keys()
