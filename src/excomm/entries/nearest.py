"""The nearest known word to one that is not known: the remedy of most faults."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word, or nothing.

    >>> did_you_mean("MRMB", ["IRBM", "MRBM"]), did_you_mean("7", ["007"])
    ('Did you mean MRBM?', 'Did you mean 007? A spreadsheet drops leading zeros.')
    """
    from difflib import get_close_matches  # loaded only where something is wrong

    words = list(known)
    bare = _bare(word)
    for one in words:
        if bare and _bare(one) == bare:
            return f"Did you mean {one}?"
        if bare and _bare(one).lstrip("0") == bare.lstrip("0"):
            return f"Did you mean {one}? A spreadsheet drops leading zeros."
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""


def _bare(word: str) -> str:
    """A word without its capitals, hyphens and spaces: how people misremember one."""
    return "".join(filter(str.isalnum, word)).lower()
