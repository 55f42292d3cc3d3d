"""Words in PostgreSQL: its full text search over what was said, for a ledger that lies there.

The table is this session's own and vanishes with it: the ledger gets none, and the index holds
only what its reader may see. Words are stemmed as English, alike to SQLite's index.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from excomm.errors import EnvironmentFault


class SaidInPostgresql:
    """The words of many statements; rows count from 1 in the order given.

    url: of the database. Raises EnvironmentFault where the driver is missing or it refuses.
    """

    def __init__(self, texts: Sequence[str], url: str) -> None:
        try:
            self._driver: Any = import_module("psycopg")
        except ImportError:
            raise EnvironmentFault(
                "psycopg: not installed. Install it with: pip install 'excomm[postgres]'"
            ) from None
        try:
            self._session: Any = self._driver.connect(url, autocommit=True)
            self._session.execute("CREATE TEMP TABLE received (row integer, said text)")
            with self._session.cursor().copy("COPY received FROM STDIN") as copy:
                for row, text in enumerate(texts, 1):
                    copy.write_row((row, text.replace("\x00", " ")))
            self._session.execute(
                "CREATE TEMP TABLE said AS"
                " SELECT row, to_tsvector('english', said) AS words FROM received"
            )
            self._session.execute("CREATE INDEX ON said USING gin (words)")
        except self._driver.Error as fault:
            raise self._refused(fault) from None

    def ranks(self, words: str) -> dict[int, float]:
        """The rows that hold all the words in any form, with their rank: smaller fits better."""
        try:
            found = self._session.execute(
                "SELECT row, -ts_rank(words, asked) FROM said, plainto_tsquery('english', %s) asked"
                " WHERE words @@ asked",
                (words,),
            ).fetchall()
        except self._driver.Error as fault:
            raise self._refused(fault) from None
        return {int(row): float(rank) for row, rank in found}

    def close(self) -> None:
        """End the session, and its tables with it."""
        self._session.close()

    def _refused(self, fault: Exception) -> EnvironmentFault:
        said = (str(fault).strip() or type(fault).__name__).splitlines()[0]
        return EnvironmentFault(
            f"PostgreSQL's full text search: {said}. It needs the right to make temporary tables"
            " (GRANT TEMPORARY ON DATABASE)."
        )
