"""Releases: what they show, and each change to one refused by both verifiers, with its reason."""

import random
import re
import resource
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from excomm.entries import Day, Entry, EntryId, content_digest
from excomm.entries.kinds import CaseHeader, Clearance, Look, Party
from excomm.errors import AnswerIsNo, InputError
from excomm.ledger import Checkpoint, Ledger, create, keys
from excomm.ledger.checkpoint import cosign, public_bytes, sign, vkey
from excomm.ledger.release import FIRST_LINE, MEMBER, approve, make
from excomm.ledger.released import verify_release

NOW = datetime(1962, 11, 12, 16, tzinfo=UTC)
ALONE = Path(__file__).parents[2] / "src" / "excomm" / "ledger" / "verify_release.py"
MARKINGS = ("open", "secret", "restricted", "open//REL USSR")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A case of twenty looks, markings in turn, seen by one witness."""
    opens = datetime(1962, 10, 14, tzinfo=UTC)
    entries = [
        Entry(
            id=EntryId("case"),
            occurred=Day(opens.date()),
            recorded=opens,
            body=CaseHeader(title="A case", zone="UTC", opens=date(1962, 10, 14)),
        ),
        Entry(
            id=EntryId("USSR"), occurred=Day(opens.date()), recorded=opens, body=Party(name="USSR")
        ),
        *(
            Entry(
                id=EntryId(f"look-{number}"),
                occurred=Day((opens + timedelta(days=number)).date()),
                recorded=opens + timedelta(days=number),
                body=Look(means="low-level", outcome="made", sites=("san-cristobal",)),
                source=f"photo {number}",
                marking=MARKINGS[number % 4],
            )
            for number in range(1, 21)
        ),
    ]
    made = create(tmp_path / "case.ledger", entries, now=NOW)
    key = keys.generate()
    head = made.checkpoint()
    witness = vkey("UK", public_bytes(key))
    made.witnessed(head.signed(cosign(head, key, "UK", 1_700_000_000)), witness)
    return made


@pytest.fixture
def whole(ledger: Ledger, tmp_path: Path) -> Path:
    make(ledger, tmp_path / "release.zip", to="restricted", on="1962-10-30")
    return tmp_path / "release.zip"


def lines_of(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return archive.read(MEMBER).splitlines(keepends=True)


def written(path: Path, lines: list[bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, b"".join(lines))
    return path


def signed_again(ledger: Ledger, lines: list[bytes]) -> list[bytes]:
    """What a desk that cheats itself would hand out."""
    digest = sha256(b"".join(lines[:-1])).digest()
    signature = ledger.signing_key().sign(FIRST_LINE + digest)
    return [*lines[:-1], b"sig " + b64encode(signature) + b"\n"]


def both(path: Path, held: tuple[Checkpoint, ...] = ()) -> tuple[str, str]:
    """What the two verifiers say; empty where the release holds."""
    ours = ""
    try:
        verify_release(path, held)
    except (AnswerIsNo, InputError) as refused:
        ours = f"{refused.exit_status} {refused}"
    heads = path.with_name("held")
    heads.write_text("\n".join(map(str, held)), encoding="utf8")
    ran = subprocess.run(
        [sys.executable, ALONE, path, "--heads", heads], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ran.stderr
    return ours, f"{ran.returncode} {ran.stderr}" if ran.returncode else ""


def test_a_release_shows_an_audience_what_it_may_see_and_the_place_of_the_rest(
    ledger: Ledger, whole: Path
) -> None:
    found = verify_release(whole, [ledger.checkpoint()])
    assert (found.to, found.on, found.witnesses) == ("restricted", "1962-10-30", ("UK",))
    # look-1 to look-16 were known; of those every fourth is secret, every fourth for USSR alone.
    assert (found.shown, found.reasons) == (10, {"marking": 10, "later": 2})
    text = b"".join(lines_of(whole))
    assert b'"look-2"' in text
    assert b'"look-1"' not in text
    assert b'"look-18"' not in text
    assert both(whole, (ledger.checkpoint(),)) == ("", "")


def test_a_party_sees_what_is_open_and_releasable_to_it(ledger: Ledger, tmp_path: Path) -> None:
    make(ledger, tmp_path / "r", to="USSR", on="1962-12-31")
    found = verify_release(tmp_path / "r")
    assert (found.shown, found.reasons) == (12, {"marking": 10})


def test_fields_stay_back_one_by_one_and_padding_beside_them_looks_the_same(
    ledger: Ledger, tmp_path: Path
) -> None:
    made = make(ledger, tmp_path / "r", to="secret", on="1962-12-31", withhold=["source"])
    text = b"".join(lines_of(tmp_path / "r"))
    assert b"photo" not in text
    entry = text[text.index(b'"look-2"') :]
    bare = re.findall(rb"^- \S+ (\S+)$", entry.partition(b"\n= ")[0], re.MULTILINE)
    assert (len(bare) > 1, set(bare)) == (True, {b"field"})
    assert verify_release(tmp_path / "r").digest == made.digest
    assert both(tmp_path / "r") == ("", "")


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("what", "Did you mean body.what?"),
        ("sorce", "Did you mean source?"),
        ("xyz", "Write source, note, body.what, or another by its column."),
    ],
)
def test_a_field_to_keep_back_that_is_none_stops_the_release(
    ledger: Ledger, tmp_path: Path, field: str, remedy: str
) -> None:
    with pytest.raises(InputError) as refused:
        make(ledger, tmp_path / "r", to="secret", on="1962-12-31", withhold=["source", field])
    told = f"--withhold: found {field}, expected a field of an entry. {remedy}"
    assert str(refused.value) == told
    assert not (tmp_path / "r").exists()


def test_the_same_release_has_the_same_bytes(ledger: Ledger, tmp_path: Path, whole: Path) -> None:
    make(ledger, tmp_path / "again", to="restricted", on="1962-10-30")
    assert (tmp_path / "again").read_bytes() == whole.read_bytes()


def test_only_the_bytes_that_were_approved_go_out(ledger: Ledger, tmp_path: Path) -> None:
    shown = make(ledger, tmp_path / "shown", to="open", on="1962-12-31")
    ask = {"to": "open", "on": "1962-12-31", "approved": shown.digest}
    made = make(ledger, tmp_path / "same", **ask)
    approve(ledger, made, to="open", proposed_by="A", approved_by="B", now=NOW)
    with pytest.raises(InputError, match=r"--sha256: found .* entries came since"):
        make(ledger, tmp_path / "other", **ask)
    assert not (tmp_path / "other").exists()
    assert verify_release(tmp_path / "same").digest == shown.digest
    assert [str(entry.id) for entry in ledger.read()][-1] == f"release-{made.digest[:16]}"


def test_a_few_entries_go_out_alone(ledger: Ledger, tmp_path: Path) -> None:
    made = make(ledger, tmp_path / "r", to="open", on="1962-12-31", only=["look-8", "look-4"])
    assert (made.shown, made.withheld) == (2, 0)
    assert both(tmp_path / "r", (ledger.checkpoint(), ledger.checkpoint(7))) == ("", "")
    lines = lines_of(tmp_path / "r")
    at = max(number for number, line in enumerate(lines) if line.startswith(b"<"))
    lines[at] = b"< " + b64encode(bytes(32)) + b"\n"
    for said in both(written(tmp_path / "r2", signed_again(ledger, lines))):
        assert said.startswith("1 ")
        assert "entry 6 is not in the head" in said
    with pytest.raises(InputError, match="--entry: found look-1, expected an entry that the"):
        make(ledger, tmp_path / "r3", to="open", on="1962-12-31", only=["look-1"])
    assert not (tmp_path / "r3").exists()


def test_erased_and_lowered_entries_are_told(ledger: Ledger, tmp_path: Path) -> None:
    ledger.erase("look-2", reason="r", legal_basis="l", by="b", now=NOW)
    (secret,) = (entry for entry in ledger.read() if entry.id == "look-1")
    body = Clearance(
        of="look-1",
        marking="open",
        proposed_by="A",
        approved_by="B",
        sha256=content_digest(secret),
    )
    lowering = Entry(id=EntryId("lower-1"), occurred=Day(NOW.date()), recorded=NOW, body=body)
    ledger.append([lowering], now=NOW)
    make(ledger, tmp_path / "r", to="open", on="1962-12-31")
    assert verify_release(tmp_path / "r").reasons["erased"] == 1
    assert b'"look-1"' in b"".join(lines_of(tmp_path / "r"))


def moved(lines: list[bytes], start: bytes, number: int) -> int:
    return [at for at, line in enumerate(lines) if line.startswith(start)][number]


def move_a_field(lines: list[bytes]) -> list[bytes]:
    at = next(at for at, line in enumerate(lines) if b'"source"' in line)
    field = lines.pop(at)
    lines.insert(moved(lines, b"= ", -1) + 2, field)
    return lines


def swap(lines: list[bytes]) -> list[bytes]:
    first, second = moved(lines, b"x ", 0), moved(lines, b"x ", 1)
    lines[first], lines[second] = lines[second], lines[first]
    return lines


def swap_leaves(lines: list[bytes]) -> list[bytes]:
    first, second = moved(lines, b"x ", 0), moved(lines, b"x ", 1)
    one, other = lines[first].split(), lines[second].split()
    one[2], other[2] = other[2], one[2]
    lines[first], lines[second] = b" ".join(one) + b"\n", b" ".join(other) + b"\n"
    return lines


def drop(number: int) -> Callable[[list[bytes]], list[bytes]]:
    def change(lines: list[bytes]) -> list[bytes]:
        starts = [at for at, line in enumerate(lines) if line[:2] in (b"= ", b"x ")]
        place = len(starts) // 2 if number == 1 else number
        start = starts[place]
        end = next((at for at in starts if at > start), len(lines) - 1)
        return lines[:start] + lines[end:]

    return change


def change_a_reason(lines: list[bytes]) -> list[bytes]:
    at = moved(lines, b"x ", 0)
    lines[at] = lines[at].replace(b"marking", b"erased")
    return lines


def duplicate_a_field(lines: list[bytes]) -> list[bytes]:
    at = moved(lines, b"[", 3)
    return [*lines[: at + 1], lines[at], *lines[at + 1 :]]


def change_a_value(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'"photo 4"', b'"photo 5"') for line in lines]


def strip_the_witness(lines: list[bytes]) -> list[bytes]:
    header = msgspec.json.decode(lines[1])
    header["witnesses"] = []
    text = header["checkpoint"].splitlines(keepends=True)
    header["checkpoint"] = "".join(line for line in text if not line.startswith("— UK"))
    lines[1] = msgspec.json.encode(header) + b"\n"
    return lines


def strip_its_line(lines: list[bytes]) -> list[bytes]:
    header = msgspec.json.decode(lines[1])
    text = header["checkpoint"].splitlines(keepends=True)
    header["checkpoint"] = "".join(line for line in text if not line.startswith("— UK"))
    lines[1] = msgspec.json.encode(header) + b"\n"
    return lines


def re_encode(lines: list[bytes]) -> list[bytes]:
    lines[1] = msgspec.json.format(lines[1].strip(), indent=0).replace(b":", b": ", 1) + b"\n"
    return lines


def re_encode_a_field(lines: list[bytes]) -> list[bytes]:
    at = moved(lines, b"[", 5)
    lines[at] = lines[at].replace(b'","', b'", "', 1)
    return lines


def for_another(lines: list[bytes]) -> list[bytes]:
    lines[1] = lines[1].replace(b'"to":"restricted"', b'"to":"open"')
    return lines


# The change, the reason, and whether a desk that signs it again is refused as well.
CHANGES = [
    (move_a_field, r"entry 4: its fields do not lead to its leaf", True),
    (swap, r"entry 3 is not in its place", True),
    (swap_leaves, r"its entries do not lead to its head", True),
    (drop(0), r"entry 1 is not in its place", True),
    (drop(1), r"entry 12 is not in its place", True),
    (drop(-1), r"there are 21 entries of 22", True),
    (change_a_reason, r"changed after it was signed", False),
    (duplicate_a_field, r"entry 1: a field stands there twice", True),
    (change_a_value, r"entry 6: its fields do not lead to its leaf", True),
    (strip_the_witness, r"witness .*of the held head is missing", True),
    (strip_its_line, r"the witness UK did not sign", True),
    (re_encode, r"changed after it was signed", False),
    (re_encode_a_field, r"entry 1: ", True),
    (for_another, r"changed after it was signed", False),
]


@pytest.mark.parametrize(("change", "reason", "also"), CHANGES)
def test_a_changed_release_is_refused_with_its_reason_by_both_verifiers(
    ledger: Ledger,
    whole: Path,
    tmp_path: Path,
    change: Callable[[list[bytes]], list[bytes]],
    reason: str,
    also: bool,
) -> None:
    held = (ledger.checkpoint(),)
    lines = change(lines_of(whole))
    for said in both(written(tmp_path / "changed", lines), held):
        assert said.startswith("1 ")
        assert re.search(reason, said), said
    if also:
        for said in both(written(tmp_path / "again", signed_again(ledger, lines)), held):
            assert re.search(reason, said), said


def test_an_older_head_and_a_rewritten_ledger_are_refused_by_both(
    ledger: Ledger, whole: Path, tmp_path: Path
) -> None:
    early = ledger.checkpoint()
    (look,) = (entry for entry in ledger.read() if entry.id == "look-2")
    ledger.append([msgspec.structs.replace(look, id=EntryId("more"))], now=NOW)
    for said in both(whole, (ledger.checkpoint(),)):
        assert "older than a held head: 22 entries, 23 held" in said
    make(ledger, tmp_path / "r", to="open", on="1962-12-31")
    assert both(tmp_path / "r", (early, ledger.checkpoint())) == ("", "")
    forged = sign(Checkpoint(ledger.origin, 9, bytes(32)), ledger.signing_key())
    for said in both(tmp_path / "r", (forged,)):
        assert "entries 1 to 9 are not those of the held head" in said


def test_a_key_that_was_replaced_signs_no_release(ledger: Ledger, tmp_path: Path) -> None:
    old = ledger.signing_key()
    ledger.rotate()
    (look,) = (entry for entry in ledger.read() if entry.id == "look-2")
    ledger.append([msgspec.structs.replace(look, id=EntryId("more"))], now=NOW)
    make(ledger, tmp_path / "r", to="open", on="1962-12-31")
    assert both(tmp_path / "r", (ledger.checkpoint(),)) == ("", "")
    lines = lines_of(tmp_path / "r")
    header = msgspec.json.decode(lines[1])
    head = ledger.checkpoint()
    bare = Checkpoint(head.origin, head.size, head.root)
    header["checkpoint"] = str(sign(bare, old))
    lines[1] = msgspec.json.encode(header) + b"\n"
    for said in both(written(tmp_path / "stale", lines)):
        assert "signed by a key that had been replaced at entry 22" in said
    # The newer key left out: held heads are of a key that the release does not know.
    header["keys"] = header["keys"][:1]
    lines[1] = msgspec.json.encode(header) + b"\n"
    signature = old.sign(FIRST_LINE + sha256(b"".join(lines[:-1])).digest())
    lines[-1] = b"sig " + b64encode(signature) + b"\n"
    for said in both(written(tmp_path / "hidden", lines), (head,)):
        assert "is not signed by this ledger" in said


def test_a_release_that_cannot_be_read_is_told(ledger: Ledger, whole: Path, tmp_path: Path) -> None:
    other = create(tmp_path / "other.ledger", list(ledger.read()), now=NOW)
    ours, alone = both(whole, (other.checkpoint(),))
    assert ours.startswith("2 heads: found a head of excomm.ledger/")
    assert alone == f"2 {whole}: refused: a head is of another ledger, {other.origin}\n"
    (tmp_path / "no-heads").write_text("not a head\n", encoding="utf8")
    call = [sys.executable, str(ALONE), str(whole), "--heads", str(tmp_path / "no-heads")]
    ran = subprocess.run(call, capture_output=True, text=True, check=False)
    said_alone = f"{whole}: refused: no head begins: not a head\n"
    assert (ran.returncode, ran.stderr) == (2, said_alone)
    data = whole.read_bytes()
    (tmp_path / "half").write_bytes(data[: len(data) // 2])
    for said in both(tmp_path / "half"):
        assert said.startswith("2 ")
    lines = lines_of(whole)
    for said in both(written(tmp_path / "cut", lines[: len(lines) // 2])):
        assert said.startswith(("1 ", "2 "))
    with pytest.raises(InputError, match="found something of that name"):
        make(ledger, whole, to="open", on="1962-10-30")
    for to, on, said in (
        ("topsecret", "1962-10-30", "--to: found topsecret, expected a clearance or a party"),
        ("open", "1962-02-30", "--on: found 1962-02-30, expected a day that exists"),
    ):
        with pytest.raises(InputError, match=re.escape(said)):
            make(ledger, tmp_path / "none", to=to, on=on)
    assert not (tmp_path / "none").exists()


@pytest.mark.long
def test_a_release_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(MEMBER, "w", force_zip64=True) as member,
    ):
        for _ in range(128):
            member.write(bytes(1 << 24))
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ours, alone = both(path)
    assert ours.startswith(f"2 {path}: found a release of more than 1 GB")
    assert alone == f"2 {path}: refused: over 1 GB\n"
    # Neither inflates it first.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began < 2


def test_any_flipped_bit_of_a_release_is_refused_by_both(
    ledger: Ledger, whole: Path, tmp_path: Path
) -> None:
    text, chance = b"".join(lines_of(whole)), random.Random(19621112)
    for _ in range(12):
        place = chance.randrange(len(text))
        changed = bytearray(text)
        changed[place] ^= 1 << chance.randrange(8)
        for said in both(written(tmp_path / "flipped", [bytes(changed)])):
            assert said.startswith(("1 ", "2 ")), place


def test_the_verifier_inside_a_release_is_this_one_and_short(whole: Path) -> None:
    with zipfile.ZipFile(whole) as archive:
        assert archive.read("verify_release.py") == ALONE.read_bytes()
    text = ALONE.read_text(encoding="utf8")
    assert len(text.splitlines()) < 150
    assert "excomm." not in re.sub(r"excomm\.ledger/", "", text)
