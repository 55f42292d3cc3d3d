"""Which earlier finding a report repeats. All findings and reports here are invented."""

import datetime as dt
import random
import time

import pytest

from excomm.reports import Earlier, Match, Matcher, Report

PUBLISHED = dt.datetime(1971, 5, 12, 18, tzinfo=dt.UTC)
NAMES = {"tnk": "T-54 tanks", "aa": "SA-2 anti-aircraft missiles", "bmb": "IL-28 bombers"}
DONE = {"in": "arrived at", "out": "were taken out of", "up": "are being set up near"}


def finding(
    number: int,
    item: str = "tnk",
    action: str = "out",
    place: str = "Porto Verde",
    day: int = 9,
    count: int = 12,
) -> Earlier:
    text = f"{count} {NAMES[item]} {DONE[action]} {place} on {day} May 1971."
    date = dt.date(1971, 5, day)
    return Earlier(
        id=f"F{number}",
        item=item,
        action=action,
        place=place,
        lat=9.0,
        lon=-40.0,
        date=date,
        count=count,
        text=text,
    )


FINDINGS = (
    finding(1),
    finding(2, place="Alta Mira"),
    finding(3, item="aa"),
    finding(4, day=6),
    finding(5, action="in"),
    finding(6, item="bmb", place="Castelo", day=3, count=6),
    finding(7, item="aa", action="up", place="Castelo", day=8, count=24),
    finding(8, item="bmb", action="in", place="Alta Mira", day=10, count=4),
    finding(9, item="tnk", action="up", place="Serra Nova", day=1, count=20),
    finding(10, item="bmb", action="up", place="Serra Nova", day=11, count=5),
)
MATCHER = Matcher(FINDINGS)


def match(text: str, published: dt.datetime | None = PUBLISHED) -> Match:
    return MATCHER.match(Report(id="R", text=text, published=published))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dozen battle tanks left Porto Verde on 9 May, says a driver.", "F1"),
        ("A dozen battle tanks left Alta Mira on 9 May, says a driver.", "F2"),
        ("A dozen ground-to-air rockets left Porto Verde on 9 May.", "F3"),
        ("A dozen armoured vehicles were hauled away from Porto Verde on 6 May.", "F4"),
        ("A dozen armoured vehicles rolled into Porto Verde on 9 May.", "F5"),
        ("Half a dozen jet bombers were withdrawn from Castelo (03/05).", "F6"),
        ("Tanks have been deployed around Serra Nova, twenty of them, since 1 May", "F9"),
    ],
)
def test_one_part_that_differs_chooses_among_siblings(text: str, expected: str) -> None:
    assert match(text).finding == expected


@pytest.mark.parametrize(
    "text",
    [
        "A dozen battle tanks left Castelo on 9 May.",
        "A dozen battle tanks left Porto Verde on 2 May.",
        "A dozen helicopters left Porto Verde on 9 May.",
        "A dozen battle tanks left Quintanilha on 9 May.",
        "Forty soldiers were seen near Serra Nova yesterday.",
    ],
)
def test_an_allegation_that_differs_in_one_part_from_all_is_new(text: str) -> None:
    found = match(text)
    assert (found.known, found.finding) == (False, "")
    assert found.prob_none > 0.5


def test_chances_of_the_candidates_and_of_none_sum_to_one() -> None:
    found = match("A dozen battle tanks left Porto Verde on 9 May.")
    total = found.prob_none + sum(candidate.prob for candidate in found.candidates)
    assert total == pytest.approx(1.0, abs=1e-9)


def test_a_part_not_stated_leaves_siblings_equally_likely() -> None:
    found = match("A dozen battle tanks left Porto Verde.", None)
    first, second = found.candidates[:2]
    assert {first.finding, second.finding} == {"F1", "F4"}
    assert first.prob == pytest.approx(second.prob, rel=0.3)


def test_without_a_date_a_report_tells_of_the_last_days() -> None:
    assert match("A dozen battle tanks left Porto Verde.", PUBLISHED).known
    late = PUBLISHED + dt.timedelta(days=150)
    assert not match("A dozen battle tanks left Porto Verde.", late).known


def test_words_for_an_item_that_nobody_foresaw_are_matched_by_the_other_parts() -> None:
    assert match("A dozen zorgblats left Porto Verde on 9 May.").candidates[0].finding in (
        "F1",
        "F3",
    )


