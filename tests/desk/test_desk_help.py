"""Every key that a page has stands in the help, and none stands for two things on one page."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from django.test import Client

from excomm.desk import pages
from excomm.desk.office import Desk
from excomm.desk.pages.help import KEYS

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
TEMPLATES = Path(pages.__file__).parents[1] / "templates" / "desk"


def known() -> set[str]:
    found = {key for _, rows in KEYS for key, _ in rows if len(key) == 1}
    return found | set("123456789")


def test_every_key_of_a_template_is_in_the_help_and_every_key_of_the_help_is_somewhere() -> None:
    used = {
        key
        for path in TEMPLATES.glob("*.html")
        for key in re.findall(r'accesskey="([^"{])"', path.read_text(encoding="utf-8"))
    }
    assert used <= known(), used - known()
    assert {key for key in known() if not key.isdigit()} <= used


def test_no_page_has_a_key_twice(desk_of: DeskOf, cuba: Path, open_desk: Opened) -> None:
    client = open_desk(desk_of(cuba))
    on = "on=1962-11-12"
    for path in ("", "agreement", "what-if", "items", "sites", "enter", "enter/count", "sheets",
                 "attach", "handover", "help", "ledger", "entry?id=count-labinsk"):  # fmt: skip
        mark = "&" if "?" in path else "?"
        page = client.get(f"/cuba-1962/{path}{mark}{on}").content.decode()
        keys = Counter(re.findall(r'accesskey="([^"]+)"', page))
        assert not [key for key, times in keys.items() if times > 1], path


def test_help_says_what_to_do_first_and_leads_there(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    page = open_desk(desk_of(small)).get("/small/help").content.decode()
    for name in ("agreement", "what-if", "items", "sites", "enter", "ledger"):
        assert f'href="/small/{name}"' in page
    assert 'href="/cases"' in page


def test_every_page_weighs_less_than_150_kb_as_it_is_sent(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    on = "on=1962-11-12"
    for path in ("", "agreement", "what-if", "items", "item?id=missiles", "sites", "enter",
                 "enter/event", "sheets", "attach", "handover", "help", "ledger"):  # fmt: skip
        mark = "&" if "?" in path else "?"
        answer = client.get(f"/cuba-1962/{path}{mark}{on}", headers={"Accept-Encoding": "gzip"})
        assert answer["Content-Encoding"] == "gzip" and len(answer.content) < 150_000, path
