"""Witnesses, erasure, changed keys, restored copies, backups, approvals."""

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import msgspec
import psycopg
import pytest

from excomm.brief import brief
from excomm.case import Case
from excomm.entries import Day, Entry, EntryId, content_digest, to_bytes
from excomm.entries.kinds import Attachment, CaseHeader, Clearance
from excomm.errors import AnswerIsNo, Faults, InputError
from excomm.ledger import attachments, backup, create, keys, open_ledger, read_heads
from excomm.ledger.checkpoint import Checkpoint, parse_vkey, public_bytes, seen_by, sign, vkey
from excomm.ledger.exchange import take_in, witness_file
from excomm.ledger.postgresql import PostgresqlStore
from excomm.ledger.store import Connection
from excomm.ledger.witness import parse_request, request, witness

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[Connection]]
SEEN = 1_700_000_000


def header() -> Entry:
    return Entry(
        id=EntryId("case"),
        occurred=Day(date(1962, 10, 14)),
        recorded=datetime(1962, 10, 14, tzinfo=UTC),
        body=CaseHeader(title="A case", zone="UTC", opens=date(1962, 10, 14)),
    )


# -- heads and witnesses ------------------------------------------------------------------------


def test_a_head_is_signed_and_reads_back(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(3), now=now)
    head = ledger.checkpoint()
    assert str(head).splitlines()[:2] == [ledger.origin, "3"]
    assert head.head == ledger.head()
    assert parse_request(str(head), "head").head == head
    ledger.require_own(head)
    assert ledger.checkpoint(2).size == 2


def test_a_witness_signs_what_continues_its_held_heads_and_nothing_else(
    tmp_path: Path, where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(3), now=now)
    key = keys.generate()
    first = ledger.checkpoint()
    line = witness(parse_request(str(first), "head"), (), key, "UK", SEEN)
    assert line.name == "UK"
    ledger.append(looks(4, first=4), now=now)
    later = ledger.checkpoint()
    asked = parse_request(request(later, 3, ledger.consistency(3)), "head")
    assert witness(asked, (first,), key, "UK", SEEN).name == "UK"
    with pytest.raises(InputError, match="excomm head LEDGER --since 3"):
        witness(parse_request(str(later), "head"), (first,), key, "UK", SEEN)
    with pytest.raises(AnswerIsNo, match="of 3 entries, and one of 7 is held"):
        witness(parse_request(str(first), "head"), (later,), key, "UK", SEEN)
    other = sign(Checkpoint(ledger.origin, 7, bytes(32)), ledger.signing_key())
    with pytest.raises(AnswerIsNo, match="does not continue the held one of 3"):
        witness(asked._replace(head=other), (first,), key, "UK", SEEN)


def test_a_head_goes_to_a_witness_and_back_by_hand(
    tmp_path: Path, where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(3), now=now)
    seen = datetime.fromtimestamp(SEEN, UTC)
    sent, held, key = tmp_path / "head", tmp_path / "held", tmp_path / "uk.key"
    sent.write_text(str(ledger.checkpoint()), encoding="utf8")
    cosigned, vkey = witness_file(sent, held, key, "UK", now=seen)
    assert parse_vkey(vkey)[0] == "UK"
    assert read_heads(held) == (cosigned,)
    assert seen_by(cosigned, vkey) == SEEN
    back = tmp_path / "back"
    back.write_text(f"# {vkey}\n{cosigned}", encoding="utf8")
    assert take_in(where, back, "", now=now).endswith("UK has seen the head of 3")
    take_in(where, back, "", now=now)
    assert open_ledger(where).checkpoint() == cosigned
    assert open_ledger(where).verify(read_heads(held)).holds


def test_another_desks_head_is_entered(tmp_path: Path, looks: Looks, now: datetime) -> None:
    ours = create(tmp_path / "ours.ledger", looks(1), now=now)
    theirs = create(tmp_path / "theirs.ledger", looks(2), now=now)
    sent = tmp_path / "head"
    sent.write_text(str(theirs.checkpoint()), encoding="utf8")
    for _ in range(2):
        take_in(ours.where, sent, "", now=now)
    (_, entry) = ours.read()
    assert (entry.kind, getattr(entry.body, "text", "")) == (
        "attachment",
        str(theirs.checkpoint()),
    )


