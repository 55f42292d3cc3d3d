"""Every page of the shared desk in a real browser, as whoever may do everything and as a reader."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from tests.desk.shared.conftest import Office
from tests.desk.test_desk_browser import PAGES, WCAG

from excomm.desk.accounts import inviting
from excomm.desk.accounts.installation import Installation
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.roles import OF_A_CASE

CASE = "cuba-1962"
SECRET = "secret"
OF_THE_DESK = (
    *("account/", "account/2fa/", "account/2fa/webauthn/", "account/2fa/webauthn/add/"),
    *("account/2fa/recovery-codes/generate/", "account/password/", "account/reauthenticate/"),
    *("account/2fa/reauthenticate/", "account/logout/", "account/other/", "cases", "nothing/"),
)
OF_A_CUSTODIAN = ("people/", "people/ada", "people/log", "people/log?show=reading")
OF_NOBODY = ("account/login/", "account/inactive/")


@pytest.fixture
def desk(
    beside_a_browser: None,
    accounts: None,
    installation: Installation,
    listen_with: Callable[..., Any],
    cuba: Path,
    tmp_path: Path,
) -> Iterator[tuple[Office, str]]:
    """A shared desk on the shipped case, behind a real socket."""
    made: list[SharedDesk] = []

    def make(port: int) -> SharedDesk:
        said = msgspec.structs.replace(
            installation, url=f"http://127.0.0.1:{port}", ledgers={CASE: str(cuba)}
        )
        made.append(SharedDesk(said, tmp_path / "desk"))
        return made[0]

    with listen_with(make) as address:
        yield Office(made[0]), address


def signed_in(browser: Browser, office: Office, address: str, person: Any) -> Page:
    client = office.signed_in(person, factor=person.name != "lena")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    cookie = client.cookies["excomm-session"].value
    context.add_cookies([{"name": "excomm-session", "value": cookie, "url": address}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    return page


def faults_of(page: Page, address: str) -> dict[str, Any]:
    """What axe finds, light and dark, and how much wider than a narrow screen the page is."""
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found: dict[str, Any] = {}
    if "/login/" in page.url and "/login/" not in address:
        found["led to"] = page.url
    for scheme, rules in (("light", WCAG), ("dark", ["color-contrast"])):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        result = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
        faults = [
            (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
            for one in result.response["violations"]
        ]
        if faults:
            found[scheme] = faults
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[f"{width} px"] = wide
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.long
def test_every_page_of_whoever_may_do_everything_is_sound(
    browser: Browser, desk: tuple[Office, str]
) -> None:
    office, address = desk
    ada = office.account("ada", *OF_A_CASE, "custodian", cleared=SECRET, case=CASE)
    page = signed_in(browser, office, address, ada)
    found = {path: faults_of(page, f"{address}/{CASE}/{path}") for path in PAGES.values()}
    found |= {p: faults_of(page, f"{address}/{p}") for p in (*OF_THE_DESK, *OF_A_CUSTODIAN)}
    told = {path: faults for path, faults in found.items() if faults}
    assert not told, json.dumps(told, indent=1)


@pytest.mark.long
def test_every_page_of_a_reader_and_of_a_stranger_is_sound(
    browser: Browser, desk: tuple[Office, str]
) -> None:
    office, address = desk
    lena = office.account("lena", "reader", case=CASE)
    joins = inviting.invite(office.account("nina"), request=None, by="")
    page = signed_in(browser, office, address, lena)
    found = {path: faults_of(page, f"{address}/{CASE}/{path}") for path in PAGES.values()}
    stranger = browser.new_page()
    found |= {p: faults_of(stranger, f"{address}/{p}") for p in (*OF_NOBODY, joins.lstrip("/"))}
    told = {path: faults for path, faults in found.items() if faults}
    assert not told, json.dumps(told, indent=1)
