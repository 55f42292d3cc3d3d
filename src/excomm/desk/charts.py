"""The charts of an item, laid out on the server: numbers in, coordinates out.

Assurance by day: time runs to the right; the best figure is a line in the band that its assumptions
allow, each standard a line on the same scale; looks are ticks below, by what came of them. How many
remain: a bar for each number or numbers, with a line from its lowest to its highest probability.
Each is drawn twice, for a wide page and a narrow one, since a drawing that is only scaled down
cannot be read.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from excomm.brief import words

Outcome = Literal["made", "failed", "refused"]
"""failed: also aborted, and authorized without an outcome yet."""

_LEFT, _RIGHT, _TOP = 52.0, 28.0, 22.0
_TICK_ROOM = 64.0
_LABEL_PIXELS = 52.0


class Tick(msgspec.Struct, frozen=True):
    """A look, or something seen, on a day."""

    day: date
    outcome: Outcome | Literal["seen"]
    says: str


class Standard(msgspec.Struct, frozen=True):
    """What an undertaking asks for."""

    undertaking: str
    probability: float


class Mark(msgspec.Struct, frozen=True):
    """Something placed on the drawing."""

    x: float
    y: float
    text: str = ""
    kind: str = ""


class Drawing(msgspec.Struct, frozen=True):
    """Everything the template draws, in units of the view box."""

    width: float
    height: float
    left: float
    right: float
    floor: float
    band: str
    best: str
    points: tuple[Mark, ...]
    scale: tuple[Mark, ...]
    days: tuple[Mark, ...]
    standards: tuple[Mark, ...]
    ticks: tuple[Mark, ...]
    lanes: tuple[Mark, ...]


def drawing(
    days: Sequence[date],
    low: Sequence[float],
    best: Sequence[float],
    high: Sequence[float],
    *,
    ticks: Iterable[Tick] = (),
    standards: Iterable[Standard] = (),
    width: float,
) -> Drawing:
    """Lay out one drawing. days: consecutive, at least one; low, best, high: one a day, 0 to 1."""
    height = 280.0 if width > 500 else 260.0
    floor = height - _TICK_ROOM - 20
    inner = width - _LEFT - _RIGHT
    step = inner / max(len(days) - 1, 1)

    def x(index: float) -> float:
        return round(_LEFT + step * index, 1) if len(days) > 1 else round(_LEFT + inner / 2, 1)

    def y(probability: float) -> float:
        return round(floor - (floor - _TOP) * probability, 1)

    def line(values: Sequence[float]) -> list[str]:
        return [f"{x(index)},{y(value)}" for index, value in enumerate(values)]

    outcomes = {"seen": 0, "made": 0, "failed": 1, "refused": 2}
    lanes = ("made", "failed", "refused")
    placed = tuple(
        Mark(
            x((tick.day - days[0]).days),
            _TOP - 8 if tick.outcome == "seen" else floor + 14 + 16 * outcomes[tick.outcome],
            tick.says,
            tick.outcome,
        )
        for tick in ticks
        if days[0] <= tick.day <= days[-1]
    )
    every = max(1, round(_LABEL_PIXELS / step + 0.5)) if len(days) > 1 else 1
    labels = [index for index in range(len(days)) if index % every == 0]
    return Drawing(
        width=width,
        height=height,
        left=_LEFT,
        right=width - _RIGHT,
        floor=floor,
        band=" ".join([*line(low), *reversed(line(high))]),
        best=" ".join(line(best)),
        points=tuple(Mark(x(i), y(value)) for i, value in enumerate(best))
        if len(days) < 40
        else (),
        scale=tuple(Mark(_LEFT, y(p), text) for p, text in _SCALE),
        days=tuple(
            Mark(x(index), height - 6, words.day_month(days[index], days[-1])) for index in labels
        ),
        # The name stands under its line: over it a curve near 1 would run through the letters.
        standards=tuple(
            Mark(width - _RIGHT, y(each.probability), each.undertaking) for each in standards
        ),
        ticks=placed,
        lanes=tuple(Mark(_LEFT - 4, floor + 18 + 16 * at, lane) for at, lane in enumerate(lanes)),
    )


class Bar(msgspec.Struct, frozen=True):
    """One bar, and the line of its range."""

    x: float
    middle: float
    width: float
    top: float
    height: float
    low: float
    high: float
    name: str  # under the bar; empty where there is no room
    says: str


class Bars(msgspec.Struct, frozen=True):
    """Everything the template draws, in units of the view box."""

    width: float
    height: float
    left: float
    right: float
    floor: float
    scale: tuple[Mark, ...]
    bars: tuple[Bar, ...]


def bars(chances: Sequence[tuple[str, float, float, float]], *, width: float) -> Bars:
    """Lay out one bar for each name: its low, best and high, 0 to 1; at least one."""
    height, floor = 180.0, 154.0
    inner = width - _LEFT - _RIGHT
    step = min(inner / len(chances), 64.0)

    def y(probability: float) -> float:
        return round(floor - (floor - _TOP) * probability, 1)

    longest = max(len(name) for name, *_ in chances)
    every = max(1, -(-round(longest * 6.5 + 6) // max(round(step), 1)))
    drawn = []
    for at, (name, low, best, high) in enumerate(chances):
        x = round(_LEFT + step * at + step * 0.15, 1)
        middle = round(_LEFT + step * (at + 0.5), 1)
        says = f"{name}: {words.probability(best)}"
        says += f" ({words.probability(low)} to {words.probability(high)})"
        shown = name if at % every == 0 else ""
        top = y(best)
        drawn.append(
            Bar(
                x,
                middle,
                round(step * 0.7, 1),
                top,
                round(floor - top, 1),
                y(low),
                y(high),
                shown,
                says,
            )
        )
    scale = tuple(Mark(_LEFT, y(p), text) for p, text in _SCALE)
    return Bars(width, height, _LEFT, width - _RIGHT, floor, scale, tuple(drawn))


_SCALE = ((0.0, "0"), (0.25, ".25"), (0.5, ".50"), (0.75, ".75"), (1.0, "1"))


def all_days(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
