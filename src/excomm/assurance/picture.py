"""Picture: a drawing as SVG text with its words, and as PNG where the extra is installed.

The drawings are written by hand, as everywhere in the product: they need no browser, network or
plotting package, hold no script and no style sheet, and are the same bytes each time. Only pixels
need more, and that is loaded when asked for.
"""

from html import escape
from pathlib import Path

import msgspec

from excomm.errors import EnvironmentFault, InputError

INK, PAPER, QUIET, RULE, ACCENT, BAND, ALARM = (
    "#1a1a1a", "#ffffff", "#555555", "#dddddd", "#1f4e79", "#9db8d2", "#b3261e",
)  # fmt: skip


class Picture(msgspec.Struct, frozen=True):
    """A drawing; `says` is what it shows, for whoever cannot see it."""

    title: str
    says: str
    svg: str

    def png(self, scale: float = 2.0) -> bytes:
        """The same in pixels, `scale` to a unit of the drawing.

        Raises EnvironmentFault where the extra that draws pixels is not installed.
        """
        try:
            import vl_convert
        except ImportError:
            raise EnvironmentFault(
                "A PNG needs vl-convert. Install it: pip install 'excomm[charts]', or ask for SVG."
            ) from None
        return bytes(vl_convert.svg_to_png(self.svg, scale=scale))

    def to_file(self, path: Path) -> bytes:
        """What a file of that name holds, .svg or .png."""
        if path.suffix not in (".svg", ".png"):
            raise InputError("file", path.name, "a name ending in .svg or .png")
        return self.png() if path.suffix == ".png" else f"{self.svg}\n".encode()

    def _repr_svg_(self) -> str:
        return self.svg


def picture(title: str, says: str, width: int, height: int, parts: list[str]) -> Picture:
    """The parts on paper, under title and words. title, says: not yet escaped."""
    name, said = escape(title), escape(says)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-label="{name}. {said}" font-family="sans-serif"'
        f' font-size="12" fill="{INK}">',
        f"<title>{name}</title>",
        f"<desc>{said}</desc>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
    ]
    return Picture(title, says, "\n".join([*head, *parts, "</svg>"]))