def test_a_head_file_is_told_by_the_line(tmp_path: Path, looks: Looks, now: datetime) -> None:
    ledger = create(tmp_path / "case.ledger", looks(1), now=now)
    heads, good = tmp_path / "heads", str(ledger.checkpoint())
    for text, said in (
        ("", "found no head, expected one or more"),
        ("299 00ff\n", r"heads:1: found 299 00ff, expected excomm.ledger/"),
        (good.replace("\n1\n", "\n01\n"), r"heads:2: found 01, expected the size"),
        (good.partition("—")[0], r"heads:1: found a head that nobody signed"),
        (good.replace("— ", "- "), r"heads:1: found a head that nobody signed"),
        (good[:-20], r"heads:5: .*expected a signature"),
    ):
        heads.write_text(text, encoding="utf8")
        with pytest.raises(InputError, match=said):
            read_heads(heads)


# -- keys ---------------------------------------------------------------------------------------


def test_a_fresh_key_goes_on_where_the_old_one_ended(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(3), now=now)
    held, old = ledger.checkpoint(), ledger.signing_key()
    ledger.rotate()
    ledger.append(looks(1, first=4), now=now)
    fresh = open_ledger(where)
    assert fresh.origin == held.origin
    assert fresh.verify([held, fresh.checkpoint()]).holds
    stale = sign(Checkpoint(held.origin, 4, bytes.fromhex(fresh.head().digest)), old)
    assert fresh.verify(stale).faults == (
        (0, "the held head of 4 entries is signed by a key that had been replaced at entry 3"),
    )


def test_a_key_of_the_wrong_type_signs_nothing(tmp_path: Path, looks: Looks, now: datetime) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    ledger = create(tmp_path / "case.ledger", looks(1), now=now)
    path = tmp_path / "case.ledger.key"
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(InputError, match=r"a key of another type .*expected an Ed25519"):
        ledger.checkpoint()
    path.write_bytes(b"no key")
    with pytest.raises(InputError, match="something else, expected an Ed25519 private key"):
        ledger.checkpoint()
    path.unlink()
    keys.write(keys.generate(), path)
    with pytest.raises(InputError, match="the key of another ledger"):
        ledger.checkpoint()
    # Reading and verifying need none.
    path.unlink()
    assert open_ledger(tmp_path / "case.ledger").verify().holds


# -- erasure ------------------------------------------------------------------------------------


def test_an_erased_entry_is_gone_and_everything_still_verifies(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, [header(), *looks(4)], now=now)
    held = ledger.checkpoint()
    secret = msgspec.structs.replace(looks(1, first=9)[0], note="Jane Roe, 3 Elm Street")
    ledger.append([secret], now=now)
    ledger.erase("look-9", reason="asked for", legal_basis="GDPR 17", by="counsel", now=now)
    again = open_ledger(where)
    assert [str(entry.id) for entry in again.read()][-2:] == ["look-4", "erasure-of-look-9"]
    found = again.verify(held)
    assert found.faults == ()
    assert found.erased == ((6, "look-9", "erasure-of-look-9", "asked for"),)
    with pytest.raises(Faults, match=r"entries\[0\].id: found look-9"):
        again.append([secret], now=now)
    if not where.startswith("postgresql:"):
        ledger.close()
        assert not any(b"Jane Roe" in path.read_bytes() for path in Path(where).parent.iterdir())


def test_neither_the_first_entry_nor_an_erasure_is_erased(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, [header(), *looks(2)], now=now)
    ledger.erase("look-2", reason="r", legal_basis="l", by="b", now=now)
    before = ledger.head()
    for name in ("case", "erasure-of-look-2", "look-2", "look-9"):
        with pytest.raises(InputError):
            ledger.erase(name, reason="r", legal_basis="l", by="b", now=now)
    assert ledger.head() == before


# -- copies -------------------------------------------------------------------------------------


