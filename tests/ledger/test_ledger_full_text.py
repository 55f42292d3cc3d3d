"""Reports are found by their words in PostgreSQL as by SQLite's FTS5. All texts are invented."""

import random
from datetime import UTC, datetime

import psycopg
import pytest

from excomm.case import Case
from excomm.cli_reports import reports_find
from excomm.errors import EnvironmentFault
from excomm.folder import read_text
from excomm.ledger import create
from excomm.reports.full_text import PostgresqlFullText
from excomm.reports.intake import Incoming, take_in
from excomm.reports.search import Search

NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
CASE = """
=== case.toml
id = "port"
title = "A port"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "launchers", name = "launchers", unit = "launchers"}]
"""
WHO = ("A docker", "The evening paper", "A priest", "Travellers", "An officer")
THINGS = ("launchers", "heavy tanks", "crated aircraft", "radar vans", "mortars", "fuel lorries")
DONE = ("were unloaded at", "are hidden near", "left", "are being assembled near")
PLACES = ("Alta Mira", "Porto Verde", "Castelo", "Serra Nova", "Quintanilha", "Río Claro")


def invented(number: int) -> list[tuple[str, str]]:
    draw = random.Random(number)
    return [
        (
            f"{draw.choice(WHO)} says that {draw.randrange(2, 60)} {draw.choice(THINGS)}"
            f" {draw.choice(DONE)} {draw.choice(PLACES)} on {draw.randrange(1, 29)} February.",
            "",
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("number", [40, 1500])
def test_both_indexes_find_the_same_reports(postgresql_url: str, number: int) -> None:
    texts = invented(number)
    ids = [f"R{row}" for row in range(number)]
    lite, big = Search(texts, ids), Search(texts, ids, database=postgresql_url)
    asked = [
        "heavy tanks hidden at Castelo on 7 February",
        "A priest: aircraft in crates, unloading at Rio Claro",
        "raders near Serra Nova; 14 of them",
        "mortar left Quintanilha",
        *(text for text, _ in texts[:20]),
    ]
    alike = 0
    for question in asked:
        one, other = ([hit.row for hit in s.find(question, limit=10)] for s in (lite, big))
        # A word that a text has twice counts once in PostgreSQL: near the top, not always in step.
        assert texts[one[0]] in [texts[row] for row in other[:5]], question
        assert texts[other[0]] in [texts[row] for row in one[:5]], question
        alike += len(set(one) & set(other))
    assert alike >= 0.9 * 10 * len(asked)
    # A word that stems to nothing, quotation marks and operators are words like others.
    for odd in ("", "the of and", "'; DROP TABLE texts; --", "mortars & ! | <-> (", "\x00"):
        assert len(big.find(odd)) == len(lite.find(odd)), odd
    lite.close()
    big.close()


def test_a_ledger_in_postgresql_is_searched_there_and_keeps_no_trace(
    postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = create(postgresql_url, read_text(CASE, now=NOW).entries, now=NOW)
    posts = [Incoming(text=text) for text, _ in invented(30)]
    take_in(ledger, posts, now=NOW, operator="Ann")
    with psycopg.connect(postgresql_url) as session:
        before = session.execute(_TABLES).fetchall()
    reports_find(postgresql_url, "radar vans at Castelo")
    told = capsys.readouterr().out
    plain = (
        Case.open(postgresql_url).on(datetime.now(UTC)).reports_by_words("radar vans at Castelo")
    )
    assert plain[0].report in told.splitlines()[2]
    with psycopg.connect(postgresql_url) as session:
        assert session.execute(_TABLES).fetchall() == before


_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg_|sql_)' ORDER BY 1"


def test_a_user_who_may_make_no_tables_is_told_what_is_missing(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as session:
        session.execute("CREATE ROLE reader LOGIN")
        session.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    try:
        with pytest.raises(EnvironmentFault) as refused:
            PostgresqlFullText([("tanks", "")], postgresql_url.replace("postgres@", "reader@"))
    finally:
        with psycopg.connect(postgresql_url, autocommit=True) as session:
            session.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
            session.execute("DROP ROLE reader")
    assert str(refused.value) == (
        "PostgreSQL's full text search: permission denied to create temporary tables in database"
        ' "postgres". It needs the right to make temporary tables (GRANT TEMPORARY ON DATABASE).'
    )
