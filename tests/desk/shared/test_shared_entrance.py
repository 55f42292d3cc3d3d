"""Who gets in at the shared desk, how, and what he then sees of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from excomm.desk.accounts import inviting
from excomm.desk.accounts.models import Invitation, Line, Person

PASSWORD = "correct horse battery"


def token_of(client: Client, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(client, path))
    assert found
    return found[1]


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[:2000])
    return answer.content.decode()


def send(client: Client, path: str, **said: str) -> Any:
    form = said.pop("form", path)
    return client.post(path, {"csrfmiddlewaretoken": token_of(client, form), **said})


def test_whoever_is_not_signed_in_learns_nothing_of_what_is_there(office: Any) -> None:
    stranger = office.stranger()
    for path in ("/", "/small/", "/nothing/", "/people/", "/small/entry?id=C1", "/static-not"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.content) == (302, b""), path
        assert answer["Location"].startswith("/account/login/?next="), path
    assert office.stranger(HTTP_HOST="evil.example").get("/").status_code == 421


def test_an_invitation_is_looked_at_freely_and_used_once(office: Any) -> None:
    person = office.account("anna", "reader")
    path = inviting.invite(person, request=None, by="")
    stranger = office.stranger()
    assert "You sign in as <strong>anna</strong>" in page(stranger, path)
    again = send(stranger, path, password="short", again="short")
    assert again.status_code == 422 and "at least 12 characters" in again.content.decode()
    assert send(stranger, path, password=PASSWORD, again=PASSWORD)["Location"] == "/account/login/"
    assert "good no more" in page(stranger, path, 404)
    signed = send(stranger, "/account/login/", login="Anna", password=PASSWORD)
    assert (signed.status_code, signed["Location"]) == (302, "/")
    assert "port" in page(stranger, "/small/sites")
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")


def test_an_invitation_ends_by_itself_and_the_newest_alone_holds(office: Any) -> None:
    person = office.account("anna", "reader")
    first = inviting.invite(person, request=None, by="")
    second = inviting.invite(person, request=None, by="")
    stranger = office.stranger()
    page(stranger, first, 404)
    page(stranger, second)
    Invitation.objects.update(until=timezone.now() - timedelta(seconds=1))
    page(stranger, second, 404)


@pytest.mark.parametrize("role", ["recorder", "custodian", "source keeper"])
def test_roles_that_do_more_than_read_see_nothing_without_a_second_factor(
    office: Any, role: str
) -> None:
    person = office.account("bert", role)
    client = office.signed_in(person, factor=False)
    assert client.get("/small/")["Location"] == "/account/2fa/"
    assert client.get("/people/")["Location"] == "/account/2fa/"
    assert "ask for a second factor" in page(client, "/account/")
    assert office.signed_in(person).get("/small/").status_code != 302


def test_a_clearance_above_what_is_open_asks_for_a_second_factor(office: Any) -> None:
    client = office.signed_in(office.account("carl", "reader", cleared="secret"), factor=False)
    assert client.get("/small/")["Location"] == "/account/2fa/"


def test_a_password_alone_does_not_sign_in_who_has_a_second_factor(office: Any) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    person = office.account("dora", "recorder", password=PASSWORD)
    office.signed_in(person)  # the factor is there from now on
    browser = office.stranger()
    asked = send(browser, "/account/login/", login="dora", password=PASSWORD)
    assert asked["Location"] == "/account/2fa/authenticate/"
    assert browser.get("/small/")["Location"].startswith("/account/login/")
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    secret = get_adapter().decrypt(kept)
    assert secret != kept and secret not in kept
    code = auth.format_hotp_value(
        auth.hotp_value(secret, list(auth.yield_hotp_counters_from_time())[1])
    )
    assert send(browser, "/account/2fa/authenticate/", code=code)["Location"] == "/"
    page(browser, "/small/")
    # The same code does not open a second time.
    other = office.stranger()
    send(other, "/account/login/", login="dora", password=PASSWORD)
    assert send(other, "/account/2fa/authenticate/", code=code).status_code == 200
    assert other.get("/small/")["Location"].startswith("/account/login/")


def test_five_wrong_passwords_are_enough_and_the_colleague_still_gets_in(office: Any) -> None:
    office.account("emil", "reader", password=PASSWORD)
    own = office.stranger(REMOTE_ADDR="10.0.0.7")
    send(own, "/account/login/", login="emil", password=PASSWORD)
    send(own, "/account/logout/")
    guesser = office.stranger(REMOTE_ADDR="10.0.0.7")  # even from the same address
    answers = [
        send(guesser, "/account/login/", login="emil", password=f"wrong {n}").content.decode()
        for n in range(7)
    ]
    assert ["Too many failed" in answer for answer in answers] == [False] * 5 + [True] * 2
    right = send(guesser, "/account/login/", login="emil", password=PASSWORD)
    assert "Too many failed" in right.content.decode()
    # His own browser is known, another place is another place.
    assert send(own, "/account/login/", login="emil", password=PASSWORD).status_code == 302
    elsewhere = office.stranger(REMOTE_ADDR="10.0.0.8")
    assert send(elsewhere, "/account/login/", login="emil", password=PASSWORD).status_code == 302


def test_a_name_that_is_none_is_refused_in_the_same_words(office: Any) -> None:
    office.account("emil", "reader", password=PASSWORD)
    pages = []
    for name in ("emil", "nobody"):
        said = send(office.stranger(), "/account/login/", login=name, password="wrong wrong")
        pages.append(said.content.decode().replace(name, "NAME"))
        pages[-1] = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", pages[-1])
    assert pages[0] == pages[1]
    # The log names accounts, never what somebody typed in the place of a name.
    assert [*Line.objects.values_list("person", "what")] == [
        ("emil", "sign-in refused"),
        ("", "sign-in refused"),
    ]


def test_signing_in_makes_another_session_and_out_ends_it(office: Any) -> None:
    office.account("fred", "reader", password=PASSWORD)
    browser = office.stranger()
    page(browser, "/account/login/")
    send(browser, "/account/login/", login="fred", password=PASSWORD)
    cookie = browser.cookies["excomm-session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    stolen = office.stranger()
    stolen.cookies["excomm-session"] = cookie.value
    page(stolen, "/small/")
    send(browser, "/account/logout/")
    assert stolen.get("/small/").status_code == 302


@pytest.mark.parametrize(
    ("key", "seconds"), [("excomm-used", 31 * 60), ("excomm-begun", 13 * 3600)]
)
def test_a_session_ends_when_unused_and_in_any_case(office: Any, key: str, seconds: int) -> None:
    client = office.signed_in(office.account("gerd", "reader"))
    page(client, "/small/")
    session = client.session
    session[key] -= seconds
    session.save()
    assert client.get("/small/")["Location"].startswith("/account/login/")
    assert client.get("/account/")["Location"].startswith("/account/login/")


def test_one_signs_out_everywhere_else(office: Any) -> None:
    person = office.account("hans", "reader")
    here, there = office.signed_in(person), office.signed_in(person)
    page(there, "/small/")
    assert send(here, "/account/end-sessions", form="/account/").status_code == 302
    page(here, "/small/")
    assert there.get("/small/").status_code == 302


def test_a_new_password_ends_sessions_and_takes_away_the_lost_factor(office: Any) -> None:
    from allauth.mfa.models import Authenticator

    person = office.account("ines", "reader", password=PASSWORD)
    old = office.signed_in(person)
    path = inviting.invite(person, request=None, by="")
    other = "battery staple correct"
    send(office.stranger(), path, password=other, again=other)
    assert old.get("/small/").status_code == 302
    assert not Authenticator.objects.filter(user=person).exists()


def test_every_answer_carries_strict_headers_and_forms_come_from_here(office: Any) -> None:
    client = office.signed_in(office.account("jana", "recorder"))
    for path in ("/account/login/", "/small/", "/nothing", "/account/", "/account/2fa/"):
        answer = client.get(path)
        assert "default-src 'none'" in answer["Content-Security-Policy"], path
        assert answer["X-Frame-Options"] == "DENY" and answer["Cache-Control"] == "no-store", path
    assert client.post("/account/end-sessions").status_code == 403
    assert client.post("/small/enter/count", {"item": "boats"}).status_code == 403


def test_pages_of_signing_in_hold_no_script_or_style_of_their_own(office: Any) -> None:
    person = office.account("karl", "custodian", password=PASSWORD)
    client = office.signed_in(person)
    half = office.stranger()
    send(half, "/account/login/", login="karl", password=PASSWORD)
    pages = {path: page(client, path) for path in (
        "/account/", "/account/2fa/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/", "/account/password/", "/account/reauthenticate/",
        "/people/", "/people/karl", "/people/log", "/account/logout/", "/account/other/",
    )}  # fmt: skip
    pages["half"] = page(half, "/account/2fa/authenticate/")
    for path, text in pages.items():
        assert " style=" not in text and "<style" not in text, path
        for script in re.findall(r"<script([^>]*)>", text):
            assert "src=" in script or 'type="application/json"' in script, (path, script)
        assert not re.search(r"\son\w+=", text), path


Send = Callable[..., Any]


def test_accounts_are_made_by_nobody_else(office: Any) -> None:
    stranger = office.stranger()
    for path in ("/account/signup/", "/account/other/signup/", "/account/password/reset/"):
        assert stranger.get(path).status_code in (302, 404), path
    assert Person.objects.count() == 0


def test_whoever_has_a_closed_account_is_told_so_without_being_sent_in_a_circle(
    office: Any,
) -> None:
    assert "inactive" in page(office.stranger(), "/account/inactive/").casefold()
