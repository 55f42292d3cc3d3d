"""Verifies a release of an excomm ledger: python verify_release.py RELEASE [--heads FILE]
Needs Python and its package `cryptography`. Without heads held elsewhere, rewriting is not seen.
Exit status: 0 it holds; 1 it does not, with the reason; 2 it is no release, or the call is wrong.
"""

import json
import sys
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIRST, BYTES_MAX = b"excomm release, format 2\n", 1 << 30


def require(holds: object, reason: str, fault: type[Exception] = AssertionError) -> None:
    if not holds:
        raise fault(reason)


def sha(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def genuine(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signed(head: Any, name: str, kind: int, public: bytes) -> bool:  # kind 1 ledger, 4 witness
    key = sha(name.encode(), b"\n", bytes([kind]), public)[:4]
    for data in (line[2] for line in head[4] if line[:2] == (name, key)):
        when = b"cosignature/v1\ntime %d\n" % int.from_bytes(data[:-64], "big")
        said = head[3] if kind == 1 else when + head[3]
        if len(data) == (64 if kind == 1 else 72) and genuine(public, data[-64:], said):
            return True
    return False


def heads(text: str) -> Iterator[Any]:  # origin, size, root, what is signed, [(name, key, data)]
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    while lines:
        require(lines[2:] and lines[1].isdecimal(), f"no head begins: {lines[0]}", ValueError)
        origin, size, root, *lines = lines
        body, under = f"{origin}\n{size}\n{root}\n".encode(), []
        while lines and lines[0].startswith("\N{EM DASH} "):
            _, name, line = lines.pop(0).split(" ")
            under.append((name, b64decode(line)[:4], b64decode(line)[4:]))
        yield origin, int(size), b64decode(root), body, under


def signer(head: Any, origin: str, keys: list[Any]) -> bytes:  # the ledger's key of that time
    require(head[0] == origin, f"a head is of another ledger, {head[0]}")
    at = next((at for at, key in enumerate(keys) if signed(head, origin, 1, key[1])), None)
    require(at is not None, f"the head of {head[1]} entries is not signed by this ledger")
    until = [*(key[0] for key in keys[at + 1 :]), head[1]][0]  # type: ignore[operator]
    require(head[1] <= until, f"signed by a key that had been replaced at entry {until}")
    return bytes(keys[at][1])  # type: ignore[index]


def root_of(row: list[bytes]) -> bytes:  # RFC 6962: in pairs; an odd one goes up as it is
    while len(row) > 1:
        pairs = [sha(b"\x01", *row[at : at + 2]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) - len(row) % 2 :]
    return row[0] if row else sha()


def led_to(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:  # RFC 6962
    require(bool(proof) == (size > 1), "an inclusion proof is of another length")
    if not proof:
        return leaf
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return sha(b"\x01", led_to(leaf, index, half, proof[:-1]), proof[-1])
    return sha(b"\x01", proof[-1], led_to(leaf, index - half, size - half, proof[:-1]))


def check(lines: list[bytes], held: list[Any]) -> str:  # AssertionError where it does not hold
    header, at, leaves = json.loads(lines[1]), 2, list[bytes]()
    origin, some = header["origin"], header["entries"] == "some"
    keys = [(since, bytes.fromhex(key), bytes.fromhex(by)) for since, key, by in header["keys"]]
    name = sha(b"excomm ledger, format 2\n", header["schema"].encode(), b"\n", keys[0][1]).hex()
    require(origin == f"excomm.ledger/{name[:32]}", "the ledger's name is not that of its key")
    for (_, before, _), (since, key, by) in pairwise(keys):
        said = f"excomm ledger key, format 2\n{origin}\n{since}\n{key.hex()}\n".encode()
        require(genuine(before, by, said), f"the key from entry {since} on is not vouched for")
    (head,) = heads(header["checkpoint"])
    public, size = signer(head, origin, keys), head[1]
    for name, _, key in (witness.split("+", 2) for witness, _ in header["witnesses"]):
        require(signed(head, name, 4, b64decode(key)[1:]), f"the witness {name} did not sign")
    while at < len(lines) - 1:
        mark, number, text, *why = lines[at].split()
        seq, leaf, at = int(number), b64decode(text), at + 1
        require(some or seq == len(leaves) + 1, f"entry {len(leaves) + 1} is not in its place")
        leaves.append(leaf)
        if mark == b"x" and why and not some:
            continue
        require(mark == b"=", f"entry {seq}: neither shown nor withheld")
        parts: dict[bytes, list[bytes]] = {b"[": [], b"-": [], b"<": []}
        while (line := lines[at])[:1] in parts:
            parts[line[:1]].append(line[:-1] if line[:1] == b"[" else b64decode(line.split()[1]))
            at += 1
        paths = {json.loads(one)[1] for one in parts[b"["]}
        require(len(paths) == len(parts[b"["]), f"entry {seq}: a field stands there twice")
        digests = sorted(parts[b"-"] + [sha(one) for one in parts[b"["]])
        fits = sha(b"\x00", len(digests).to_bytes(2, "big"), root_of(digests)) == leaf
        require(fits and len(digests) % 8 == 0, f"entry {seq}: its fields do not lead to its leaf")
        led = not some or led_to(leaf, seq - 1, size, parts[b"<"]) == head[2]
        require(led, f"entry {seq} is not in the head")
    require(some or len(leaves) == size, f"there are {len(leaves)} entries of {size}")
    require(some or root_of(leaves) == head[2], "its entries do not lead to its head")
    for one in held:  # of a newer head than a held one, entries alone say nothing
        require(one[0] == origin, f"a head is of another ledger, {one[0]}", ValueError)
        signer(one, origin, keys)
        require(one[1] <= size, f"older than a held head: {size} entries, {one[1]} held")
        known = (one if some and one[1] < size else head)[2] if some else root_of(leaves[: one[1]])
        require(known == one[2], f"entries 1 to {one[1]} are not those of the held head")
        lost = {line[:2] for line in one[4]} - {line[:2] for line in head[4]}
        require(one[1] < size or not lost, "a witness of the held head is missing")
    whole = genuine(public, b64decode(lines[-1][4:]), FIRST + sha(*lines[:-1]))
    require(whole and lines[0] == FIRST and lines[-1][:4] == b"sig ", "changed after it was signed")
    shown = f"{sum(one[:1] == b'=' for one in lines)} entries of {size} to {header['to']}"
    return f"{shown}, {header['on']}: it holds; {len(held)} held heads agree."


def main(path: str = "", *rest: str) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            require(archive.getinfo("release.txt").file_size < BYTES_MAX, "over 1 GB", OSError)
            lines = archive.read("release.txt").splitlines(keepends=True)
        text = Path(rest[1]).read_text("utf8") if rest[:1] == ("--heads",) else ""
        print(check(lines, list(heads(text))))
    except Exception as fault:
        print(f"{path}: refused: {fault}", file=sys.stderr)
        return 1 if isinstance(fault, AssertionError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
