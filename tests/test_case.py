"""The case and its view: what opens, and what a day means."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from excomm.brief import brief, to_json
from excomm.case import Case, CaseHead, View, shipped_cases
from excomm.case.view import READS
from excomm.entries import Day, Entry, EntryId, Instant
from excomm.entries.kinds import AnyBody, Count, Event, Item, Look
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.folder import read_text
from excomm.ledger import create

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_cuba_1962_is_shipped() -> None:
    assert "cuba-1962" in shipped_cases()


def test_a_bare_day_means_its_end_in_the_zone_of_the_case() -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    assert view.on == datetime(1962, 11, 13, 4, 59, 59, 999999, tzinfo=UTC)


def test_known_by_defaults_to_the_day_itself() -> None:
    case = Case.open("cuba-1962", now=NOW)
    then, now = case.on("1962-10-14"), case.on("1962-10-14", known_by="1963-02-06")
    assert len(now.facts) > len(then.facts)
    assert then.facts.recorded_later > 0


def test_an_earlier_view_knows_only_what_was_known_then() -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    earlier = view.earlier(datetime(1962, 11, 1, tzinfo=UTC))
    assert earlier.known_by == datetime(1962, 11, 1, tzinfo=UTC)
    assert len(earlier.facts) < len(view.facts)


def test_an_interval_is_no_day_to_ask_for() -> None:
    with pytest.raises(InputError) as caught:
        Case.open("cuba-1962", now=NOW).on("1962-11")
    assert str(caught.value) == (
        "--on: found 1962-11, expected one day or one instant. Name its last day."
    )


def test_an_unknown_and_a_hidden_entry_are_refused_alike() -> None:
    case = Case.open("cuba-1962", now=NOW)
    hidden = next(
        entry.id
        for entry, _ in case.on("1962-11-12").facts.of(Count)
        if entry.marking != case.header.levels[0]
    )
    view = case.on("1962-11-12", cleared=case.header.levels[0])
    told = []
    for name in (str(hidden), "no-such-entry"):
        with pytest.raises(InputError) as caught:
            view.entry(name)
        told.append(str(caught.value).replace(name, "ID"))
    assert told[0] == told[1]


def test_nothing_there_is_told_with_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Case.open(tmp_path / "nowhere")
    assert "excomm new FOLDER starts one" in str(caught.value)


def test_a_day_may_be_asked_for_as_a_date() -> None:
    case = Case.open("cuba-1962", now=NOW)
    assert case.on(date(1962, 11, 12)).on == case.on("1962-11-12").on


RENAMED = """
    === case.toml
    id = "strait"
    title = "Strait"
    zone = "UTC"
    opens = 2024-01-01
    recorded = "as dated"
    shown_on = 2024-01-05
    [[wording]]
    avoid = "ban"
    use = "limit"
    [[wording]]
    avoid = "spy plane"
    marking = "secret"
    [[header]]
    id = "strait.2"
    corrects = "strait"
    entry_recorded = 2024-01-10
    title = "The Strait"
    zone = "UTC"
    opens = 2024-01-01
    shown_on = 2024-01-12
    wording = [{avoid = "ban"}, {avoid = "spy plane", marking = "secret"}]
