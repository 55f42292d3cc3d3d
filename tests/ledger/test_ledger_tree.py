"""The tree and its proofs, against others' roots and against the definition."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.ledger.tree import (
    DIGEST_BYTES,
    EMPTY,
    Frontier,
    Place,
    consistency,
    consistent,
    included,
    inclusion,
    leaf_hash,
    node_hash,
    peak_places,
)

# The leaves and roots of certificate-transparency's merkle tests (merkletree/merkle_tree_test.cc).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_roots_are_those_of_certificate_transparency() -> None:
    tree = Frontier()
    assert tree.root == EMPTY
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.add(leaf_hash(leaf))
        assert tree.root.hex() == root


def defined(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while 2 * half < len(leaves):
        half *= 2
    return node_hash(defined(leaves[:half]), defined(leaves[half:]))


def grown(size: int) -> tuple[list[bytes], Callable[[Sequence[Place]], list[bytes]]]:
    leaves = [leaf_hash(str(index).encode()) for index in range(size)]
    tree = Frontier()
    rows = [tree.add(leaf) for leaf in leaves]

    def nodes(places: Sequence[Place]) -> list[bytes]:
        return [
            rows[((index + 1) << level) - 1][DIGEST_BYTES * level : DIGEST_BYTES * (level + 1)]
            for level, index in places
        ]

    return leaves, nodes


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_every_proof_of_a_small_tree_leads_to_its_root(size: int) -> None:
    leaves, nodes = grown(size)
    root = defined(leaves)
    for index, leaf in enumerate(leaves):
        assert included(leaf, index, size, inclusion(index, size, nodes)) == root
    for old in range(1, size + 1):
        proof = consistency(old, size, nodes)
        assert consistent(old, defined(leaves[:old]), size, proof) == root


@given(size=st.integers(1, 300), data=st.data())
def test_no_proof_leads_from_what_is_not_there(size: int, data: st.DataObject) -> None:
    leaves, nodes = grown(size)
    root = defined(leaves)
    assert Frontier(size, nodes(peak_places(0, size))).root == root
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, nodes)
    assert included(leaves[index], index, size, proof) == root
    assert included(leaf_hash(b"another"), index, size, proof) != root
    other = data.draw(st.integers(0, size - 1).filter(lambda at: at != index or size == 1))
    assert other == index or included(leaves[index], other, size, proof) != root
    assert included(leaves[index], index, size, [*proof, bytes(32)]) is None
    assert not proof or included(leaves[index], index, size, proof[:-1]) is None
    old = data.draw(st.integers(1, size))
    proof = consistency(old, size, nodes)
    before = defined(leaves[:old])
    assert consistent(old, before, size, proof) == root
    assert consistent(old, bytes(32), size, proof) != root
    assert consistent(size + 1, before, size, proof) is None
    for at in range(len(proof)):
        changed = [*proof[:at], bytes(32), *proof[at + 1 :]]
        assert consistent(old, before, size, changed) != root
