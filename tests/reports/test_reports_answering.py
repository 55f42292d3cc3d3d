"""From a decision to a reply: fixed words, no leak, two persons, proof of what left."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from excomm.case import Case, View
from excomm.entries.header import WordRule
from excomm.entries.kinds import Check, Finding, Reply
from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.folder import read_text
from excomm.ledger import Ledger, create
from excomm.reports.answering import by_mail, to_file
from excomm.reports.deciding import asked, decided, record_late, repeat, reviewed
from excomm.reports.intake import Incoming, take_in
from excomm.reports.replying import Held, Told, draft, leaks, wording_faults
from excomm.reports.sealing import Sources

NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
CASE = """
=== case.toml
id = "port"
title = "A port"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "launchers", name = "launchers", unit = "launchers"}]
sites = [{id = "north", name = "North Port", lat = 12.0, lon = 42.0}]

[[means]]
id = "flight"
name = "overflight at night"
marking = "secret"

[[wording]]
avoid = "guarantee"
use = "assurances"
=== outlets.csv
id,name,contact
radio,Radio One,desk@radio.example
paper,The Paper,
=== assumptions.csv
name,low,best,high,author,basis
flight.launchers.detection,0.9,0.9,0.9,the desk,large
launchers.prob_concealed,0.1,0.1,0.1,the desk,few sheds
=== looks.csv
id,occurred,means,outcome,sites,what,reading,marking
L1,2024-03-01,flight,made,north,two passes with the long lens,high,secret
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    case = read_text(CASE, now=NOW)
    made = create(str(tmp_path / "port.ledger"), case.entries, now=NOW)
    post = Incoming(
        text="Launchers at North Port, says a driver.",
        outlet="radio",
        item="launchers",
        site="north",
        source="Maria Lopez",
    )
    take_in(made, [post], now=NOW, operator="Ann")
    return made


def view(ledger: Ledger, at: datetime = NOW) -> View:
    return Case.open(ledger.where).on(at)


def report_id(ledger: Ledger) -> str:
    return view(ledger).followed()[0].report


def decide(ledger: Ledger, word: str = "no evidence", text: str = "") -> str:
    seen = view(ledger)
    (found,) = seen.allegations()
    entry = decided(ledger, found, word, head=seen.head.digest, author="Ann", text=text, now=NOW)
    return str(entry.id)


# -- decided by one, reviewed by another -----------------------------------------------------------


def test_a_finding_names_its_head_and_ratio_and_waits_for_a_second_person(ledger: Ledger) -> None:
    head = view(ledger).head.digest
    name = decide(ledger)
    entry = view(ledger).entry(name, Finding)
    assert isinstance(entry.body, Finding)
    assert (entry.body.ledger_head, entry.body.likelihood_ratio) == (head, 0.19)
    assert not view(ledger).followed()[0].reviewed
    with pytest.raises(Faults, match="another person than its author, Ann"):
        reviewed(ledger, name, reviewer="ann", now=NOW)
    done = reviewed(ledger, name, reviewer="Ben", now=NOW)
    one = view(ledger).followed()[0]
    assert (one.finding, one.reviewed, one.decision) == (str(done.id), True, "no evidence")
    with pytest.raises(InputError, match="one that waits for its review"):
        reviewed(ledger, name, reviewer="Cai", now=NOW)


def test_what_the_looks_do_not_allow_needs_a_reason(ledger: Ledger) -> None:
    with pytest.raises(InputError) as refused:
        decide(ledger, "corroborated")
    assert str(refused.value) == (
        "text: found nothing, expected why it is corroborated, where the looks allow no evidence."
        " The looks: one look saw nothing; power 0.81, likelihood ratio 0.19."
    )
    assert decide(ledger, "corroborated", "a photograph was shown").startswith("finding-")


@pytest.mark.parametrize("text", ["", "because"])
def test_an_unknown_word_is_no_decision(ledger: Ledger, text: str) -> None:
    before = ledger.head()
    with pytest.raises(InputError) as refused:
        decide(ledger, "maybe", text)
    assert str(refused.value) == (
        "decision: found maybe, expected one of corroborated, contradicted, no evidence,"
        " undetermined."
    )
    assert ledger.head() == before


