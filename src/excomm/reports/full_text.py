"""Full text: which of many texts hold given words, best first, by a database's own index.

SQLite's FTS5 in memory; where the ledger lies in PostgreSQL, its full text search, in tables that
are this session's own and vanish with it: the ledger gets no table and loses none. Both stem
English words and rank by BM25; PostgreSQL's is by whether a text has a word, not by how often.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from excomm.errors import EnvironmentFault
from excomm.reports.vocabulary import folded

FOUND_MAX = 100
_K1, _B = 1.2, 0.75


class FullText(Protocol):
    """An index over texts; rows count from 0 in the order given."""

    def ranks(self, words: Mapping[str, int]) -> dict[int, float]:
        """The best rows for any of these words, with their BM25.

        words: each with the number of texts that have it.
        """

    def close(self) -> None:
        """Give everything back."""


class Fts5:
    """Texts with titles in SQLite's FTS5, in memory."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self._found = sqlite3.connect(":memory:", check_same_thread=False)
        self._found.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, title, content='',"
            " tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._found.executemany(
            "INSERT INTO texts(rowid, text, title) VALUES (?, ?, ?)",
            ((row, text, title) for row, (text, title) in enumerate(texts, 1)),
        )

    def ranks(self, words: Mapping[str, int]) -> dict[int, float]:
        """The best rows for these words."""
        if not words:
            return {}
        found = self._found.execute(
            "SELECT rowid, bm25(texts) AS cost FROM texts WHERE texts MATCH ?"
            " ORDER BY cost LIMIT ?",
            (" OR ".join(f'"{word}"' for word in words), FOUND_MAX),
        )
        return {row - 1: -cost for row, cost in found}

    def close(self) -> None:
        """Give the memory back."""
        self._found.close()


class PostgresqlFullText:
    """Texts with titles in PostgreSQL, for as long as this is open.

    url: of the database; its user may make temporary tables, as everybody may unless it was taken
    away. Raises EnvironmentFault where the driver is missing or the database refuses.
    """

    def __init__(self, texts: Sequence[tuple[str, str]], url: str) -> None:
        try:
            self._driver: Any = import_module("psycopg")
        except ImportError:
            raise EnvironmentFault(
                "psycopg: not installed. Install it with: pip install 'excomm[postgres]'"
            ) from None
        self._many = len(texts)
        try:
            self._session: Any = self._driver.connect(url, autocommit=True)
        except self._driver.Error as fault:
            raise _refused(fault) from None
        try:
            self._take_in(f"{text}\n{title}" for text, title in texts)
        except self._driver.Error as fault:
            self._session.close()
            raise _refused(fault) from None

    def _take_in(self, texts: Iterable[str]) -> None:
        self._session.execute("CREATE TEMP TABLE received (row integer, said text)")
        with self._session.cursor().copy("COPY received FROM STDIN") as copy:
            for row, text in enumerate(texts):
                copy.write_row((row, folded(text).replace("\x00", " ")))
        self._session.execute(
            "CREATE TEMP TABLE texts AS"
            " SELECT row, words, length(words)::float8 AS long FROM"
            " (SELECT row, to_tsvector('english', said) AS words FROM received) AS each"
        )
        self._session.execute("CREATE INDEX ON texts USING gin (words)")
        self._session.execute("ANALYZE texts")

    def ranks(self, words: Mapping[str, int]) -> dict[int, float]:
        """The best rows for these words."""
        if not words or not self._many:
            return {}
        try:
            found = self._session.execute(
                _ASK,
                {
                    "words": [folded(word) for word in words],
                    "have": [float(number) for number in words.values()],
                    "many": float(self._many),
                    "k": _K1,
                    "b": _B,
                    "most": FOUND_MAX,
                },
            ).fetchall()
        except self._driver.Error as fault:
            raise _refused(fault) from None
        return {int(row): float(rank) for row, rank in found}

    def close(self) -> None:
        """End the session, and its tables with it."""
        self._session.close()


_ASK = """
WITH said AS (
  SELECT plainto_tsquery('english', word) AS asked, max(have) AS have
  FROM unnest(%(words)s::text[], %(have)s::float8[]) AS each(word, have)
  GROUP BY 1
), usual AS (SELECT greatest(avg(long), 1) AS long FROM texts)
SELECT texts.row,
  sum(ln(1 + (%(many)s - least(have, %(many)s) + 0.5) / (have + 0.5)))
    * (%(k)s + 1) / (1 + %(k)s * (1 - %(b)s + %(b)s * texts.long / min(usual.long))) AS rank
FROM said JOIN texts ON texts.words @@ said.asked CROSS JOIN usual
WHERE numnode(said.asked) > 0
GROUP BY texts.row, texts.long
ORDER BY rank DESC, texts.row
LIMIT %(most)s
"""


def _refused(fault: Exception) -> EnvironmentFault:
    said = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
    return EnvironmentFault(
        f"PostgreSQL's full text search: {said}. It needs the right to make temporary tables"
        " (GRANT TEMPORARY ON DATABASE)."
    )
