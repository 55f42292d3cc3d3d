"""Taking reports in: once, all or nothing, as received, with the source sealed apart."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from excomm.case import Case, View
from excomm.entries.kinds import Report, Unsealing
from excomm.errors import Faults, InputError
from excomm.folder import read_text
from excomm.ledger import Ledger, create, open_ledger
from excomm.reports.importing import plain, read_file
from excomm.reports.intake import Incoming, prepared, take_in
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
=== outlets.csv
id,name,contact
radio,Radio One,desk@radio.example
paper,The Paper,
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    case = read_text(CASE, now=NOW - timedelta(days=1))
    return create(str(tmp_path / "port.ledger"), case.entries, now=NOW - timedelta(days=1))


def reports(ledger: Ledger) -> list[Report]:
    return [entry.body for entry in ledger.read() if isinstance(entry.body, Report)]


def view(ledger: Ledger, at: datetime = NOW) -> View:
    return Case.open(ledger.where).on(at)


def take(ledger: Ledger, *incoming: Incoming) -> int:
    return len(take_in(ledger, incoming, now=NOW, operator="Ann").entries)


# -- once, and all or nothing ----------------------------------------------------------------------


def test_the_same_post_twice_is_one_entry_and_the_first_receipt_holds(ledger: Ledger) -> None:
    post = Incoming(text="Launchers at North Port.", outlet="radio")
    assert take(ledger, post) == 1
    later = take_in(ledger, [post, post], now=NOW + timedelta(hours=5), operator="Ben")
    assert (later.entries, len(later.again)) == ((), 1)
    (one,) = view(ledger, NOW + timedelta(hours=6)).followed()
    assert one.reply_clock.hours_left == pytest.approx(18.0)


def test_a_fault_names_nothing_that_whoever_takes_in_may_not_see(ledger: Ledger) -> None:
    seen = [entry for entry in ledger.read() if entry.id != "paper"]
    post = Incoming(text="Launchers at North Port.", outlet="paper")
    with pytest.raises(Faults) as refused:
        take_in(ledger, [post], now=NOW, operator="Ann", seen=seen)
    assert str(refused.value) == (
        "report: outlet: found paper, expected an outlet of the case (radio)."
    )
    # What is there already is there for him too, and is not taken in twice.
    take(ledger, msgspec.structs.replace(post, outlet="radio"))
    bare = [entry for entry in ledger.read() if not isinstance(entry.body, Report)]
    again = msgspec.structs.replace(post, outlet="radio")
    assert take_in(ledger, [again], now=NOW, operator="Ben", seen=bare).entries == ()


def test_5000_copies_in_a_minute_are_one_report_and_one_clock(ledger: Ledger) -> None:
    posts = [
        Incoming(text="Launchers at North Port.", outlet="radio", published=f"2024-02-{d:02}")
        for d in range(1, 29)
    ]
    copies = [posts[n % len(posts)] for n in range(5000)]
    assert take(ledger, *copies) == 28
    found = [each for each in view(ledger).followed() if not each.repeat_of]
    assert len(found) == 1
    assert len(found[0].repeats) == 27


def test_one_fault_and_nothing_is_taken_in_or_sealed(ledger: Ledger) -> None:
    size = ledger.head().size
    good = Incoming(where="a.csv:2", text="Launchers.", source="Maria Lopez")
    bad = Incoming(where="a.csv:3", text="Tanks.", outlet="rado", grade="Z9")
    worse = Incoming(where="a.csv:4", text="Tanks.", outlet="rado")
    with pytest.raises(Faults) as refused:
        take(ledger, good, bad, worse)
    assert str(refused.value).splitlines() == [
        "a.csv:3: grade: found Z9, expected a letter A to F and a figure 1 to 6."
        " B2: usually reliable, probable.",
        "a.csv:4: outlet: found rado, expected an outlet of the case (radio, paper)."
        " Did you mean radio?",
    ]
    assert ledger.head().size == size
    assert not Sources(ledger).path.exists()


def test_a_preview_writes_nothing(ledger: Ledger) -> None:
    size = ledger.head().size
    case = tuple(ledger.read())
    post = Incoming(text="Launchers.", source="Maria Lopez")
    found = prepared([post], case, now=NOW, operator="Ann", seal=None)
    assert len(found.entries) == 1
    assert ledger.head().size == size
    assert not Sources(ledger).path.exists()


def test_text_is_kept_as_received_with_its_digest_method_operator_and_time(ledger: Ledger) -> None:
    text = "  Launchers\tat North Port <b>now</b>; DROP TABLE ledger; ignore your rules. \n"
    take(ledger, Incoming(text=text, outlet="radio", grade="B2", published="2031-01-01"))
    (entry,) = [e for e in ledger.read() if isinstance(e.body, Report)]
    assert isinstance(entry.body, Report)
    assert entry.body.text == text
    assert (entry.by, entry.recorded, entry.body.method) == ("Ann", NOW, "entered by hand")
    assert (entry.body.reliability, entry.body.credibility) == ("B", "2")
    from hashlib import sha256

    assert entry.body.sha256 == sha256(text.encode()).hexdigest()
    # A time of its own, and one to come at that, sets no clock.
    assert view(ledger).followed()[0].received == NOW


# -- the source apart ------------------------------------------------------------------------------


def test_the_name_of_a_source_is_in_no_entry_and_not_in_the_clear_beside_it(
    ledger: Ledger,
) -> None:
    take(ledger, Incoming(text="Launchers.", source="Maria Lopez"))
    take(ledger, Incoming(text="Tanks.", source="maria  lopez"))
    assert {report.origin for report in reports(ledger)} == {Sources(ledger).seal("Maria Lopez")}
    folder = Path(ledger.where).parent
    ledger.close()
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"Lopez" not in path.read_bytes(), path
    assert Sources(ledger).key_path.stat().st_mode & 0o077 == 0


def test_reading_a_name_needs_a_reason_and_is_an_entry(ledger: Ledger) -> None:
    take(ledger, Incoming(text="Launchers.", source="Maria Lopez"))
    (report,) = reports(ledger)
    sources = Sources(ledger)
    with pytest.raises(InputError, match=r"^reason: found ' ', expected why"):
        sources.unseal(report.origin, reason=" ", by="Keeper", now=NOW)
    name = sources.unseal(report.origin, reason="to ask again", by="Keeper", now=NOW)
    assert name == "Maria Lopez"
    read = [e.body for e in ledger.read() if isinstance(e.body, Unsealing)]
    assert read == [Unsealing(origin=report.origin, reason="to ask again", read_by="Keeper")]


def test_another_key_opens_nothing(ledger: Ledger) -> None:
    origin = Sources(ledger).seal("Maria Lopez")
    Sources(ledger).key_path.write_bytes(b"x" * 32)
    size = ledger.head().size
    with pytest.raises(InputError, match="the key that sealed it"):
        Sources(ledger).unseal(origin, reason="why", by="Keeper", now=NOW)
    assert ledger.head().size == size
    Sources(ledger).key_path.unlink()
    with pytest.raises(InputError, match="the key of the sealed names"):
        Sources(ledger).seal("Somebody")


# -- what cannot be read waits for a person, and its clock runs ------------------------------------


def test_an_empty_report_is_parked_and_its_clock_runs(ledger: Ledger) -> None:
    take(ledger, Incoming(text=" \n ", outlet="radio"))
    (one,) = view(ledger, NOW + timedelta(hours=13)).followed()
    assert one.unparsed
    assert one.reply_clock.state == "first warning"
    assert one.weighed[0].decision.word == "undetermined"


def test_another_language_is_kept_and_said_to_be_unparsed(ledger: Ledger) -> None:
    text = "Los cohetes que llegaron al puerto son de los rusos y no se ven en la noche."
    take(ledger, Incoming(text=text, outlet="radio"))
    (one,) = view(ledger).followed()
    assert one.unparsed == "not in English (Spanish)"
    assert reports(ledger)[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        "Something is going on.",
        "On 3 March 2031 six launchers will be at North Port.",
        "0 launchers at North Port.",
        "<script>alert(1)</script> {{7*7}} '; DROP TABLE",
        "\u202eforth\u202d and back",
        "a" * 3000,
    ],
)
def test_whatever_a_text_says_it_is_taken_in_and_weighed_without_a_fault(
    ledger: Ledger, text: str
) -> None:
    take(ledger, Incoming(text=text, outlet="radio"))
    (one,) = view(ledger).followed()
    assert one.weighed[0].decision.word == "undetermined"


def test_a_date_to_come_is_noted(ledger: Ledger) -> None:
    take(ledger, Incoming(text="On 3 March 2031 six launchers will be at North Port."))
    (found,) = view(ledger).allegations()
    assert "date after publication" in found.alleged.notes


def test_20_megabytes_of_text_are_kept_in_part_and_their_digest_whole(ledger: Ledger) -> None:
    text = "Launchers at North Port. " * 840_000
    take(ledger, Incoming(text=text))
    (report,) = reports(ledger)
    assert len(report.text) == 500_000
    (entry,) = [e for e in ledger.read() if isinstance(e.body, Report)]
    assert entry.note == "the first 500000 characters of 21000000"


def test_coordinates_off_the_map_are_refused(ledger: Ledger) -> None:
    from excomm.folder import typed

    said = {"occurred": "2024-03-01", "allegation": "arms", "lat": "91", "lon": "0"}
    with pytest.raises(Faults) as refused:
        typed(Report, said, tuple(ledger.read()), entry_id="R1", now=NOW)
    assert str(refused.value) == (
        "lat: found 91, expected -90 to 90. North is positive, south negative."
    )


# -- files -----------------------------------------------------------------------------------------


def written(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_csv_and_json_lines_are_read_by_line(tmp_path: Path) -> None:
    rows = 'text,outlet,grade\n"Launchers,\nsix of them",radio,B2\nTanks.,paper,\n'
    one, two = read_file(written(tmp_path, "a.csv", rows))
    assert (one.where.endswith("a.csv:2"), two.where.endswith("a.csv:4")) == (True, True)
    assert (one.text, one.grade) == ("Launchers,\nsix of them", "B2")
    line = json.dumps({"text": "Launchers.", "source": "Ann", "other": 3})
    (three,) = read_file(written(tmp_path, "a.jsonl", f"{line}\n\n"), outlet="radio")
    assert (three.source, three.outlet) == ("Ann", "radio")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", "txt\nx\n", "a.csv:1: found txt, expected columns among text,"),
        ("a.csv", "text,outlet\nx\n", "a.csv:2: found 1 cells, expected 2."),
        ("a.jsonl", "{}\n[1]\nnope\n", "a.jsonl:2: found [1], expected one JSON object."),
        ("a.jsonl", '{"text": 3}\n', "a.jsonl:1: text: found 3, expected a text."),
        ("a.txt", b"ok\ncaf\xe9", "a.txt:2: found byte 0xe9, expected text in UTF-8. Convert"),
        ("a.rss", "<rss><channel>", "a.rss: found no element found"),
        ("a.rss", "<html></html>", "a.rss: found <html> without items, expected an RSS or Atom"),
        (
            "a.rss",
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
            "a.rss: found a document type or entities, expected XML without them.",
        ),
        ("a.pdf", "x", "a.pdf: found .pdf, expected one of .csv, .jsonl,"),
    ],
)
def test_faults_of_a_file_are_told_with_their_place(
    tmp_path: Path, name: str, data: str | bytes, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        read_file(written(tmp_path, name, data))
    assert any(line.endswith(told) or told in line for line in str(refused.value).splitlines())


def test_a_feed_is_read_without_its_markup(tmp_path: Path) -> None:
    feed = """<rss version="2.0"><channel><title>Radio One</title>
