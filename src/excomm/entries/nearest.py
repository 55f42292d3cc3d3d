"""The nearest known word to one that is not known: the remedy of most faults."""

from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word, or nothing.

    >>> did_you_mean("MRMB", ["IRBM", "MRBM"]), did_you_mean("7", ["007"])
    ('Did you mean MRBM?', 'Did you mean 007? A spreadsheet drops leading zeros.')
    """
    from difflib import get_close_matches  # loaded only where something is wrong

    words = list(known)
    bare = word.strip().lower()
    for one in words:
        if one.strip().lower() == bare:
            return f"Did you mean {one}?"
        if bare and one != bare and one.lstrip("0").lower() == bare.lstrip("0"):
            return f"Did you mean {one}? A spreadsheet drops leading zeros."
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""
