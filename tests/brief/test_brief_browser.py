"""The page in a real browser: nothing runs over at 360 px, and every text can be read."""

import os
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from excomm.brief import brief, html
from excomm.case import View

CHROMIUM = "/usr/bin/chromium"

# WCAG 2.2 contrast of every text against the darkest or lightest paint behind it.
CONTRAST = """
() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map(
      (v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const hatch = style.backgroundImage.match(/rgba?\\([^)]*\\)/g);
      if (hatch) return hatch.map(rgb);
      const color = rgb(style.backgroundColor);
      if (color.length === 3 || color[3] > 0) return [color];
    }
    return [[255, 255, 255]];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.textContent.trim();
    const element = walk.currentNode.parentElement;
    if (!words || !element.getClientRects().length) continue;
    const ink = rgb(getComputedStyle(element).color);
    const worst = Math.min(...behind(element).map((paper) => ratio(ink, paper)));
    found.push([worst, words.slice(0, 40)]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, 5);
}
"""


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
def page_file(cuba: View, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shipped case as a file."""
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(html.render(brief(cuba)), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_runs_over_the_side(browser: Browser, page_file: Path, width: int) -> None:
    page = _open(browser, page_file, width=width, scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_a_contrast_of_at_least_4_5(
    browser: Browser, page_file: Path, scheme: str
) -> None:
    page = _open(browser, page_file, width=1280, scheme=scheme)
    worst = page.evaluate(CONTRAST)
    assert worst and worst[0][0] >= 4.5, worst
    page.close()


def test_the_page_asks_for_nothing_and_logs_nothing(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    page.close()


def test_it_prints_on_two_sheets_with_head_and_page_on_each(
    browser: Browser, page_file: Path, cuba: View, tmp_path: Path
) -> None:
    import pypdf

    page = _open(browser, page_file, width=1280, scheme="light")
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    page.close()
    sheets = pypdf.PdfReader(tmp_path / "printed.pdf").pages
    assert len(sheets) <= 2
    for at, sheet in enumerate(sheets, start=1):
        said = normalize("NFKC", sheet.extract_text())  # a printed ff is one letter
        assert cuba.head.digest[:16] in said
        assert f"page {at} of {len(sheets)}" in said


def _open(browser: Browser, path: Path, *, width: int, scheme: str) -> Page:
    dark = "dark" if scheme == "dark" else "light"
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=dark)  # type: ignore[arg-type]
    page.goto(path.as_uri())
    return page
