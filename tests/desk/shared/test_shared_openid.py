"""Signing in through an identity provider: a real one, small, on this machine."""

import base64
import hashlib
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, override_settings
from playwright.sync_api import Browser
from tests.desk.shared.conftest import Office

from excomm.desk.accounts.installation import Installation, OpenId
from excomm.desk.accounts.models import Line
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.settings import shared

PASSWORD = "correct horse battery"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    """OpenID Connect 1.0: discovery, code flow with PKCE, tokens signed by RS256, keys.

    says: what its next token says otherwise. key: what signs it. issuer: what it calls itself.
    answers: whether it is there at all.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self.issuer = self.address
        self.answers = True
        self.subject = "248289761001"
        self.key = _KEY
        self.says: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": "desk", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.says,
        }  # fmt: skip
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        at = self.server.address
        if not self.server.answers:
            self.send_error(503)
        elif url.path == "/.well-known/openid-configuration":
            self.say(
                {
                    "issuer": self.server.issuer,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif url.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            self.say({"keys": [key | {"kid": "k1", "alg": "RS256", "use": "sig"}]})
        elif url.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            assert asked["response_type"] == "code" and asked["scope"] == "openid"
            assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) > 30
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {name: values[0] for name, values in parse_qs(sent).items()}
        asked = self.server.codes.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if not asked or asked["code_challenge"] != proof or said.get("client_secret") != "hush":
            self.send_error(400)
            return
        self.say(
            {
                "access_token": "opaque",
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.server.token(asked),
            }
        )

    def say(self, what: object) -> None:
        raw = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def with_provider(said: Installation, provider: Provider) -> Installation:
    found = OpenId("The ministry", provider.address, "desk", "hush")
    return msgspec.structs.replace(said, openid={"ministry": found})


@pytest.fixture
def office(
    accounts: None, installation: Installation, provider: Provider, small: Path, tmp_path: Path
) -> Iterator[Office]:
    """A shared desk over the small case whose people may come through the provider."""
    said = with_provider(installation, provider)
    said = msgspec.structs.replace(said, ledgers={"small": str(small)})
    providers = shared("x" * 50, said, tmp_path)["SOCIALACCOUNT_PROVIDERS"]
    with override_settings(SOCIALACCOUNT_PROVIDERS=providers):
        yield Office(SharedDesk(said, tmp_path / "desk"))


def form_of(client: Client, path: str) -> dict[str, str]:
    page = client.get(path).content.decode()
    return dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))


def asks(client: Client, process: str, page: str) -> str:
    """From a page of the desk to the provider; gives where that leads back to."""
    form = form_of(client, page)
    start = client.post(f"/account/other/oidc/ministry/login/?process={process}", form)
    assert start.status_code == 302, start.content.decode()
    to = urlsplit(start["Location"])
    connection = http.client.HTTPConnection(to.netloc, timeout=10)
    connection.request("GET", f"{to.path}?{to.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return f"{back.path}?{back.query}"


def joined(office: Office, name: str, *roles: str, factor: bool) -> Any:
    """Somebody who has joined his account and his identity at the provider, and is signed out."""
    person = office.account(name, *roles, password=PASSWORD)
    client = office.signed_in(person, factor=factor)
    answer = client.get(asks(client, "connect", "/account/other/"))
    assert answer.status_code == 302 and answer["Location"] == "/account/other/"
    return person


def test_a_person_joins_his_identity_and_signs_in_by_it(office: Office) -> None:
    joined(office, "lena", "reader", factor=False)
    assert Line.objects.filter(person="lena", what="factor added").exists()
    client = office.stranger()
    assert "Sign in through The ministry" in client.get("/account/login/").content.decode()
    signed = client.get(asks(client, "login", "/account/login/"))
    assert (signed.status_code, signed["Location"]) == (302, "/")
    assert "Side A" in client.get("/small/entry?id=A").content.decode()
    assert Line.objects.filter(person="lena", what="signed in").exists()


def test_the_second_factor_is_asked_after_the_provider_as_well(office: Office) -> None:
    joined(office, "rosa", "recorder", factor=True)
    client = office.stranger()
    asked = client.get(asks(client, "login", "/account/login/"))
    assert asked["Location"] == "/account/2fa/authenticate/"
    assert client.get("/small/")["Location"].startswith("/account/login/")


def test_an_identity_that_nobody_has_joined_opens_no_account(office: Office) -> None:
    client = office.stranger()
    answer = client.get(asks(client, "login", "/account/login/"), follow=True)
    assert "closed" in answer.content.decode().casefold()
    assert client.get("/small/")["Location"].startswith("/account/login/")
    assert not Line.objects.filter(what="signed in").exists()


@pytest.mark.long
@pytest.mark.parametrize(
    "says",
    [
        {"nonce": "of another question"},
        {"aud": "another desk"},
        {"iss": "http://127.0.0.1:9"},
        {"exp": 1_000_000_000},
        {"sub": "somebody else"},
    ],
    ids=lambda says: next(iter(says)),
)
def test_a_token_that_is_not_for_this_question_signs_nobody_in(
    office: Office, provider: Provider, says: dict[str, Any]
) -> None:
    joined(office, "lena", "reader", factor=False)
    provider.says = says
    client = office.stranger()
    client.get(asks(client, "login", "/account/login/"))
    assert client.get("/small/")["Location"].startswith("/account/login/")


def test_a_token_signed_by_another_key_signs_nobody_in(office: Office, provider: Provider) -> None:
    joined(office, "lena", "reader", factor=False)
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client = office.stranger()
    client.get(asks(client, "login", "/account/login/"))
    assert client.get("/small/")["Location"].startswith("/account/login/")


def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    office: Office, provider: Provider
) -> None:
    provider.issuer = "http://evil.example"
    client = office.stranger()
    start = client.post(
        "/account/other/oidc/ministry/login/?process=login", form_of(client, "/account/login/")
    )
    assert start.status_code in (200, 401) and "Location" not in start and provider.codes == {}
    assert "Third-Party Login Failure" in start.content.decode()


def test_a_provider_that_is_away_is_said_on_a_page_of_its_own(
    office: Office, provider: Provider
) -> None:
    provider.answers = False
    client = office.stranger()
    answer = client.post(
        "/account/other/oidc/ministry/login/?process=login", form_of(client, "/account/login/")
    )
    assert answer.status_code in (200, 401)
    assert "Third-Party Login Failure" in answer.content.decode()


def test_what_came_back_in_one_browser_opens_nothing_in_another(office: Office) -> None:
    joined(office, "lena", "reader", factor=False)
    back = asks(office.stranger(), "login", "/account/login/")
    other = office.stranger()
    other.get(back)
    assert other.get("/small/")["Location"].startswith("/account/login/")
    # And nobody is led there by a link alone.
    assert office.stranger().get("/account/other/oidc/ministry/login/").status_code == 200


def test_only_pages_of_signing_in_may_lead_to_the_provider(
    office: Office, provider: Provider
) -> None:
    client = office.signed_in(office.account("lena", "reader"), factor=False)
    for path, leads in (("/account/login/", True), ("/account/other/", True), ("/small/", False)):
        policy = client.get(path)["Content-Security-Policy"]
        assert (f"form-action 'self' {provider.address}" in policy) is leads, path


@pytest.mark.long
def test_in_a_real_browser_a_press_leads_through_the_provider_and_back(
    browser: Browser,
    beside_a_browser: None,
    accounts: None,
    installation: Installation,
    provider: Provider,
    listen_with: Callable[..., Any],
    small: Path,
    tmp_path: Path,
) -> None:
    made: list[SharedDesk] = []

    def make(port: int) -> SharedDesk:
        said = msgspec.structs.replace(
            with_provider(installation, provider),
            url=f"http://127.0.0.1:{port}",
            ledgers={"small": str(small)},
        )
        made.append(SharedDesk(said, tmp_path / "desk"))
        return made[0]

    with listen_with(make) as address:
        office = Office(made[0])
        settings = shared("x" * 50, made[0].installation, tmp_path)
        with override_settings(SOCIALACCOUNT_PROVIDERS=settings["SOCIALACCOUNT_PROVIDERS"]):
            joined(office, "lena", "reader", factor=False)
            page = browser.new_page()
            page.goto(f"{address}/account/login/")
            page.get_by_role("button", name="Sign in through The ministry").click()
            page.wait_for_url(f"{address}/small/**")
            assert page.locator(".who").inner_text().startswith("lena")
            page.close()
