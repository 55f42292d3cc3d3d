"""The desk in a real browser: with the keyboard alone, narrow, dark, printed, and to the ear."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from excomm.case import Case
from excomm.entries.kinds import Look
from excomm.ledger import open_ledger

ENTRIES = Case.open("cuba-1962").head.size
CHROMIUM = "/usr/bin/chromium"
KEY = "the-key-of-the-tests"
DAY = "on=1962-11-12T17:00-05:00"
PAGES = {
    "today": f"?{DAY}",
    "agreement": f"agreement?{DAY}",
    "undertaking": f"undertaking?id=CU-4&{DAY}",
    "what-if": f"what-if?{DAY}&offer=offer-mccloy",
    "items": f"items?{DAY}",
    "item": f"item?id=missiles&{DAY}",
    "sites": f"sites?{DAY}",
    "reports": f"reports?{DAY}",
    "report": f"report?id=report-waves&{DAY}",
    "reply": f"reply?id=report-waves&outlet=press&{DAY}",
    "intake": f"take-in?{DAY}",
    "watch": f"watch?{DAY}&means=u2&day=1962-11-20&site=banes",
    "options": f"options?{DAY}",
    "minutes": f"minutes?issue=CU-8&{DAY}",
    "reading": f"reading?id=minutes/excomm-24&{DAY}",
    "day-book": f"day-book?{DAY}",
    "enter": f"enter?{DAY}",
    "form": f"enter/count?{DAY}",
    "sheets": f"sheets?{DAY}",
    "attach": f"attach?about=report-press-caves&role=translation&{DAY}",
    "handover": f"handover?{DAY}",
    "help": f"help?{DAY}",
    "rests": f"rests?ids=count-labinsk+missiles.stock+CU-4&{DAY}",
    "correct": f"correct?id=count-labinsk&{DAY}",
    "withdraw": f"withdraw?id=count-labinsk&{DAY}",
    "ledger": f"ledger?{DAY}",
    "entry": f"entry?id=count-labinsk&{DAY}",
    "nothing": "entry?id=nothing",
    "cases": "../cases",
    "sample": "../sample-cuba-1962/items",
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURED = ("today", "agreement", "undertaking", "item", "sites", "options", "day-book", "form")
CONTRAST = ["color-contrast"]  # of all that axe asks, only this depends on the colours


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's chromium; skipped where it is not installed (scripts/system-deps installs it)."""
    if not Path(CHROMIUM).exists():
        assert not os.environ.get("CI"), "CI has chromium: scripts/system-deps installs it"
        pytest.skip("no chromium here: scripts/system-deps installs it")
    with sync_playwright() as playwright:
        try:
            found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error as fault:
            pytest.fail(f"chromium does not start: {fault.message}")
        yield found
        found.close()


@pytest.fixture(scope="module")
def read_only(cuba_bytes: bytes, listen_on: Any, tmp_path_factory: Any) -> Iterator[str]:
    """A desk on a ledger of the shipped case that no test enters into, opened by nobody yet."""
    where = tmp_path_factory.mktemp("ledger") / "cuba.ledger"
    where.write_bytes(cuba_bytes)
    with listen_on(where) as found:
        yield found


@pytest.fixture(scope="module")
def visitor(browser: Browser, read_only: str) -> Iterator[BrowserContext]:
    """A browser that came in with the key."""
    context = _opened(browser, read_only)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Iterator[Page]:
    """A page of its own."""
    found = visitor.new_page()
    found.set_viewport_size({"width": 1280, "height": 900})
    yield found
    found.close()


def _opened(browser: Browser, address: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"{address}/?key={KEY}")
    assert page.url == f"{address}/cuba-1962/"
    page.close()
    return context


def _key(page: Page, letter: str) -> None:
    """Alt and a letter, as the system sends it: playwright's own press leaves the letter out."""
    session = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        session.send(
            "Input.dispatchKeyEvent",
            {
                "type": kind,
                "modifiers": 1,
                "key": letter,
                "unmodifiedText": letter,
                "text": letter,
                "code": f"Digit{letter}" if letter.isdigit() else f"Key{letter.upper()}",
                "windowsVirtualKeyCode": ord(letter.upper()),
                "nativeVirtualKeyCode": ord(letter.upper()),
            },
        )
    session.detach()