def test_interviews_and_repeats_are_entries(ledger: Ledger) -> None:
    report = report_id(ledger)
    said = {"outcome": "answered", "knows": "heard", "asked": "2024-03-01T08:00Z", "result": "arms"}
    asked(ledger, report, said, by="Ann", now=NOW)
    assert view(ledger).followed()[0].asked[0].worth.startswith("asked; not first-hand")
    other = Incoming(text="Launchers seen at North Port.", outlet="paper", item="launchers")
    take_in(ledger, [other], now=NOW + timedelta(hours=1), operator="Ann")
    later = NOW + timedelta(hours=2)
    (pair,) = view(ledger, later).suggested_repeats()
    assert (pair.of, pair.why) == (report, "the same item, place and time")
    repeat(ledger, pair.report, report, "confirmed", by="Ann", why="", now=later)
    assert view(ledger, later).suggested_repeats() == ()
    assert view(ledger, later).followed()[0].outlets == ("radio", "paper")
    repeat(ledger, pair.report, report, "undone", by="Ben", why="another pier", now=later)
    assert view(ledger, later).followed()[0].outlets == ("radio",)
    with pytest.raises(InputError, match="expected another report"):
        repeat(ledger, report, report, "confirmed", by="Ann", why="", now=later)


@pytest.mark.parametrize("column", ["colour", "recorded", "id", "by"])
def test_an_interview_says_its_own_columns_alone(ledger: Ledger, column: str) -> None:
    report, before = report_id(ledger), ledger.head()
    with pytest.raises(Faults, match=f"{column}: found no such column, expected one of asked,"):
        asked(ledger, report, {"outcome": "answered", column: "x"}, by="Ann", now=NOW)
    assert ledger.head() == before


def test_an_outlet_that_did_not_carry_it_gets_no_answer(ledger: Ledger) -> None:
    report = report_id(ledger)
    with pytest.raises(InputError) as refused:
        view(ledger).answer_to(report, "paper")
    assert str(refused.value) == (
        f"outlet: found paper, expected one that carried {report} (radio)."
    )


def test_a_published_review_is_checked_as_a_reply_is(ledger: Ledger) -> None:
    decide(ledger, "undetermined", "Maria Lopez saw two passes with the long lens, a guarantee")
    sources = tuple(Sources(ledger).names().values())
    with pytest.raises(Faults) as refused:
        view(ledger).claim_review(report_id(ledger), "The desk", sources=sources)
    told = str(refused.value)
    assert "reviewBody: characters 0 to 11: found Maria Lopez, expected nothing" in told
    assert "two passes with the long lens" in told
    assert "found guarantee" in told
    with pytest.raises(InputError, match="author: found nothing, expected whose review it is"):
        view(ledger).claim_review(report_id(ledger), "")


def test_a_clock_that_ran_out_is_recorded_once(ledger: Ledger) -> None:
    late = NOW + timedelta(hours=25)
    found = record_late(ledger, view(ledger, late).followed(), by="desk", now=late)
    assert [getattr(e.body, "what", "") for e in found] == [
        "source not asked in time",
        "outlets not answered in time",
    ]
    assert record_late(ledger, view(ledger, late).followed(), by="desk", now=late) == ()
    assert len(view(ledger, late).facts.of(Check)) == 2


# -- the draft -------------------------------------------------------------------------------------


def told(**more: object) -> Told:
    base: dict[str, object] = {
        "allegation": "a guarantee was broken",
        "received": NOW,
        "decision": "no evidence",
        "power": 0.81,
        "looks": 2,
        "is_late": False,
        "reviewed": True,
    }
    return Told(**{**base, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {},
            "Our answer: no evidence. 2 looks that would have shown it with a chance of 81% saw"
            " nothing of it. That is not proof that it was not so.",
        ),
        (
            {"is_late": True, "power": None},
            "Our answer: undetermined so far. No look that we know of bears on it; we neither"
            " confirm nor deny it.",
        ),
        (
            {"decision": "corroborated"},
            "Our answer: corroborated. It was seen independently of your report.",
        ),
        (
            {"decision": "contradicted"},
            "Our answer: contradicted. What was seen cannot be so if the report is true.",
        ),
        ({"reviewed": False}, "This finding was not reviewed by a second person."),
        ({"corrects": "undetermined"}, "We told you before: undetermined. That no longer holds."),
        (
            {"quote": "we give a guarantee"},
            "We recall what was given: “we give a guarantee”",
        ),
    ],
)
def test_each_decision_has_its_fixed_words(more: dict[str, object], said: str) -> None:
    assert said in draft(told(**more), ())


