"""The brief as HTML: one file by itself (no script, nothing from outside), or a body for the desk.

What the page says comes from the brief alone; one template places it for both. Text is escaped by
the template engine, and where it enters the style sheet, by `_css_string`. The body carries no
style of its own, so that a page with a strict content policy can show it.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from excomm.brief import words
from excomm.brief.bands import bands
from excomm.brief.structs import Brief

STYLES = Path(__file__).parent / "styles"
"""tokens.css (colour, type, space) and brief.css (how the page lies), for whoever serves a body."""

_LISTED_MAX = 13  # of a cell: a dozen are named, and one more says that there are more
_TEMPLATES = Path(__file__).parent / "templates"


def render(brief: Brief) -> str:
    """The whole page; the same brief gives the same bytes."""
    return _environment().get_template("brief.html").render(_said(brief) | _sheet(brief))


def body(
    brief: Brief, entry_href: Callable[[str], str], rests_href: Callable[[Sequence[str]], str]
) -> str:
    """Banner, head and main part for a page that links the styles itself.

    entry_href: the address of the page of an entry, by its id. rests_href: of what a figure rests
    on, by the ids of the entries.
    """
    hrefs = {"entry_href": entry_href, "rests_href": rests_href}
    return _environment().get_template("body.html").render(_said(brief) | hrefs)


def sheet_css(foot: str, marking: str) -> str:
    """The rules that put a foot and a marking on every printed sheet."""
    said = {"foot": _css_string(foot), "marking": _css_string(marking)}
    return _environment().get_template("sheet.css").render(said)


def _said(brief: Brief) -> dict[str, object]:
    numbers = {each.id: at for at, each in enumerate(brief.references, start=1)}

    def listed(ids: Sequence[str]) -> tuple[str, ...]:
        """Of the entries that a cell rests on, the first of those that the page lists."""
        return tuple(islice((one for one in ids if one in numbers), _LISTED_MAX))

    return {
        "brief": brief,
        "bands": bands(brief),
        "head": brief.heading,
        "entries": words.plural(brief.heading.entries, "entry"),
        "numbers": numbers,
        "listed": listed,
        "more_entries": words.plural(brief.references_more, "more entry"),
        "shapes": words.SHAPES,
        "entry_href": None,
        "rests_href": None,
    }


def _sheet(brief: Brief) -> dict[str, object]:
    return {
        "foot": _css_string(f"{brief.heading.title} · {brief.heading.head_words}"),
        "marking": _css_string(brief.heading.marking),
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([_TEMPLATES, STYLES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _css_string(text: str) -> Markup:
    """A string of the style sheet: every character that is not plain is written as its number.

    >>> print(_css_string('a"}</style>'))
    "a\\22 \\7d \\3c \\2f style\\3e "
    """
    plain = "".join(
        c if (c.isascii() and c.isalnum()) or c == " " else f"\\{ord(c):x} " for c in text
    )
    return Markup(f'"{plain}"')
