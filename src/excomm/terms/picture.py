"""The agreement as a picture: time left to right, undertakings as bars, waits as arrows.

SVG, made as text: states are told by word, shape and colour in that order, every value is escaped,
and the same is said in words in the picture's own description. What has no date yet is drawn after
what it waits for, with a dashed edge; what has no end runs off the page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import msgspec

from excomm.entries.durations import Duration
from excomm.entries.entry import Standing
from excomm.entries.language import State
from excomm.fold import Facts
from excomm.terms.assured import Figure
from excomm.terms.book import Book, book
from excomm.terms.evidence import Act
from excomm.terms.judging import Room
from excomm.terms.outcome import Outcome
from excomm.terms.phrases import MONTHS, day_words, listed, party_words
from excomm.terms.points import later_day, local_day
from excomm.terms.standing import NONE
from excomm.terms.who_waits import waits_of

_EDGE, _WORDS, _TIME, _ROW, _BAR, _TOP = 24, 330, 640, 66, 14, 74
_WIDTH = 2 * _EDGE + _WORDS + _TIME
_CHARS_MAX = 48  # of a line beside a bar
_TICKS_MAX = 8
_INK, _QUIET, _RULE = "#1b1d21", "#575c64", "#cfccc4"


class _Look(msgspec.Struct, frozen=True):
    word: str
    sign: str
    color: str
    how: Literal["full", "outline", "dashed", "hatched", "dotted"]


_LOOK: dict[State, _Look] = {
    "pending": _Look("pending", "○", "#575c64", "dashed"),
    "in_force": _Look("in force", "◐", "#1d4f91", "outline"),
    "due": _Look("due", "◔", "#855500", "full"),
    "fulfilled": _Look("fulfilled", "●", "#0b6b57", "full"),
    "breached": _Look("breached", "✕", "#b3261e", "full"),
    "suspended": _Look("suspended", "‖", "#575c64", "outline"),
    "lapsed": _Look("lapsed", "–", "#575c64", "dotted"),
    "unverifiable": _Look("cannot be known", "?", "#6b3fa0", "hatched"),
}
_TICK: dict[Standing, str] = {"established": "▮", "claimed": "▯", "disputed": "✕"}


class _Bar(msgspec.Struct, frozen=True):
    """Where an undertaking stands: days from left to right, row from the top."""

    first: date
    last: date
    dated: bool  # the text or the record gives its beginning
    open_end: bool
    row: int


def picture(
    facts: Facts,
    title: str = "",
    only: Sequence[str] = (),
    figures: Mapping[str, Figure] = NONE,
) -> str:
    """The agreement on a day as one SVG document, with its text alternative inside.

    only: the undertakings to draw, as those that an explanation leads through; none: all.
    figures: as `standing` takes them.
    """
    asked = Room(book(facts, figures))
    outcomes = asked.found.outcomes
    about = asked.book
    drawn = [name for name in about.undertakings if not only or name in only]
    found = waits_of(about)
    waits = {name: [one for one in found.waits[name] if one in drawn] for name in drawn}
    order = [name for column in found.columns for name in column if name in drawn]
    bars = _bars(order, waits, outcomes, about)
    scale = _Scale(about.today, bars)
    heading = f"{title or 'The agreement'} on {day_words(about.today)}"
    parts = [*scale.ticks(_TOP + len(order) * _ROW), *_today(about.today, scale, len(order))]
    said = [f"{heading}."]
    for name in order:
        text = _said(name, outcomes[name], waits[name], about)
        said.append(text)
        acts = about.about.get(name, ())
        parts.append(_row(name, outcomes[name], text, bars[name], scale, about, acts))
    parts.extend(_arrow(bars[other], bars[name], scale) for name in order for other in waits[name])
    return _document(heading, " ".join(said), parts, _TOP + len(order) * _ROW + _EDGE)


def _bars(
    order: Sequence[str],
    waits: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, Outcome],
    about: Book,
) -> dict[str, _Bar]:
    bars: dict[str, _Bar] = {}
    for row, name in enumerate(order):
        outcome = outcomes[name]
        first, last = _day(outcome.starts, about), _day(_end(outcome), about)
        if first is None:
            before = [bars[other].last for other in waits[name] if other in bars]
            known = [day for day in (last, *before) if day is not None]
            first = max(before, default=about.today) if before else min((*known, about.today))
        shown_last = max(last or max(first, about.today), first)
        dated = outcome.starts is not None and outcome.begun
        bars[name] = _Bar(first, shown_last, dated, last is None, row)
    return bars


def _end(outcome: Outcome) -> datetime | None:
    return outcome.over or outcome.due or outcome.ends


def _day(at: datetime | None, about: Book) -> date | None:
    return local_day(at, about.zone) if at is not None and at.year < date.max.year else None


class _Scale:
    """Days to places: from the first beginning to the last end, today always among them."""

    def __init__(self, today: date, bars: Mapping[str, _Bar]) -> None:
        days = [today, *(d for bar in bars.values() for d in (bar.first, bar.last))]
        self.first = min(days)
        self.days = max((max(days) - self.first).days, 1)

    def x(self, day: date) -> float:
        """Where a day stands."""
        share = min(max((day - self.first).days / self.days, 0.0), 1.0)
        return round(_EDGE + _WORDS + share * _TIME, 1)

    def ticks(self, bottom: int) -> list[str]:
        """A few days of the calendar, as lines with their names."""
        return [
            f'<line x1="{self.x(day)}" y1="{_TOP - 18}" x2="{self.x(day)}" y2="{bottom}"'
            f' stroke="{_RULE}"/><text x="{self.x(day) + 3}" y="{_TOP - 22}" font-size="11"'
            f' fill="{_QUIET}">{name}</text>'
            for day, name in self._marks()
        ]

    def _marks(self) -> list[tuple[date, str]]:
        last = self.first + timedelta(self.days)
        for step in (1, 2, 7, 14):
            if self.days <= step * _TICKS_MAX:
                days = [self.first + timedelta(n) for n in range(0, self.days + 1, step)]
                return [(day, f"{day.day} {MONTHS[day.month - 1][:3]}") for day in days]
        month = self.first.replace(day=1)
        for step in (1, 2, 3, 6, 12, 24, 60, 120):
            found = []
            day = month if step < 12 else month.replace(month=1)
            while day <= last:
                if day >= self.first:
                    named = (
                        f"{MONTHS[day.month - 1][:3]} {day.year}" if step < 12 else f"{day.year}"
                    )
                    found.append((day, named))
                day = later_day(day, Duration(step, 0, 0))
            if len(found) <= _TICKS_MAX:
                return found
        return []


def _today(today: date, scale: _Scale, rows: int) -> list[str]:
    x = scale.x(today)
    return [
        f'<line x1="{x}" y1="{_TOP - 12}" x2="{x}" y2="{_TOP + rows * _ROW}" stroke="{_INK}"'
        f' stroke-dasharray="2 3"/><text x="{x + 3}" y="{_TOP - 6}" font-size="11"'
        f' font-weight="600" fill="{_INK}">the day asked for</text>'
    ]


def _said(name: str, outcome: Outcome, waits: Sequence[str], about: Book) -> str:
    word = _LOOK[outcome.state].word
    due = f", due {day_words(local_day(outcome.due, about.zone))}" if outcome.due else ""
    through = f"; waits for {listed(list(waits))}" if waits else ""
    return f"{name}, {_who(outcome, about)}: {about.undertakings[name].what}: {word}{due}{through}."


def _who(outcome: Outcome, about: Book) -> str:
    return listed([party_words(party, about.names.get(party, party)) for party in outcome.body.by])


def _row(
    name: str,
    outcome: Outcome,
    told: str,
    bar: _Bar,
    scale: _Scale,
    about: Book,
    acts: Sequence[Act],
) -> str:
    look = _LOOK[outcome.state]
    y = _TOP + bar.row * _ROW
    due = f", due {day_words(local_day(outcome.due, about.zone))}" if outcome.due else ""
    lines = (
        (16, "600", _INK, f"{name} {_who(outcome, about)}"),
        (33, "400", _INK, about.undertakings[name].what),
        (50, "600", look.color, f"{look.sign} {look.word}{due}"),
    )
    words = "".join(
        f'<text x="{_EDGE}" y="{y + down}" font-size="12" font-weight="{weight}" fill="{color}">'
        f"{_text(_cut(line))}</text>"
        for down, weight, color, line in lines
    )
    ticks = "".join(
        f'<text x="{scale.x(act.day)}" y="{y + 46}" font-size="11" text-anchor="middle"'
        f' fill="{_INK}"><title>{_text(_act(act))}</title>{_TICK[act.standing]}</text>'
        for act in acts
    )
    shape = _shape(bar, look, scale, y)
    return f'<g role="img" aria-label={quoteattr(told)}>{words}{shape}{ticks}</g>'


def _act(act: Act) -> str:
    what = act.event.what or act.event.reason or act.kind.replace("_", " ")
    return f"{act.id}, {day_words(act.day)}: {what} ({act.standing})"


def _shape(bar: _Bar, look: _Look, scale: _Scale, y: int) -> str:
    x, end = scale.x(bar.first), scale.x(bar.last)
    width = max(end - x, 8.0)
    fill = {"full": look.color, "hatched": "url(#unknown)"}.get(look.how, "#ffffff")
    dashes = {"dashed": "4 3", "dotted": "1 3"}.get(look.how, "" if bar.dated else "4 3")
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<rect x="{x}" y="{y + 18}" width="{width:.1f}" height="{_BAR}" rx="2" fill="{fill}"'
        f' stroke="{look.color}" stroke-width="1.6"{dashed}/>'
        f'<text x="{x + width + 5:.1f}" y="{y + 30}" font-size="13" fill="{look.color}">'
        f"{look.sign}{' …' if bar.open_end else ''}</text>"
    )


def _arrow(before: _Bar, after: _Bar, scale: _Scale) -> str:
    x1, y1 = scale.x(before.last), _TOP + before.row * _ROW + 18 + _BAR // 2
    x2, y2 = scale.x(after.first), _TOP + after.row * _ROW + 18 + _BAR // 2
    out = max(x1, x2 - 14) + 10 if x2 - x1 > 24 else x1 + 16
    turn = y2 - 20 if after.row > before.row else y2 + 26
    return (
        f'<path d="M{x1} {y1}H{out:.1f}V{turn}H{x2 - 10:.1f}V{y2}H{x2}" fill="none"'
        f' stroke="{_QUIET}" stroke-width="1.3" stroke-linejoin="round" marker-end="url(#head)"/>'
    )


def _document(heading: str, said: str, parts: Sequence[str], height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="title desc"'
        ' font-family="sans-serif">\n'
        f'<title id="title">{_text(heading)}</title>\n<desc id="desc">{_text(said)}</desc>\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        f' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{_QUIET}"/></marker>'
        '<pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
        f'<line x1="0" y1="0" x2="0" y2="6" stroke="{_LOOK["unverifiable"].color}"'
        ' stroke-width="2"/></pattern></defs>\n'
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="{_EDGE}" y="{_EDGE + 6}" font-size="15" font-weight="600" fill="{_INK}">'
        f"{_text(heading)}</text>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _CHARS_MAX else f"{text[: _CHARS_MAX - 1].rstrip()}…"


def _text(text: str) -> str:
    """Escaped, and without the characters that XML does not have."""
    return escape("".join(c for c in text if c in "\t\n" or (c >= " " and c.isprintable())))
