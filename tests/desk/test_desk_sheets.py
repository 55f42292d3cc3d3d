"""Your sheet in, through the page: mapped once, looked at, taken in whole, sent again."""

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from excomm.desk import uploads
from excomm.desk.office import Desk
from excomm.entries import Entry
from excomm.entries.kinds import Count
from excomm.ledger import open_ledger

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
SHEET = "Date,Ship,Boats,Place\n2024-01-08,Maria,3,The port\n2024-01-09,Elena,2,The port\n"


@pytest.fixture
def client(desk_of: DeskOf, small: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(small))


def counts(where: Path) -> list[Entry]:
    return [one for one in open_ledger(where).read() if isinstance(one.body, Count)]


def fields(page: str) -> dict[str, str]:
    """What the form of a page would send."""
    said = dict(
        re.findall(
            r'<input (?:type="hidden" )?(?:id="[^"]*" )?name="([^"]+)" value="([^"]*)"', page
        )
    )
    said |= dict(re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', page, re.S))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        said[name] = chosen[1] if chosen else ""
    said.pop("on", None)
    return {name: html.unescape(text) for name, text in said.items()}


def sent(client: Client, said: Mapping[str, object], status: int = 200) -> str:
    answer = client.post("/small/sheets", said)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def started(client: Client, sheet: str = SHEET) -> dict[str, str]:
    page = client.get("/small/sheets").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    return {"csrfmiddlewaretoken": token[1], "pasted": sheet, "kind": "count", "name": "ships"}


def looked_at(client: Client, sheet: str = SHEET) -> dict[str, str]:
    mapping = fields(sent(client, dict(started(client, sheet))))
    assert mapping["says-0"] == "occurred" and mapping["says-1"] == "carrier"
    mapping |= {"says-2": "number", "set-item": "boats", "set-by": "A", "step": "mapped"}
    page = sent(client, dict(mapping))
    return fields(page) | {"page": page}


def test_pasted_cells_are_mapped_looked_at_and_taken_in(client: Client, small: Path) -> None:
    before = small.read_bytes()
    look = looked_at(client)
    assert (
        "2 rows new, 0 changed" in look["page"] and "boats on Maria at The port: 3" in look["page"]
    )
    assert small.read_bytes() == before  # looking writes nothing
    page = sent(client, {**look, "step": "take"})
    assert "2 rows and 0 corrections of pasted are in the ledger" in page
    assert [one.body.number for one in counts(small)[-2:]] == [3, 2]  # type: ignore[union-attr]


def test_the_grown_sheet_is_read_by_its_saved_mapping_and_doubles_nothing(
    client: Client, small: Path
) -> None:
    sent(client, {**looked_at(client), "step": "take"})
    grown = SHEET.replace("Maria,3", "Maria,4") + "2024-01-10,Rosa,1,The port\n"
    said = started(client, grown) | {"map": "ships", "kind": "", "name": ""}
    page = sent(client, dict(said))
    assert "1 row new, 1 changed" in page and "number: 3 → 4" in page
    look = fields(page) | {"step": "take"}
    size = open_ledger(small).head().size
    sent(client, dict(look))
    assert open_ledger(small).head().size == size + 2
    # The same form once more: nothing is doubled.
    assert "0 rows and 0 corrections" in sent(client, dict(look))
    assert open_ledger(small).head().size == size + 2


def test_what_the_ledger_took_in_meanwhile_is_shown_before_anything_is_written(
    client: Client, small: Path
) -> None:
    stale = looked_at(client)
    sent(client, {**looked_at(client, SHEET.replace("Elena,2", "Elena,7")), "step": "take"})
    before = small.read_bytes()
    page = sent(client, {**stale, "step": "take"}, 409)
    assert "The ledger has gone on since" in page and "number: 7 → 2" in page
    assert small.read_bytes() == before


def test_a_sheet_with_faults_is_taken_whole_or_not_unless_its_sound_rows_are_asked_for(
    client: Client, small: Path
) -> None:
    before = small.read_bytes()
    look = looked_at(client, SHEET + "2024-01-10,Ana,many,Atlantis\n")
    assert "1 with faults" in look["page"]
    assert "found many, expected a number." in look["page"]
    page = sent(client, {**look, "step": "take"}, 409)
    assert "Some rows have faults." in page and small.read_bytes() == before
    rejects = client.post("/small/sheets", {**look, "step": "rejects"})
    assert rejects["Content-Disposition"].startswith("attachment")
    assert "Ana" in rejects.content.decode() and "Maria" not in rejects.content.decode()
    sent(client, {**look, "step": "take", "keep-going": "on"})
    assert len(counts(small)) == 4


def test_a_workbook_comes_as_a_file(client: Client) -> None:
    import io

    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (["Date", "Ship", "Boats", "Place"], ["2024-01-08", "Maria", 3, "The port"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("C:\\sheets\\ships.xlsx", out.getvalue())
    said = dict(started(client)) | {"pasted": "", "file": file}
    page = sent(client, said)
    assert "1 row, each a count" in page and 'name="called" value="ships.xlsx"' in page


def test_a_file_that_is_too_large_is_told_and_nothing_of_it_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "FILE_BYTES_MAX", 1000)
    said = dict(started(client)) | {"file": SimpleUploadedFile("big.csv", b"a,b\n" * 1000)}
    assert "a file that is too large" in sent(client, said, 422)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"pasted": ""}, "sheet: found nothing, expected a file, or pasted cells."),
        ({"kind": ""}, "what a row of the sheet is"),
        ({"name": ""}, "a name for the mapping"),
        ({"pasted": "a,b\n" + "x" * 700_000}, "excomm import"),
    ],
)
def test_what_is_missing_is_told_and_the_cells_are_kept(
    client: Client, more: dict[str, str], told: str
) -> None:
    page = sent(client, dict(started(client) | more), 422)
    assert told in html.unescape(page)


def test_cells_are_never_markup(client: Client) -> None:
    evil = "Date,<b>Ship,Boats,Place\n2024-01-08,</textarea><script>alert(1)</script>,3,The port\n"
    page = sent(client, dict(started(client, evil)))
    assert "<script>" not in page and "<b>" not in page
