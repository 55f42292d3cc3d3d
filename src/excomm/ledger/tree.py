"""The tree over the entries (RFC 6962, section 2; RFC 9162, section 2.1), and its proofs.

Leaf n is stored together with every node that it completes, lowest first: node (level, index)
stands under leaf (index + 1) * 2**level, as number `level`. So nothing is ever rewritten, a new
leaf needs at most twenty older rows of a million, and any proof is one query.

Nothing here knows what a leaf says.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

DIGEST_BYTES = 32
EMPTY = sha256(b"").digest()

# (level, index): the root over leaves index * 2**level to (index + 1) * 2**level, counted from 0.
Place = tuple[int, int]
Nodes = Callable[[Sequence[Place]], Sequence[bytes]]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: a leaf can never pass for an inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: all that is needed to add to it, and its root."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self._peaks = list(peaks)  # roots of the full subtrees, the largest first

    def add(self, leaf: bytes) -> bytes:
        """Take in the next leaf's hash; it and every node it completes, joined, lowest first."""
        made, size, peaks = leaf, self.size, self._peaks
        node = leaf
        while size & 1:
            node = sha256(b"\x01" + peaks.pop() + node).digest()
            made += node
            size >>= 1
        peaks.append(node)
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        """The root over all leaves so far; of none, SHA-256 of nothing."""
        return joined(self._peaks)

    def copy(self) -> "Frontier":
        """One that can go its own way."""
        return Frontier(self.size, self._peaks)


def joined(peaks: Sequence[bytes]) -> bytes:
    """The root over neighbouring full subtrees, the largest first."""
    if not peaks:
        return EMPTY
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def peak_places(start: int, end: int) -> list[Place]:
    """The full subtrees that make up leaves `start` to `end` (end not included).

    start: a multiple of the largest power of two that fits, as all ranges of RFC 6962 are.
    """
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that leaf `index` (from 0) is in the tree of `size` leaves, lowest first."""
    start, end = 0, size
    ranges = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return _roots(ranges[::-1], nodes)


def consistency(old: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `size` leaves begins with the tree of `old`, 0 < old <= size."""
    start, end, complete = 0, size, True
    ranges = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, complete = middle, False
    if not complete:
        ranges.append((start, end))
    return _roots(ranges[::-1], nodes)


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); None where it is none."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(node, root)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            root = node_hash(root, node)
        place >>= 1
        last >>= 1
    return root if last == 0 else None


def consistent(old: int, root: bytes, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The later root that a consistency proof leads to from an older one (RFC 9162, 2.1.4.2).

    None where it is no proof from that root.
    """
    if not 0 < old <= size:
        return None
    if old == size:
        return None if proof else root
    nodes = [root, *proof] if old & (old - 1) == 0 else list(proof)
    if not nodes:
        return None
    place, last = old - 1, size - 1
    while place & 1:
        place >>= 1
        last >>= 1
    older = newer = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            older, newer = node_hash(node, older), node_hash(node, newer)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            newer = node_hash(newer, node)
        place >>= 1
        last >>= 1
    return newer if last == 0 and older == root else None


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return int(1 << ((size - 1).bit_length() - 1))


def _roots(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    places = [peak_places(*one) for one in ranges]
    found = iter(nodes([place for group in places for place in group]))
    return [joined([next(found) for _ in group]) for group in places]
