"""Files with custody: kept by their hash, entered with who, when and from whom, downloaded only."""

import hashlib
import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from excomm.desk import uploads
from excomm.desk.office import Desk
from excomm.entries import Entry
from excomm.entries.kinds import Attachment
from excomm.ledger import attachments, open_ledger

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
PHOTO = b"\xff\xd8\xff\xe0 a photograph <script>alert(1)</script>"


@pytest.fixture
def client(desk_of: DeskOf, small: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(small))


def form(client: Client, query: str = "") -> dict[str, object]:
    page = client.get(f"/small/attach?{query}").content.decode()
    said = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    said |= {"occurred": "2024-01-08", "about": "", "role": "evidence"}
    return said


def sent(client: Client, said: dict[str, object], status: int = 302) -> str:
    answer = client.post("/small/attach", said)
    assert answer.status_code == status, answer.content.decode()
    return html.unescape(answer.content.decode())


def last(where: Path) -> tuple[Entry, Attachment]:
    entry = [*open_ledger(where).read()][-1]
    assert isinstance(entry.body, Attachment)
    return entry, entry.body


EVIDENCE = {"collected_by": "Ann", "collected_from": "the harbour master", "handed_to": "Ben"}


def test_a_photograph_is_kept_by_its_hash_with_who_collected_it_from_whom(
    client: Client, small: Path
) -> None:
    file = SimpleUploadedFile("../../deck 1.jpg", PHOTO, "text/html")
    sent(client, form(client) | EVIDENCE | {"file": file, "about": "C1"})
    entry, body = last(small)
    assert (body.name, body.size, body.media_type) == ("deck 1.jpg", len(PHOTO), "image/jpeg")
    assert body.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert (body.collected_by, body.collected_from, body.handed_to) == (*EVIDENCE.values(),)
    assert body.about == ("C1",) and str(entry.occurred) == "2024-01-08"
    with attachments.stream(open_ledger(small), body.sha256) as kept:
        assert kept.read() == PHOTO
    page = client.get("/small/entry?id=C1&known_by=now").content.decode()
    assert "collected by Ann from the harbour master; handed to Ben" in page


def test_a_file_leaves_as_it_came_and_is_never_shown_as_a_page(client: Client, small: Path) -> None:
    said = form(client) | EVIDENCE | {"file": SimpleUploadedFile("a.html", b"<h1>hello</h1>")}
    sent(client, said)
    entry, _ = last(small)
    answer = client.get(f"/small/file?id={entry.id}&known_by=now")
    assert b"".join(answer) == b"<h1>hello</h1>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_reader_below_gets_no_file_and_learns_of_none(client: Client, small: Path) -> None:
    file = SimpleUploadedFile("a.jpg", PHOTO)
    sent(client, form(client) | EVIDENCE | {"file": file, "about": "C1", "marking": "secret"})
    entry, _ = last(small)
    hidden = client.get(f"/small/file?id={entry.id}&cleared=open")
    unknown = client.get("/small/file?id=none&cleared=open")
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    page = client.get("/small/entry?id=C1&known_by=now&cleared=open").content.decode()
    assert "Files and custody" not in page


def test_a_form_sent_twice_keeps_one_file_and_one_entry(client: Client, small: Path) -> None:
    said = form(client) | EVIDENCE
    size = open_ledger(small).head().size
    for _ in range(2):
        sent(client, said | {"file": SimpleUploadedFile("a.jpg", PHOTO)})
    assert open_ledger(small).head().size == size + 1


def test_a_translation_stands_beside_its_original_with_who_translated_it(
    client: Client, small: Path
) -> None:
    page = client.get("/small/attach?about=L1&role=translation").content.decode()
    assert "seen from the gate" in page  # the original, to translate from
    said = form(client) | {"role": "translation", "about": "L1", "text": "vu de la porte"}
    assert "translator: found nothing" in sent(client, said, 422)
    sent(client, said | {"language": "fr", "translator": "Cleo"})
    page = client.get("/small/entry?id=L1&known_by=now").content.decode()
    assert "fr, translated by Cleo" in page and "vu de la porte" in page


def test_an_approval_names_the_bytes_that_it_approves(client: Client, small: Path) -> None:
    said = form(client) | {"role": "approval", "by": "A", "text": "Approved. A."}
    assert "approves: found nothing" in sent(client, said, 422)
    told = sent(client, said | {"approves": "abc"}, 422)
    assert "approves: found abc, expected 64 hexadecimal digits" in told
    digest = hashlib.sha256(b"the brief").hexdigest()
    sent(client, said | {"approves": digest})
    entry, body = last(small)
    assert (entry.by, body.approves, body.text) == ("A", digest, "Approved. A.")


def test_a_change_of_hands_is_an_entry_of_the_same_bytes(client: Client, small: Path) -> None:
    sent(client, form(client) | EVIDENCE | {"file": SimpleUploadedFile("a.jpg", PHOTO)})
    first, body = last(small)
    said = form(client) | {"role": "custody", "about": str(first.id), "handed_to": "the lab"}
    sent(client, said)
    _, moved = last(small)
    assert (moved.sha256, moved.handed_to, moved.about) == (body.sha256, "the lab", (first.id,))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "file: found nothing, expected a file, or a text."),
        ({"text": "a", "role": "rumour"}, "role: found rumour"),
        ({"text": "a", "collected_by": ""}, "collected_by: found nothing"),
        ({"text": "a", "about": "none"}, "about"),
        ({"text": "a", "occurred": "8/1/2024"}, "occurred: found 8/1/2024"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_is_entered(
    client: Client, small: Path, more: dict[str, object], told: str
) -> None:
    size = open_ledger(small).head().size
    assert told in sent(client, form(client) | EVIDENCE | more, 422)
    assert open_ledger(small).head().size == size


def test_a_file_beyond_the_limit_is_dropped_while_it_comes(
    client: Client, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "FILE_BYTES_MAX", 1000)
    said = form(client) | EVIDENCE | {"file": SimpleUploadedFile("a.jpg", b"x" * 5000)}
    assert "a file that is too large" in sent(client, said, 422)
    assert not [*attachments.folder_of(open_ledger(small)).glob("*/*")]
