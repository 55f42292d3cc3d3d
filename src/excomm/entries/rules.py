"""Rules that hold between the entries of a case, whichever file or form they came in by."""

from collections.abc import Collection, Iterable, Iterator

from excomm.entries.entry import Entry
from excomm.errors import InputError


def faults(
    entries: Iterable[Entry], *, failed: Collection[str] = (), unread: Collection[str] = ()
) -> Iterator[tuple[Entry, InputError]]:
    return iter(())


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word, or nothing.

    >>> did_you_mean("MRMB", ["IRBM", "MRBM"])
    'Did you mean MRBM?'
    """
    from difflib import get_close_matches

    words = list(known)
    bare = word.strip().lower()
    for one in words:
        if one.lower() == bare:
            return f"Did you mean {one}?"
        if bare and one.lstrip("0") == bare.lstrip("0") and one.lstrip("0"):
            return f"Did you mean {one}? A spreadsheet drops leading zeros."
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else ""
