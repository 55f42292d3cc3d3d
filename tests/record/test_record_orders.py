"""Who is to do what, by when. The records behind snippets marked FRUS are in the public domain."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from excomm.record import Directive, read

WASHINGTON = ZoneInfo("America/New_York")
MONDAY = datetime(1962, 11, 12, 11, tzinfo=WASHINGTON)


def _only(text: str, meeting: datetime | date | None = MONDAY) -> Directive:
    (found,) = read(text, (), meeting, WASHINGTON).directives
    return found


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("within twenty-four hours", "1962-11-13T11:00"),
        ("within the next 48 hours", "1962-11-14T11:00"),
        ("by noon tomorrow", "1962-11-13T12:00"),
        ("by 4:30 p.m.", "1962-11-12T16:30"),
        ("by four o'clock", "1962-11-12T16:00"),
        ("by 9:00 tomorrow", "1962-11-13T09:00"),
        ("tomorrow morning", "1962-11-13T12:00"),
        ("this afternoon", "1962-11-12T18:00"),
    ],
)
def test_an_hour_is_that_instant(words: str, due: str) -> None:
    found = _only(f"The President asked that a report be prepared {words}.")
    assert found.due == words
    assert found.due_at is not None
    assert found.due_at.strftime("%Y-%m-%dT%H:%M") == due


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "1962-11-12"),
        ("tomorrow", "1962-11-13"),
        ("today or tomorrow", "1962-11-13"),
        ("later today", "1962-11-12"),
        ("during the day", "1962-11-12"),
        ("by Friday", "1962-11-16"),
        ("by the end of the week", "1962-11-18"),
        ("later this week", "1962-11-18"),
        ("within 15 days", "1962-11-27"),
        ("within two weeks", "1962-11-26"),
        ("by the end of the month", "1962-11-30"),
        ("by December 1", "1962-12-01"),
        ("not later than 3 January", "1963-01-03"),
        ("by tomorrow's meeting", "1962-11-13"),
    ],
)
def test_a_day_is_its_last_instant_in_the_meetings_zone(words: str, day: str) -> None:
    found = _only(f"The President asked that a report be prepared {words}.")
    assert found.due == words
    assert found.due_at is not None
    assert found.due_at.date() == date.fromisoformat(day)
    assert (found.due_at + timedelta(microseconds=1)).strftime("%H:%M") == "00:00"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("promptly", "names no time"),
        ("as soon as possible", "names no time"),
        ("until the ships have left", "hangs on an event"),
        ("before the next meeting", "the record does not say when the next meeting is"),
    ],
)
def test_what_names_no_time_has_no_instant_and_says_why(words: str, reason: str) -> None:
    found = _only(f"The President asked that a report be prepared {words}.")
    assert (found.due, found.due_at, found.due_reason) == (words, None, reason)


def test_an_hour_counts_over_a_change_of_the_clocks() -> None:
    # Clocks went back in New York on 28 October 1962: 24 hours are 24 hours.
    before = datetime(1962, 10, 27, 16, tzinfo=WASHINGTON)
    found = _only("The President asked that he be told within 24 hours.", before)
    assert found.due_at == datetime(1962, 10, 28, 20, tzinfo=UTC)


def test_without_a_date_nothing_is_due_at_an_instant_and_the_record_says_so() -> None:
    record = read("The President asked that a report be prepared today.")
    assert record.directives[0].due_at is None
    assert record.directives[0].due_reason == "the record gives no date of the meeting"
    assert len(record.warnings) == 1


def test_with_a_day_but_no_hour_only_hours_are_unknown() -> None:
    day = date(1962, 11, 12)
    hours = _only("The President asked that he be told within 24 hours.", day)
    assert (hours.due_at, hours.due_reason) == (
        None,
        "the record gives no time of day of the meeting",
    )
    assert _only("The President asked that he be told tomorrow.", day).due_at is not None


@pytest.mark.parametrize(
    ("text", "strength", "to"),
    [
        ("The President asked that Mr. Bell make this clear.", "hard", "Mr. Bell"),
        ("The President asked that thought be given to it.", "hard", None),
        ("The President directed the Treasury to report.", "hard", "Treasury"),
        # FRUS XI, 114
        ("The President authorized a public statement.", "decision", None),
        (
            "Secretary McNamara said he had directed that no planes fly anywhere.",
            "reported",
            None,
        ),
        # FRUS XI, 226
        (
            "It was decided that the Defense Department would release the facts.",
            "decision",
            "Defense Department",
        ),
        # FRUS XI, 162
        ("Five flights were authorized for tomorrow.", "decision", None),
        (
            "A press release was revised and approved for the Defense Department to issue.",
            "decision",
            "Defense Department",
        ),
        ("A message to Mr. Bell was to be drafted.", "hard", None),
        ("Mr. Bell was authorized to inform the press.", "decision", "Mr. Bell"),
        ("Secretary Hale suggested that two courses be studied.", "soft", None),
        ("Mr. Bell undertook to draft a letter.", "commitment", "Bell"),
        ("Mr. Bell said he would draft a letter.", "commitment", "Bell"),
    ],
)
def test_an_order_has_its_strength_and_whoever_is_named_to_do_it(
    text: str, strength: str, to: str | None
) -> None:
    found = _only(text)
    assert (found.strength, found.to) == (strength, to)


@pytest.mark.parametrize(
    "text",
    [
        "The President asked whether a report had been prepared.",
        "Day flights were authorized, and a decision on night flights was deferred.",
        "The group agreed that the posture should be maintained.",
        "General Pike was assured that the flights would be authorized.",
        "The President decided to postpone the matter.",
        "Mr. Bell said he would be glad.",
    ],
)
def test_what_orders_nothing_is_no_directive(text: str) -> None:
    assert read(text).directives == ()


def test_not_to_do_a_thing_is_never_read_as_doing_it() -> None:
    assert _only("It was decided not to inform the press.").what == "not to inform the press"
    found = _only("The President decided not to issue the order.")
    assert found.what == "not to issue the order"


def test_a_recommendation_approved_is_one_directive() -> None:
    text = "Mr. Bell recommended that the ships be held. The President approved this."
    found = _only(text)
    assert (found.strength, found.what) == ("approved-recommendation", "the ships be held")
    assert (found.start, found.end) == (0, len(text))


def test_two_orders_in_one_breath_are_two() -> None:
    text = "The President asked the Treasury to report today and asked me to see Mr. Bell tomorrow."
    assert [one.due for one in read(text).directives] == ["today", "tomorrow"]


def test_a_decision_takes_its_day_from_the_discussion_before_it() -> None:
    # FRUS XI, 131
    text = (
        "There followed a discussion of whether aerial reconnaissance should be carried out today."
        " The President authorized low-level flights."
    )
    assert _only(text).due == "today"


def test_a_time_in_the_next_sentence_belongs_to_the_order() -> None:
    text = "The President asked that a plan be drafted. It should be ready by Friday."
    assert _only(text).due == "by Friday"


def test_the_id_of_a_directive_stays_when_what_stands_around_it_changes() -> None:
    broken = "The President asked that a report be pre-\npared by Friday."
    whole = "The President asked that a report be prepared by Friday."
    found = {
        read(text).directives[0].id
        for text in (broken, whole, f"Mr. Bell said no.\n\n{whole}", f"{whole} He said no more.")
    }
    assert len(found) == 1


def test_the_same_order_given_twice_has_two_ids() -> None:
    order = "The President asked that a report be prepared."
    first, second = read(f"{order}\n\nMr. Bell said no.\n\n{order}").directives
    assert second.id == f"{first.id}-2"


def test_a_rule_on_the_form_of_a_document_is_wording_and_no_task() -> None:
    text = (
        "The President said he did not want any promises we might give to be included in any"
        " document more formal than a letter."
    )
    (one,) = read(text).directives
    assert (one.kind, one.strength) == ("wording", "hard")


def test_whoever_is_called_by_name_in_direct_speech_is_to_do_it() -> None:
    text = (
        "OKORO: Where are they?\nHAAS: On the pier.\n"
        "OKORO: Agreed. Haas, please draft a letter by tomorrow morning.\nHAAS: I will do so.\n"
        "OKORO: Agreed, please send it.\n"
    )
    assert [one.to for one in read(text).directives] == ["Haas", "Haas", None]


FORMS = [
    tuple(part.strip() for part in line.split("|", 2))
    for line in (Path(__file__).parent / "data/orders.txt").read_text().splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("strength", "to", "text"), FORMS, ids=[row[2] for row in FORMS])
def test_a_form_of_order_is_told_from_what_only_looks_like_one(
    strength: str, to: str, text: str
) -> None:
    found = [(one.strength, one.to or "") for one in read(text).directives]
    assert found == ([] if strength == "none" else [(strength, to)])
