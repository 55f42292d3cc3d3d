"""Pages that are kept for all readers alike hold nothing of the one who asked first."""

import re
from typing import Any

from excomm.ledger import open_ledger


def test_a_kept_page_names_who_asks_and_carries_his_own_token(office: Any) -> None:
    pages = []
    for name in ("anna", "bert"):
        client = office.signed_in(office.account(name, "reader"))
        client.get("/small/agreement")
        page = client.get("/small/agreement").content.decode()
        assert f">{name} <kbd>" in page
        for token in re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page):
            assert client.cookies["excomm-form"].value and len(token) == 64
        pages.append(page)
    assert "anna" not in pages[1]
    strip = re.compile(r'csrfmiddlewaretoken" value="[^"]+"')
    assert strip.sub("", pages[0]).replace("anna", "X") == strip.sub("", pages[1]).replace(
        "bert", "X"
    )


def test_a_kept_page_is_of_one_clearance_one_set_of_roles_and_one_head(office: Any) -> None:
    from datetime import UTC, datetime

    from msgspec.structs import replace

    low = office.signed_in(office.account("anna", "recorder"))
    high = office.signed_in(office.account("bert", "recorder", cleared="secret"))
    assert "view: secret" in high.get("/small/items").content.decode()
    assert "view: open" in low.get("/small/items").content.decode()
    found = open_ledger(office.desk.installation.ledgers["small"])
    before = low.get("/small/items").content.decode()
    found.append([replace([*found.read()][-1], id="N7")], now=datetime.now(UTC))
    after = low.get("/small/items").content.decode()
    assert before != after and found.head().digest[:16] in after