def test_a_copy_is_whole_while_writers_go_on(tmp_path: Path, looks: Looks, now: datetime) -> None:
    ledger = create(tmp_path / "case.ledger", looks(2000), now=now)
    stop = Event()

    def write() -> None:
        number = 5000
        while not stop.is_set():
            ledger.append(looks(3, first=number), now=now)
            number += 3

    writer = Thread(target=write)
    writer.start()
    try:
        for at in range(4):
            found = backup(open_ledger(tmp_path / "case.ledger"), tmp_path / f"{at}.copy")
            assert found.holds
            assert found.size >= 2000
            assert (found.size - 2000) % 3 == 0
    finally:
        stop.set()
        writer.join()
    assert ledger.verify(open_ledger(tmp_path / "3.copy").head()).holds


def test_a_copy_of_a_database_is_a_ledger_file_of_the_same_head(
    tmp_path: Path, postgresql_url: str, looks: Looks, now: datetime
) -> None:
    ledger = create(postgresql_url, [header(), *looks(700)], now=now)
    ledger.append(looks(20, first=800), now=now, key="a load")
    ledger.erase("look-5", reason="r", legal_basis="l", by="b", now=now)
    witnessed = ledger.checkpoint()
    key = keys.generate()
    line = witness(parse_request(str(witnessed), "head"), (), key, "UK", SEEN)
    ledger.witnessed(witnessed.signed(line), vkey("UK", public_bytes(key)))
    ledger.rotate()
    stop = Event()

    def write() -> None:
        number = 5000
        while not stop.is_set():
            open_ledger(postgresql_url).append(looks(3, first=number), now=now)
            number += 3

    writer = Thread(target=write)
    writer.start()
    try:
        found = backup(ledger, tmp_path / "copy.ledger")
    finally:
        stop.set()
        writer.join()
    copy = open_ledger(tmp_path / "copy.ledger")
    assert (copy.origin, copy.keys) == (ledger.origin, ledger.keys)
    assert (found.holds, found.size % 3) == (True, 722 % 3)
    assert ledger.verify(copy.head()).holds
    assert [one.id for one in copy.verify().erased] == ["look-5"]
    assert list(copy.read()) == list(ledger.read(size=found.size))
    assert copy.store.cosignatures(722) == ledger.store.cosignatures(722)
    # The same load is known to the copy: it goes on where the database ended.
    copy.key_path.write_bytes(ledger.key_path.read_bytes())
    copy.append(looks(20, first=800), now=now, key="a load")
    assert copy.head() == found.head
    assert copy.append(looks(1, first=9000), now=now).size == found.size + 1
    assert copy.verify(copy.checkpoint()).holds


