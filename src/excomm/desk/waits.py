"""Who waits for whom, laid out on the server: undertakings as boxes, waits as arrows.

Time runs to the right on a wide page and downwards on a narrow one. A state is told by its word and
its shape; the colour only repeats them. Every box leads to the page of its undertaking.
"""

from collections.abc import Mapping, Sequence
from math import ceil

import msgspec

from excomm.brief.structs import Cell

_BOX_HEIGHT = 62.0
_GAP_X, _GAP_Y = 64.0, 16.0
_LETTER = 6.3  # the width of a letter, in units of the view box
_ROWS_MAX = 12  # of one column; what is more goes into the next


class Duty(msgspec.Struct, frozen=True):
    """An undertaking to be drawn."""

    id: str
    by: str
    what: str
    state: Cell
    href: str


class Box(msgspec.Struct, frozen=True):
    """A duty in its place. title, what: cut to the box; `says` holds all of it."""

    duty: Duty
    x: float
    y: float
    title: str
    what: str
    foot: str
    says: str


class Drawing(msgspec.Struct, frozen=True):
    """Everything the template draws, in units of the view box."""

    width: float
    height: float
    box_width: float
    box_height: float
    boxes: tuple[Box, ...]
    arrows: tuple[str, ...]


def drawing(
    columns: Sequence[Sequence[str]],
    waits: Mapping[str, Sequence[str]],
    duties: Mapping[str, Duty],
    *,
    width: float,
) -> Drawing | None:
    """Lay out one drawing; None where nothing waits.

    columns: who waits for nobody first. Only those that wait or are waited for are drawn.
    """
    bound = {name for name, others in waits.items() if others}
    bound |= {other for name in bound for other in waits[name]}
    shown = [[n for n in column if n in bound and n in duties] for column in columns]
    wide = width > 500
    stacks = _stacks([column for column in shown if column], wide=wide)
    if not stacks:
        return None
    gaps = _GAP_X * (len(stacks) - 1) if wide else 44.0
    box_width = (width - 4 - gaps) / (len(stacks) if wide else 1)
    placed: dict[str, tuple[float, float]] = {}
    for at, stack in enumerate(stacks):
        for row, name in enumerate(stack):
            x = 2 + at * (box_width + _GAP_X) if wide else 2.0
            below = row if wide else len(placed)
            placed[name] = (round(x, 1), 2 + below * (_BOX_HEIGHT + _GAP_Y))
    rows = max(len(stack) for stack in stacks) if wide else len(placed)
    arrows = tuple(
        _arrow(placed[other], placed[name], box_width)
        for name in placed
        for other in waits.get(name, ())
        if other in placed
    )
    return Drawing(
        width=width,
        height=4 + rows * (_BOX_HEIGHT + _GAP_Y) - _GAP_Y,
        box_width=round(box_width, 1),
        box_height=_BOX_HEIGHT,
        boxes=tuple(_box(duties[name], *at, box_width) for name, at in placed.items()),
        arrows=arrows,
    )


def _stacks(columns: list[list[str]], *, wide: bool) -> list[list[str]]:
    if not wide:
        return columns
    return [
        column[part * _ROWS_MAX : (part + 1) * _ROWS_MAX]
        for column in columns
        for part in range(ceil(len(column) / _ROWS_MAX))
    ]


def _box(duty: Duty, x: float, y: float, width: float) -> Box:
    return Box(
        duty,
        x,
        y,
        _cut(f"{duty.id} {duty.by}", width),
        _cut(duty.what, width),
        _cut(duty.state.text, width - 16),
        f"{duty.id} {duty.by}: {duty.what}: {duty.state.text}",
    )


def _arrow(start: tuple[float, float], end: tuple[float, float], width: float) -> str:
    """From the side of one box to the next one's; within a stack, round its right side."""
    middle = _BOX_HEIGHT / 2
    x1, y1 = start[0] + width, start[1] + middle
    if end[0] <= start[0]:
        x2, y2 = end[0] + width, end[1] + middle
        out = min(18 + abs(y2 - y1) / 12, 38.0)
        return (
            f"M{x1:.1f} {y1:.1f}C{x1 + out:.1f} {y1:.1f} {x2 + out:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        )
    x2, y2 = end[0], end[1] + middle
    bend = max(24.0, (x2 - x1) / 2)
    return f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _cut(text: str, width: float) -> str:
    most = max(int((width - 18) / _LETTER), 4)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
