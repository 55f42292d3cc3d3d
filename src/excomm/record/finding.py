"""Finding: a search over what was said, by words, speaker, act and issue, in all the minutes.

SQLite's own full-text index (FTS5, stemmed by porter), built in memory from the readings, or the
full text search of the PostgreSQL database that the ledger lies in: nothing is written, and a
reader's index holds only what that reader may see.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import get_args

import msgspec

from excomm.errors import InputError
from excomm.record.in_postgresql import SaidInPostgresql
from excomm.record.issues import Tagger
from excomm.record.model import Act, Record
from excomm.record.repaired import Cut

_TOKENS_MAX = 40


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that the search found. rank: smaller fits better."""

    minutes: str
    statement: int
    speaker: str
    act: str
    issues: tuple[str, ...]
    words: str
    start: int
    end: int
    rank: float


class SaidIndex:
    """The index over every statement of some minutes.

    database: the URL of the PostgreSQL database in which words are looked for; empty: here.
    """

    def __init__(
        self, records: Iterable[tuple[str, Record]], tagger: Tagger, *, database: str = ""
    ) -> None:
        texts: list[str] = []
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE said USING fts5(words, speaker, act UNINDEXED, issues UNINDEXED,"
            " minutes UNINDEXED, statement UNINDEXED, a UNINDEXED, b UNINDEXED,"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        for minutes, record in records:
            cut = Cut(record)
            for index, one in enumerate(record.statements):
                words = cut.words(one.start, one.end)
                # Ids stand between bars, so that CU-1 is not found in CU-10.
                tags = f"|{'|'.join(tagger.tags(words))}|"
                row = (words, one.speaker, one.act, tags, minutes, index, one.start, one.end)
                self._db.execute("INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
                texts.append(words)
        self._elsewhere = SaidInPostgresql(texts, database) if database else None

    def close(self) -> None:
        """Give back what the index holds."""
        self._db.close()
        if self._elsewhere:
            self._elsewhere.close()

    def find(
        self, words: str = "", *, speaker: str = "", act: str = "", issue: str = "", most: int = 200
    ) -> tuple[Found, ...]:
        """What fits, the best first; without words, in the order spoken.

        words: all have to stand in the statement, in any form ("inspect" finds "inspection").
        Raises InputError where nothing is asked, and for an act that is none.
        """
        if act and act not in get_args(Act):
            raise InputError("act", act, f"one of {', '.join(get_args(Act))}")
        tokens = ["".join(c for c in part if c.isalnum()) for part in words.split()]
        tokens = [token for token in tokens if token][:_TOKENS_MAX]
        if not (tokens or speaker or act or issue):
            raise InputError("words", words, "a word, a speaker, an act or an issue")
        ranks = self._elsewhere.ranks(" ".join(tokens)) if self._elsewhere and tokens else None
        matched = ("said MATCH ?", " ".join(f'words: "{token}"' for token in tokens))
        if ranks is not None:
            matched = ("rowid IN (SELECT value FROM json_each(?))", str([*ranks]))
        where: list[str] = []
        given: list[object] = []
        for clause, value in (
            matched,
            ("lower(speaker) = lower(?)", speaker),
            ("act = ?", act),
            ("instr(issues, ?) > 0", f"|{issue}|" if issue else ""),
        ):
            if value:
                where.append(clause)
                given.append(value)
        here = bool(tokens) and ranks is None
        rows = self._db.execute(
            "SELECT minutes, statement, speaker, act, issues, words, a, b, "
            f"{'rank' if here else '0.0'}, rowid FROM said WHERE {' AND '.join(where)}"
            f" ORDER BY {'rank, rowid' if here else 'rowid'}",
            given,
        ).fetchall()
        if ranks is not None:
            rows = sorted(((*row[:8], ranks[row[9]], row[9]) for row in rows), key=lambda r: r[8:])
        return tuple(_found(row[:9]) for row in rows[:most])


def _found(row: Sequence[object]) -> Found:
    minutes, statement, speaker, act, issues, words, start, end, rank = row
    return msgspec.convert(
        {
            "minutes": minutes,
            "statement": statement,
            "speaker": speaker,
            "act": act,
            "issues": [one for one in str(issues).split("|") if one],
            "words": words,
            "start": start,
            "end": end,
            "rank": rank,
        },
        Found,
    )