def test_a_copy_of_a_database_is_of_one_moment(
    tmp_path: Path,
    postgresql_url: str,
    looks: Looks,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = create(postgresql_url, looks(700), now=now)
    head, pages = ledger.head(), PostgresqlStore.row_pages

    def erasing(*call: Any) -> Iterator[Any]:
        for page in pages(*call):
            monkeypatch.undo()
            yield page
            if ledger.head() == head:
                open_ledger(postgresql_url).erase(
                    "look-5", reason="r", legal_basis="l", by="b", now=now
                )

    monkeypatch.setattr(PostgresqlStore, "row_pages", erasing)
    assert backup(ledger, tmp_path / "copy.ledger").head == head
    copy = open_ledger(tmp_path / "copy.ledger")
    assert [entry.id for entry in copy.read(4)][:1] == ["look-5"]
    assert (ledger.head().size, ledger.verify().faults) == (701, ())


def test_no_copy_is_left_of_a_ledger_that_does_not_verify(
    tmp_path: Path, where: str, looks: Looks, now: datetime, behind_its_back: Tampering
) -> None:
    create(where, looks(3), now=now).close()
    with behind_its_back(where) as connection:
        connection.execute("DELETE FROM ledger_vault WHERE seq = 2")
    target = tmp_path / "copies"
    target.mkdir()
    with pytest.raises(InputError, match="a ledger that does not verify"):
        backup(open_ledger(where), target / "copy.ledger")
    assert list(target.iterdir()) == []


def test_a_restored_copy_admits_the_break(tmp_path: Path, looks: Looks, now: datetime) -> None:
    ledger = create(tmp_path / "case.ledger", looks(5), now=now)
    backup(ledger, tmp_path / "old.ledger")
    ledger.append(looks(5, first=6), now=now)
    held = ledger.checkpoint()
    (tmp_path / "case.ledger.key").rename(tmp_path / "old.ledger.key")
    old = open_ledger(tmp_path / "old.ledger")
    assert not old.verify(held).holds
    with pytest.raises(InputError, match="expected one newer, or contradicted"):
        old.resume([old.checkpoint()], now=now)
    old.resume([held], now=now)
    found = old.verify(held)
    assert (found.faults, found.breaks) == ((), ((6, "break-5-1"),))
    # Also once it has grown past what was lost.
    old.append(looks(9, first=20), now=now)
    assert old.verify(held).holds


def test_a_restored_copy_that_has_gone_on_admits_the_break_too(
    where: str, tmp_path: Path, looks: Looks, now: datetime
) -> None:
    key = keys.generate()
    whole = create(tmp_path / "whole.ledger", looks(8), now=now, key=key)
    ledger = create(where, looks(5), now=now, key=whole.signing_key())
    held = Checkpoint(ledger.origin, 8, whole.checkpoint().root)
    held = sign(held, key)
    ledger.append(looks(9, first=20), now=now)
    assert not ledger.verify(held).holds
    ledger.resume([held], now=now)
    found = ledger.verify(held)
    assert (found.faults, found.breaks) == ((), ((15, "break-14-1"),))


def test_a_break_stands_on_every_page_until_a_person_explains_it(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, [header(), *looks(2)], now=now)
    lost = sign(Checkpoint(ledger.origin, 9, bytes(32)), ledger.signing_key())
    ledger.resume([lost], now=now)
    day = "1962-12-31"
    (broken,) = Case.of_ledger(ledger).on(day).breaks
    assert broken[0].id == "break-3-1"
    # Of whatever day the page is, and whatever was known then: it was made from this ledger.
    past = Case.of_ledger(ledger).on("1962-10-20")
    assert past.breaks == (broken,)
    assert "goes on from an older copy" in brief(past).bottom_line[0].lead.text
    for name, says, by in (("look-1", "why", "A"), ("break-3-1", " ", "A"), ("break-3-1", "w", "")):
        with pytest.raises(InputError):
            ledger.explain(name, says, by=by, now=now)
    ledger.explain(
        "break-3-1", "The disk failed; the copy of Sunday was put back.", by="A", now=now
    )
    view = Case.of_ledger(ledger).on(day)
    assert view.breaks == Case.of_ledger(ledger).on("1962-10-20").breaks == ()
    assert [entry.id for entry in view.log if entry.kind == "break"] == ["break-3-1", "break-3-1.2"]
    assert ledger.verify(lost).holds
    with pytest.raises(InputError, match="a break that nobody has explained yet"):
        ledger.explain("break-3-1", "again", by="B", now=now)


def test_a_break_is_seen_by_every_reader_whatever_the_levels_are_called(
    tmp_path: Path, now: datetime
) -> None:
    own = CaseHeader(
        title="A case", zone="UTC", opens=date(1962, 10, 14), levels=("public", "inner")
    )
    first = msgspec.structs.replace(header(), body=own, marking="public")
    ledger = create(tmp_path / "case.ledger", [first], now=now)
    ledger.resume([sign(Checkpoint(ledger.origin, 9, bytes(32)), ledger.signing_key())], now=now)
    assert len(Case.of_ledger(ledger).on("1962-12-31", cleared="public").breaks) == 1


# -- attachments --------------------------------------------------------------------------------


def test_an_attached_file_is_kept_by_its_hash_and_a_change_is_named(
    tmp_path: Path, where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, [header(), *looks(1)], now=now)
    photo = tmp_path / "photo.tif"
    photo.write_bytes(bytes(3_000_000) + b"end")
    entry = attachments.attach(ledger, photo, by="USA", now=now, role="image")
    again = attachments.attach(ledger, photo, by="USA", now=now, role="image")
    assert (again, ledger.head().size) == (entry, 3)
    body = entry.body
    assert isinstance(body, Attachment)
    assert body.sha256 == hashlib.sha256(photo.read_bytes()).hexdigest()
    with attachments.stream(ledger, body.sha256) as kept:
        assert kept.read() == photo.read_bytes()
    assert list(attachments.findings(ledger)) == []
    kept_at = attachments.folder_of(ledger) / body.sha256[:2] / body.sha256
    kept_at.write_bytes(b"another")
    assert list(attachments.findings(ledger)) == [(3, "photo.tif", "changed")]
    kept_at.unlink()
    assert list(attachments.findings(ledger)) == [(3, "photo.tif", "not here")]
    attachments.attach(ledger, photo, by="USA", now=now)
    ledger.erase(entry.id, reason="r", legal_basis="l", by="b", now=now)
    assert not kept_at.exists()
    assert ledger.verify().holds


# -- approvals ----------------------------------------------------------------------------------


def test_an_approval_is_by_another_person_and_of_the_exact_bytes(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(1), now=now)
    (held,) = ledger.read()
    digest = hashlib.sha256(to_bytes(looks(1)[0])).hexdigest()
    assert digest == content_digest(held)
    good = Clearance(of="look-1", marking="open", proposed_by="A", approved_by="B", sha256=digest)

    def entered(number: int, **change: str) -> None:
        body = msgspec.structs.replace(good, **change)
        (entry,) = looks(1, first=number)
        ledger.append([msgspec.structs.replace(entry, body=body)], now=now)

    with pytest.raises(Faults, match=r"approved_by: found A, expected somebody else"):
        entered(2, approved_by="A")
    with pytest.raises(Faults, match=rf"sha256: found 0+…?.*expected {digest}"):
        entered(2, sha256="0" * 64)
    assert ledger.head().size == 1
    entered(2)


# -- the database -------------------------------------------------------------------------------


def test_a_writer_of_the_database_may_insert_and_select_only(
    postgresql_url: str, looks: Looks, now: datetime
) -> None:
    ledger = create(postgresql_url, looks(2), now=now)
    store = ledger.store
    assert isinstance(store, PostgresqlStore)
    with pytest.raises(InputError, match="CREATE ROLE desk_writer LOGIN"):
        store.allow_writer("desk_writer")
    with psycopg.connect(postgresql_url, autocommit=True) as owner:
        owner.execute("CREATE ROLE desk_writer LOGIN")
    try:
        store.allow_writer("desk_writer")
        writer = postgresql_url.replace("postgres@", "desk_writer@")
        open_ledger(writer).append(looks(1, first=3), now=now)
        for statement in ("DELETE FROM ledger_vault", "UPDATE ledger_entry SET nodes = ''"):
            with psycopg.connect(writer) as connection, pytest.raises(psycopg.DatabaseError):
                connection.execute(statement.encode())
        with pytest.raises(InputError, match="no right to it"):
            open_ledger(writer).erase("look-2", reason="", legal_basis="", by="", now=now)
        assert ledger.verify().size == 3
    finally:
        with psycopg.connect(postgresql_url, autocommit=True) as owner:
            owner.execute("DROP OWNED BY desk_writer")
            owner.execute("DROP ROLE desk_writer")


def test_opening_a_ledger_loads_neither_sqlalchemy_nor_cryptography(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    create(tmp_path / "case.ledger", looks(1), now=now)
    code = (
        "import sys\nfrom excomm.ledger import open_ledger\n"
        "list(open_ledger(sys.argv[1]).read())\n"
        "assert not {'sqlalchemy', 'cryptography', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "case.ledger")], check=True)


def test_the_clock_step_is_told(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(1), now=now)
    ledger.append(looks(2, first=2), now=now - timedelta(hours=1))
    ledger.append(looks(1, first=4), now=now + timedelta(hours=1))
    assert ledger.verify().clock_steps == ((2, "1962-11-12T15:00:00Z"),)


def test_readers_share_connections_and_go_on_where_the_server_lets_go_of_one(
    postgresql_url: str, looks: Looks, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = create(postgresql_url, looks(700), now=now)
    made: list[str] = []
    connect = PostgresqlStore._connect

    def counted(self: PostgresqlStore) -> Any:
        made.append(self.where)
        return connect(self)

    monkeypatch.setattr(PostgresqlStore, "_connect", counted)
    head = ledger.head()
    # One who stops half way leaves nothing behind that others would read from.
    next(ledger.read())
    assert [ledger.head() for _ in range(3)] == [head] * 3
    assert len(list(ledger.read())) == 700
    assert len(made) <= 2
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    assert ledger.head() == head