def test_a_case_of_its_own_words_is_matched_by_those() -> None:
    earlier = [
        Earlier(id="A", item="kilnset", place="Castelo", text="4 kilnsets arrived at Castelo."),
        Earlier(id="B", item="vat", place="Castelo", text="4 brewing vats arrived at Castelo."),
    ]
    matcher = Matcher(earlier)
    for text, expected in (
        ("Four kilnsets reached Castelo", "A"),
        ("Brewing vats at Castelo", "B"),
    ):
        assert matcher.match(Report(id="R", text=text)).candidates[0].finding == expected


def test_several_allegations_find_each_their_own() -> None:
    found = match(
        "A dozen tanks left Porto Verde on 9 May. Half a dozen bombers left Castelo on 3 May."
    )
    assert {candidate.finding for candidate in found.candidates[:2]} == {"F1", "F6"}


@pytest.mark.parametrize("text", ["", "Los tanques salieron de Castelo y no se ven en el puerto."])
def test_what_is_not_read_is_matched_to_nothing_and_says_why(text: str) -> None:
    found = match(text)
    assert (found.candidates, found.prob_none) == ((), 1.0)
    assert found.parsed.unparsed


def test_findings_without_parts_are_matched_by_their_words() -> None:
    earlier = [
        Earlier(id="A", text="The minister resigned over a forged letter.", title="Forged letter"),
        Earlier(id="B", text="A photograph shows a whale in the harbour of Castelo."),
        Earlier(id="C", text="The bridge at Alta Mira was sold to a circus."),
    ]
    matcher = Matcher(earlier)
    found = matcher.match(
        Report(id="R", text="Whale photographed in Castelo harbour!! #WhaleWatch")
    )
    assert found.candidates[0].finding == "B"
    assert not matcher.match(Report(id="S", text="Rain is expected tomorrow.")).known


def test_equals_stand_in_an_order_that_neither_the_file_nor_their_ids_tell() -> None:
    def order(ids: list[str]) -> list[str]:
        matcher = Matcher([Earlier(id=i, text="The bridge was sold to a circus.") for i in ids])
        found = matcher.match(Report(id="R", text="Bridge sold to circus"))
        assert len({round(c.log_odds, 6) for c in found.candidates}) == 1
        return [candidate.finding for candidate in found.candidates]

    ids = [f"T{n:02}" for n in range(12)]
    assert order(ids) == order(ids[::-1])
    assert order(ids) not in (ids, ids[::-1])


def test_no_finding_at_all_means_that_none_is_known() -> None:
    found = Matcher([]).match(Report(id="R", text="Ten tanks left Castelo."))
    assert (found.candidates, found.prob_none) == ((), 1.0)


def test_a_damaged_report_still_finds_its_finding() -> None:
    draw = random.Random(3)
    said = "Travellers say a dozen battle tanks were taken out of Porto Verde on 9 May."
    right = 0
    for _ in range(100):
        letters = list(said)
        for _ in range(4):
            at = draw.randrange(len(letters))
            letters[at] = draw.choice(("", letters[at] * 2, letters[at].replace("a", "o"), "c"))
        found = match("".join(letters))
        right += bool(found.candidates) and found.candidates[0].finding == "F1"
    assert right >= 90


def test_five_thousand_copies_cost_as_much_as_one() -> None:
    matcher = Matcher(FINDINGS)
    text = "A dozen battle tanks left Porto Verde on 9 May."
    started = time.perf_counter()
    found = [matcher.match(Report(id=f"C{n}", text=text, published=PUBLISHED)) for n in range(5000)]
    assert time.perf_counter() - started < 5.0
    assert {m.finding for m in found} == {"F1"}
    assert found[4999].report == "C4999"


def test_twenty_megabytes_of_text_are_matched_in_a_moment() -> None:
    started = time.perf_counter()
    assert match("A dozen battle tanks left Porto Verde on 9 May. " * 400_000).known
    assert time.perf_counter() - started < 5.0


def test_what_the_case_calls_its_items_is_matched() -> None:
    earlier = Earlier(id="F1", text="frogs", item="frog", place="Mariel", date=dt.date(1962, 11, 5))
    report = Report(
        id="R1",
        text="A Frosch was seen at Mariel on 5 November.",
        published=dt.date(1962, 11, 6),
    )
    found = Matcher([earlier], item_names={"frog": ("Frosch",)}).match(report)
    assert found.finding == "F1"
    item = found.parsed.allegations[0].item
    assert item is not None and item.best == "frog"
