"""A tree of offers and replies as a picture, and the same in lines of text.

SVG made as text, in the colour of the page around it, so that it reads in light and dark and in
print. The best way is told by weight and by a word, never by colour.
"""

from collections.abc import Iterator
from html import escape

import msgspec

from excomm.options.models import Branch, Node, Tree
from excomm.options.phrases import figure
from excomm.options.tree import CHANCE, solve_tree

_COLUMN, _ROW, _EDGE = 270, 34, 24
_CHARS_MAX = 38


class _Place(msgspec.Struct, frozen=True):
    """Where a node stands; way: from the root, as words."""

    node: Node
    x: float
    y: float
    below: tuple["_Place", ...]
    way: tuple[str, ...]
    best: bool  # on the way of best play


def lines(tree: Tree) -> tuple[str, ...]:
    """The tree as indented lines: who moves, what may follow, what it is worth.

    >>> from fractions import Fraction
    >>> end = [Node(payoffs=(Fraction(n),)) for n in (3, 1)]
    >>> lines(Tree(("US",), Node("US", (Branch(end[0], "wait"), Branch(end[1], "go")))))
    ('US chooses:', '  wait: 3 to US (best)', '  go: 1 to US')
    """
    return tuple(_lines(_placed(tree), tree, 0))


def drawing(tree: Tree, title: str) -> str:
    """The tree as one SVG document, with its text alternative inside."""
    root = _placed(tree)
    places = list(_all(root))
    width = max(place.x for place in places) + _COLUMN
    height = max(place.y for place in places) + _ROW
    parts = [part for place in places for part in _drawn(place, tree)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}"'
        f' width="{width:g}" height="{height:g}" role="img" font-family="sans-serif"'
        ' font-size="12" fill="currentColor" stroke="none">\n'
        f"<title>{_text(title)}</title>\n<desc>{_text(' '.join(lines(tree)))}</desc>\n"
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _placed(tree: Tree) -> _Place:
    row = iter(range(1_000_000))

    def place(node: Node, depth: int, way: tuple[str, ...], *, best: bool) -> _Place:
        chosen = _best(node, tree)
        below = tuple(
            place(
                branch.to,
                depth + 1,
                (*way, _named(branch)),
                best=best and (node.by == CHANCE or n == chosen),
            )
            for n, branch in enumerate(node.branches)
        )
        y = (below[0].y + below[-1].y) / 2 if below else float(_EDGE + 10 + next(row) * _ROW)
        return _Place(node, float(_EDGE + depth * _COLUMN), y, below, way, best)

    return place(tree.root, 0, (), best=True)


def _best(node: Node, tree: Tree) -> int:
    """The branch that the one whose turn it is takes; -1 of chance and at an end."""
    if node.payoffs is not None or node.by == CHANCE:
        return -1
    own = tree.players.index(node.by or "")
    worth = [solve_tree(Tree(tree.players, branch.to)).value[own] for branch in node.branches]
    return worth.index(max(worth))


def _all(place: _Place) -> Iterator[_Place]:
    yield place
    for below in place.below:
        yield from _all(below)


def _named(branch: Branch) -> str:
    if branch.probability is not None:
        return f"{branch.outcome or 'chance'} ({figure(branch.probability)})"
    return branch.action or ""


def _drawn(place: _Place, tree: Tree) -> Iterator[str]:
    x, y = place.x, place.y
    if place.node.payoffs is not None:
        weight = ' font-weight="600"' if place.best else ""
        yield f'<text x="{x + 8:g}" y="{y + 4:g}"{weight}>{_text(_worth(place.node, tree))}</text>'
        return
    for branch, below in zip(place.node.branches, place.below, strict=True):
        wide = 2.4 if below.best else 1
        weight = ' font-weight="600"' if below.best else ""
        bend = x + 26
        yield (
            f'<path d="M{x:g} {y:g}L{bend:g} {below.y:g}H{below.x:g}" fill="none"'
            f' stroke="currentColor" stroke-width="{wide}"/>'
        )
        yield (
            f'<text x="{bend + 6:g}" y="{below.y - 5:g}"{weight}>{_text(_cut(_named(branch)))}'
            "</text>"
        )
    if place.node.by == CHANCE:
        yield f'<circle cx="{x:g}" cy="{y:g}" r="5"><title>chance</title></circle>'
    else:
        yield (
            f'<rect x="{x - 5:g}" y="{y - 5:g}" width="10" height="10">'
            f"<title>{_text(place.node.by or '')}</title></rect>"
        )
    yield (
        f'<text x="{x:g}" y="{y + 18:g}" font-size="11" opacity="0.75" text-anchor="middle">'
        f"{_text(place.node.by or '') if place.way or len(place.node.by or '') < 5 else ''}</text>"
    )


def _worth(node: Node, tree: Tree) -> str:
    assert node.payoffs is not None
    pairs = zip(node.payoffs, tree.players, strict=True)
    return ", ".join(f"{figure(value)} to {player}" for value, player in pairs)


def _lines(place: _Place, tree: Tree, depth: int) -> Iterator[str]:
    if depth == 0:
        yield _turn(place.node)
    for branch, below in zip(place.node.branches, place.below, strict=True):
        best = " (best)" if below.best and place.node.by != CHANCE else ""
        lead = f"{'  ' * (depth + 1)}{_named(branch)}"
        if below.node.payoffs is not None:
            yield f"{lead}: {_worth(below.node, tree)}{best}"
        else:
            yield f"{lead}{best}; {_turn(below.node)}"
            yield from _lines(below, tree, depth + 1)


def _turn(node: Node) -> str:
    return "then by chance:" if node.by == CHANCE else f"{node.by} chooses:"


def _cut(text: str) -> str:
    return text if len(text) <= _CHARS_MAX else f"{text[: _CHARS_MAX - 1].rstrip()}…"


def _text(text: str) -> str:
    """Escaped, and without the characters that XML does not have."""
    return escape("".join(c for c in text if c == "\n" or c.isprintable()), quote=False)
