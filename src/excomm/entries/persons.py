"""What takes two persons: a finding and its review, a marking lowered and its approval.

Names are all that an entry knows of a person; who they are, the desk's accounts say. The folder
asks these rules of its rows, and the ledger of whatever is appended.
"""

import unicodedata
from collections.abc import Iterator

from excomm.entries.kinds import Clearance, Finding
from excomm.errors import InputError


def are_two(one: str, other: str) -> bool:
    """Whether two names are there, and are those of two persons: letter case and blanks aside.

    >>> are_two("John McCone", "john  McCONE "), are_two("McCone", "Carter"), are_two("McCone", "")
    (False, True, False)
    """
    plain, plain_other = _plain(one), _plain(other)
    return bool(plain) and bool(plain_other) and plain != plain_other


def reviewed_by_another(body: Finding) -> Iterator[InputError]:
    """A finding is decided by one person and reviewed by a second."""
    if body.reviewer and not _plain(body.author):
        yield InputError("author", None, "who decided, where somebody reviewed", "Name them.")
    elif body.reviewer and not are_two(body.author, body.reviewer):
        yield InputError(
            "reviewer",
            body.reviewer,
            f"another person than its author, {body.author}",
            "Leave it empty until a second person has reviewed it.",
        )


def approved_by_another(body: Clearance) -> Iterator[InputError]:
    """A marking is lowered, and a release made, by one who proposes and one who approves."""
    if not are_two(body.proposed_by, body.approved_by):
        yield InputError(
            "approved_by",
            body.approved_by,
            "somebody else than who proposed it",
            "A marking is lowered, and a release made, by two persons.",
        )


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
