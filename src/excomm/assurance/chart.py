"""Chart: a probability by day, low to high with the best between, and what it is held against.

Time runs to the right, looks that saw nothing stand as ticks below, and the standard of proof is a
line on the same scale.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

from excomm.assurance.picture import ACCENT, BAND, INK, QUIET, RULE, Picture, picture

_WIDTH, _HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 36, 58
_TICKS = _HEIGHT - _BOTTOM + 8


def chart(
    title: str,
    days: Sequence[date],
    by_day: tuple[Sequence[float], Sequence[float], Sequence[float]],
    *,
    standard: float | None = None,
    looks: Sequence[date] = (),
) -> Picture:
    """The picture, with title and words.

    days: one or more. by_day: low, best and high, 0 to 1, one value a day each. standard: what the
    probability is held against. looks: the day of each that saw nothing.

    >>> found = chart("none left", [date(1962, 11, 9)], ([0.5], [0.9], [0.95]), standard=0.8)
    >>> found.says
    'Probability 0.9000 (0.5000 to 0.9500) on 1962-11-09; standard 0.8; no look.'
    """
    low, best, high = by_day
    band = " ".join([*_points(high, len(days)), *reversed([*_points(low, len(days))])])
    line = " ".join(_points(best, len(days)))
    parts = [
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)}</text>',
        *(_level(n / 4) for n in range(5)),
        f'<polygon points="{band}" fill="{BAND}" fill-opacity="0.5"/>',
        *_standard(standard),
        f'<polyline points="{line}" fill="none" stroke="{ACCENT}" stroke-width="2"/>',
        *_dots(best, len(days)),
        *_ticks(looks, days),
        *_dates(days),
    ]
    return picture(title, _said(days, by_day, standard, looks), _WIDTH, _HEIGHT, parts)


def _said(
    days: Sequence[date],
    by_day: tuple[Sequence[float], Sequence[float], Sequence[float]],
    standard: float | None,
    looks: Sequence[date],
) -> str:
    low, best, high = by_day

    def on(at: int) -> str:
        return f"{best[at]:.4f} ({low[at]:.4f} to {high[at]:.4f}) on {days[at]}"

    said = f"Probability {on(0)}"
    if len(days) > 1:
        lowest = min(range(len(days)), key=lambda at: best[at])
        said = f"Probability by day: {on(0)}, {on(-1)}; lowest {on(lowest)}"
    if standard is not None:
        said += f"; standard {standard:g}"
    seen = sorted(set(looks))
    number = f"{len(looks)} look{'' if len(looks) == 1 else 's'}"
    return said + (f"; {number} from {seen[0]} to {seen[-1]}." if seen else "; no look.")


def _x(at: int, days: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (at / (days - 1) if days > 1 else 0.5)


def _y(value: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1.0 - value)


def _points(values: Sequence[float], days: int) -> list[str]:
    return [f"{_x(at, days):.1f},{_y(value):.1f}" for at, value in enumerate(values)]


def _dots(best: Sequence[float], days: int) -> list[str]:
    if days > 60:
        return []
    points = (point.split(",") for point in _points(best, days))
    return [f'<circle cx="{x}" cy="{y}" r="2.5" fill="{ACCENT}"/>' for x, y in points]


def _standard(standard: float | None) -> list[str]:
    if standard is None:
        return []
    # The name stands under its line: over it a curve near 1 would run through the letters.
    return [
        f'<line x1="{_LEFT}" y1="{_y(standard):.1f}" x2="{_WIDTH - _RIGHT}"'
        f' y2="{_y(standard):.1f}" stroke="{INK}" stroke-dasharray="5 3"/>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_y(standard) + 13:.1f}" text-anchor="end">'
        f"standard {standard:g}</text>",
    ]


def _ticks(looks: Sequence[date], days: Sequence[date]) -> list[str]:
    inside = sorted({look for look in looks if days[0] <= look <= days[-1]})
    return [
        f'<text x="{_LEFT - 6}" y="{_TICKS + 8}" text-anchor="end" fill="{QUIET}">looks</text>',
        *(
            f'<rect x="{_x((look - days[0]).days, len(days)) - 2:.1f}" y="{_TICKS}" width="4"'
            f' height="9" fill="{INK}"><title>look on {look}: nothing seen</title></rect>'
            for look in inside
        ),
    ]


def _level(value: float) -> str:
    y = f"{_y(value):.1f}"
    return (
        f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="{RULE}"/>'
        f'<text x="{_LEFT - 6}" y="{y}" text-anchor="end" dy="4">{value:g}</text>'
    )


def _dates(days: Sequence[date]) -> list[str]:
    last = len(days) - 1
    anchors = {0: "start", last: "end"} if last else {}
    return [
        f'<text x="{_x(at, len(days)):.1f}" y="{_HEIGHT - 14}"'
        f' text-anchor="{anchors.get(at, "middle")}">{days[at]}</text>'
        for at in sorted({0, len(days) // 2, last})
    ]
