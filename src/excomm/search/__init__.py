"""Search: one full-text index beside a ledger, for every room and every reader."""

from excomm.search.index import Index
from excomm.search.words import words_of

__all__ = ["Index", "words_of"]
