"""What somebody typed is not lost when he has to sign in or confirm before it is taken."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from excomm.desk.accounts.models import Appointment
from excomm.ledger import open_ledger

PASSWORD = "correct horse battery"
COUNT = {"occurred": "2024-01-07", "item": "boats", "number": "7", "site": "port"}


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def hidden(text: str) -> dict[str, str]:
    """What a form holds that nobody types."""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))


def signs_in(client: Client, name: str, path: str = "/account/login/") -> Any:
    said = hidden(page(client, path)) | {"login": name, "password": PASSWORD}
    return client.post("/account/login/", said)


def runs_out(client: Client) -> None:
    session = client.session
    session["excomm-used"] -= 31 * 60
    session.save()


def test_a_form_sent_after_the_session_ran_out_is_shown_again_and_sent_once(
    office: Any, small: Any
) -> None:
    person = office.account("rosa", "recorder")
    client = office.signed_in(person)
    form = hidden(page(client, "/small/enter/count"))
    runs_out(client)
    size = open_ledger(small).head().size
    asked = client.post("/small/enter/count", form | COUNT)
    assert asked["Location"] == "/account/login/?next=%2Faccount%2Ftyped"
    assert open_ledger(small).head().size == size
    # The accounts database holds no word of it.
    with connection.cursor() as cursor:
        rows = str(cursor.execute("SELECT value FROM people_cache").fetchall())
    assert "boats" not in rows and cache.get(f"excomm.desk.typed.{_kept(client)}")
    again = office.signed_in(person)
    again.cookies["excomm-typed"] = client.cookies["excomm-typed"].value
    shown = page(again, "/account/typed")
    assert "Nothing of it was taken in yet" in shown
    assert '<dt>number</dt><dd class="running">7</dd>' in shown
    for _ in range(2):  # a double click is one entry
        sent = again.post("/small/enter/count", hidden(shown))
        assert sent.status_code == 302 and "entered=yes" in sent["Location"]
    assert open_ledger(small).head().size == size + 1
    assert again.get("/account/typed")["Location"] == "/"


def test_the_way_through_signing_in_leads_to_what_was_typed(office: Any) -> None:
    client = office.signed_in(office.account("lena", "reader", password=PASSWORD), factor=False)
    today = page(client, "/small/")
    runs_out(client)
    said = {"size": "1", "csrfmiddlewaretoken": hidden(today)["csrfmiddlewaretoken"]}
    asked = client.post("/small/read", said)
    signed = signs_in(client, "lena", asked["Location"])
    assert signed["Location"] == "/account/typed"
    assert client.post("/small/read", hidden(page(client, "/account/typed"))).status_code == 302


def test_nobody_else_is_shown_it_and_a_stranger_keeps_nothing(office: Any) -> None:
    client = office.signed_in(office.account("lena", "reader", password=PASSWORD), factor=False)
    office.account("otto", "reader", password=PASSWORD)
    token = hidden(page(client, "/small/"))["csrfmiddlewaretoken"]
    runs_out(client)
    client.post("/small/read", {"size": "1", "csrfmiddlewaretoken": token})
    assert _kept(client)
    signs_in(client, "otto")
    assert client.get("/account/typed")["Location"] == "/"
    stranger = office.stranger()
    stranger.post("/small/read", {"size": "1"})
    assert "excomm-typed" not in stranger.cookies


def test_confirming_keeps_what_was_to_be_changed(office: Any) -> None:
    office.account("paul", "reader")
    cora = office.account("cora", "custodian", password=PASSWORD)
    client = office.signed_in(cora, confirmed=False)
    form = hidden(page(client, "/people/paul"))
    said = {**form, "do": "appoint", "case": "small", "role": "analyst"}
    asked = client.post("/people/paul/change", said)
    assert asked["Location"].endswith("?next=%2Faccount%2Ftyped")
    assert not Appointment.objects.filter(role="analyst").exists()
    shown = page(client, "/account/typed")
    assert '<dt>role</dt><dd class="running">analyst</dd>' in shown
    office.confirm(client, cora)
    client.post("/people/paul/change", hidden(shown))
    assert Appointment.objects.filter(role="analyst").exists()


def test_a_form_from_before_one_signed_in_elsewhere_is_shown_and_not_taken(
    office: Any, small: Any
) -> None:
    client = office.signed_in(office.account("rosa", "recorder"))
    form = hidden(page(client, "/small/enter/count")) | COUNT
    form["csrfmiddlewaretoken"] = "x" * 64
    size = open_ledger(small).head().size
    host = office.desk.installation.host
    foreign = client.post("/small/enter/count", form, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403 and "excomm-typed" not in client.cookies
    own = client.post("/small/enter/count", form, headers={"Origin": f"http://{host}"})
    assert own["Location"] == "/account/typed"
    assert open_ledger(small).head().size == size
    sent = client.post("/small/enter/count", hidden(page(client, "/account/typed")))
    assert "entered=yes" in sent["Location"]


def test_what_was_typed_can_be_dropped_and_no_password_is_ever_kept(office: Any) -> None:
    person = office.account("lena", "reader", password=PASSWORD)
    client = office.signed_in(person, factor=False)
    token = hidden(page(client, "/small/"))["csrfmiddlewaretoken"]
    runs_out(client)
    client.post("/account/password/", {"oldpassword": PASSWORD, "csrfmiddlewaretoken": token})
    assert "excomm-typed" not in client.cookies
    client = office.signed_in(person, factor=False)
    token = hidden(page(client, "/small/"))["csrfmiddlewaretoken"]
    runs_out(client)
    client.post("/small/read", {"size": "1", "csrfmiddlewaretoken": token})
    kept = _kept(client)
    signs_in(client, "lena")
    form = hidden(page(client, "/account/typed"))
    assert client.post("/account/typed", form)["Location"] == "/"
    assert cache.get(f"excomm.desk.typed.{kept}") is None


@pytest.mark.usefixtures("accounts")
def test_what_is_counted_of_somebody_is_not_pushed_out_by_counting_others() -> None:
    # Django's default holds 300 and drops a third of them by their names.
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 1_000_000
    cache.set("a-counter", 4, 3600)
    for number in range(400):
        cache.set(f"b-{number}", 1, 3600)
    assert cache.get("a-counter") == 4


def _kept(client: Client) -> str:
    return str(client.cookies["excomm-typed"].value).partition(".")[0]
