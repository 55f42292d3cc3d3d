"""Who says what, in the forms that minutes take. Snippets marked FRUS are of public-domain records
(Foreign Relations of the United States 1961-63 XI, 1964-68 II), their readings from the gold made
for them."""

import pytest

from excomm.record import Person, Record, read


def _acts(text: str, *roster: Person) -> list[tuple[str, str]]:
    return [(one.speaker, one.act) for one in read(text, roster).statements]


def test_where_all_is_speech_a_name_that_comes_once_speaks_too() -> None:
    text = (
        "Notes of 5 March 2025\n\nOKORO: Where are the remaining drones?\n"
        "LIND: We ship the last twelve by 10 March.\n"
        "OKORO: Agreed.\nNOTE: The tape was changed here.\n"
    )
    assert [one.speaker for one in read(text).statements][:3] == ["Okoro", "Lind", "Okoro"]
    assert "Note" not in {one.speaker for one in read(text).statements}
    told = "Mr. Okoro said that the port was open.\n\nNote: The tape was changed here."
    assert {one.speaker for one in read(told).statements} == {"Okoro"}


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        # FRUS XI, 114
        (
            "The President agreed that no air reconnaissance missions would be flown over Cuba"
            " today or tomorrow, but he directed that every effort be made to get UN surveillance"
            " under way as soon as possible.",
            [("President", "agreed"), ("President", "directed")],
        ),
        # FRUS XI, 131
        (
            "Following a discussion of reprisals to be taken if a U.S. reconnaissance plane is"
            " shot down over Cuba, the President decided that no retaliation would take place"
            " today.",
            [("President", "decided")],
        ),
        # FRUS XI, 162
        (
            "The President said the key issue is whether we lift the quarantine. Do we resume the"
            " quarantine? He thought we would know more in twenty-four hours.",
            [("President", "said"), ("President", "asked"), ("President", "said")],
        ),
        # FRUS XI, 226
        (
            "The group agreed that a standstill posture should be maintained in New York.",
            [("group", "agreed")],
        ),
        (
            "In response to the Chairman's comment that the port was closed, Dr. Orme said it"
            " was not.",
            [("Orme", "replied")],
        ),
        ("The survey, Mr. Bell said, was late.", [("Bell", "said")]),
        ("It was the President's view that nothing should be sent.", [("President", "said")]),
        (
            "Secretary Hale and General Pike agreed. Several Council members objected.",
            [("Hale and Pike", "agreed"), ("Several members", "objected")],
        ),
        (
            "Mr. Bell, who had seen the port, warned against haste.",
            [("Bell", "cautioned")],
        ),
        ("Mr. Bell asked Mr. Orme to draft a letter.", [("Bell", "directed")]),
        ("Mr. Bell asked Mr. Orme whether a letter had come.", [("Bell", "asked")]),
        ("Mr. Bell said he would draft a letter.", [("Bell", "undertook")]),
        ("Mr. Bell said he would prefer a letter.", [("Bell", "said")]),
    ],
)
def test_a_sentence_has_its_speaker_and_its_act(text: str, acts: list[tuple[str, str]]) -> None:
    assert _acts(text) == acts


@pytest.mark.parametrize(
    "text",
    [
        "There followed a discussion of the next steps.",
        "A press release was revised and approved.",
        "It was decided that nothing would be said.",
        "The meeting adjourned at noon.",
        "Weather conditions ruled out flights.",
    ],
)
def test_the_rapporteurs_own_sentences_are_nobodys_statements(text: str) -> None:
    record = read(f"1. {text}")
    assert record.statements == ()
    assert [one.kind for one in record.marks] == ["narration"]


def test_a_message_quoted_from_outside_is_told_by_whoever_speaks() -> None:
    text = "Mr. Bell reported a message. Premier Orlov said in his message that he would wait."
    assert _acts(text) == [("Bell", "reported")]


def test_names_before_a_colon_speak_in_their_own_words() -> None:
    # FRUS 1964-68 II, 80
    text = (
        "Senator Mansfield: Why cannot we handle this matter through the United Nations?\n\n"
        "The President: This cannot be done.\n\n"
        "Several Council members explained the nature of the decision.\n\n"
        "The President: We should hold the announcement until we have talked to Ambassador Taylor"
        " by phone. The word “orderly” should be taken out of the announcement."
    )
    record = read(text)
    assert [(one.speaker, one.act) for one in record.statements] == [
        ("Mansfield", "asked"),
        ("President", "replied"),
        ("Several members", "replied"),
        ("President", "directed"),
        ("President", "directed"),
    ]
    assert record.questions[0].answered_by == 1
    assert record.wording_rules[0].avoid == "orderly"


def test_a_list_under_a_bodys_name_says_what_the_body_did() -> None:
    text = (
        "The National Security Council:\n\na. Noted the report.\n\n"
        "b. Agreed that the Secretary of Defense should submit a study by June 3."
    )
    record = read(text)
    assert [(one.speaker, one.act) for one in record.statements] == [
        ("National Security Council", "commented"),
        ("National Security Council", "agreed"),
    ]
    assert record.directives[0].to == "Secretary of Defense"


def test_i_is_whoever_signs() -> None:
    text = "Memorandum for the Record\n\nI asked why. General Pike replied.\n\nJohn A. Varga\n"
    assert _acts(text) == [("Varga", "asked"), ("Pike", "replied")]


