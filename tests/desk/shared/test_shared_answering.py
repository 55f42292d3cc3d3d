"""At the shared desk names are read and answers leave by role, after confirming, by two persons."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from excomm.desk.accounts.models import Line
from excomm.entries.kinds import Unsealing
from excomm.folder import read_text
from excomm.ledger import Ledger, create
from excomm.reports.intake import Incoming, take_in

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]
=== outlets.csv
id,name,contact
daily,The Daily,desk@daily.example
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = create(str(tmp_path / "case.ledger"), read_text(CASE, now=NOW).entries, now=NOW)
    told = Incoming(
        text="Boats, says a driver.", outlet="daily", item="boats", source="Maria Lopez"
    )
    take_in(made, [told], now=NOW, operator="Ann")
    return made


@pytest.fixture
def office(office_of: Any, ledger: Ledger) -> Any:
    return office_of(small=ledger.where)


def report_of(ledger: Ledger) -> Any:
    return next(entry for entry in ledger.read() if entry.kind == "report")


def hidden(client: Client, path: str) -> dict[str, str]:
    text = client.get(path).content.decode()
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))


def test_only_the_source_keeper_who_has_just_confirmed_reads_a_name(
    office: Any, ledger: Ledger
) -> None:
    path = f"/small/unseal?origin={report_of(ledger).body.origin}"
    for role in ("reader", "recorder", "analyst", "reviewer", "spokesperson"):
        client = office.signed_in(office.account(role, role))
        assert client.get(path).status_code == 404, role
    kim = office.account("kim", "source keeper")
    client = office.signed_in(kim, confirmed=False)
    form = hidden(client, path) | {"reason": "to ask again"}
    asked = client.post(path, form)
    assert asked.status_code == 302 and "reauthenticate" in asked["Location"]
    assert not [e for e in ledger.read() if isinstance(e.body, Unsealing)]
    office.confirm(client, kim)
    read = client.post(path, form)
    assert "<strong>Maria Lopez</strong>" in read.content.decode()
    entry = [*ledger.read()][-1]
    assert isinstance(entry.body, Unsealing) and entry.body.read_by == entry.by == "kim"
    line = Line.objects.get(what="entered")
    assert line.person == "kim" and str(line.about).startswith("unsealing ")
    assert "Maria" not in str(Line.objects.values_list())


def test_an_answer_is_proposed_by_one_spokesperson_and_approved_by_another(
    office: Any, ledger: Ledger
) -> None:
    path = f"/small/reply?id={report_of(ledger).id}&outlet=daily&known_by=now"
    sam = office.signed_in(office.account("sam", "spokesperson"))
    tia = office.signed_in(office.account("tia", "spokesperson"))
    ana = office.signed_in(office.account("ana", "analyst"))
    form = hidden(sam, path) | {"step": "propose", "text": "We have looked."}
    assert ana.post(path, hidden(ana, "/small/enter/count") | form).status_code in (403, 404)
    assert sam.post(path, form).status_code == 302
    own = sam.get(path).content.decode()
    assert "You proposed it: another person approves." in own
    forged = hidden(tia, path) | {"step": "send", "way": "txt"}
    refused = sam.post(path, hidden(sam, path) | {"step": "send", "way": "txt", "of": forged["of"]})
    assert refused.status_code == 422 and "another person than sam" in refused.content.decode()
    left = tia.post(path, forged)
    assert left.content == b"We have looked."
    assert "approved by tia" in sam.get(path).content.decode()
    assert Line.objects.filter(person="tia", what="exported").exists()