def test_a_recorder_enters_labinsks_count_and_the_principals_page_changes(
    browser: Browser, cuba: Path, listen_on: Any
) -> None:
    with listen_on(cuba) as address:
        context = _opened(browser, address)
        _enters_and_the_page_changes(context, f"{address}/cuba-1962/", cuba)
        context.close()


def _enters_and_the_page_changes(context: BrowserContext, case: str, cuba: Path) -> None:
    principal = context.new_page()
    principal.goto(f"{case}?{DAY}&known_by=now")
    line = principal.locator(".bottom-line")
    assert "Labinsk 2 short" in line.inner_text()
    row = principal.locator("section.counted tbody", has_text="Labinsk")
    assert "−2" in row.inner_text()

    # The recorder has a telephone at the ear: no mouse.
    recorder = context.new_page()
    recorder.goto(f"{case}?{DAY}")
    keys = recorder.keyboard
    _key(recorder, "e")
    recorder.wait_for_url("**/enter?**")
    _key(recorder, "2")
    recorder.wait_for_url("**/enter/count?**")
    assert recorder.evaluate("document.activeElement.id") == "f-occurred"
    keys.press("Control+a")
    keys.type("1962-11-12T09:30-05:00")
    keys.press("Tab")
    keys.type("missiles")  # a choice is found by its first letters
    keys.press("Tab")
    keys.type("2")
    keys.press("Tab")
    keys.type("Labinsk")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("leaving")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("hatches opened, two on deck")
    keys.press("Tab")
    keys.type("USA")
    keys.press("Tab")
    keys.type("by telephone, Destroyer Squadron 24")
    keys.press("Enter")
    recorder.wait_for_url("**/entry?**entered=yes**")
    assert "missiles leaving on Labinsk: 2" in recorder.locator("h1").inner_text()

    principal.reload()
    assert "Labinsk" not in line.inner_text()
    assert "−2" not in row.inner_text()
    assert principal.locator(".news").inner_text().startswith(f"{ENTRIES + 1} entries")
    last = [*open_ledger(cuba).read()][-1]
    assert last.by == "USA" and last.source == "by telephone, Destroyer Squadron 24"
    # As it was known that day nothing has changed.
    principal.goto(f"{case}?{DAY}")
    assert "Labinsk 2 short" in line.inner_text()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_runs_over_the_side_and_none_logs_or_asks_elsewhere(
    page: Page, read_only: str, name: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.on("request", lambda asked: said.append(asked.url))
    # 320 is what is left of 1280 at a zoom of 400 %, 360 a small telephone.
    for width in (320, 360, 768, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{read_only}/cuba-1962/{PAGES[name]}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    elsewhere = [one for one in said if not one.startswith(read_only) and "404" not in one]
    assert elsewhere == []


@pytest.mark.parametrize(("scheme", "rules"), [("light", WCAG), ("dark", CONTRAST)])
def test_axe_finds_nothing_on_any_page(
    page: Page, read_only: str, scheme: str, rules: list[str]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}
    for name in PAGES if scheme == "light" else COLOURED:
        path = PAGES[name]
        page.goto(f"{read_only}/cuba-1962/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        results = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
        faults = [
            (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
            for one in results.response["violations"]
        ]
        if faults:
            found[name] = faults
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_letters_of_the_chart_have_a_contrast_of_at_least_4_5(
    page: Page, read_only: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{read_only}/cuba-1962/{PAGES['item']}")
    worst = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
          const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map(
            (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const paper = light(rgb(getComputedStyle(document.body).backgroundColor));
          return Math.min(...[...document.querySelectorAll("svg.wide text")].map((one) => {
            const ink = light(rgb(getComputedStyle(one).fill));
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05); }));
        }"""
    )
    assert worst >= 4.5


def test_every_room_is_reached_by_its_key_and_focus_is_seen(page: Page, read_only: str) -> None:
    page.goto(f"{read_only}/cuba-1962/?{DAY}")
    for key, room in (("a", "agreement"), ("i", "items"), ("s", "sites"), ("l", "ledger")):
        _key(page, key)
        page.wait_for_url(f"**/{room}?**")
    _key(page, "p")
    page.wait_for_url("**on=1962-11-11**")
    assert "Sunday 11 November 1962" in page.locator(".when").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    widths = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        widths.add(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert "none" not in widths


def test_the_ledger_is_searched_while_typing_and_verified_in_place(
    page: Page, read_only: str
) -> None:
    page.goto(f"{read_only}/cuba-1962/ledger?{DAY}")
    _key(page, "f")
    page.keyboard.type("labinsk")
    page.locator("#rows tbody").nth(20).wait_for(state="detached")
    assert "missiles leaving on Labinsk: 0" in page.locator("#rows").inner_text()
    assert "text=labinsk" in page.url
    page.get_by_role("button", name="Verify the whole chain").click()
    page.wait_for_selector("#verified .done")
    assert f"{ENTRIES} entries verified" in page.locator("#verified").inner_text()


def test_everything_works_without_javascript(
    browser: Browser, visitor: BrowserContext, read_only: str
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=visitor.storage_state())
    page = context.new_page()
    page.goto(f"{read_only}/cuba-1962/ledger")
    page.get_by_label("Words").fill("labinsk")
    page.get_by_role("button", name="Find").click()
    assert "missiles leaving on Labinsk: 0" in page.locator("#rows").inner_text()
    page.get_by_role("button", name="Verify the whole chain").click()
    assert f"{ENTRIES} entries verified" in page.locator("main").inner_text()
    page.get_by_role("link", name="Items").click()
    page.get_by_role("link", name="missiles", exact=True).first.click()
    page.get_by_text("The same as a table").first.click()
    assert page.get_by_role("rowheader", name="Friday 9 November 1962").is_visible()
    context.close()


def test_pages_print_with_the_head_and_their_number_on_each_sheet(
    page: Page, read_only: str, tmp_path: Path
) -> None:
    import pypdf

    for name, most in (("today", 2), ("agreement", 2), ("item", 2), ("sites", 2)):
        page.goto(f"{read_only}/cuba-1962/{PAGES[name]}")
        head = page.locator(".from .code").inner_text()
        page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
        sheets = pypdf.PdfReader(tmp_path / f"{name}.pdf").pages
        assert len(sheets) <= most, name
        for at, sheet in enumerate(sheets, start=1):
            said = sheet.extract_text()
            assert head in said and f"page {at} of {len(sheets)}" in said, name
            assert "← day before" not in said


def test_a_page_at_four_times_its_size_is_still_usable(page: Page, read_only: str) -> None:
    # 400 % of 1280 is a page 320 wide.
    page.goto(f"{read_only}/cuba-1962/item?id=missiles&{DAY}")
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    _key(page, "e")
    page.wait_for_url("**/enter?**")


def test_a_slider_computes_at_once_and_by_keyboard_alone(page: Page, read_only: str) -> None:
    page.goto(f"{read_only}/cuba-1962/item?id=missiles&{DAY}")
    supposed = page.locator("#supposed")
    assert "Nothing is supposed yet." in supposed.inner_text()
    page.focus("[name='suppose-missiles.prob_retained']")
    page.keyboard.press("End")
    page.get_by_text("Supposed: missiles.prob_retained exactly 1.").wait_for()
    assert "0 (0 to" in supposed.inner_text() or ".87" in supposed.inner_text()
    page.reload()
    assert "Nothing is supposed yet." in supposed.inner_text()


def test_a_reader_cleared_to_open_never_learns_of_the_u2_looks(
    page: Page, read_only: str, cuba: Path
) -> None:
    looks = [one for one in open_ledger(cuba).read() if isinstance(one.body, Look)]
    secret = [one for one in looks if one.marking == "secret"]
    words = [one.body.what for one in secret if isinstance(one.body, Look) and one.body.what]
    assert len(words) > 10 and "five U-2 flights authorized" in words
    # Through every room as that reader: neither the words nor a place kept free for them.
    rooms = ("", "agreement", "items", "sites", "reports", "options", "minutes", "handover")
    for path in (*rooms, "ledger", "ledger?kind=look", "ledger?text=u-2", "help"):
        page.goto(f"{read_only}/cuba-1962/{path}{'&' if '?' in path else '?'}{DAY}&cleared=open")
        told = page.locator("body").inner_text()
        assert "view: open" in told, path
        assert not [each for each in (*words, *(one.id for one in secret)) if each in told], path
    answers = []
    for name in ("look-9-nov-u2", "look-none"):
        answer = page.goto(f"{read_only}/cuba-1962/entry?id={name}&{DAY}&cleared=open")
        assert answer is not None
        answers.append((answer.status, answer.text()))
    assert answers[0] == answers[1]
    # The owner, on the same day, has them.
    page.goto(f"{read_only}/cuba-1962/ledger?kind=look&{DAY}")
    assert "five U-2 flights authorized" in page.locator("main").inner_text()


def test_a_what_if_on_mccloys_offer_from_the_agreement_to_the_answer(
    page: Page, read_only: str
) -> None:
    page.goto(f"{read_only}/cuba-1962/agreement?{DAY}")
    _key(page, "u")
    page.wait_for_url("**/what-if?**")
    page.get_by_role("link", name="suppose accepted: McCloy").click()
    answer = page.locator("main")
    assert "2 undertakings would stand otherwise" in answer.inner_text()
    moves = page.locator("section", has=page.locator("#moves"))
    assert "CU-8 USA: lift the quarantine" in moves.inner_text()
    # And were the bombers seen to be out as well.
    page.get_by_label("What happens").nth(1).select_option("done")
    page.get_by_label("By whom").nth(1).select_option("USSR")
    page.get_by_label("About which undertakings").nth(1).fill("CU-4")
    page.get_by_role("button", name="Suppose").click()
    assert "fulfilled" in moves.inner_text() and "Nothing was stored." in answer.inner_text()


def test_the_time_bar_goes_a_day_at_a_time_by_the_arrow_keys(page: Page, read_only: str) -> None:
    page.goto(f"{read_only}/cuba-1962/sites?{DAY}")
    page.focus("#bar-day")
    page.keyboard.press("ArrowLeft")
    page.get_by_text("Sunday 11 November 1962, end of day").wait_for()
    page.wait_for_url("**on=1962-11-11**")
    assert page.evaluate("document.activeElement.id") == "bar-day"


def test_a_sheet_is_pasted_mapped_looked_at_and_taken_in_and_axe_finds_nothing(
    browser: Browser, cuba: Path, listen_on: Any
) -> None:
    with listen_on(cuba) as address:
        context = _opened(browser, address)
        page = context.new_page()
        page.goto(f"{address}/cuba-1962/sheets")
        cells = "Date\tShip\tMissiles seen\n1962-11-10\tOkhotsk\t5\n1962-11-10\tBratsk\tfour\n"
        page.get_by_label("Or cells").fill(cells)
        page.get_by_label("A row is a").select_option("count")
        page.get_by_label("Name of the mapping").fill("ship counts")
        with page.expect_navigation():
            page.get_by_role("button", name="Read the sheet").click()
        steps = [_faults(page)]
        page.get_by_label("Missiles seen", exact=True).select_option("number")
        page.locator("#f-item").select_option("missiles")
        with page.expect_navigation():
            page.get_by_role("button", name="Look at what it comes to").click()
        steps.append(_faults(page))
        told = page.locator("main").inner_text()
        assert "1 row new" in told and "found four, expected a number." in told
        page.get_by_label("Take the rows without fault").check()
        with page.expect_navigation():
            page.get_by_role("button", name="Take in 1 row").click()
        assert "1 row and 0 corrections" in page.locator(".done").inner_text()
        steps.append(_faults(page))
        assert steps == [[], [], []]
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        context.close()


def _faults(page: Page) -> list[str]:
    results = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": WCAG})
    return [one["id"] for one in results.response["violations"]]


@pytest.mark.long
def test_a_first_case_is_practised_step_by_step_by_keyboard_alone(
    browser: Browser, cuba: Path, listen_on: Any
) -> None:
    with listen_on(cuba) as address:
        context = _opened(browser, address)
        page = context.new_page()
        page.goto(f"{address}/cuba-1962/?{DAY}")
        _key(page, "c")
        page.wait_for_url("**/cases")
        _tab_to(page, "Practise on a copy of New START")
        page.keyboard.press("Enter")
        page.wait_for_url("**/practice-new-start-2010/guide")
        steps = page.locator(".steps")
        assert "to do" in steps.inner_text() and "done:" not in steps.inner_text()
        assert _faults(page) == []
        _key(page, "t")
        page.wait_for_url("**/practice-new-start-2010/")
        _key(page, "r")  # I have read these
        page.get_by_text("Nothing has come since").wait_for()
        _key(page, "/")
        page.wait_for_url("**/guide")
        assert "done: Read Today from the top" in steps.inner_text()
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        context.close()


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what is in focus says so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"no Tab leads to {words}")
