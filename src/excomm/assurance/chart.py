"""Chart: a probability by day, low to high with the best between, as SVG text.

Written by hand so that no browser, network or plotting package is needed; it holds no script and no
style sheet, and says in words what it shows.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

_WIDTH, _HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 16, 36, 40


def chart(
    title: str,
    days: Sequence[date],
    by_day: tuple[Sequence[float], Sequence[float], Sequence[float]],
) -> str:
    """An SVG picture with title and description.

    days: one or more. by_day: low, best and high, 0 to 1, one value a day each.

    >>> picture = chart("none left", [date(1962, 11, 9)], ([0.5], [0.9], [0.95]))
    >>> picture.startswith("<svg"), "0.9000 (0.5000 to 0.9500)" in picture
    (True, True)
    """
    low, best, high = by_day
    upper = [*_points(high, len(days))]
    lower = [*_points(low, len(days))]
    band = " ".join([*upper, *reversed(lower)])
    line = " ".join(_points(best, len(days)))
    said = escape(_said(days, low, best, high))
    name = escape(title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
            f' role="img" aria-label="{name}. {said}" font-family="sans-serif" font-size="12">',
            f"<title>{name}</title>",
            f"<desc>{said}</desc>",
            f'<text x="{_LEFT}" y="20" font-size="14">{name}</text>',
            *(_level(n / 4) for n in range(5)),
            f'<polygon points="{band}" fill="#9db8d2" fill-opacity="0.5"/>',
            f'<polyline points="{line}" fill="none" stroke="#1f4e79" stroke-width="2"/>',
            *_dots(best, len(days)),
            *_dates(days),
            "</svg>",
        ]
    )


def _said(
    days: Sequence[date], low: Sequence[float], best: Sequence[float], high: Sequence[float]
) -> str:
    def on(at: int) -> str:
        return f"{best[at]:.4f} ({low[at]:.4f} to {high[at]:.4f}) on {days[at]}"

    if len(days) == 1:
        return f"Probability {on(0)}."
    lowest = min(range(len(days)), key=lambda at: best[at])
    return f"Probability by day: {on(0)}, {on(-1)}; lowest {on(lowest)}."


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
    return [f'<circle cx="{x}" cy="{y}" r="2.5" fill="#1f4e79"/>' for x, y in points]


def _level(value: float) -> str:
    y = f"{_y(value):.1f}"
    return (
        f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#ddd"/>'
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
