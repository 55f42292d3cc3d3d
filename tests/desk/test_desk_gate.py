"""The gate of the personal desk: who comes in, and what every answer carries."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from excomm.desk.keeping import Kept, Looked
from excomm.desk.office import Desk
from excomm.errors import EnvironmentFault

KEY = "the-key-of-the-tests"
DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
Outside = Callable[..., Client]

PAGES = (
    *(
        "/",
        "/small/",
        "/small/agreement",
        "/small/items",
        "/small/item?id=boats",
        "/small/sites",
        "/small/watch",
    ),
    *("/small/options", "/small/minutes", "/small/day-book", "/small/day-book.ics"),
    *("/small/enter", "/small/enter/count", "/small/ledger", "/small/ledger.csv"),
    *("/small/ledger.json", "/small/entry?id=C1", "/small/sheet.css", "/static/desk/desk.css"),
    *("/static/brief/tokens.css", "/nothing"),
)


def body_of(answer: Any) -> bytes:
    """The whole answer, read and closed: static files come as streams."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    return bytes(raw)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_without_a_session(
    desk_of: DeskOf, small: Path, outsider: Outside, path: str
) -> None:
    answer = outsider(desk_of(small)).get(path)
    assert (answer.status_code, answer.content) == (
        403,
        b"Open the address that the terminal printed.\n",
    )


@pytest.mark.parametrize("path", [path for path in PAGES if path not in ("/", "/nothing")])
def test_every_page_opens_with_one(
    desk_of: DeskOf, small: Path, open_desk: Opened, path: str
) -> None:
    answer = open_desk(desk_of(small)).get(path)
    assert answer.status_code == 200
    assert body_of(answer)


def test_the_key_opens_once_even_for_another_process(
    desk_of: DeskOf, small: Path, outsider: Outside
) -> None:
    first, second = outsider(desk_of(small)), outsider(desk_of(small))
    assert first.get("/", {"key": KEY}).status_code == 303
    again = second.get("/", {"key": KEY})
    assert again.status_code == 403
    assert again.content == b"This key is spent or wrong. Start the desk again.\n"


def test_the_key_leaves_the_address_and_the_rest_stays(
    desk_of: DeskOf, small: Path, outsider: Outside
) -> None:
    answer = outsider(desk_of(small)).get("/small/", {"key": KEY, "on": "2024-01-06"})
    assert answer["Location"] == "/small/?on=2024-01-06"


def test_a_wrong_key_opens_nothing_and_spends_nothing(
    desk_of: DeskOf, small: Path, outsider: Outside
) -> None:
    client = outsider(desk_of(small))
    assert client.get("/", {"key": "guessed"}).status_code == 403
    assert client.get("/", {"key": KEY}).status_code == 303


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    desk_of: DeskOf, small: Path, outsider: Outside
) -> None:
    client = outsider(desk_of(small))
    client.get("/", {"key": KEY})
    cookie = client.cookies["excomm-8962"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")


def test_a_session_of_one_run_opens_no_other(
    desk_of: DeskOf, small: Path, open_desk: Opened, outsider: Outside
) -> None:
    cookie = open_desk(desk_of(small, run_id="yesterday")).cookies["excomm-8962"].value
    client = outsider(desk_of(small, run_id="today"))
    client.cookies["excomm-8962"] = cookie
    assert client.get("/small/").status_code == 403
    client.cookies["excomm-8962"] = cookie[:-2] + "xx"
    assert client.get("/small/").status_code == 403


@pytest.mark.parametrize("host", ["desk.example", "127.0.0.1", "127.0.0.1:1", "[::1]:8962", "a b"])
def test_a_page_under_another_name_is_turned_away(
    desk_of: DeskOf, small: Path, outsider: Outside, host: str
) -> None:
    answer = outsider(desk_of(small), host=host).get("/", {"key": KEY})
    assert (answer.status_code, answer.content) == (
        421,
        b"This desk answers to 127.0.0.1 alone.\n",
    )


@pytest.mark.parametrize("path", ["/small/", "/small/entry?id=none", "/static/desk/desk.css"])
def test_every_answer_carries_strict_headers(
    desk_of: DeskOf, small: Path, open_desk: Opened, path: str
) -> None:
    answer = open_desk(desk_of(small)).get(path)
    body_of(answer)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "nonce" not in policy and "*" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


def test_pages_hold_no_script_or_style_of_their_own(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    for path in PAGES:
        text = body_of(client.get(path)).decode()
        assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|javascript:", text)


@pytest.mark.parametrize(
    "path",
    ["/small/read", "/small/verify", "/small/enter/count", "/small/correct?id=C1",
     "/small/withdraw?id=C1"],
)  # fmt: skip
def test_a_post_without_the_forms_token_changes_nothing(
    desk_of: DeskOf, small: Path, open_desk: Opened, path: str
) -> None:
    desk = desk_of(small)
    before = small.read_bytes()
    answer = open_desk(desk).post(path, {"occurred": "2024-01-07", "item": "boats", "number": "1"})
    assert answer.status_code == 403
    assert b"This form cannot be taken" in answer.content
    assert small.read_bytes() == before
    assert desk.kept.looked(str(small)) is None


@pytest.mark.parametrize("path", ["/small/", "/small/ledger", "/small/entry?id=C1"])
def test_a_page_that_only_shows_takes_no_post(
    desk_of: DeskOf, small: Path, open_desk: Opened, path: str
) -> None:
    client = open_desk(desk_of(small))
    token = client.get("/small/ledger").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', token)
    assert found
    assert client.post(path, {"csrfmiddlewaretoken": found[1]}).status_code == 405
    assert client.get("/small/verify").status_code == 405


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "state")
    secret = kept.secret()
    assert len(secret) >= 60 and Kept(tmp_path / "state").secret() == secret
    assert (tmp_path / "state" / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "state")
    kept.secret()
    (tmp_path / "state" / "secret").chmod(0o644)
    with pytest.raises(EnvironmentFault, match="chmod 600"):
        kept.secret()


def test_how_far_one_has_read_is_kept_by_ledger(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    at = datetime(2024, 6, 1, tzinfo=UTC)
    Kept(tmp_path / "state").mark_looked("a", Looked(3, at))
    Kept(tmp_path / "state").mark_looked("b", Looked(5, at))
    again = Kept(tmp_path / "state")
    assert (again.looked("a"), again.looked("b"), again.looked("c")) == (
        Looked(3, at),
        Looked(5, at),
        None,
    )
