"""Somebody owns the database and changes it: verification names the entry."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from excomm.entries import Entry, from_bytes, to_bytes
from excomm.errors import InputError
from excomm.ledger import Head, Ledger, create, open_ledger, verification
from excomm.ledger.checkpoint import Checkpoint, sign
from excomm.ledger.commitment import commitment, leaf
from excomm.ledger.store import PAGE, Connection
from excomm.ledger.tree import EMPTY, Frontier
from excomm.ledger.verification import FAULTS_MAX

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[Connection]]

FIELDS = "is not what was taken in here: its fields do not lead to its leaf"
INNER = "stands under inner nodes that do not follow"


@pytest.fixture
def ledger(where: str, looks: Looks, now: datetime) -> Ledger:
    return create(where, looks(5), now=now)


def one(connection: Connection, column: str, seq: int) -> bytes:
    table = "ledger_entry" if column == "nodes" else "ledger_vault"
    query = f"SELECT {column} FROM {table} WHERE seq = ?"
    return bytes(connection.execute(query, (seq,)).fetchone()[0])


def put(connection: Connection, column: str, seq: int, value: object) -> None:
    table = "ledger_entry" if column == "nodes" else "ledger_vault"
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE seq = ?", (value, seq))


def flipped(value: bytes, at: int = 0) -> bytes:
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def commit_again(connection: Connection) -> None:
    """What a forger with the format at hand does after a change: a tree that fits."""
    tree = Frontier()
    query = "SELECT seq, secret, body FROM ledger_vault ORDER BY seq"
    for seq, secret, body in connection.execute(query).fetchall():
        put(connection, "nodes", seq, tree.add(leaf(commitment(secret, body).digests)))


def test_a_flipped_bit_in_an_entry_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        body = one(connection, "body", 3)
        put(connection, "body", 3, flipped(body, body.index(b"cristobal")))
    assert ledger.verify().faults == ((3, FIELDS),)


def test_sound_entries_are_walked_over_at_once(
    ledger: Ledger, looks: Looks, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = ledger.head()
    ledger.append(looks(1200, first=6), now=now)
    asked: list[int] = []
    one_by_one = verification._Walk._entry

    def entry(self: Any, row: Any, *rest: Any) -> Any:
        asked.append(row[0])
        return one_by_one(self, row, *rest)

    monkeypatch.setattr(verification._Walk, "_entry", entry)
    assert ledger.verify().holds
    assert asked == []
    # The root of a held head stands between two entries: its page is walked one by one.
    found = ledger.verify(held)
    assert found.holds
    assert found.head == ledger.head()
    assert asked == list(range(1, PAGE + 1))


@pytest.mark.parametrize("column", ["secret", "nodes"])
def test_a_flipped_bit_in_a_secret_or_a_leaf_is_named_first(
    ledger: Ledger, where: str, behind_its_back: Tampering, column: str
) -> None:
    with behind_its_back(where) as connection:
        put(connection, column, 3, flipped(one(connection, column, 3)))
    assert ledger.verify().faults[0] == (3, FIELDS)


def test_a_flipped_bit_in_an_inner_node_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        put(connection, "nodes", 4, flipped(one(connection, "nodes", 4), 40))
    assert ledger.verify().faults == ((4, INNER),)


def test_blanks_and_a_name_said_twice_are_named_though_the_fields_are_the_same(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        second, third = one(connection, "body", 2), one(connection, "body", 3)
        put(connection, "body", 2, second.replace(b',"source"', b', "source"'))
        put(connection, "body", 3, b'{"note":"forged",' + third[1:-1] + b',"note":""}')
    assert ledger.verify().faults == ((2, FIELDS), (3, FIELDS))


def test_two_entries_that_changed_places_are_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        for column in ("body", "secret"):
            second, fourth = one(connection, column, 2), one(connection, column, 4)
            put(connection, column, 2, fourth)
            put(connection, column, 4, second)
    assert ledger.verify().faults == ((2, FIELDS), (4, FIELDS))


def test_a_removed_entry_is_named(ledger: Ledger, where: str, behind_its_back: Tampering) -> None:
    with behind_its_back(where) as connection:
        for table in ("ledger_vault", "ledger_entry"):
            connection.execute(f"DELETE FROM {table} WHERE seq IN (2, 3)")
    assert ledger.verify().faults == ((2, "is missing; the next one there is 4"),)


def test_content_removed_without_an_erasure_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        connection.execute("DELETE FROM ledger_vault WHERE seq IN (2, 3)")
        connection.execute("INSERT INTO ledger_erased VALUES (3, ?, 5)", (b"look-3",))
    assert ledger.verify().faults == (
        (2, "is without its content, and no entry says why"),
        (3, "is without its content, and no entry says why"),
    )


def test_an_added_entry_is_named(ledger: Ledger, where: str, behind_its_back: Tampering) -> None:
    with behind_its_back(where) as connection:
        for seq in (-1, 6):
            connection.execute("INSERT INTO ledger_entry VALUES (?, ?)", (seq, bytes(32)))
            row = (seq, b"x%d" % seq, bytes(32), b"{}")
            connection.execute("INSERT INTO ledger_vault VALUES (?, ?, ?, ?)", row)
        row = (9, b"x9", bytes(32), b"{}")
        connection.execute("INSERT INTO ledger_vault VALUES (?, ?, ?, ?)", row)
    assert ledger.verify().faults[:2] == ((-1, "stands before the first"), (6, FIELDS))


def test_a_removed_tail_shows_only_against_a_held_head(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    held = ledger.checkpoint()
    with behind_its_back(where) as connection:
        for table in ("ledger_vault", "ledger_entry"):
            connection.execute(f"DELETE FROM {table} WHERE seq > 3")
    unheld = ledger.verify()
    assert unheld.holds
    assert unheld.unseen == (
        "Without a head that somebody else holds, the loss of the last entries, a ledger written "
        "afresh and different ledgers shown to different parties cannot be seen."
    )
    gone = ((4, "is missing: the ledger ends here, the held head at 5"),)
    assert ledger.verify(held).faults == ledger.verify(since=held).faults == gone


def test_a_ledger_written_afresh_shows_only_against_a_held_head(
    ledger: Ledger, where: str, behind_its_back: Tampering, looks: Looks, now: datetime
) -> None:
    held = ledger.checkpoint()
    ledger.append(looks(2, first=6), now=now)
    with behind_its_back(where) as connection:
        body = one(connection, "body", 3)
        put(connection, "body", 3, body.replace(b"san-cristobal", b"remedios"))
        commit_again(connection)
    assert ledger.verify().holds
    rewritten = ((0, "entries 1 to 5 are not those of the held head"),)
    assert ledger.verify(held).faults == ledger.verify(since=held).faults == rewritten


def test_a_ledger_written_afresh_under_another_key_is_not_that_of_the_held_head(
    ledger: Ledger, tmp_path: Path
) -> None:
    held = ledger.checkpoint()
    afresh = create(
        tmp_path / "afresh.ledger", list(ledger.read()), now=datetime.now().astimezone()
    )
    with pytest.raises(InputError, match="written afresh under another key"):
        afresh.verify(held)


def test_a_key_that_does_not_make_the_ledgers_name_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        connection.execute("UPDATE ledger_key SET public = ?", (bytes(32),))
    held = ledger.verify().faults
    assert (0, "its name is not that of its first key") in held


def test_a_key_that_the_one_before_did_not_vouch_for_is_named(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        connection.execute("INSERT INTO ledger_key VALUES (3, ?, ?)", (bytes(32), bytes(64)))
    fault = "the key from entry 3 on is not vouched for by the one before"
    assert ledger.verify().faults == ((0, fault),)


def test_heads_of_one_size_that_differ_show_a_split_view(ledger: Ledger, now: datetime) -> None:
    held = ledger.checkpoint()
    # What a desk that shows each side its own ledger signs for the other.
    other = sign(Checkpoint(ledger.origin, 5, bytes(32)), ledger.signing_key())
    assert ledger.verify([held, other]).faults == (
        (
            0,
            "two heads of 5 entries are held that differ: "
            "different ledgers were shown to different parties",
        ),
        (0, "entries 1 to 5 are not those of the held head"),
    )


def test_a_head_that_nobody_of_the_ledger_signed_is_named(ledger: Ledger) -> None:
    forged = sign(Checkpoint(ledger.origin, 5, bytes(32)), ledger.signing_key())
    forged = msgspec.structs.replace(forged, root=bytes.fromhex(ledger.head().digest))
    assert ledger.verify(forged).faults == (
        (0, "the held head of 5 entries is not signed by this ledger"),
    )


def test_a_head_held_earlier_still_fits_a_ledger_that_grew(
    ledger: Ledger, looks: Looks, now: datetime
) -> None:
    held = ledger.checkpoint()
    ledger.append(looks(2, first=6), now=now)
    found = ledger.verify(held)
    assert (found.holds, found.size) == (True, 7)
    assert found.extent == "Whole: every entry from 1 to 7 was read."
    assert found.unseen == (
        "Entries 6 to 7 came after the newest held head: had others stood in their place, "
        "this would not be seen."
    )
    assert ledger.verify(Head(0, EMPTY.hex())).holds


def test_verification_goes_on_from_a_head_and_says_so(
    ledger: Ledger, where: str, looks: Looks, now: datetime, behind_its_back: Tampering
) -> None:
    early, held = ledger.checkpoint(2), ledger.checkpoint()
    ledger.append(looks(3, first=6), now=now)
    found = ledger.verify([early], since=held)
    assert (found.faults, found.head) == ((), ledger.head())
    assert found.extent == (
        "Incremental: entries 6 to 8 were read; entries 1 to 5 were not read again, "
        "and their tree still leads to the head they were verified under."
    )
    with behind_its_back(where) as connection:
        for seq in (2, 7):
            body = one(connection, "body", seq)
            put(connection, "body", seq, flipped(body, body.index(b"cristobal")))
    assert ledger.verify(since=held).faults == ((7, FIELDS),)
    assert ledger.verify().faults == ((2, FIELDS), (7, FIELDS))


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
        entry = from_bytes(one(connection, "body", 3))
        put(connection, "body", 3, to_bytes(msgspec.structs.replace(entry, **change)))
        commit_again(connection)
    (fault,) = ledger.verify().faults
    assert fault.seq == 3
    assert fault.what.startswith(said)


def test_bytes_that_are_no_entry_are_named_by_reader_and_verification(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        put(connection, "body", 3, b'{"id":"look-3","body":{}}')
        commit_again(connection)
    assert ledger.verify().faults[0][1].startswith("cannot be decoded: Object missing required")
    reading = ledger.read()
    assert [next(reading).id, next(reading).id] == ["look-1", "look-2"]
    with pytest.raises(InputError) as refused:
        next(reading)
    assert str(refused.value).startswith(
        f"{ledger.where}: entry 3: found bytes that are no entry (Object missing required"
    )
    assert str(refused.value).endswith(
        "expected an entry as it was taken in. See what else was changed: excomm verify LEDGER."
    )


def test_two_entries_in_one_row_are_not_read_as_two(
    ledger: Ledger, where: str, behind_its_back: Tampering
) -> None:
    with behind_its_back(where) as connection:
        both = one(connection, "body", 3) + b"," + one(connection, "body", 4)
        put(connection, "body", 3, both)
    assert ledger.verify().faults == ((3, FIELDS),)
    with pytest.raises(InputError, match="entry 3: found bytes that are no entry"):
        list(ledger.read())


def test_an_erasure_while_it_is_verified_is_no_fault(
    where: str, looks: Looks, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = create(where, looks(1200), now=now)
    store, pages = ledger.store, type(ledger.store).row_pages

    def erasing(*call: Any) -> Iterator[Any]:
        for number, page in enumerate(pages(*call)):
            yield page
            if number == 0:
                # One that has been read, and one that is still to come.
                for name in ("look-100", "look-900"):
                    open_ledger(where).erase(name, reason="r", legal_basis="l", by="b", now=now)

    monkeypatch.setattr(type(store), "row_pages", erasing)
    found = ledger.verify()
    assert found.faults == ()
    assert "look-900" in [one.id for one in found.erased]
    monkeypatch.undo()
    assert [one.id for one in ledger.verify().erased] == ["look-100", "look-900"]


def test_a_list_of_faults_has_an_end(
    tmp_path: Path, looks: Looks, now: datetime, behind_its_back: Tampering
) -> None:
    path = str(tmp_path / "many.ledger")
    ledger = create(path, looks(300), now=now)
    with behind_its_back(path) as connection:
        connection.execute("UPDATE ledger_vault SET secret = x'00'")
    faults = ledger.verify().faults
    assert len(faults) == FAULTS_MAX
    assert faults[0] == (1, FIELDS)


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
        ("ALTER TABLE ledger_vault DROP CONSTRAINT ledger_vault_id_key", "constraint ledger_vault"),
        (
            "CREATE RULE hush AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
            "rule hush on ledger_entry is no part of a ledger",
        ),
        (
            "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'",
            "trigger ledger_cosignature_refuse 58A",
        ),
        ("ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY", "row security on ledger_entry"),
    ],
)
def test_a_changed_schema_is_named_postgresql(
    postgresql_url: str, looks: Looks, now: datetime, statement: str, said: str
) -> None:
    ledger = create(postgresql_url, looks(2), now=now)
    with psycopg.connect(postgresql_url) as connection:
        connection.execute(statement.encode())
    seq, what = ledger.verify().faults[0]
    assert (seq, what[: len(said)]) == (0, said)


def test_a_lost_log_and_an_old_copy_show_against_a_held_head(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    path = tmp_path / "case.ledger"
    ledger = create(path, looks(5), now=now)
    ledger.append(looks(5, first=6), now=now)
    held = ledger.checkpoint()
    # Copied without the log beside it: the same as an old copy put back.
    copy = tmp_path / "copy.ledger"
    shutil.copy(path, copy)
    found = open_ledger(copy)
    assert found.verify().holds
    assert found.verify(held).faults == (
        (6, "is missing: the ledger ends here, the held head at 10"),
    )


@pytest.mark.parametrize("gone", ["seq > 4", "seq = 3", "seq % 2 = 0", "seq <= 2"])
def test_entries_cut_out_and_the_rest_closed_up_show_against_a_held_head(
    ledger: Ledger, where: str, behind_its_back: Tampering, gone: str
) -> None:
    held = ledger.checkpoint()
    with behind_its_back(where) as connection:
        query = f"SELECT seq, id, secret, body FROM ledger_vault WHERE NOT {gone} ORDER BY seq"
        kept = connection.execute(query).fetchall()
        for table in ("ledger_vault", "ledger_entry"):
            connection.execute(f"DELETE FROM {table}")
        for number, (_, key, secret, body) in enumerate(kept, start=1):
            entry = msgspec.structs.replace(from_bytes(body), seq=number)
            row = (number, key, secret, to_bytes(entry))
            connection.execute("INSERT INTO ledger_entry VALUES (?, ?)", (number, b""))
            connection.execute("INSERT INTO ledger_vault VALUES (?, ?, ?, ?)", row)
        commit_again(connection)
    assert ledger.verify().holds
    assert not ledger.verify(held).holds


def flipped_bits_are_named_or_change_nothing(
    path: Path, looks: Looks, now: datetime, flips: int
) -> None:
    ledger = create(path, looks(60), now=now)
    held, content, whole = ledger.checkpoint(), list(ledger.read()), path.read_bytes()
    chance = random.Random(19621112)
    named = 0
    for _ in range(flips):
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
    assert named > flips / 5


def test_a_flipped_bit_anywhere_in_the_file_is_named_or_changes_nothing(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    flipped_bits_are_named_or_change_nothing(tmp_path / "case.ledger", looks, now, 50)


@pytest.mark.long
def test_each_of_five_hundred_flipped_bits_is_named_or_changes_nothing(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    flipped_bits_are_named_or_change_nothing(tmp_path / "case.ledger", looks, now, 500)