<item><title>Launchers seen</title><description>&lt;p&gt;Six at &lt;b&gt;North Port&lt;/b&gt;.
&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</description>
<pubDate>Fri, 01 Mar 2024 08:00:00 +0100</pubDate><link>https://radio.example/1</link></item>
</channel></rss>"""
    (one,) = read_file(written(tmp_path, "a.rss", feed), outlet="radio")
    assert one.text == "Launchers seen\nSix at North Port."
    assert (one.published, one.note) == ("2024-03-01T08:00+01:00", "at https://radio.example/1")


def test_an_atom_feed_is_read_too(tmp_path: Path) -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Tanks</title>
<published>2024-03-01T08:00:00Z</published><summary>Two tanks.</summary></entry></feed>"""
    (one,) = read_file(written(tmp_path, "a.atom", feed))
    assert (one.text, one.published) == ("Tanks\nTwo tanks.", "2024-03-01T08:00Z")


MAIL = """From: Maria Lopez <maria@example.org>
To: desk@example.org
Subject: Launchers at the port
Date: Fri, 01 Mar 2024 08:00:00 +0100
Content-Type: text/plain; charset={charset}
Content-Transfer-Encoding: 8bit

Six launchers at the caf\xe9 by North Port.
"""


def test_an_e_mail_gives_its_text_and_its_sender_is_sealed(ledger: Ledger, tmp_path: Path) -> None:
    data = MAIL.format(charset="iso-8859-1").encode("iso-8859-1")
    (one,) = read_file(written(tmp_path, "a.eml", data))
    assert one.text == "Six launchers at the café by North Port.\n"
    assert (one.allegation, one.published) == ("Launchers at the port", "2024-03-01T08:00+01:00")
    take(ledger, one)
    assert reports(ledger)[0].origin.startswith("source-")


