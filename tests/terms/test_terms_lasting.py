"""A state to be kept, and a thing to be done again and again."""

from collections.abc import Callable, Mapping

import pytest

from excomm.terms import Status

Judge = Callable[[str, str], Mapping[str, Status]]

KEEP = """
parties: {A: Aland, B: Bland}
undertakings:
  - {id: U, by: A, to: [B], modality: must_not, kind: maintain, what: keep missiles,
     starts: 2030-01-01, ends: 2030-12-31, relies_on: [D, I]}
  - {id: D, by: A, to: [B], modality: must, kind: recur, what: give data, starts: 2030-01-01}
  - {id: I, by: A, to: [B], modality: must, kind: recur, what: host inspections, starts: 2030-01-01}
events:
"""
DATA = """
parties: {A: Aland, B: Bland}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: recur, what: give data, starts: 2030-01-01,
     each: {months: [3, 9], due_day: 30}, evidence_by: P14D}
events:
"""


def event(name: str, date: str, kind: str, held: str = "established", more: str = "") -> str:
    about = "" if "about" in more else ", about: [U]"
    return (
        f"  - {{id: {name}, date: {date}, kind: {kind}, assurance: {held}{about}"
        f"{'' if 'party' in more else ', party: A'}{more}}}\n"
    )


SEEN = ", shows: {U: performed}"


def test_a_term_over_without_a_breach_is_kept(status: Judge) -> None:
    assert status(KEEP, "2030-12-31")["U"].state == "in_force"
    found = status(KEEP, "2031-01-01")["U"]
    assert (found.state, found.decides) == ("fulfilled", ())
    assert found.reason == "Term over on 31 December 2030, no breach shown."


def test_an_established_violation_breaks_and_later_good_conduct_does_not_heal(
    status: Judge,
) -> None:
    broken = KEEP + event("E1", "2030-02-01", "violation")
    broken += event("E2", "2030-03-01", "measurement", more=SEEN)
    for day in ("2030-04-01", "2031-02-01"):
        found = status(broken, day)["U"]
        assert (found.state, found.decides) == ("breached", ("E1",))


def test_what_was_done_before_the_start_breaks_nothing(status: Judge) -> None:
    early = KEEP + event("E1", "2029-12-31", "violation")
    assert status(early, "2030-01-02")["U"].state == "in_force"


@pytest.mark.parametrize("held", ["claimed", "disputed"])
@pytest.mark.parametrize("kind", ["violation", "finding", "objection", "not_done"])
def test_an_allegation_is_open_until_evidence_of_the_same_or_a_later_day_covers_it(
    status: Judge, held: str, kind: str
) -> None:
    alleged = KEEP + event("E1", "2030-02-10", kind, held, ", party: B")
    found = status(alleged, "2030-03-01")["U"]
    assert (found.state, found.decides) == ("unverifiable", ("E1",))
    assert found.disputed == (held == "disputed" or kind == "objection")
    assert status(alleged, "2031-01-01")["U"].state == "unverifiable"
    before = alleged + event("E2", "2030-02-09", "measurement", more=SEEN)
    assert status(before, "2030-03-01")["U"].state == "unverifiable"
    same_day = alleged + event("E2", "2030-02-10", "measurement", more=SEEN)
    assert status(same_day, "2030-03-01")["U"].state == "in_force"
    own_word = alleged + event("E2", "2030-02-20", "declaration", "claimed", SEEN)
    assert status(own_word, "2030-03-01")["U"].state == "unverifiable"


def test_data_of_an_earlier_day_does_not_cover_a_later_allegation(status: Judge) -> None:
    text = KEEP + event("E1", "2030-04-10", "violation", "claimed")
    text += event("E2", "2030-05-01", "measurement", more=SEEN + ", as_of: 2030-03-01")
    assert status(text, "2030-06-01")["U"].state == "unverifiable"


def test_a_finding_that_clears_is_no_allegation(status: Judge) -> None:
    cleared = KEEP + event("E1", "2030-02-10", "finding", "claimed", SEEN)
    assert status(cleared, "2030-03-01")["U"].state == "in_force"


def test_all_means_gone_since_the_last_evidence_leaves_it_unverifiable(status: Judge) -> None:
    one = KEEP + event("E1", "2030-02-01", "measurement", more=SEEN)
    one += event("E2", "2030-02-10", "refusal", more=", about: [I]")
    assert status(one, "2030-03-01")["U"].state == "in_force"
    both = one + event("E3", "2030-03-02", "not_done", more=", about: [D]")
    found = status(both, "2030-03-03")["U"]
    assert (found.state, found.decides) == ("unverifiable", ("E2", "E3"))
    assert found.reason == (
        "Nothing established since 2 March: D and I, on which the evidence rests, gave none."
    )
    covered = both + event("E4", "2030-03-02", "measurement", more=SEEN)
    assert status(covered, "2030-03-03")["U"].state == "in_force"
    resumed = both + event("E5", "2030-04-01", "done", more=", about: [D]")
    assert status(resumed, "2030-04-02")["U"].state == "in_force"


def test_ended_by_the_parties_before_its_term_it_lapses(status: Judge) -> None:
    text = KEEP + event("E1", "2030-06-01", "terminated", more=", party: [A, B]")
    found = status(text, "2030-06-01")["U"]
    assert (found.state, found.decides) == ("lapsed", ("E1",))
    broken = text + event("E2", "2030-05-01", "violation", more=", known: 2030-07-01")
    assert status(broken, "2030-06-30")["U"].state == "lapsed"
    assert status(broken, "2030-07-01")["U"].state == "breached"