def test_the_desk_says_assurances_and_leaves_what_others_said(ledger: Ledger) -> None:
    rules = (WordRule(avoid="guarantee", use="assurances"),)
    assert "“a guarantee was broken”" in draft(told(), rules)
    assert wording_faults(draft(told(), rules), rules) == ()
    (fault,) = wording_faults("We can guarantee nothing. “A guarantee”", rules)
    assert (fault.found, fault.what) == ("guarantee", "avoided by the case; say assurances")


# -- leaks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "so said Maria Lopez to us",
        "so said LOPEZ",
        "He wrote: “as M a r i a  L o p e z told”",
        "“M.a.r.i.a-L.o.p.e.z”",
        "Lo\u00adpez",
    ],
)
def test_a_sources_name_is_found_however_it_is_hidden(text: str) -> None:
    assert leaks(text, Held(sources=("Maria Lopez",)))


def test_words_that_hold_no_secret_pass() -> None:
    held = Held(
        sources=("Maria Lopez",),
        secrets={"L1": ("overflight at night",)},
        texts={"I1": "he came by the old road past the mill before dawn"},
    )
    assert leaks("Marianne slopes; an overflight; he came by the new road at dawn", held) == ()
    (phrase,) = leaks("We hear that he came by the old road past the mill.", held)
    assert phrase.found == "he came by the old road past the mill"
    (sensor,) = leaks("An overflight at night saw nothing.", held)
    assert sensor.what == "above what may be told (L1)"


def test_a_reply_with_a_leak_is_not_sent_and_nothing_is_entered(
    ledger: Ledger, tmp_path: Path
) -> None:
    decide(ledger)
    names = tuple(Sources(ledger).names().values())
    report = report_id(ledger)
    answer = view(ledger).answer_to(report, "radio", sources=names)
    assert answer.stops == ()
    leaky = view(ledger).in_other_words(
        answer, "Overflight at night saw nothing, and Lopez errs.", sources=names
    )
    size = ledger.head().size
    with pytest.raises(Faults) as refused:
        to_file(ledger, leaky, tmp_path / "a.txt", approved_by="Ben", second_person=True, now=NOW)
    assert str(refused.value).splitlines() == [
        "reply: characters 0 to 19: found Overflight at night, expected nothing that may not leave."
        " It is above what may be told (L1).",
        "reply: characters 37 to 42: found Lopez, expected nothing that may not leave."
        " It is the name of a source.",
    ]
    assert not (tmp_path / "a.txt").exists()
    assert ledger.head().size == size


# -- sent ------------------------------------------------------------------------------------------


def test_an_approved_reply_is_a_file_and_an_entry_with_its_digest(
    ledger: Ledger, tmp_path: Path
) -> None:
    name = decide(ledger)
    reviewed(ledger, name, reviewer="Ben", now=NOW)
    report = report_id(ledger)
    answer = view(ledger).answer_to(report, "radio")
    with pytest.raises(InputError, match="another person than Ann, who decided it"):
        to_file(ledger, answer, tmp_path / "a.eml", approved_by="Ann", second_person=True, now=NOW)
    sent = to_file(
        ledger, answer, tmp_path / "a.eml", approved_by="Ben", second_person=True, now=NOW
    )
    assert isinstance(sent.entry.body, Reply)
    assert sent.entry.body.sha256 == sha256((tmp_path / "a.eml").read_bytes()).hexdigest()
    mail = message_from_bytes(sent.data, policy=policy.default)
    assert (mail["To"], mail["Subject"]) == (
        "desk@radio.example",
        "Your report: Launchers at North Port, says a driver.",
    )
    one = view(ledger).followed()[0]
    assert (one.unanswered, one.reply_clock.state) == ((), "stopped")
    with pytest.raises(InputError, match="a name that is free"):
        to_file(ledger, answer, tmp_path / "a.eml", approved_by="Ben", second_person=True, now=NOW)


