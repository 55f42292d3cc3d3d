"""The agreement as a picture: undertakings as boxes, time left to right, waits as arrows.

SVG, made as text: states are told by shape and label as well as by colour, every value is escaped,
and the same is said in words in the picture's own description.
"""

from xml.sax.saxutils import escape, quoteattr

import msgspec

from excomm.fold import Facts
from excomm.terms.book import book
from excomm.terms.judging import Room
from excomm.terms.order import components
from excomm.terms.phrases import day_words, listed, party_words
from excomm.terms.points import local_day
from excomm.terms.rings import atoms, named, split_anchor
from excomm.terms.status import State

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _EDGE = 190, 64, 60, 26, 24
_CHARS_MAX = 28  # of a line in a box
# Word, fill, line, and the shape of the corners: rounder means more settled.
_LOOK: dict[State, tuple[str, str, str, int, str]] = {
    "pending": ("pending", "#ffffff", "#5a6673", 2, "4 3"),
    "in_force": ("in force", "#e8f0fa", "#1f5a99", 2, ""),
    "due": ("due", "#fff3d6", "#9a6b00", 2, ""),
    "fulfilled": ("fulfilled", "#e3f3e6", "#22703a", 22, ""),
    "breached": ("broken", "#fbe4e1", "#a3271b", 0, ""),
    "suspended": ("suspended", "#f0eef6", "#5b4b8a", 10, "10 4"),
    "lapsed": ("lapsed", "#f2f2f2", "#6b6b6b", 22, "2 4"),
    "unverifiable": ("cannot be known", "#f6efe3", "#7a5c2e", 2, "10 3 2 3"),
}
_SIGN: dict[State, str] = {
    "pending": "◌",
    "in_force": "●",
    "due": "◔",
    "fulfilled": "✓",
    "breached": "✕",
    "suspended": "‖",
    "lapsed": "–",
    "unverifiable": "?",
}


class WhoWaits(msgspec.Struct, frozen=True):
    """Who waits for whom.

    waits: each undertaking with those that it names in its condition or its start. columns: left to
    right, who waits for nobody, then who waits for those; a ring stands in one column.
    """

    waits: dict[str, tuple[str, ...]]
    columns: tuple[tuple[str, ...], ...]


def who_waits(facts: Facts) -> WhoWaits:
    """The undertakings of a day in the order in which they can begin."""
    asked = Room(book(facts))
    waits = {name: _waits(name, asked) for name in asked.book.undertakings}
    return WhoWaits(waits, tuple(tuple(column) for column in _columns(waits)))


def picture(facts: Facts, title: str = "") -> str:
    """The agreement on a day as one SVG document, with its text alternative inside."""
    asked = Room(book(facts))
    outcomes = asked.judge(asked.order).outcomes
    about = asked.book
    waits = {name: _waits(name, asked) for name in about.undertakings}
    columns = _columns(waits)
    place = {
        name: (_EDGE + column * (_WIDTH + _GAP_X), _EDGE + 30 + row * (_HEIGHT + _GAP_Y))
        for column, names in enumerate(columns)
        for row, name in enumerate(names)
    }
    on = day_words(local_day(about.on, about.zone))
    heading = f"{title or 'The agreement'} on {on}"
    parts: list[str] = []
    said = [f"{heading}."]
    for name, needed in waits.items():
        parts.extend(_arrow(place[other], place[name]) for other in needed)
    for name in about.undertakings:
        outcome = outcomes[name]
        who = listed(
            [party_words(party, about.names.get(party, party)) for party in outcome.body.by]
        )
        due = f", due {day_words(local_day(outcome.due, about.zone))}" if outcome.due else ""
        word = _LOOK[outcome.state][0]
        what = about.undertakings[name].what
        through = f"; waits for {listed(list(waits[name]))}" if waits[name] else ""
        said.append(f"{name}, {who}: {what}: {word}{due}{through}.")
        parts.append(_box(name, who, what, outcome.state, due.removeprefix(", "), place[name]))
    width = 2 * _EDGE + max(len(columns), 1) * (_WIDTH + _GAP_X) - _GAP_X
    tallest = max((len(names) for names in columns), default=1)
    height = 2 * _EDGE + 30 + tallest * (_HEIGHT + _GAP_Y) - _GAP_Y
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title desc" font-family="sans-serif">\n'
        f'<title id="title">{_text(heading)}</title>\n'
        f'<desc id="desc">{_text(" ".join(said))}</desc>\n'
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5a6673"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n'
        f'<text x="{_EDGE}" y="{_EDGE + 4}" font-size="15" font-weight="600" fill="#1d2731">'
        f"{_text(heading)}</text>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _waits(name: str, asked: Room) -> tuple[str, ...]:
    body = asked.book.undertakings[name]
    conditions = [body.condition, *(reading.condition for reading in body.readings.values())]
    names = [named(atom) for condition in conditions for atom in atoms(condition)]
    anchor = getattr(body.starts, "anchor", "")
    names.append(split_anchor(anchor)[1] if anchor else None)
    known = asked.book.undertakings
    return tuple(dict.fromkeys(n for n in names if n is not None and n in known and n != name))


def _columns(waits: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Left to right: who waits for nobody, then who waits for those; a ring in one column."""
    depth: dict[str, int] = {}
    for group in components(waits):
        members = set(group)
        before = [depth[n] for name in group for n in waits[name] if n not in members]
        depth.update(dict.fromkeys(group, max(before, default=-1) + 1))
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in waits:
        columns[depth[name]].append(name)
    return columns


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + _WIDTH, start[1] + _HEIGHT // 2
    x2, y2 = end[0], end[1] + _HEIGHT // 2
    bend = max(24, (x2 - x1) // 2)
    return (
        f'<path d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}" fill="none"'
        ' stroke="#5a6673" stroke-width="1.4" marker-end="url(#head)"/>'
    )


def _box(name: str, who: str, what: str, state: State, due: str, at: tuple[int, int]) -> str:
    word, fill, line, corner, dashes = _LOOK[state]
    x, y = at
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    told = quoteattr(f"{name}, {who}: {what}: {word}")
    foot = f"{_SIGN[state]} {word}{f', {due}' if due else ''}"
    return (
        f'<g role="img" aria-label={told}><rect x="{x}" y="{y}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" rx="{corner}" fill="{fill}" stroke="{line}" stroke-width="1.8"'
        f"{dashed}/>"
        f'<text x="{x + 10}" y="{y + 18}" font-size="12" font-weight="600" fill="#1d2731">'
        f"{_text(_cut(f'{name} {who}'))}</text>"
        f'<text x="{x + 10}" y="{y + 35}" font-size="11" fill="#1d2731">{_text(_cut(what))}</text>'
        f'<text x="{x + 10}" y="{y + 53}" font-size="11" font-weight="600" fill="{line}">'
        f"{_text(_cut(foot))}</text></g>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _CHARS_MAX else f"{text[: _CHARS_MAX - 1].rstrip()}…"


def _text(text: str) -> str:
    """Escaped, and without the characters that XML does not have."""
    return escape("".join(c for c in text if c in "\t\n" or (c >= " " and c.isprintable())))