def test_what_was_in_doubt_at_the_end_of_its_term_stays_so_when_the_treaty_ends_later(
    status: Judge,
) -> None:
    text = KEEP + event("E1", "2030-12-30", "violation", "disputed")
    text += event("E2", "2031-02-01", "terminated", more=", party: [A, B]")
    assert status(text, "2031-03-01")["U"].state == "unverifiable"
    earlier = text.replace("2031-02-01", "2030-12-31")
    assert status(earlier, "2031-03-01")["U"].state == "lapsed"


def test_an_access_gap_alone_changes_nothing(status: Judge) -> None:
    found = status(KEEP + event("E1", "2030-02-01", "access_gap"), "2030-03-01")["U"]
    assert (found.state, found.why) == ("in_force", ("E1",))


def test_silence_about_a_period_leaves_it_in_force(status: Judge) -> None:
    assert status(DATA, "2030-03-22")["U"].state == "in_force"
    near = status(DATA, "2030-03-23")["U"]
    assert (near.state, near.missing) == ("due", ("performance, by 30 March",))
    awaited = status(DATA, "2030-04-13")["U"]
    assert awaited.state == "due"
    assert awaited.reason == "Deadline over on 30 March; evidence may come until 13 April."
    assert status(DATA, "2030-04-14")["U"].state == "in_force"
    given = DATA + event("E1", "2030-03-01", "done", more=", period: 2030-03")
    assert status(given, "2030-03-25")["U"].state == "in_force"


def test_a_later_good_period_ends_a_breach_and_stays_in_the_history(status: Judge) -> None:
    missed = DATA + event("E1", "2030-03-31", "not_done", more=", period: 2030-03")
    assert status(missed, "2030-05-01")["U"].state == "breached"
    late_report = missed + event("E2", "2030-05-02", "done", more=", period: 2029-09")
    assert status(late_report, "2030-05-03")["U"].state == "breached"
    good = missed + event("E2", "2030-09-05", "done", more=", period: 2030-09")
    found = status(good, "2030-10-20")["U"]
    assert (found.state, found.why) == ("in_force", ("E1", "E2"))


def test_silence_breaks_a_recurring_duty_only_where_the_text_says_so(status: Judge) -> None:
    strict = DATA.replace("P14D", "P14D, silence: breached")
    assert status(strict, "2030-04-13")["U"].state == "due"
    found = status(strict, "2030-04-14")["U"]
    assert (found.state, found.decides) == ("breached", ())
    good = strict + event("E1", "2030-09-10", "done")
    assert status(good, "2030-10-20")["U"].state == "in_force"


def test_what_nobody_asked_for_or_did_lapses_with_its_term(status: Judge) -> None:
    text = DATA.replace("starts: 2030-01-01,", "starts: 2030-01-01, ends: 2030-06-30,")
    assert status(text, "2030-07-01")["U"].state == "lapsed"
    done = text + event("E1", "2030-03-10", "done")
    assert status(done, "2030-07-01")["U"].state == "fulfilled"
    missed = text + event("E1", "2030-04-10", "not_done")
    assert status(missed, "2030-07-01")["U"].state == "breached"


def test_what_must_not_be_done_by_a_day_is_kept_when_the_day_has_passed(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    undertakings:
      - {id: U, by: A, modality: must_not, kind: achieve, what: test a weapon,
         starts: 2030-01-01, due: 2030-06-30}
    """
    assert status(text, "2030-02-01")["U"].state == "in_force"
    assert status(text, "2030-07-01")["U"].state == "fulfilled"


def test_an_amount_over_a_limit_breaks_it_and_only_exactly_shows_it_kept(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    items: {launcher: {unit: launchers}}
    undertakings:
      - {id: U, by: A, modality: must_not, kind: maintain, what: exceed 700 launchers,
         starts: 2030-01-01, quantity: {item: launcher, number: 700}}
    events:
      - {id: E1, date: 2030-02-01, kind: violation, party: A, about: [U], assurance: claimed}
      - {id: E2, date: 2030-03-01, kind: count, party: A, about: [U], assurance: established,
         value: {item: launcher, total: 690}}
    """
    assert status(text, "2030-04-01")["U"].state == "unverifiable"
    assert status(text.replace("total: 690", "exactly: 690"), "2030-04-01")["U"].state == (
        "in_force"
    )
    assert status(text.replace("total: 690", "total: 701"), "2030-04-01")["U"].state == "breached"


@pytest.mark.parametrize(
    ("period", "state"),
    [
        ("2030-03", "in_force"),
        ("2030-Q1", "in_force"),
        ("2030-02", "in_force"),  # over in the period that ends in March
        ("2029-H2", "in_force"),
        ("2029-10-01/2030-03-31", "in_force"),
        ("2030-H1", "breached"),  # ends after it
        ("2029-09", "breached"),  # the period before
    ],
)
def test_an_entry_speaks_of_the_period_that_it_names(
    status: Judge, period: str, state: str
) -> None:
    strict = DATA.replace("P14D", "P14D, silence: breached")
    named = event("E1", "2030-04-10", "done").replace("kind:", f"period: {period}, kind:")
    found = status(strict + named, "2030-04-14")["U"]
    assert found.state == state
    if state == "breached":
        assert found.reason == (
            "No entry speaks of the period that was over on 13 April, and by the text silence is a "
            "breach."
        )