def test_without_a_mail_server_nothing_is_entered_as_sent(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(ledger)
    answer = view(ledger).answer_to(report_id(ledger), "radio")
    monkeypatch.delenv("EXCOMM_SMTP", raising=False)
    size = ledger.head().size
    with pytest.raises(EnvironmentFault, match="EXCOMM_SMTP and EXCOMM_MAIL_FROM"):
        by_mail(ledger, answer, approved_by="Ben", second_person=True, now=NOW)
    monkeypatch.setenv("EXCOMM_SMTP", "127.0.0.1:1")
    monkeypatch.setenv("EXCOMM_MAIL_FROM", "us@example.org")
    with pytest.raises(EnvironmentFault, match="Nothing was entered as sent"):
        by_mail(ledger, answer, approved_by="Ben", second_person=True, now=NOW)
    assert ledger.head().size == size


def test_a_second_decision_is_a_correction_to_the_outlet(ledger: Ledger, tmp_path: Path) -> None:
    reviewed(ledger, decide(ledger), reviewer="Ben", now=NOW)
    report = report_id(ledger)
    answer = view(ledger).answer_to(report, "radio")
    to_file(ledger, answer, tmp_path / "a.txt", approved_by="Ben", second_person=True, now=NOW)
    later = NOW + timedelta(hours=3)
    seen = view(ledger, later)
    (found,) = seen.allegations()
    name = decided(
        ledger, found, "corroborated", head="", author="Ann", text="shown to us", now=later
    ).id
    reviewed(ledger, str(name), reviewer="Ben", now=later)
    assert view(ledger, later).followed()[0].to_correct == ("radio",)
    again = view(ledger, later).answer_to(report, "radio").text
    assert "We told you before: no evidence. That no longer holds." in again


# -- ClaimReview -----------------------------------------------------------------------------------

# What schema.org (28.1) and the fact-check gatherers ask of a ClaimReview, as a JSON Schema.
SCHEMA = {
    "type": "object",
    "required": ["@context", "@type", "claimReviewed", "author", "reviewRating", "itemReviewed"],
    "additionalProperties": False,
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "ClaimReview"},
        "identifier": {"type": "string"},
        "claimReviewed": {"type": "string", "minLength": 1},
        "datePublished": {"type": "string", "format": "date-time"},
        "url": {"type": "string", "format": "uri"},
        "reviewBody": {"type": "string"},
        "author": {"$ref": "#/$defs/organization"},
        "itemReviewed": {
            "type": "object",
            "required": ["@type"],
            "properties": {
                "@type": {"const": "Claim"},
                "appearance": {
                    "type": "object",
                    "required": ["@type"],
                    "properties": {
                        "@type": {"const": "CreativeWork"},
                        "author": {"$ref": "#/$defs/organization"},
                        "datePublished": {"type": "string", "format": "date-time"},
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "reviewRating": {
            "type": "object",
            "required": ["@type", "ratingValue", "bestRating", "worstRating", "alternateName"],
            "properties": {
                "@type": {"const": "Rating"},
                "ratingValue": {"type": "integer", "minimum": 1, "maximum": 5},
                "bestRating": {"const": 5},
                "worstRating": {"const": 1},
                "alternateName": {"type": "string", "minLength": 1},
            },
            "additionalProperties": False,
        },
    },
    "$defs": {
        "organization": {
            "type": "object",
            "required": ["@type", "name"],
            "properties": {
                "@type": {"enum": ["Organization", "Person"]},
                "name": {"type": "string", "minLength": 1},
            },
            "additionalProperties": False,
        }
    },
}


def test_a_finding_leaves_as_a_claim_review_that_holds_against_its_schema(ledger: Ledger) -> None:
    reviewed(ledger, decide(ledger), reviewer="Ben", now=NOW)
    found = view(ledger).claim_review(report_id(ledger), "The desk")
    jsonschema.validate(found, SCHEMA)
    assert found["reviewRating"] == {
        "@type": "Rating",
        "ratingValue": 2,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "no evidence",
    }
    assert "Lopez" not in str(found)
    assert "lens" not in str(found)


def test_an_unreviewed_finding_says_so_and_none_is_none(ledger: Ledger) -> None:
    report = report_id(ledger)
    with pytest.raises(InputError, match="a report with a finding that holds"):
        view(ledger).claim_review(report, "The desk")
    decide(ledger)
    found = view(ledger).claim_review(report, "The desk")
    jsonschema.validate(found, SCHEMA)
    assert "no evidence (not reviewed)" in str(found)
