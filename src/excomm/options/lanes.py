"""Posture over time: a lane for each measure, a step where its level changed, as one picture.

SVG made as text, in the colour of the page around it. What the other side sees is a full line, what
it does not a dashed one, and what nobody entered a thin one: shape and a word, never colour.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from html import escape

import msgspec

_NAME, _WIDE, _ROW, _TOP = 224.0, 640.0, 40.0, 18.0
_PIXELS_A_CHAR = 6.4


class Step(msgspec.Struct, frozen=True):
    """A level from a day on. seen: by the other side; None: not entered."""

    start: date
    level: str
    seen: bool | None = None
    ended: bool = False


class Lane(msgspec.Struct, frozen=True):
    """One measure of one party, its steps in the order of days."""

    name: str
    steps: tuple[Step, ...]


def lanes(found: Sequence[Lane], last: date, title: str) -> str:
    """The measures up to a day as one SVG document; "" where there is none.

    >>> made = lanes([Lane("Quarantine", (Step(date(1962, 10, 24), "in force", True),))],
    ...     date(1962, 11, 12), "Posture")
    >>> "Quarantine from 24 Oct 1962: in force, seen." in made
    True
    """
    if not found:
        return ""
    first = min(step.start for lane in found for step in lane.steps)
    days = max((last - first).days, 1)
    height = _TOP + _ROW * len(found) + 24

    def x(day: date) -> float:
        return round(_NAME + _WIDE * min(max((day - first).days / days, 0), 1), 1)

    parts: list[str] = []
    for row, lane in enumerate(found):
        y = _TOP + _ROW * row + 24
        parts.append(
            f'<text x="0" y="{y + 4:g}" font-weight="600">{_text(_cut(lane.name, 30))}</text>'
        )
        ends = [*(step.start for step in lane.steps[1:]), last]
        for step, end in zip(lane.steps, ends, strict=True):
            parts.extend(_step(step, x(step.start), x(end), y))
    parts.extend(_days(first, last, x, height))
    said = " ".join(_said(lane) for lane in found)
    width = _NAME + _WIDE + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img" font-family="sans-serif"'
        ' font-size="12" fill="currentColor" stroke="none">\n'
        f"<title>{_text(title)}</title>\n<desc>{_text(said)}</desc>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _step(step: Step, start: float, end: float, y: float) -> Iterator[str]:
    if step.ended:
        yield f'<path d="M{start:g} {y - 6:g}V{y + 6:g}" stroke="currentColor" stroke-width="2"/>'
        room = _NAME + _WIDE - start
    else:
        look = {True: 'stroke-width="4"', False: 'stroke-width="4" stroke-dasharray="5 4"'}
        drawn = 'stroke-width="1.2"' if step.seen is None else look[step.seen]
        yield f'<path d="M{start:g} {y:g}H{max(end, start + 2):g}" stroke="currentColor" {drawn}/>'
        yield f'<circle cx="{start:g}" cy="{y:g}" r="4"/>'
        room = end - start
    chars = int(room / _PIXELS_A_CHAR)
    if chars >= 4:
        told = _text(_cut(step.level, chars))
        yield f'<text x="{start + 3:g}" y="{y - 9:g}" font-size="11">{told}</text>'


def _days(first: date, last: date, x: Callable[[date], float], height: float) -> Iterator[str]:
    days = max((last - first).days, 1)
    every = max(1, round(days / 6))
    for count in range(0, days + 1, every):
        day = first + timedelta(days=count)
        yield (
            f'<text x="{x(day):g}" y="{height - 6:g}" font-size="11" opacity="0.75"'
            f' text-anchor="middle">{day.day} {day:%b}</text>'
        )


def _said(lane: Lane) -> str:
    parts = [f"from {step.start.day} {step.start:%b %Y}: {_level(step)}" for step in lane.steps]
    return f"{lane.name} {'; '.join(parts)}."


def _level(step: Step) -> str:
    if step.ended:
        return f"{step.level}, ended"
    seen = {True: ", seen", False: ", not seen", None: ""}[step.seen]
    return f"{step.level}{seen}"


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: max(chars - 1, 1)].rstrip()}…"


def _text(text: str) -> str:
    """Escaped, and without the characters that XML does not have."""
    return escape("".join(c for c in text if c == "\n" or c.isprintable()), quote=False)
