"""What was said is found in PostgreSQL as by SQLite's FTS5, by the command, and leaves no trace."""

from datetime import UTC, datetime

import psycopg
import pytest

from excomm.cli_record import record_search
from excomm.errors import AnswerIsNo
from excomm.folder import read_text
from excomm.ledger import create

NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
CASE = """
=== case.toml
id = "port"
title = "A port"
zone = "UTC"
opens = 1970-01-01
recorded = "as dated"
=== minutes/one.txt
Mr. Bell recommended that the inspections go on. Mr. Orr objected to inspecting the yard.
General Pike said the yard was shut.
=== minutes/one.toml
meeting = "Meeting 1"
occurred = 1970-05-04T10:00:00Z
source = "one"
"""


@pytest.mark.parametrize(
    ("words", "speaker", "found"),
    [
        ("inspect", "", {"Bell", "Orr"}),
        ("yard", "", {"Orr", "Pike"}),
        ("yard", "orr", {"Orr"}),
        ("", "Pike", {"Pike"}),
        ("yards'); DROP TABLE said; --", "", set()),
    ],
)
def test_a_ledger_in_postgresql_finds_what_was_said_and_keeps_no_trace(
    postgresql_url: str,
    capsys: pytest.CaptureFixture[str],
    words: str,
    speaker: str,
    found: set[str],
) -> None:
    create(postgresql_url, read_text(CASE, now=NOW).entries, now=NOW)
    with psycopg.connect(postgresql_url) as session:
        before = session.execute(_TABLES).fetchall()
    try:
        record_search(postgresql_url, words, speaker=speaker, act="", issue="")
    except AnswerIsNo:
        assert not found
    told = capsys.readouterr().out
    assert {who for who in ("Bell", "Orr", "Pike") if f" {who} " in told} == found
    with psycopg.connect(postgresql_url) as session:
        assert session.execute(_TABLES).fetchall() == before


_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg_|sql_)' ORDER BY 1"
