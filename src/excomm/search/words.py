"""The words of an entry, and what somebody asks for as a question to the index."""

import re

import msgspec

from excomm.entries import Entry
from excomm.errors import InputError

_ASKED_CHARS_MAX = 400
_PARTS = re.compile(r'"([^"]*)"|(\S+)')


def words_of(entry: Entry) -> str:
    """All that an entry says: its id, its kind, its head, every text of its body."""
    parts = [str(entry.id), entry.kind, str(entry.occurred), entry.by, entry.source, entry.note]
    return "\n".join(filter(None, [*parts, *_said(entry.body)]))


def question(text: str) -> str:
    """What is asked, for SQLite's FTS5: every word, each as the beginning of one; "a b" in a row.

    Empty where nothing is asked. Nothing that somebody types is read as the language of the index.
    Raises InputError for more than 400 characters.

    >>> print(question('labinsk "missiles leaving" OR *'))
    "labinsk"* AND "missiles leaving" AND "OR"*
    """
    if len(text) > _ASKED_CHARS_MAX:
        raise InputError("text", text, f"{_ASKED_CHARS_MAX} characters at most", "Ask for less.")
    found = []
    for row, word in _PARTS.findall(text.replace("\0", " ")):
        said = row or word.replace('"', "")
        if any(character.isalnum() for character in said):
            found.append(f'"{said}"' if row else f'"{said}"*')
    return " AND ".join(found)


def _said(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, msgspec.Struct):
        return [word for name in value.__struct_fields__ for word in _said(getattr(value, name))]
    if isinstance(value, dict):
        return [word for key, one in value.items() for word in (str(key), *_said(one))]
    if isinstance(value, tuple | list):
        return [word for one in value for word in _said(one)]
    return [] if value is None else [str(value)]