"""


def renamed() -> Case:
    entries = read_text(RENAMED, now=NOW).entries
    return Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64))


def test_a_corrected_header_holds_from_when_it_was_known() -> None:
    case = renamed()
    assert (case.title, case.id, case.header.shown_on) == (
        "The Strait",
        "strait",
        Day(date(2024, 1, 12)),
    )
    assert case.on().header.title == "The Strait"
    assert case.on("2024-01-09").header.title == "Strait"
    assert brief(case.on("2024-01-09")).heading.title == "Strait"
    assert case.on("2023-12-01").header.title == "Strait"


def test_a_rule_of_wording_is_shown_to_those_cleared_for_it_alone() -> None:
    case = renamed()
    assert [rule.avoid for rule in case.on().header.wording] == ["ban", "spy plane"]
    assert [rule.avoid for rule in case.on(cleared="open").header.wording] == ["ban"]
    assert "spy plane" not in to_json(brief(case.on(cleared="open"))).decode()
    assert brief(case.on(cleared="open")).heading.marking == ""
    assert brief(case.on()).heading.marking == "secret"


def test_what_a_secret_meeting_directed_about_words_is_in_no_open_brief() -> None:
    page = to_json(brief(Case.open("cuba-1962", now=NOW).on("1962-11-12", cleared="restricted")))
    assert b"guarantee" not in page
    assert b"ExComm 24" not in page


def test_a_view_updated_by_each_entry_reads_as_one_asked_anew() -> None:
    log = list(Case.open("cuba-1962", now=NOW).read())
    size = len(log) - 40

    def grown(size: int) -> Case:
        return Case(lambda: log[:size], CaseHead("ledger", size, f"{size:064x}"))

    case = grown(size)
    view = case.on("1963-02-06")
    assert (view.log, case.header) == (tuple(log[:size]), grown(size).header)
    for end in range(size + 1, len(log) + 1):
        case = case.updated(log[end - 1 : end], CaseHead("ledger", end, f"{end:064x}"))
        view = view.updated(case, log[end - 1 : end])
    anew = grown(len(log)).on("1963-02-06")
    assert to_json(brief(view)) == to_json(brief(anew))
    assert view.log == anew.log
    assert view.case.header == anew.case.header


class Asking(Facts):
    """Facts that note which kinds of entry they were asked for."""

    asked: set[type]

    def of(self, kind: type) -> tuple[tuple[Entry, object], ...]:  # type: ignore[override]
        self.asked.add(kind)
        return super().of(kind)


@pytest.mark.parametrize("name", READS)
def test_what_a_view_keeps_was_worked_out_from_the_kinds_it_is_said_to_read(name: str) -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    asking = Asking.__new__(Asking)
    asking.__dict__.update(view.facts.__dict__, asked=set())
    view.facts = asking
    if name == "_assured":
        for item in view.items_with_figures():
            view.assurance(item)
    else:
        getattr(view, name)
    assert asking.asked
    assert asking.asked <= set(READS[name])


def after(view: View, body: AnyBody) -> View:
    at = datetime(1962, 11, 12, 12, tzinfo=UTC)
    one = Entry(id=EntryId("late"), occurred=Instant(at), recorded=at, body=body, seq=10**6)
    return view.updated(view.case.updated([one], CaseHead("ledger", 1, "0" * 64)), [one])


@pytest.mark.parametrize(
    "body",
    [
        Event(kind="incident", party=("USA",), what="patrol"),
        Look(means="low-level", outcome="made", sites=("banes",), what="ten missiles"),
        Count(item="missiles", number=40, moving="leaving", scope="total"),
        Item(name="Torpedoes", unit="torpedo"),
    ],
)
def test_what_is_kept_over_an_entry_is_what_would_be_worked_out_again(body: AnyBody) -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    brief(view)
    went_on = after(view, body)
    anew = after(Case.open("cuba-1962", now=NOW).on("1962-11-12"), body)
    assert to_json(brief(went_on)) == to_json(brief(anew))
    assert went_on.allegations() == anew.allegations()
    assert went_on.sites_seen == anew.sites_seen
    kept = went_on.allegations() is view.allegations()
    assert kept == isinstance(body, Event)


def test_a_case_that_went_on_is_folded_again_with_what_came(tmp_path: Path) -> None:
    # A withdrawal that brings something back: only the log can tell what holds.
    log = tuple(Case.open("cuba-1962").read())
    where = tmp_path / "cuba.ledger"
    ledger = create(where, log[:-2], now=datetime(2026, 1, 1, tzinfo=UTC))
    case = Case.of_ledger(ledger)
    assert case.header
    ledger.append(log[-2:], now=datetime(2026, 1, 1, tzinfo=UTC))
    head = ledger.head()
    after = tuple(ledger.read(len(log) - 2))
    found = case.updated(after, CaseHead("ledger", head.size, head.digest))
    assert [entry.id for entry in found.read()] == [entry.id for entry in log]
    assert len(tuple(case.read())) == len(log) - 2
