"""Laying text out in a given width: wrapping and the widths of a table's columns.

Widths are those of terminal cells, not of characters. No colour here, and no page.
"""

from collections.abc import Sequence

from rich.cells import cell_len

GAP = 2  # cells between columns


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
            start, line = _cut(line, width)
            lines.append(start)
            used = cell_len(line)
    return [*lines, line] if line or not lines else lines


def _cut(word: str, width: int) -> tuple[str, str]:
    # By hand: split_text of rich 15.0.0 drops the end of some words.
    size = 1
    while size < len(word) and cell_len(word[: size + 1]) <= width:
        size += 1
    return word[:size], word[size:]


def pad(text: str, width: int, *, figures: bool = False) -> str:
    """The text filled up to width; figures to the right."""
    space = " " * max(width - cell_len(text), 0)
    return space + text if figures else text + space


def column_widths(
    natural: Sequence[int], least: Sequence[int], shares: Sequence[float], width: int
) -> list[int]:
    """The cells each column gets of a width, gaps taken off.

    natural: what each would need to stand on one line. least: what its longest word needs; kept to
    while there is room. shares: how the rest is divided among those that need more.

    >>> column_widths([30, 5, 9], [8, 5, 9], [2, 1, 1], 38)
    [20, 5, 9]
    """
    room = width - GAP * (len(natural) - 1)
    if sum(natural) <= room:
        return list(natural)
    if sum(least) > room:
        cut = max(room // len(natural), 1)
        given = [min(size, cut) for size in least]
        given[given.index(max(given))] += max(room - sum(given), 0)
        return given
    given = list(least)
    open_ones = [at for at, size in enumerate(natural) if size > given[at]]
    while open_ones and room > sum(given):
        left = room - sum(given)
        total = sum(shares[at] for at in open_ones)
        for at in open_ones:
            most = natural[at] - given[at]
            given[at] += min(most, max(int(left * shares[at] / total), 1), room - sum(given))
        open_ones = [at for at in open_ones if natural[at] > given[at]]
    return given


def longest_word(text: str, most: int) -> int:
    """The cells of the longest word of a text, at most so many."""
    return min(max((cell_len(word) for word in text.split()), default=0), most)
