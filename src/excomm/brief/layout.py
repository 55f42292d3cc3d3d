"""Laying text out in a given width: wrapping and the widths of a table's columns.

Widths are those of terminal cells, not of characters. No colour here, and no page.
"""

from collections.abc import Sequence

from rich.cells import cell_len, split_text

GAP = 2  # cells between columns
_NARROWEST = 5


def wrap(text: str, width: int) -> list[str]:
    """The text in lines no wider than width; a word that is wider is cut. Never no line at all.

    >>> wrap("no word is lost", 8), wrap("abcdefgh", 3), wrap("", 5)
    (['no word', 'is lost'], ['abc', 'def', 'gh'], [''])
    """
    lines, line, used = [], "", 0
    for word in text.split():
        size = cell_len(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        line, used = word, size
        while used > width:
            start, line = split_text(line, width)
            lines.append(start)
            used = cell_len(line)
    return [*lines, line] if line or not lines else lines


def pad(text: str, width: int, *, figures: bool = False) -> str:
    """The text filled up to width; figures to the right."""
    space = " " * max(width - cell_len(text), 0)
    return space + text if figures else text + space


def column_widths(
    natural: Sequence[int], shares: Sequence[float], width: int, *, fixed: Sequence[bool]
) -> list[int]:
    """The cells each column gets of a width, gaps taken off.

    natural: what each would need to stand on one line. shares: how what is scarce is divided.
    fixed: columns that keep their natural width (figures), as long as anything else is left.
    """
    room = width - GAP * (len(natural) - 1)
    if sum(natural) <= room:
        return list(natural)
    given = [size if keeps else 0 for size, keeps in zip(natural, fixed, strict=True)]
    open_ones = [at for at, keeps in enumerate(fixed) if not keeps]
    if not open_ones or sum(given) + _NARROWEST * len(open_ones) > room:
        given, open_ones = [0] * len(natural), list(range(len(natural)))
    # Who needs less than its share keeps what it needs; the others share the rest.
    while open_ones:
        left = room - sum(given)
        total = sum(shares[at] for at in open_ones)
        content = [at for at in open_ones if natural[at] <= left * shares[at] / total]
        if not content:
            for at in open_ones:
                given[at] = max(int(left * shares[at] / total), _NARROWEST)
            given[open_ones[-1]] += max(room - sum(given), 0)
            break
        for at in content:
            given[at] = natural[at]
        open_ones = [at for at in open_ones if at not in content]
    return given