def test_surnames_alone_speak_where_the_record_calls_everybody_so() -> None:
    text = "Hale asked if the port was open. Pike said it was. Hale agreed."
    assert _acts(text) == [("Hale", "asked"), ("Pike", "said"), ("Hale", "agreed")]


def test_an_office_becomes_its_holder_where_the_roster_knows_him() -> None:
    text = "The Secretary of Defense reported on the quarantine."
    holder = Person(name="Robert S. McNamara", office="Secretary of Defense")
    assert _acts(text) == [("Secretary of Defense", "reported")]
    assert _acts(text, holder) == [("McNamara", "reported")]


def test_two_people_of_one_surname_are_doubtful_and_never_guessed() -> None:
    roster = (Person(name="Ann Bell"), Person(name="John Bell"))
    (one,) = read("Mr. Bell said no.", roster).statements
    assert (one.speaker, one.person, one.doubt) == ("Bell", "", "Bell: Ann Bell or John Bell")


def test_two_people_of_one_surname_are_told_apart_by_title() -> None:
    roster = (Person(name="General Ann Bell"), Person(name="Ambassador John Bell"))
    (one,) = read("General Bell said no.", roster).statements
    assert one.person == "General Ann Bell"


def test_withheld_spans_are_marks_inside_the_statement() -> None:
    text = "Mr. Bell said the [2 lines not declassified] was late."
    record = read(text)
    (one,) = record.statements
    assert (one.start, one.end) == (0, len(text))
    assert [text[m.start : m.end] for m in record.marks] == ["[2 lines not declassified]"]


def test_a_sentence_goes_on_over_a_page_break() -> None:
    text = (
        "Mr. Bell said that the ships which had left the port on Monday\n\nTOP SECRET\n\n- 2 -\n\n"
        "would be back by Friday. He was sure of it."
    )
    record = read(text)
    assert [text[m.start : m.end] for m in record.marks] == ["TOP SECRET", "- 2 -"]
    assert [(one.start, one.act) for one in record.statements] == [
        (0, "said"),
        (text.index("He was"), "said"),
    ]


def test_a_scan_gets_its_stops_hyphens_and_titles_back() -> None:
    # CIA-RDP80B01676R002600090026-9 as scanned; a public-domain record of action.
    text = (
        "1, Director McCone presented the current intelligence. Mr, Salinger was\n"
        "authorized to inform the press,\n"
        "2. Secretary McNamara reported on a system to safeguard against navi-\n"
        "gational errors.\n"
    )
    assert read(text).text == (
        "1. Director McCone presented the current intelligence. Mr. Salinger was\n"
        "authorized to inform the press.\n"
        "2. Secretary McNamara reported on a system to safeguard against navigational errors.\n"
    )


def test_a_name_that_may_be_another_persons_is_left_as_it_stands() -> None:
    text = "Mr. Thompson said yes. Mr. Thompson said no. Mr. Thomson asked why."
    record: Record = read(text)
    assert record.repairs == ()
    assert record.statements[-1].speaker == "Thomson"


ROSTER = (
    Person(name="Anna Brandt", office="Head of Mission", aliases=("HoM",)),
    Person(name="Piet Sorel", office="Chief Logistics Officer", aliases=("CLO",)),
    Person(name="Maria Ortiz", aliases=("Red Liaison",)),
)


@pytest.mark.parametrize(
    ("text", "speaker", "person"),
    [
        ("The Head of Mission asked whether it was so.", "Brandt", "Anna Brandt"),
        ("After coffee the Head of Mission asked whether it was so.", "Brandt", "Anna Brandt"),
        ("HoM asked whether it was so.", "Brandt", "Anna Brandt"),
        ("The Chief Logistics Officer said it was so.", "Sorel", "Piet Sorel"),
        ("Red Liaison objected to the search.", "Ortiz", "Maria Ortiz"),
        ("In answer to a question by CLO, Ortiz said no.", "Ortiz", "Maria Ortiz"),
    ],
)
def test_an_office_or_another_name_on_the_roster_is_the_person(
    text: str, speaker: str, person: str
) -> None:
    found = [(one.speaker, one.person) for one in read(text, ROSTER).statements]
    assert found == [(speaker, person)]


def test_a_note_between_the_speeches_is_nobodys_and_goes_to_nobody() -> None:
    record = read(
        "Brandt: Where are the trucks?\nSorel: Two are here.\nNote: coffee was served.\n"
        "Brandt: Sorel, find the third by noon."
    )
    assert [(one.speaker, one.act) for one in record.statements] == [
        ("Brandt", "asked"),
        ("Sorel", "replied"),
        ("Brandt", "directed"),
    ]
    assert [one.to for one in record.directives] == ["Sorel"]


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Mr. Orr asked. I said it was shut. He asked why.\n\nR. Dorn", ["Orr", "Dorn", "Orr"]),
        ("Mrs. Ashe asked why. Mr. Bell said he knew. She thanked him.", ["Ashe", "Bell", "Ashe"]),
        ("Mr. Bell said yes. Mrs. Ashe said no. He objected.", ["Bell", "Ashe", "Bell"]),
        ("(Mr. Bell joined the meeting.) He asked why.", ["Bell"]),
        ("The Clerk read it. In these circumstances the Clerk said no.", ["Clerk", "Clerk"]),
        ("Ms. Thorpe asked why. The Clerk said that he did not know.", ["Thorpe", "Clerk"]),
    ],
)
def test_he_and_she_are_whoever_spoke_or_was_named(text: str, speakers: list[str]) -> None:
    assert [one.speaker for one in read(text).statements] == speakers
