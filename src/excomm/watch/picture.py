"""Sites by days as a picture: seen, failed, planned, refused; the worst gap marked.

SVG, made as text: each mark has a shape of its own beside its colour, every value is escaped, and
the finding stands in words in the picture's own title and description. No dates are asked of a
clock: the caller gives the days.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Literal, NamedTuple

Mark = Literal["seen", "failed", "refused", "planned", "closed"]

_CELL, _ROW, _LEFT, _TOP, _EDGE = 16, 20, 170, 44, 12
_LEGEND = 34
_NAME_CHARS_MAX = 24
_LABEL_DAYS = 26  # of a month: a label that begins later would run into the next one's


class Gap(NamedTuple):
    """A site and the days on which nothing would have been found there; both counted."""

    site: int
    first: int
    last: int


def picture(
    names: Sequence[str],
    first_day: date,
    days: int,
    marks: Mapping[tuple[int, int], Mark],
    *,
    worst: Gap | None,
    finding: str,
    today: int | None = None,
) -> bytes:
    """The picture, a file of its own. marks: by site and day, from 0; the weightiest of each.

    finding: the title, in words. today: the day that is drawn as a line; None: not among them.
    """
    width = _LEFT + _CELL * days + _EDGE
    height = _TOP + _ROW * len(names) + _LEGEND
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="t d" font-family="sans-serif" font-size="11">',
        f'<title id="t">{escape(finding, quote=False)}</title>',
        f'<desc id="d">{escape(description(names, first_day, marks, worst), quote=False)}</desc>',
        _STYLE,
        f'<rect class="paper" width="{width}" height="{height}"/>',
    ]
    for day in range(days):
        at = first_day + timedelta(days=day)
        x = _LEFT + _CELL * day
        if at.day == 1 or (day == 0 and at.day < _LABEL_DAYS):
            parts.append(f'<text class="ink" x="{x}" y="16">{at:%b %Y}</text>')
        if day % 2 == 0:
            parts.append(f'<text class="quiet" x="{x + 1}" y="34">{at.day}</text>')
    for site, name in enumerate(names):
        y = _TOP + _ROW * site
        shown = name if len(name) <= _NAME_CHARS_MAX else f"{name[: _NAME_CHARS_MAX - 1]}…"
        parts.append(
            f'<text class="ink" x="{_EDGE}" y="{y + 13}">{escape(shown, quote=False)}</text>'
        )
        parts.append(f'<path class="rule" d="M{_LEFT} {y + _ROW}H{width - _EDGE}"/>')
    parts += [_mark(site, day, mark) for (site, day), mark in sorted(marks.items())]
    if worst is not None:
        x, y = _LEFT + _CELL * worst.first, _TOP + _ROW * worst.site
        wide = _CELL * (worst.last - worst.first + 1)
        parts.append(f'<rect class="gap" x="{x}" y="{y + 2}" width="{wide}" height="{_ROW - 4}"/>')
    if today is not None:
        x = _LEFT + _CELL * (today + 1)
        parts.append(f'<path class="today" d="M{x} {_TOP - 6}V{height - _LEGEND}"/>')
    parts.append(_legend(height))
    return "\n".join([*parts, "</svg>\n"]).encode()


def curve(
    days: Sequence[date],
    planned: Sequence[float],
    flown: Sequence[float],
    *,
    finding: str,
) -> bytes:
    """Two curves of a probability by day: as planned thin and broken, as flown thick.

    days: consecutive, one for each planned value; flown: from the first of them, perhaps fewer.
    """
    width, height, left, top, floor = 640, 220, 40, 16, 180
    step = (width - left - _EDGE) / max(len(days) - 1, 1)
    # The axis begins below the least value, at a twentieth: small differences are to be seen.
    base = max(math.floor(min(*planned, *flown, 1.0) * 20 - 0.5) / 20, 0.0)
    unit = (floor - top) / (1.0 - base)

    def line(values: Sequence[float]) -> str:
        points = (
            f"{left + step * n:.1f},{floor - unit * (value - base):.1f}"
            for n, value in enumerate(values)
        )
        return " ".join(points)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-labelledby="t" font-family="sans-serif" font-size="11">',
        f'<title id="t">{escape(finding, quote=False)}</title>',
        _STYLE,
        f'<rect class="paper" width="{width}" height="{height}"/>',
    ]
    for value in (base, (base + 1.0) / 2, 1.0):
        y = floor - unit * (value - base)
        word = f"{value:.3f}".rstrip("0").rstrip(".")
        parts.append(f'<path class="rule" d="M{left} {y}H{width - _EDGE}"/>')
        parts.append(f'<text class="quiet" x="{_EDGE}" y="{y + 4}">{word}</text>')
    for n in (0, len(days) - 1):
        anchor = "start" if n == 0 else "end"
        x = left + step * n
        parts.append(
            f'<text class="quiet" x="{x:.1f}" y="{floor + 16}" text-anchor="{anchor}">'
            f"{days[n]:%-d %b %Y}</text>"
        )
    parts.append(f'<polyline class="thin" points="{line(planned)}"/>')
    parts.append(f'<polyline class="thick" points="{line(flown)}"/>')
    low = height - 8
    parts.append(f'<path class="thin" d="M{left} {low - 4}h24"/>')
    parts.append(f'<text class="ink" x="{left + 30}" y="{low}">as planned</text>')
    parts.append(f'<path class="thick" d="M{left + 120} {low - 4}h24"/>')
    parts.append(f'<text class="ink" x="{left + 150}" y="{low}">as flown</text>')
    return "\n".join([*parts, "</svg>\n"]).encode()


def description(
    names: Sequence[str],
    first_day: date,
    marks: Mapping[tuple[int, int], Mark],
    worst: Gap | None,
) -> str:
    """The same in words: for each site its days, then the worst gap."""
    said = []
    for site, name in enumerate(names):
        of: dict[str, list[str]] = {}
        for (at, day), mark in sorted(marks.items()):
            if at == site:
                of.setdefault(mark, []).append(f"{first_day + timedelta(days=day):%-d %b}")
        told = "; ".join(f"{mark} {', '.join(found)}" for mark, found in of.items())
        said.append(f"{name}: {told or 'no look'}.")
    if worst is not None:
        first, last = (first_day + timedelta(days=n) for n in (worst.first, worst.last))
        said.append(f"Worst gap: {names[worst.site]}, {first:%-d %b} to {last:%-d %b}.")
    return " ".join(said)


def _mark(site: int, day: int, mark: Mark) -> str:
    x, y = _LEFT + _CELL * day + 2, _TOP + _ROW * site + 4
    return _shape(mark, x, y)


def _shape(mark: Mark, x: int, y: int) -> str:
    match mark:
        case "seen":
            return f'<rect class="seen" x="{x}" y="{y}" width="12" height="12"/>'
        case "failed":
            return f'<rect class="failed" x="{x + 1}" y="{y + 1}" width="10" height="10"/>'
        case "planned":
            return f'<circle class="planned" cx="{x + 6}" cy="{y + 6}" r="4"/>'
        case "refused":
            return f'<path class="refused" d="M{x} {y}l12 12m0 -12l-12 12"/>'
        case "closed":
            return f'<path class="closed" d="M{x} {y + 6}h12"/>'


def _legend(height: int) -> str:
    found, x = [], _EDGE
    for mark in ("seen", "failed", "planned", "refused", "closed"):
        found.append(_shape(mark, x, height - 22))
        found.append(f'<text class="ink" x="{x + 17}" y="{height - 12}">{mark}</text>')
        x += 78
    found.append(f'<rect class="gap" x="{x}" y="{height - 22}" width="14" height="12"/>')
    found.append(f'<text class="ink" x="{x + 19}" y="{height - 12}">worst gap</text>')
    return "".join(found)


_STYLE = (
    "<style>"
    ".paper{fill:#fff}.ink{fill:#1b242d}.quiet{fill:#5a6673}.rule{stroke:#dfe3e8}"
    ".seen{fill:#1f5a99}.failed{fill:none;stroke:#9a6b00;stroke-width:2}"
    ".planned{fill:none;stroke:#1f5a99;stroke-width:1.5}"
    ".refused{stroke:#a3271b;stroke-width:2;fill:none}.closed{stroke:#6b6b6b;stroke-width:2}"
    ".gap{fill:none;stroke:#a3271b;stroke-width:2;stroke-dasharray:4 2}"
    ".today{stroke:#1b242d;stroke-dasharray:2 3}"
    ".thin{fill:none;stroke:#1f5a99;stroke-width:1.5;stroke-dasharray:5 3}"
    ".thick{fill:none;stroke:#1f5a99;stroke-width:3.5}"
    "@media(prefers-color-scheme:dark){.paper{fill:#14181d}.ink{fill:#e6eaee}"
    ".quiet{fill:#9aa6b2}.rule{stroke:#2c353f}.seen{fill:#6ea8e6}.planned,.thin,.thick{stroke:#6ea8e6}"
    ".failed{stroke:#e0b04a}.refused,.gap{stroke:#f08a7e}.closed{stroke:#9aa6b2}"
    ".today{stroke:#e6eaee}}"
    "</style>"
)
