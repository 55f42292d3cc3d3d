"""Signing in through SAML 2.0: a real identity provider, small, on this machine."""

import base64
import re
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.test import Client, override_settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils  # type: ignore[import-untyped]
from tests.desk.shared.conftest import Office

from excomm.desk.accounts.installation import Installation, Saml
from excomm.desk.accounts.models import Line
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.settings import shared

PASSWORD = "correct horse battery"
_PEM = serialization.Encoding.PEM


def made_key() -> tuple[str, str]:
    """A private key and a certificate of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now - timedelta(days=1))
    cert = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), cert.public_bytes(_PEM).decode()


KEY, CERTIFICATE = made_key()


class Provider(ThreadingHTTPServer):
    """What an identity provider says of itself; how it answers, `answer_of` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Metadata)
        self.address = f"http://127.0.0.1:{self.server_address[1]}"


class _Metadata(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        cert = "".join(CERTIFICATE.splitlines()[1:-1])
        raw = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
 entityID="https://idp.example"><IDPSSODescriptor
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{cert}\
</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
 Location="{self.server.address}/sso"/></IDPSSODescriptor></EntityDescriptor>""".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def answer_of(
    asked: str, host: str, *, key: str = KEY, cert: str = CERTIFICATE, **otherwise: str
) -> str:
    """The provider's signed answer to a question, as the browser posts it."""
    raw = zlib.decompress(base64.b64decode(parse_qs(urlsplit(asked).query)["SAMLRequest"][0]), -15)
    question = re.search(rb'ID="([^"]+)"', raw)
    assert question
    now = datetime.now(UTC)
    said = {
        "to": f"{host}/account/other/saml/ministry/acs/",
        "audience": f"{host}/account/other/saml/ministry/metadata/",
        "question": question[1].decode(),
        "who": "u-248289761001",
        "until": f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    } | otherwise
    assertion = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1"
 Version="2.0" IssueInstant="{at}"><saml:Issuer>https://idp.example</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{who}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData InResponseTo="{question}" NotOnOrAfter="{until}" Recipient="{to}"/>
</saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{at}" NotOnOrAfter="{until}">
<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions><saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_s1"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password\
</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>"""
    signed = OneLogin_Saml2_Utils.add_sign(assertion.format(**said), key, cert).decode()
    signed = re.sub(r"<\?xml[^>]*\?>", "", signed)
    response = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1"
 Version="2.0" IssueInstant="{at}" Destination="{to}" InResponseTo="{question}"><saml:Issuer
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>SIGNED\
</samlp:Response>"""
    whole = response.format(**said).replace("SIGNED", signed)
    return base64.b64encode(whole.encode()).decode()


@pytest.fixture
def provider() -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def office(
    accounts: None, installation: Installation, provider: Provider, small: Path, tmp_path: Path
) -> Iterator[Office]:
    """A shared desk over the small case whose people may come through the provider."""
    found = Saml("The ministry", "https://idp.example", f"{provider.address}/metadata")
    said = msgspec.structs.replace(
        installation, saml={"ministry": found}, ledgers={"small": str(small)}
    )
    providers = shared("x" * 50, said, tmp_path)["SOCIALACCOUNT_PROVIDERS"]
    with override_settings(SOCIALACCOUNT_PROVIDERS=providers):
        yield Office(SharedDesk(said, tmp_path / "desk"))


def asks(client: Client, process: str, page: str) -> str:
    """From a page of the desk to the provider; gives the address with the question."""
    text = client.get(page).content.decode()
    form = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', text))
    start = client.post(f"/account/other/saml/ministry/login/?process={process}", form)
    assert start.status_code == 302, start.content.decode()
    return str(start["Location"])


def comes_back(client: Client, office: Office, answer: str) -> Any:
    """The browser posts the provider's answer, from the provider's page."""
    said = {"SAMLResponse": answer, "RelayState": ""}
    headers = {"Origin": "https://idp.example"}
    taken = client.post("/account/other/saml/ministry/acs/", said, headers=headers)
    assert taken["Location"] == "/account/other/saml/ministry/acs/finish/"
    return client.get(taken["Location"])


def host_of(office: Office) -> str:
    return f"http://{office.desk.installation.host}"


def joined(office: Office, name: str, *roles: str, factor: bool) -> None:
    client = office.signed_in(office.account(name, *roles, password=PASSWORD), factor=factor)
    asked = asks(client, "connect", "/account/other/")
    answer = comes_back(client, office, answer_of(asked, host_of(office)))
    assert answer["Location"] == "/account/other/"


def is_out(client: Client) -> bool:
    return bool(client.get("/small/").headers.get("Location", "").startswith("/account/login/"))


def test_a_person_joins_his_identity_and_signs_in_by_it(office: Office) -> None:
    joined(office, "lena", "reader", factor=False)
    client = office.stranger()
    asked = asks(client, "login", "/account/login/")
    signed = comes_back(client, office, answer_of(asked, host_of(office)))
    assert (signed.status_code, signed["Location"]) == (302, "/")
    assert "Side A" in client.get("/small/entry?id=A").content.decode()
    assert Line.objects.filter(person="lena", what="signed in").exists()


def test_the_second_factor_is_asked_after_the_provider_as_well(office: Office) -> None:
    joined(office, "rosa", "recorder", factor=True)
    client = office.stranger()
    asked = asks(client, "login", "/account/login/")
    answer = comes_back(client, office, answer_of(asked, host_of(office)))
    assert answer["Location"] == "/account/2fa/authenticate/" and is_out(client)


@pytest.mark.long
@pytest.mark.parametrize(
    "otherwise",
    [
        {"audience": "https://another.example"},
        {"to": "https://another.example/acs/"},
        {"until": "2001-01-01T00:00:00Z"},
        {"who": "somebody-else"},
        {"question": "_of-another-browser"},
    ],
    ids=lambda otherwise: next(iter(otherwise)),
)
def test_an_answer_that_is_not_for_this_question_signs_nobody_in(
    office: Office, otherwise: dict[str, str]
) -> None:
    joined(office, "lena", "reader", factor=False)
    client = office.stranger()
    asked = asks(client, "login", "/account/login/")
    comes_back(client, office, answer_of(asked, host_of(office), **otherwise))
    assert is_out(client)


def test_an_answer_signed_by_another_or_by_nobody_signs_nobody_in(office: Office) -> None:
    joined(office, "lena", "reader", factor=False)
    key, cert = made_key()
    client = office.stranger()
    asked = asks(client, "login", "/account/login/")
    comes_back(client, office, answer_of(asked, host_of(office), key=key, cert=cert))
    assert is_out(client)
    asked = asks(client, "login", "/account/login/")
    whole = base64.b64decode(answer_of(asked, host_of(office))).decode()
    bare = re.sub(r"<ds:Signature.*?</ds:Signature>", "", whole, flags=re.DOTALL)
    assert bare != whole
    comes_back(client, office, base64.b64encode(bare.encode()).decode())
    assert is_out(client)


def test_an_answer_that_nobody_asked_for_signs_nobody_in(office: Office) -> None:
    joined(office, "lena", "reader", factor=False)
    asked = asks(office.stranger(), "login", "/account/login/")
    client = office.stranger()
    answer = comes_back(client, office, answer_of(asked, host_of(office)))
    assert answer.status_code in (200, 401, 403) and is_out(client)
