"""The brief as one HTML file: no script, nothing from outside, light and dark, screen and print.

What the page says comes from the brief alone; the template only places it. Text is escaped by the
template engine, and where it enters the style sheet, by `_css_string`.
"""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from excomm.brief import words
from excomm.brief.bands import bands
from excomm.brief.structs import Brief

_TEMPLATES = Path(__file__).parent / "templates"


def render(brief: Brief) -> str:
    """The whole page; the same brief gives the same bytes."""
    numbers = {each.id: at for at, each in enumerate(brief.references, start=1)}
    return _template().render(
        brief=brief,
        bands=bands(brief),
        head=brief.heading,
        entries=words.plural(brief.heading.entries, "entry"),
        numbers=numbers,
        shapes=words.SHAPES,
        foot=_css_string(f"{brief.heading.title} · {brief.heading.head_words}"),
        marking=_css_string(brief.heading.marking),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("brief.html")


def _css_string(text: str) -> Markup:
    """A string of the style sheet: every character that is not plain is written as its number.

    >>> print(_css_string('a"}</style>'))
    "a\\22 \\7d \\3c \\2f style\\3e "
    """
    plain = "".join(
        c if (c.isascii() and c.isalnum()) or c == " " else f"\\{ord(c):x} " for c in text
    )
    return Markup(f'"{plain}"')
