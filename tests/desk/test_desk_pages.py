"""The pages, asked in process: what they show, what they hold back, what they hand out."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from msgspec.structs import replace

from excomm import folder, ledger
from excomm.case import Case
from excomm.desk.office import Desk, Reader
from excomm.desk.served import Served
from excomm.ledger import open_ledger

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
ENTRIES = Case.open("cuba-1962").head.size
NOW = datetime(2024, 6, 1, tzinfo=UTC)

SEEN_AGAIN = """
=== case.toml
id = "back"
title = "Back again"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]
=== assumptions.csv
name,low,best,high,author,basis
boats.stock,5,5,5,desk,count
boats.prob_retained,0.1,0.1,0.1,desk,guess
boats.exit.missed,0.1,0.1,0.1,desk,guess
boats.exit.twice,0,0,0,desk,guess
boats.arrival,0.01,0.01,0.01,desk,guess
=== counts.csv
id,occurred,item,number,site,moving,scope,unit,reading
C1,2024-01-05,boats,5,,leaving,total,boats,high
C2,2024-01-08,boats,2,port,present,own,boats,high
"""


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_today_is_the_brief_of_the_day_asked_for(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = text(client, "/cuba-1962/?on=1962-11-12T17:00-05:00")
    assert "Brief for Monday 12 November 1962, 17:00 (-05:00)" in page
    assert "Missiles: 42 declared, 38 counted on the way out by 9 November." in page
    # The day before knows less.
    assert "38 counted" not in text(client, "/cuba-1962/?on=1962-11-08")


def test_the_desk_and_the_file_say_the_same(desk_of: DeskOf, cuba: Path, open_desk: Opened) -> None:
    from excomm.brief import brief, html
    from excomm.case import Case

    def words(page: str) -> str:
        main = page[page.index('<main id="main">') : page.index("</main>")]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())

    page = text(open_desk(desk_of(cuba)), "/cuba-1962/?on=1962-11-12")
    assert words(page) == words(html.render(brief(Case.open(cuba).on("1962-11-12"))))


def test_one_case_is_opened_at_once_and_several_are_listed(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    one = open_desk(desk_of(small)).get("/?on=2024-01-06")
    assert (one.status_code, one["Location"]) == (302, "/small/?on=2024-01-06")
    client = open_desk(desk_of(small, "cuba-1962", small, run_id="three"))
    page = text(client, "/")
    assert all(f'href="/{slug}/"' in page for slug in ("small", "cuba-1962", "small-2"))


def test_agreement_shows_states_waits_and_history_with_the_entries_that_decide(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = text(client, "/cuba-1962/agreement?on=1962-11-12")
    assert "CU-8 USA: lift the quarantine" in page
    assert "cannot be known" in page
    one = text(client, "/cuba-1962/undertaking?id=CU-8&on=1962-11-21")
    # The quarantine was lifted on 20 November; the day before it was still waited for.
    assert "Wednesday 21 November 1962" in one
    history = one[one.index('id="history"') :]
    assert history.index("fulfilled") < history.index("pending")
    assert "/cuba-1962/entry?" in one


def test_item_has_a_chart_whose_title_is_its_finding_and_a_table_behind(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    page = text(open_desk(desk_of(cuba)), "/cuba-1962/item?id=missiles&on=1962-11-12")
    title = (
        "missiles: none left and none brought back, very unlikely to almost certain (.16 to .99)"
    )
    assert f"<figcaption>{title}" in page
    assert f'role="img" aria-label="{title}' in page
    assert "The same as a table (4 days)" in page
    assert "standard, CU-2" in page
    remain = (
        "Still there, of what should have left: none with .99 (.16 to .99); at most 0 (0 to 12)"
    )
    assert f"<figcaption>{remain} with 95 %" in page
    assert f'role="img" aria-label="{remain} with 95 %. The table below' in page
    assert re.search(r"<title>8: [^<]* to \.14\)</title><rect class=.bar-of", page)
    assert ">still there: exactly 8</th>" in page
    assert "Declared against counted" in page and "Labinsk" in page
    assert "missiles.prob_retained: 0.1 (0.02 to 0.3)" in page


def test_of_what_was_seen_after_the_count_out_no_number_has_a_probability(
    desk_of: DeskOf, tmp_path: Path, open_desk: Opened
) -> None:
    where = tmp_path / "back.ledger"
    ledger.create(where, folder.read_text(SEEN_AGAIN, now=NOW).entries, now=NOW)
    page = text(open_desk(desk_of(where)), "/back/item?id=boats&on=2024-01-09")
    assert "so no number has a probability. At least 2 remain." in page
    assert "bar-of" not in page


def test_sites_never_looked_at_come_first_and_are_not_called_empty(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    page = text(open_desk(desk_of(cuba)), "/cuba-1962/sites?on=1962-11-12")
    table = page[page.index('id="looks"') :]
    assert table.index("Bahia Honda") < table.index("Banes") < table.index("San Julian")
    assert table.count("not looked</span>") == 5
    # The map says the same, and that one site has no place on it.
    assert "<title>Bahia Honda: not looked</title>" in page
    assert "1 site without coordinates" in page


def test_the_time_bar_replays_any_day_as_known_that_day(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = text(client, "/cuba-1962/sites?on=1962-11-12&known_by=now")
    assert 'name="at" min="0" max="161" value="75"' in page and "29 August 1962" in page
    # Without a script the form leads to the day; with one, only the day's part is sent.
    answer = client.get("/cuba-1962/sites?at=46&known_by=now")
    assert (answer.status_code, answer["Location"]) == (302, "/cuba-1962/sites?on=1962-10-14")
    part = client.get("/cuba-1962/sites?at=46", headers={"HX-Request": "true"})
    told = part.content.decode()
    assert part["HX-Replace-Url"] == answer["Location"] and "<html" not in told
    assert "Sunday 14 October 1962, end of day" in told and "as known at that hour" in told
    assert "9 Nov" in page and "9 Nov" not in told
    assert "expected 0 to 161" in text(client, "/cuba-1962/sites?at=162", 400)
    assert "expected 0 to 161" in text(client, "/cuba-1962/sites?at=x", 400)


def test_the_ledger_is_filtered_by_kind_day_and_words(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    assert f"{ENTRIES} entries" in text(client, "/cuba-1962/ledger")
    page = text(client, "/cuba-1962/ledger?kind=count&day=1962-11-09&text=labinsk")
    assert "1 entry" in page and "missiles leaving on Labinsk: 0" in page
    # A day inside an interval is a day of it.
    assert "no U-2 photography" in text(client, "/cuba-1962/ledger?day=1962-09-20")
    assert "No entry that you may see fits." in text(client, "/cuba-1962/ledger?text=zanzibar")
    assert "expected a day that exists" in text(client, "/cuba-1962/ledger?day=1962-11-31", 400)


def test_only_the_rows_are_sent_where_only_they_are_asked_for(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    part = client.get("/small/ledger?text=gate", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "seen from the gate" in part


def test_an_entry_shows_its_head_what_corrected_it_and_what_rests_on_it(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = text(client, "/cuba-1962/entry?id=count-missiles-38&on=1962-11-12")
    assert "FRUS 1961-63 vols. X/XI/XII microfiche suppl. doc. 512" in page
    assert "the figure of missiles" in page
    assert "the brief: Declared against counted" in page
    line = text(client, "/cuba-1962/entry?id=line-reply&on=1962-11-21")
    assert "over-line-reply" in line and "corrected or withdrawn" in line


def test_a_day_that_does_not_exist_is_told_with_what_to_write(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    page = text(open_desk(desk_of(small)), "/small/?on=2024-02-31", 400)
    assert "--on: found 2024-02-31, expected a day that exists. Write 1962-11-12." in page


# -- what is held back ---------------------------------------------------------------------------

CLEARED = Reader("", "open", may_enter=True)
CRAWLED = (
    *("/small/", "/small/agreement", "/small/items", "/small/item?id=boats", "/small/sites"),
    *("/small/options", "/small/minutes", "/small/minutes?words=canary"),
    *("/small/day-book", "/small/day-book.ics"),
    *("/small/reports", "/small/report?id=R1", "/small/report?id=nobody"),
    *("/small/ledger", "/small/ledger?text=canary", "/small/ledger.csv", "/small/ledger.json"),
    *("/small/entry?id=C1", "/small/entry?id=L1", "/small/entry?id=port", "/small/enter"),
    *("/small/what-if", "/small/what-if?kind-1=incident&what-1=a+storm", "/small/enter/offer"),
    *("/small/enter/count", "/small/enter/look", "/small/ledger?kind=look&day=2024-01-06"),
)


def as_cleared(desk: Desk) -> Desk:
    return Desk(desk.run, desk.kept, CLEARED)


@pytest.mark.parametrize("page", ["entry", "correct", "withdraw", "item", "undertaking"])
def test_a_hidden_id_and_an_unknown_one_answer_alike(
    desk_of: DeskOf, small: Path, open_desk: Opened, page: str
) -> None:
    client = open_desk(as_cleared(desk_of(small)))
    hidden, unknown = client.get(f"/small/{page}?id=L2"), client.get(f"/small/{page}?id=none")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.content == unknown.content
    assert hidden.headers == unknown.headers


def test_a_reader_sees_the_pages_of_a_ledger_without_what_is_hidden(
    desk_of: DeskOf, small: Path, tmp_path: Path, open_desk: Opened
) -> None:
    kept = [entry for entry in open_ledger(small).read() if entry.marking != "secret"]
    bare = tmp_path / "bare.ledger"
    ledger.create(bare, kept, now=NOW)
    heads = [Served(str(where)).case().head for where in (small, bare)]
    first = open_desk(as_cleared(desk_of(small, run_id="all")))
    second = open_desk(as_cleared(desk_of(bare, run_id="bare")))

    def seen(client: Client, path: str, head: Any) -> str:
        page = client.get(path).content.decode()
        # Listed: the head, its size, and what is random or of the desk itself.
        page = page.replace(head.digest, "HEAD").replace(head.short, "HEAD")
        page = re.sub(rf'value="{head.size}"|>{head.size} HEAD', "SIZE", page)
        return re.sub(r'(csrfmiddlewaretoken|form-key)" value="[^"]+"', r"\1", page)

    for path in CRAWLED:
        one, other = seen(first, path, heads[0]), seen(second, path, heads[1])
        assert "CANARY" not in one, path
        assert one == other, path


def test_a_cleared_reader_cannot_ask_for_more(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(as_cleared(desk_of(small)))
    assert "CANARY" not in text(client, "/small/ledger?cleared=secret")
    assert "CANARY" not in text(client, "/small/ledger.csv?cleared=secret")


def test_the_owner_can_look_through_a_readers_eyes(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    assert "CANARY" in text(client, "/small/ledger")
    page = text(client, "/small/ledger?cleared=open")
    assert "CANARY" not in page and "view: open" in page
    assert "expected one of the case" in text(client, "/small/?cleared=cosmic", 400)


# -- injection and downloads ----------------------------------------------------------------------

EVIL = """
=== case.toml
id = "small"
title = "<script>alert(1)</script>"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "<img src=x onerror=alert(2)>"}]
items = [{id = "b", name = '"><script>alert(3)</script>', unit = "b"}]
sites = [{id = "p", name = "</title><script>alert(4)</script>"}]
=== events.csv
id,occurred,kind,what,by,source
"=E1<b>",2024-01-05,incident,"=HYPERLINK(""http://x"",""</script><script>alert(5)</script>"")",A,"@SUM(1)<b>"
=== counts.csv
id,occurred,item,number,site,what,source
C1,2024-01-05,b,3,p,"+1+cmd|' /C calc'!A0",-2+3
"""


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    where = tmp_path / "evil.ledger"
    ledger.create(where, folder.read_text(EVIL, now=NOW).entries, now=NOW)
    return where


def test_what_an_entry_says_is_never_markup(desk_of: DeskOf, evil: Path, open_desk: Opened) -> None:
    client = open_desk(desk_of(evil))
    paths = ["", "agreement", "items", "item?id=b", "sites", "enter", "enter/count", "ledger"]
    paths += ["entry?id=C1", "entry?id=%3DE1%3Cb%3E", "withdraw?id=%3DE1%3Cb%3E", "correct?id=C1"]
    for path in paths:
        page = text(client, f"/small/{path}")
        assert "<script>" not in page and "<img" not in page and "<b>" not in page, path
    foot = text(client, "/small/sheet.css")
    assert "<" not in foot and "script" in foot


def test_what_was_asked_for_is_never_markup(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (f"ledger?text={evil}", f"ledger?day={evil}", f"?on={evil}", f"entry?id={evil}",
                 f"?known_by={evil}", f"?cleared={evil}", f"agreement?{evil}={evil}"):  # fmt: skip
        assert "<script>" not in client.get(f"/small/{path}").content.decode(), path


def test_no_cell_of_a_download_runs_in_a_spreadsheet(
    desk_of: DeskOf, evil: Path, open_desk: Opened
) -> None:
    answer = open_desk(desk_of(evil)).get("/small/ledger.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="small-entries.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "'=E1<b>" in cells and "'@SUM(1)<b>" in cells and "'-2+3" in cells


def test_every_cell_of_a_workbook_is_text_and_the_same_rows_give_the_same_bytes(
    desk_of: DeskOf, evil: Path, open_desk: Opened
) -> None:
    from openpyxl import load_workbook

    client = open_desk(desk_of(evil))
    answer = client.get("/small/ledger.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="small-entries.xlsx"'
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {"'=E1<b>", "'@SUM(1)<b>", "'-2+3"} <= {cell.value for cell in cells}
    assert client.get("/small/ledger.xlsx").content == answer.content


def test_json_holds_the_canonical_entries(desk_of: DeskOf, small: Path, open_desk: Opened) -> None:
    from excomm.entries import from_bytes

    answer = open_desk(desk_of(small)).get("/small/ledger.json?kind=count")
    found = [from_bytes(json.dumps(each)) for each in json.loads(answer.content)]
    assert found == [one for one in open_ledger(small).read() if one.kind == "count"]


def test_brief_finding_and_letter_leave_as_files_and_as_the_reader_may_see_them(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    on = "on=1962-12-05"
    for path, name in (
        (f"brief.docx?{on}", "cuba-1962-1962-12-05-brief.docx"),
        (f"brief.pdf?{on}", "cuba-1962-1962-12-05-brief.pdf"),
        (f"entry.docx?id=finding-cbs&{on}", "cuba-1962-finding.docx"),
        (f"entry.pdf?id=reply-miami&{on}", "cuba-1962-letter.pdf"),
    ):
        answer = client.get(f"/cuba-1962/{path}")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.content.startswith(b"PK" if "docx" in path else b"%PDF")
    assert "This finding leaves as" in text(client, f"/cuba-1962/entry?id=finding-cbs&{on}")
    hidden = client.get(f"/cuba-1962/entry.docx?id=finding-cbs&{on}&cleared=open")
    unknown = client.get(f"/cuba-1962/entry.docx?id=none&{on}&cleared=open")
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    assert client.get("/cuba-1962/brief.exe").status_code == 404


# -- reading on, verifying, folding once ----------------------------------------------------------


def token_of(client: Client, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text(client, path))
    assert found
    return found[1]


def test_what_came_since_one_looked_is_shown(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    assert "none marked as read" in text(client, "/small/")
    client.post("/small/read", {"csrfmiddlewaretoken": token_of(client, "/small/"), "size": "999"})
    assert "Nothing has come since you last looked" in text(client, "/small/")
    last = list(open_ledger(small).read())[-1]
    later = replace(last, id="C9", marking="open")
    open_ledger(small).append([later], now=NOW)
    page = text(client, "/small/")
    assert "1 entry since you last looked" in page and "entry?id=C9" in page


def test_verification_says_that_the_chain_holds_and_when_it_does_not(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    said = {"csrfmiddlewaretoken": token_of(client, "/small/ledger")}
    page = client.post("/small/verify", said).content.decode()
    assert "verified, head" in page and "<h1>" in page
    part = client.post("/small/verify", said, headers={"HX-Request": "true"}).content.decode()
    assert "verified, head" in part and "<h1>" not in part


def test_a_view_is_folded_once_and_again_when_the_head_moves(small: Path) -> None:
    served = Served(str(small))
    first = served.seen("2024-01-10", None, None)
    assert served.seen("2024-01-10", None, None) is first
    assert served.seen("2024-01-10", "now", None) is not first
    assert served.seen("2024-01-10", None, "open") is not first
    other = next(one for one in open_ledger(small).read() if one.kind == "count")
    open_ledger(small).append([replace(other, id="C8")], now=NOW)
    moved = served.seen("2024-01-10", None, None)
    assert moved is not first and moved.view.head.size == first.view.head.size + 1


def test_a_folder_is_read_again_when_its_files_change(tmp_path: Path) -> None:
    where = tmp_path / "mission"
    folder.new(where)
    served = Served(str(where))
    title = served.case().title
    toml = (where / "case.toml").read_text()
    (where / "case.toml").write_text(toml.replace(title, "Another title"))
    assert served.case().title == "Another title"


def test_a_folder_that_cannot_be_read_is_told_by_file_and_line(
    desk_of: DeskOf, tmp_path: Path, open_desk: Opened
) -> None:
    where = tmp_path / "mission"
    folder.new(where)
    client = open_desk(desk_of(where))
    (where / "looks.csv").write_text("id,occurred,means,outcome\nL1,yesterday,x,made\n")
    answer = client.get("/")
    assert answer.status_code == 400
    assert "looks.csv:2: occurred: found yesterday" in answer.content.decode()


def test_views_that_went_on_equal_those_of_a_desk_started_anew(small: Path) -> None:
    served = Served(str(small))
    shown = [(day, known, cleared) for day in (None, "2024-01-06", "2024-01-10")
             for known in (None, "now") for cleared in (None, "open")]  # fmt: skip
    for each in shown:
        seen = served.seen(*each)
        assert seen.brief and seen.by_id
    one = next(each for each in open_ledger(small).read() if each.id == "C1")
    news = [
        replace(one, id="C3"),
        replace(one, id="C4", corrects="C1", marking="secret"),
        replace(one, id="C5", corrects="C3"),
    ]
    for entry in news:
        open_ledger(small).append([entry], now=datetime.now(UTC))
        for each in shown:
            served.seen(*each)
    anew = Served(str(small))
    for each in shown:
        found, wanted = served.seen(*each), anew.seen(*each)
        assert [*found.by_id.items()] == [*wanted.by_id.items()]
        assert served.matching("port", found) == anew.matching("port", wanted) != ()
        if each[1] is None:  # the present differs by moments
            assert found.brief == wanted.brief
