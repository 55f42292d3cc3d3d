"""The shared desk in a real browser: the whole story, from the first invitation on."""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

PASSWORD = "correct horse battery"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sound(page: Page, name: str, shots: Path) -> None:
    """No fault that axe finds, light and dark; nothing wider than a small telephone."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        told = json.dumps(found.response["violations"], indent=1)
        assert found.violations_count == 0, f"{name}, {scheme}: {told}"
        page.screenshot(path=shots / f"{name}-{scheme}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.screenshot(path=shots / f"{name}-narrow.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    assert width <= 360, f"{name}: {width} px wide on 360"


def joins(page: Page, address: str, path: str, shots: Path | None = None) -> None:
    page.goto(f"{address}{path}")
    if shots:
        sound(page, "join", shots)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/**")


def signs_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def adds_a_factor(page: Page, address: str, shots: Path | None = None) -> str:
    """Through the page that everything leads to until it is done."""
    page.goto(f"{address}/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        if shots:
            sound(page, "confirm", shots)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    if shots:
        sound(page, "code", shots)
    page.locator("#id_code").fill(code_of(secret))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return secret


@pytest.mark.long
def test_from_the_first_invitation_to_a_count_that_a_reader_sees(
    browser: Browser, shared_desk: Callable[..., Any], tmp_path: Path
) -> None:
    shots = Path(os.environ.get("EXCOMM_SHOTS", tmp_path))
    with shared_desk() as (address, path):
        custodian = browser.new_context().new_page()
        custodian.set_default_timeout(20_000)
        joins(custodian, address, path, shots)
        sound(custodian, "sign-in", shots)
        signs_in(custodian, "custodian")
        assert "/account/2fa/" in custodian.url
        sound(custodian, "factors", shots)
        adds_a_factor(custodian, address, shots)
        sound(custodian, "recovery", shots)
        custodian.goto(f"{address}/account/")
        sound(custodian, "account", shots)
        custodian.goto(f"{address}/account/2fa/webauthn/add/")
        sound(custodian, "key", shots)
        custodian.goto(f"{address}/people/")
        links = {}
        for name, role in (("rosa", "recorder"), ("lena", "reader")):
            custodian.goto(f"{address}/people/")
            custodian.get_by_label("Signs in as").fill(name)
            with custodian.expect_navigation():
                custodian.keyboard.press("Enter")
            found = re.search(r"/join/[\w-]+", custodian.content())
            assert found, custodian.content()
            links[name] = found[0]
            custodian.get_by_label("One role more").select_option(role)
            with custodian.expect_navigation():
                custodian.get_by_role("button", name="Give").click()
        sound(custodian, "person", shots)
        for page in ("people", "people/log"):
            custodian.goto(f"{address}/{page}/".replace("log/", "log"))
            sound(custodian, page.replace("/", "-"), shots)
        reader = browser.new_context().new_page()
        joins(reader, address, links["lena"])
        signs_in(reader, "lena")
        reader.goto(f"{address}/small/?known_by=now&on=2024-01-10")
        assert "9 boats" not in reader.content()
        sound(reader, "today", shots)
        reader.get_by_role("button", name="I have read these").click()
        reader.get_by_text("Nothing has come since").wait_for()
        rosa = browser.new_context().new_page()
        joins(rosa, address, links["rosa"])
        signs_in(rosa, "rosa")
        secret = adds_a_factor(rosa, address)
        rosa.goto(f"{address}/small/enter/count?on=2024-01-10")
        rosa.locator("[name=occurred]").fill("2024-01-09")
        rosa.locator("[name=item]").select_option("boats")
        rosa.locator("[name=number]").fill("9")
        rosa.locator("[name=site]").select_option("port")
        rosa.locator("[name=number]").press("Enter")
        rosa.wait_for_url("**/entry?**")
        # The reader's open page comes again by itself.
        reader.get_by_text("1 entry since you last looked").wait_for(timeout=8_000)
        rosa.goto(f"{address}/account/logout/")
        rosa.get_by_role("button", name="Sign out").click()
        rosa.wait_for_url("**/account/login/**")
        signs_in(rosa, "rosa")
        assert "/2fa/authenticate/" in rosa.url
        sound(rosa, "second-factor", shots)
        rosa.locator("#id_code").fill(code_of(secret, ahead=1))
        rosa.keyboard.press("Enter")
        rosa.wait_for_url(lambda url: "/account/" not in url)
