"""The brief as PDF, A4, set with typst in the fonts that typst itself carries.

The template is fixed and reads the brief as data: nothing a case says is ever read as markup.
"""

from pathlib import Path

import msgspec
import typst

from excomm.brief import words
from excomm.brief.bands import bands
from excomm.brief.document import Document
from excomm.brief.structs import Brief
from excomm.errors import EnvironmentFault

# By path: typst-py cannot query a document that it was given as bytes (0.15.2).
_TEMPLATE = Path(__file__).parent / "templates" / "brief.typ"
_DOCUMENT = _TEMPLATE.with_name("document.typ")
# What Libertinus Serif and DejaVu Sans Mono cover between them; other scripts need the system's.
_CARRIED = ((0x0000, 0x058F), (0x10A0, 0x10FF), (0x1E00, 0x2BFF), (0xFFFD, 0xFFFD))


_SHEETS = 2
_SIZES_PT = (7.6, 7.3, 6.9, 6.5)  # of the text; below the last nobody could read it


def render(brief: Brief) -> bytes:
    """The whole page as PDF, on two sheets where letters of 6.5 pt or more allow it.

    The same brief gives the same bytes.
    Raises EnvironmentFault where typst cannot set the page, with what it said.
    """
    data = msgspec.json.encode(brief).decode()
    try:
        for size in _SIZES_PT:
            compiler = typst.Compiler(
                _TEMPLATE,
                ignore_system_fonts=_is_carried(data),
                sys_inputs=_inputs(brief, data) | {"size": str(size)},
            )
            if int(compiler.query("<sheets>", field="value", one=True)) <= _SHEETS:
                break
        made = compiler.compile(format="pdf", timestamp=0)
    except typst.TypstError as fault:
        raise EnvironmentFault(f"typst: {fault.message}. Install the pinned version.") from None
    assert isinstance(made, bytes), "one document"
    return made


def render_document(document: Document) -> bytes:
    """A finding or a letter as PDF; the same document gives the same bytes.

    Raises EnvironmentFault as `render` does.
    """
    data = msgspec.json.encode(document).decode()
    inputs = {
        "document": data,
        "numbers": msgspec.json.encode(document.numbers).decode(),
        "shapes": msgspec.json.encode(words.SHAPES).decode(),
    }
    try:
        compiler = typst.Compiler(
            _DOCUMENT, ignore_system_fonts=_is_carried(data), sys_inputs=inputs
        )
        made = compiler.compile(format="pdf", timestamp=0)
    except typst.TypstError as fault:
        raise EnvironmentFault(f"typst: {fault.message}. Install the pinned version.") from None
    assert isinstance(made, bytes), "one document"
    return made


def _inputs(brief: Brief, data: str) -> dict[str, str]:
    order = {part.key: at for at, part in enumerate(brief.sections)}
    placed = [[[order[part.key] for part in column] for column in band] for band in bands(brief)]
    return {
        "brief": data,
        "bands": msgspec.json.encode(placed).decode(),
        "entries": words.plural(brief.heading.entries, "entry"),
        "head": brief.heading.head_words,
        "shapes": msgspec.json.encode(words.SHAPES).decode(),
    }


def _is_carried(text: str) -> bool:
    return all(any(low <= ord(c) <= high for low, high in _CARRIED) for c in set(text))
