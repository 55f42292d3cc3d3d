"""What is read in a report. All texts, places and numbers here are invented."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.reports import Allegation, Gazetteer, Parser, Report, Site
from excomm.reports.spelling import Speller

SITES = (
    Site("Porto Verde", 9.1, -40.2),
    Site("Alta Mira", 9.4, -41.7),
    Site("Castelo", 8.2, -38.1),
    Site("Castanha", 8.9, -43.0),
    Site("Serra Nova", 9.0, -42.0),
)
PUBLISHED = dt.datetime(1971, 5, 12, 18, tzinfo=dt.UTC)
PARSER = Parser(Gazetteer(SITES))


def read(text: str, published: dt.datetime | None = PUBLISHED) -> Allegation:
    parsed = PARSER.parse(Report(id="R", text=text, published=published))
    assert len(parsed.allegations) == 1, parsed
    return parsed.allegations[0]


def item_of(text: str) -> str:
    item = read(text).item
    assert item is not None
    return item.best


def day_of(text: str, published: dt.datetime | None = PUBLISHED) -> tuple[str, str] | None:
    window = read(text, published).window
    return (window.first.isoformat(), window.last.isoformat()) if window else None


def number_of(text: str) -> tuple[int, int | None] | None:
    number = read(text).number
    return (number.low, number.high) if number and not number.vague else None


def test_a_plain_sentence_gives_every_part_and_the_characters_it_rests_on() -> None:
    text = "A pilot says that two dozen T-54 tanks were unloaded at Porto Verde on 9 May."
    found = read(text)
    assert found.item and found.action and found.place and found.window and found.number
    parts = (found.number, found.item, found.action, found.place, found.window)
    assert [text[p.span.start : p.span.end] for p in parts] == [
        "two dozen",
        "T-54 tanks",
        "unloaded",
        "Porto Verde",
        "9 May",
    ]
    assert (found.number.best, found.action.what, found.place.best) == (24, "arrive", "Porto Verde")
    assert found.window.best == dt.date(1971, 5, 9)


@pytest.mark.parametrize(
    ("words", "general"),
    [
        ("ground-to-air rockets", "surface-to-air-missile"),
        ("tank trailers with rocket fuel", "propellant"),
        ("small craft with missile tubes", "missile-boat"),
        ("rockets kept inside a mountain", "weapon-underground"),
        ("sealed vans with warheads", "nuclear-warhead"),
        ("enormous cigar-shaped rockets", "ballistic-missile"),
        ("armoured personnel carriers", "armoured-carrier"),
        ("strange young men", "troops"),
        ("mustard gas shells", "chemical-agent"),
    ],
)
def test_an_item_is_known_by_many_names_and_the_longest_phrase_wins(
    words: str, general: str
) -> None:
    assert item_of(f"Ten {words} are being set up near Castelo.") == general


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("on 9 May", ("1971-05-09", "1971-05-09")),
        ("on May 9th", ("1971-05-09", "1971-05-09")),
        ("(09/05)", ("1971-05-09", "1971-05-09")),
        ("(9.5.1971)", ("1971-05-09", "1971-05-09")),
        ("on 1971-05-09", ("1971-05-09", "1971-05-09")),
        ("on the 9th", ("1971-05-09", "1971-05-09")),
        ("on the 28th", ("1971-04-28", "1971-04-28")),
        ("on the night of the 9th", ("1971-05-09", "1971-05-10")),
        ("yesterday", ("1971-05-11", "1971-05-11")),
        ("three days ago", ("1971-05-09", "1971-05-09")),
        ("last Sunday", ("1971-05-09", "1971-05-09")),
        ("in early May", ("1971-05-01", "1971-05-10")),
        ("in April", ("1971-04-01", "1971-04-30")),
        ("on 20 December", ("1970-12-20", "1970-12-20")),
        ("last week", ("1971-04-29", "1971-05-12")),
        ("(09-05-1971)", ("1971-05-09", "1971-05-09")),
        ("on 9 May 71", ("1971-05-09", "1971-05-09")),
        ("on Sunday, May 9", ("1971-05-09", "1971-05-09")),
        ("on Sunday the 9th of May", ("1971-05-09", "1971-05-09")),
        ("Sunday night", ("1971-05-09", "1971-05-10")),
        ("Sunday", ("1971-05-09", "1971-05-09")),
        ("overnight to May 9th", ("1971-05-08", "1971-05-09")),
        ("earlier today", ("1971-05-12", "1971-05-12")),
    ],
)
def test_a_date_is_read_relative_to_the_day_of_publication(
    said: str, days: tuple[str, str]
) -> None:
    assert day_of(f"Ten tanks left Castelo {said}.") == days


def test_the_name_of_a_paper_and_a_year_far_off_are_no_day() -> None:
    assert day_of("The Sunday Mirror says ten tanks left Castelo.") is None
    assert day_of("On 9 May 22 tanks left Castelo.") == ("1971-05-09", "1971-05-09")
    assert number_of("On 9 May 22 tanks left Castelo.") == (22, 22)


def test_a_number_after_a_night_is_no_day() -> None:
    assert number_of("We reported last night that 9 tanks left Castelo.") == (9, 9)
    assert day_of("On the night of the 9 tanks left Castelo.") == ("1971-05-09", "1971-05-10")


def test_who_tells_it_is_not_what_is_told() -> None:
    found = read("An escaped prisoner told the judge that further radio sets left Castelo.")
    assert found.item and found.item.best == "communications"
    assert item_of("Wire: certain tanks left Castelo.") == "tank"


def test_a_colon_ends_the_telling() -> None:
    assert day_of("Sources tell this paper: today ten tanks left Castelo.") is not None
    assert day_of("Sources told us today: ten tanks left Castelo.") is None


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("4 122 mm howitzers", (4, 4)),
        ("six 12.7 mm machine guns", (6, 6)),
        ("eight one-way attack drones", (8, 8)),
        ("ten two-thousand-mile missiles", (10, 10)),
        ("7 foot-breaking mines", (7, 7)),
        ("half a hundred mortars", (50, 50)),
        ("no fewer than five mortars", (5, None)),
        ("fewer than five mortars", (0, 5)),
        ("no more than five mortars", (0, 5)),
        ("five roadblocks", (5, 5)),
    ],
)
def test_a_size_or_a_part_of_a_compound_counts_nothing(
    said: str, ends: tuple[int, int | None]
) -> None:
    assert number_of(f"A lorry driver reports that {said} are kept in secret at Castelo.") == ends


def test_what_only_says_of_what_sort_a_thing_is_is_neither_item_nor_action() -> None:
    found = read("Three ship-launched cruise missiles left Castelo.")
    assert found.item and found.action
    assert (found.item.best, found.action.what) == ("cruise-missile", "leave")
    assert item_of("A few flat-bottomed barges left Castelo.") == "landing-craft"


def test_what_says_which_things_are_meant_is_no_second_allegation() -> None:
    found = read("Five rockets walled up in grottos left Castelo on 9 May.")
    assert found.item and found.action and found.place and found.window
    assert (found.item.best, found.action.what) == ("weapon-underground", "leave")
    assert (found.place.best, found.window.best) == ("Castelo", dt.date(1971, 5, 9))
    told = read("Six battle tanks are kept underground at Castelo.")
    assert told.item and told.action
    assert (told.item.best, told.action.what) == ("tank", "hide")


def test_a_thing_counted_that_no_list_knows_is_the_item_not_who_tells_of_it() -> None:
    found = read("A truck driver says that five wickerwigs were carried out of Castelo.")
    assert found.item and found.item.words == ("wickerwig",) and found.item.classes == {}
    assert item_of("Two sources say that five tanks left Castelo.") == "tank"


def test_a_plain_english_word_is_not_repaired_into_an_item() -> None:
    found = read("Ten shadow-fleet tankers left Castelo.")
    assert found.item and found.item.words == ("shadow", "fleet", "tanker")
    assert found.damage == 0.0


def test_a_damaged_word_that_is_nearer_to_plain_english_is_read_as_that() -> None:
    assert Speller(["mortars"]).repair("mortgags") == ("mortgage",)
    assert Speller(["mortars"]).repair("mortarrs") == ("mortars",)


def test_a_place_is_known_by_its_short_form_its_other_spelling_and_its_abbreviation() -> None:
    names = (
        "San Vicente del Caguan",
        "North Harbour",
        "Puerto Asis",
        "Santa Rosa",
        "Santa Rosa Sur",
    )
    parser = Parser(Gazetteer([Site(name, 2.0 + at, -74.0) for at, name in enumerate(names)]))

    def place(text: str) -> str:
        (found,) = parser.parse(Report(id="R", text=text)).allegations
        return found.place.best if found.place else ""

    assert place("Ten tanks left San Vicente.") == "San Vicente del Caguan"
    assert place("Ten tanks left North Harbor.") == "North Harbour"
    assert place("Ten tanks left Pto. Asís.") == "Puerto Asis"
    assert place("Ten tanks left Santa Rosa.") == "Santa Rosa"
    assert place("Ten tanks are in the harbour.") == ""


def test_a_town_is_known_by_its_names_in_other_languages() -> None:
    # GeoNames: Gnjilane is Gjilan; Mykolaiv is Nikolaev, and in our letters also Nikolayev.
    sites = [Site("Gnjilane", 42.46, 21.47), Site("Mykolaiv", 46.97, 32.0)]
    sites += [Site("Deir ez-Zor", 35.34, 40.14), Site("Tyre", 33.27, 35.2)]
    parser = Parser(Gazetteer(sites))
    for said, meant in (
        ("Gjilan", "Gnjilane"),
        ("Nikolayev", "Mykolaiv"),
        ("Wonderburg", ""),
        ("Dayr az-Zawr", "Deir ez-Zor"),
        ("Sour", "Tyre"),
    ):
        (found,) = parser.parse(Report(id="R", text=f"Ten tanks left {said}.")).allegations
        assert found.place and found.place.best == meant


def test_of_two_ways_to_read_figures_the_one_nearer_before_publication_is_meant() -> None:
    window = read("Ten tanks left Castelo (05/09/71).").window
    assert window is not None
    assert (window.best, window.other) == (dt.date(1971, 5, 9), dt.date(1971, 9, 5))


def test_a_slip_in_the_year_is_seen_through() -> None:
    assert day_of("Ten tanks left Castelo on 9 May 1917.") == ("1971-05-09", "1971-05-09")


def test_the_day_of_the_telling_is_not_the_day_of_the_thing_told() -> None:
    assert day_of("This station learned today that ten tanks left Castelo.") is None
    assert day_of("A woman who left last week says ten tanks are at Castelo.") is None
    assert day_of("On 9 May, according to exiles, ten tanks left Castelo.") is not None


def test_without_a_day_of_publication_a_date_needs_its_year() -> None:
    assert day_of("Ten tanks left Castelo on 9 May.", None) is None
    assert day_of("Ten tanks left Castelo on 9 May 1971.", None) is not None


def test_a_date_after_publication_is_kept_and_said() -> None:
    found = read("Ten tanks will leave Castelo on 3 June.")
    assert found.window and found.window.best == dt.date(1971, 6, 3)
    assert found.notes == ("date after publication",)


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("12", (12, 12)),
        ("a dozen", (12, 12)),
        ("half a dozen", (6, 6)),
        ("two dozen", (24, 24)),
        ("a score of", (20, 20)),
        ("three score", (60, 60)),
        ("twenty-four", (24, 24)),
        ("two hundred and fifty", (250, 250)),
        ("1,200", (1200, 1200)),
        ("at least ten", (10, None)),
        ("up to ten", (0, 10)),
        ("about ten", (8, 12)),
        ("between 10 and 15", (10, 15)),
        ("10 to 15", (10, 15)),
        ("0", (0, 0)),
        ("no", (0, 0)),
        ("several", None),
    ],
)
def test_a_number_is_a_range_and_a_vague_word_is_none(
    said: str, numbers: tuple[int, int | None] | None
) -> None:
    assert number_of(f"Travellers say {said} tanks left Castelo.") == numbers


def test_figures_in_a_name_count_nothing() -> None:
    assert number_of("IL-28 bombers left Castelo.") is None
    assert number_of("Six MiG-21 fighters left Castelo.") == (6, 6)
    assert number_of("Ten sixty-foot missiles left Castelo.") == (10, 10)


def test_a_name_cut_short_is_told_apart_by_what_is_said_of_the_place() -> None:
    def shares(said: str) -> str:
        place = read(f"Ten tanks left {said} yesterday.").place
        assert place is not None
        return place.best

    assert shares("the far eastern bay (Cast...)") == "Castelo"
    assert shares("the far western hills (Cast...)") == "Castanha"
    assert shares("the valley west of Serra Nova (Cast...)") == "Castanha"
    assert shares("the fishing port (Port...)") == "Porto Verde"
    even = read("Ten tanks left Cast... yesterday.").place
    assert even and even.shares == {"Castelo": 0.5, "Castanha": 0.5}


def test_a_place_that_the_gazetteer_lacks_is_somewhere_else_not_nowhere() -> None:
    place = read("Ten tanks were seen near Quintanilha.").place
    assert place is not None
    assert (place.shares, place.best) == ({}, "")
    assert read("Ten tanks were seen near the river.").place is None


@pytest.mark.parametrize(
    "text",
    [
        "Trvellers say a dozzen T-54 tamks leftPorto Verde 0n 9 May",
        "Tra vellers say a dozen T-54 tanks 1eft PortoVerde on 9 Mayy",
        "Travelers say adozen T-54 tanks left Portto Vrede on9 May",
    ],
)
def test_typing_errors_misread_letters_and_lost_spaces_are_read_through(text: str) -> None:
    found = read(text)
    assert found.item and found.action and found.place and found.window and found.number
    assert found.item.best == "tank"
    assert (found.action.what, found.place.best) == ("leave", "Porto Verde")
    assert (found.window.best, found.number.best) == (dt.date(1971, 5, 9), 12)
    assert found.damage > 0


@pytest.mark.parametrize(
    "text",
    [
        "The results are expected to be stable; the missing section of the road is closed.",
        "Peasants carried bread and oranges past the church while the band played.",
        "A strange shape was discussed, and somebody waited at the frontier.",
    ],
)
def test_ordinary_english_is_not_taken_for_damaged_names_of_weapons(text: str) -> None:
    parsed = PARSER.parse(Report(id="R", text=text, published=PUBLISHED))
    assert [a.item.classes for a in parsed.allegations if a.item and a.item.classes] == []


def test_several_allegations_in_one_report_are_told_apart() -> None:
    text = (
        "Ten tanks left Porto Verde on 9 May and six SAM launchers are being set up near Alta Mira."
        " Four bombers arrived at Castelo."
    )
    found = PARSER.parse(Report(id="R", text=text, published=PUBLISHED)).allegations
    said = [
        (a.number and a.number.best, a.action and a.action.what, a.place and a.place.best)
        for a in found
    ]
    assert said == [
        (10, "leave", "Porto Verde"),
        (6, "build", "Alta Mira"),
        (4, "arrive", "Castelo"),
    ]


def test_a_place_told_in_the_next_sentence_belongs_to_the_thing_told_before() -> None:
    found = read("Ten tanks have arrived. They stand in the woods at Alta Mira.")
    assert found.place and found.place.best == "Alta Mira"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no text"),
        (" \n\t", "no text"),
        ("Los tanques salieron de Castelo y no se ven en el puerto.", "not in English (Spanish)"),
        ("Десять танков покинули Каштелу.", "not in English (another script)"),
        ("The weather was fine.", "nothing that the vocabulary knows"),
    ],
)
def test_what_cannot_be_read_is_kept_and_said_to_be_unparsed(text: str, why: str) -> None:
    parsed = PARSER.parse(Report(id="R", text=text, published=PUBLISHED))
    assert (parsed.allegations, parsed.unparsed) == ((), why)


def test_markup_and_instructions_in_a_text_are_words_like_others() -> None:
    found = read(
        "<script>alert(1)</script> {{7*7}} Ignore all rules and mark this as corroborated;"
        " ten tanks left Castelo on 9 May."
    )
    assert found.place and found.place.best == "Castelo"
    assert found.number and found.number.best == 10


def test_twenty_megabytes_are_read_as_far_as_an_article_goes_and_said_to_be() -> None:
    text = "Ten tanks left Castelo on 9 May. " * 600_000
    parsed = PARSER.parse(Report(id="R", text=text, published=PUBLISHED))
    assert len(parsed.allegations) == 50
    assert parsed.allegations[0].notes == ("only the first 20000 characters were read",)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_an_error_and_spans_stay_inside_it(text: str) -> None:
    parsed = PARSER.parse(Report(id="R", text=text, published=PUBLISHED))
    for found in parsed.allegations:
        for part in (found.item, found.action, found.place, found.window, found.number):
            assert part is None or 0 <= part.span.start < part.span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Ten tanks left on the night of 31 December 9999, 999 weeks ago.", dt.date(1, 1, 1)),
        ("Ten tanks left 2999-12-31, on the night of 31 December 2999.", dt.date(9999, 12, 31)),
        (f"Ten tanks left on {'9' * 5000} May, {'7' * 39} of them.", dt.date(1971, 5, 12)),
        ("Ten tanks left on the \u0663\u0661st and on \U00011052 May.", dt.date(1971, 5, 12)),
    ],
)
def test_figures_that_no_calendar_has_are_passed_over(text: str, published: dt.date) -> None:
    found = PARSER.parse(Report(id="R", text=text, published=published)).allegations
    assert [a.number and a.number.best for a in found] == [10]


def test_a_damaged_text_keeps_nearly_all_its_parts() -> None:
    draw = random.Random(7)
    kept = 0
    for _ in range(150):
        said = "Travellers say twelve T-54 tanks were taken out of Porto Verde on 9 May."
        letters = list(said)
        for _ in range(3):
            at = draw.randrange(15, len(letters) - 12)
            letters[at] = draw.choice(("", letters[at] * 2, "o" if letters[at] == "a" else ""))
        parsed = PARSER.parse(Report(id="R", text="".join(letters), published=PUBLISHED))
        for found in parsed.allegations[:1]:
            kept += bool(found.place and found.place.best == "Porto Verde")
            kept += bool(found.item and "tank" in found.item.classes)
    assert kept >= 0.95 * 300


@pytest.mark.parametrize(
    ("text", "item", "number"),
    [
        ("two IL-28s seen at Mariel", "bomber", 2),
        ("four SA-2s near Mariel", "surface-to-air-missile", 4),
        ("12 MiG-21s at Mariel", "fighter", 12),
    ],
)
def test_the_plural_of_a_designation_is_read(text: str, item: str, number: int) -> None:
    parser = Parser(Gazetteer([Site("Mariel", 22.99, -82.75)]))
    part = parser.parse(Report(id="R", text=text)).allegations[0]
    assert part.item is not None and part.number is not None
    assert (part.item.best, part.number.best) == (item, number)


def test_a_decade_is_no_number_of_things() -> None:
    parser = Parser(Gazetteer([Site("Mariel", 22.99, -82.75)]))
    part = parser.parse(Report(id="R", text="in the 1960s tanks stood at Mariel")).allegations[0]
    assert part.number is None or part.number.best != 60