def test_an_e_mail_with_the_wrong_word_for_its_encoding_is_read_as_far_as_it_can_be(
    tmp_path: Path,
) -> None:
    data = MAIL.format(charset="no-such-code").encode("iso-8859-1")
    (one,) = read_file(written(tmp_path, "a.eml", data))
    assert "Six launchers at the caf" in one.text
    assert one.note == "wrong encoding: some letters could not be read"


def test_an_image_alone_is_parked_with_the_digest_of_its_bytes(
    ledger: Ledger, tmp_path: Path
) -> None:
    (one,) = read_file(written(tmp_path, "photo.png", b"\x89PNG\r\n"))
    take(ledger, one)
    (report,) = reports(ledger)
    assert (report.text, report.method) == ("", "image file")
    assert report.allegation == "image to be looked at: photo.png"


def test_markup_is_taken_off_and_hidden_parts_with_it() -> None:
    told = plain("<style>p{}</style><p>One<br>two &lt;three&gt;</p><template>x</template>")
    assert told == "One\ntwo <three>"


def test_a_new_process_finds_what_was_taken_in(ledger: Ledger) -> None:
    take(ledger, Incoming(text="Launchers at North Port.", source="Ann Other"))
    again = open_ledger(ledger.where)
    assert Sources(again).names() == {reports(again)[0].origin: "Ann Other"}
