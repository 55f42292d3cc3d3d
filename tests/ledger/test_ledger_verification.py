"""Somebody owns the database and changes it: verification names the entry."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from excomm.entries import Entry, from_bytes, to_bytes
from excomm.errors import InputError
from excomm.ledger import Head, Ledger, create, open_ledger
from excomm.ledger.chain import GENESIS, link
from excomm.ledger.verification import FAULTS_MAX

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[sa.Connection]]

HASH = "is not what was taken in here: its hash does not follow"


@pytest.fixture
def ledger(where: str, looks: Looks, now: datetime) -> Ledger:
    return create(where, looks(5), now=now)


def body_of(connection: sa.Connection, seq: int) -> bytes:
    query = sa.text("SELECT body FROM ledger_entry WHERE seq = :seq")
    return bytes(connection.execute(query, {"seq": seq}).scalar_one())


def set_body(connection: sa.Connection, seq: int, body: bytes) -> None:
    change = sa.text("UPDATE ledger_entry SET body = :body WHERE seq = :seq")
    connection.execute(change, {"body": body, "seq": seq})


def chain_again(connection: sa.Connection) -> None:
    """What a forger with the format at hand does after a change: hashes that fit."""
    before = GENESIS
    query = sa.text("SELECT seq, body FROM ledger_entry ORDER BY seq")
    for seq, body in connection.execute(query).all():
        before = link(before, bytes(body))
        change = sa.text("UPDATE ledger_entry SET hash = :hash WHERE seq = :seq")
        connection.execute(change, {"hash": before, "seq": seq})


def test_a_flipped_bit_in_an_entry_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        body = bytearray(body_of(connection, 3))
        body[body.index(b"cristobal")] ^= 1
        set_body(connection, 3, bytes(body))
    assert ledger.verify().faults == ((3, HASH),)


def test_a_flipped_bit_in_a_hash_is_named_first(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        query = sa.text("SELECT hash FROM ledger_entry WHERE seq = 3")
        digest = bytearray(connection.execute(query).scalar_one())
        digest[0] ^= 1
        change = sa.text("UPDATE ledger_entry SET hash = :hash WHERE seq = 3")
        connection.execute(change, {"hash": bytes(digest)})
    assert ledger.verify().faults == ((3, HASH), (4, HASH))


def test_two_entries_that_changed_places_are_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        second, fourth = body_of(connection, 2), body_of(connection, 4)
        set_body(connection, 2, fourth)
        set_body(connection, 4, second)
    assert ledger.verify().faults == ((2, HASH), (4, HASH))


def test_a_removed_entry_is_named(ledger: Ledger, where: str, behind_its_back: Tampering) -> None:
    with behind_its_back(where) as connection:
        connection.execute(sa.text("DELETE FROM ledger_entry WHERE seq IN (2, 3)"))
    assert ledger.verify().faults == ((2, "is missing; the next one there is 4"),)


def test_an_added_entry_is_named(ledger: Ledger, where: str, behind_its_back: Tampering) -> None:
    with behind_its_back(where) as connection:
        add = sa.text("INSERT INTO ledger_entry VALUES (:seq, :id, :body, :hash)")
        for seq in (-1, 6):
            row = {"seq": seq, "id": b"x%d" % seq, "body": b"{}", "hash": bytes(32)}
            connection.execute(add, row)
    assert ledger.verify().faults == ((-1, "stands before the first"), (6, HASH))


def test_a_removed_tail_shows_only_against_a_held_head(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    held = ledger.head()
    with behind_its_back(where) as connection:
        connection.execute(sa.text("DELETE FROM ledger_entry WHERE seq > 3"))
    unheld = ledger.verify()
    assert unheld.holds
    assert unheld.unseen == (
        "Without a head that somebody else holds, the loss of the last entries "
        "and a ledger written afresh cannot be seen."
    )
    assert ledger.verify(held).faults == (
        (4, "is missing: the ledger ends here, the held head at 5"),
    )


def test_a_ledger_written_afresh_shows_only_against_a_held_head(
    ledger: Ledger, where: str, behind_its_back: Tampering, looks: Looks, now: datetime
) -> None:
    held = ledger.head()
    ledger.append(looks(2, first=6), now=now)
    with behind_its_back(where) as connection:
        set_body(connection, 3, body_of(connection, 3).replace(b"san-cristobal", b"remedios"))
        chain_again(connection)
    assert ledger.verify().holds
    assert ledger.verify(held).faults == ((0, "entries 1 to 5 are not those of the held head"),)


def test_a_head_held_earlier_still_fits_a_ledger_that_grew(
    ledger: Ledger, looks: Looks, now: datetime
) -> None:
    held = ledger.head()
    ledger.append(looks(2, first=6), now=now)
    found = ledger.verify(held)
    assert (found.holds, found.size) == (True, 7)
    assert found.unseen == (
        "Entries 6 to 7 came after the held head: had others stood in their place, "
        "this would not be seen."
    )
    assert ledger.verify(Head(0, GENESIS.hex())).holds


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seq": 9}, "says of itself that it is entry 9"),
        ({"id": "look-9"}, "is filed under another id than its own, look-9"),
        ({"appended": None}, "does not say at what instant it was recorded and taken in"),
        ({"appended": datetime(1962, 11, 12, 15)}, "does not say at what instant"),  # noqa: DTZ001
        ({"appended": timedelta(hours=-1)}, "was taken in before the entry ahead of it"),
        ({"recorded": timedelta(hours=1)}, "was recorded after it was taken in"),
    ],
)
def test_an_entry_that_belies_its_place_is_named_though_its_hash_fits(
    ledger: Ledger,
    where: str,
    now: datetime,
    behind_its_back: Tampering,
    change: dict[str, object],
    said: str,
) -> None:
    change = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with behind_its_back(where) as connection:
        entry = from_bytes(body_of(connection, 3))
        set_body(connection, 3, to_bytes(msgspec.structs.replace(entry, **change)))
        chain_again(connection)
    (fault,) = ledger.verify().faults
    assert fault.seq == 3
    assert fault.what.startswith(said)


def test_bytes_that_are_no_entry_are_named_by_reader_and_verification(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        set_body(connection, 3, b'{"id":"look-3"')
        chain_again(connection)
    assert ledger.verify().faults == ((3, "cannot be decoded: Input data was truncated"),)
    reading = ledger.read()
    assert [next(reading).id, next(reading).id] == ["look-1", "look-2"]
    with pytest.raises(InputError) as refused:
        next(reading)
    assert str(refused.value) == (
        f"{ledger.where}: entry 3: found bytes that are no entry (Input data was truncated), "
        "expected an entry as it was taken in. See what else was changed: excomm verify LEDGER."
    )


def test_two_entries_in_one_row_are_not_read_as_two(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        set_body(connection, 3, body_of(connection, 3) + b"," + body_of(connection, 4))
        connection.execute(sa.text("DELETE FROM ledger_entry WHERE seq = 4"))
    with pytest.raises(InputError, match="entry 3: found bytes that are no entry"):
        list(ledger.read())


def test_a_list_of_faults_has_an_end(
    tmp_path: Path, looks: Looks, now: datetime, behind_its_back: Tampering
) -> None:
    path = str(tmp_path / "many.ledger")
    ledger = create(path, looks(300), now=now)
    with behind_its_back(path) as connection:
        connection.execute(sa.text("UPDATE ledger_entry SET hash = x'00'"))
    faults = ledger.verify().faults
    assert len(faults) == FAULTS_MAX
    assert faults[0] == (1, HASH)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TRIGGER ledger_entry_update", "trigger ledger_entry_update is gone"),
        ("ALTER TABLE ledger_entry ADD COLUMN seen TEXT", "table ledger_entry was changed"),
        ("CREATE TABLE extra (x)", "extra is no part of a ledger"),
        (
            "CREATE TRIGGER hush AFTER INSERT ON ledger_entry BEGIN SELECT 1; END",
            "hush is no part of a ledger",
        ),
    ],
)
def test_a_changed_schema_is_named_sqlite(
    tmp_path: Path, looks: Looks, now: datetime, statement: str, said: str
) -> None:
    path = tmp_path / "case.ledger"
    ledger = create(path, looks(2), now=now)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
    assert ledger.verify().faults == ((0, said),)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TRIGGER ledger_entry_refuse ON ledger_entry", "trigger ledger_entry_refuse 58A"),
        ("ALTER TABLE ledger_entry DISABLE TRIGGER ALL", "trigger ledger_entry_refuse 58A"),
        ("ALTER TABLE ledger_entry ADD COLUMN seen text", "column ledger_entry.seen text"),
        ("ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_id_key", "constraint ledger_entry"),
        (
            "CREATE RULE hush AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
            "rule hush on ledger_entry is no part of a ledger",
        ),
        (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'",
            "trigger ledger_entry_refuse 58A",
        ),
        ("ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY", "row security on ledger_entry"),
    ],
)
def test_a_changed_schema_is_named_postgresql(
    postgresql_url: str, looks: Looks, now: datetime, statement: str, said: str
) -> None:
    ledger = create(postgresql_url, looks(2), now=now)
    engine = sa.create_engine(postgresql_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    seq, what = ledger.verify().faults[0]
    assert (seq, what[: len(said)]) == (0, said)


def test_a_flipped_bit_anywhere_in_the_file_is_named_or_changes_nothing(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    path = tmp_path / "case.ledger"
    ledger = create(path, looks(60), now=now)
    held, content, whole = ledger.head(), list(ledger.read()), path.read_bytes()
    chance = random.Random(19621112)
    named = 0
    for _ in range(150):
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        changed = bytearray(whole)
        changed[place] ^= 1 << bit
        path.write_bytes(changed)
        try:
            found = open_ledger(path).verify(held)
        except InputError:
            named += 1
            continue
        if found.holds:
            assert list(ledger.read()) == content, f"bit {bit} of byte {place}"
        named += not found.holds
    assert named > 60
