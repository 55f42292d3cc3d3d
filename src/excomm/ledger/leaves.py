"""Leaves by the thousand, computed on all cores: hashing is most of what a long ledger costs.

Each hasher is a process that reads pairs of secret and bytes and answers with their leaves. It sees
nothing else, keeps nothing, and ends with whoever started it. For few entries, and where there is
one core, everything is computed here.
"""

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TYPE_CHECKING, TypeVar

import msgspec

from excomm.errors import EnvironmentFault
from excomm.ledger.commitment import NoFields, entry_leaf

if TYPE_CHECKING:
    from concurrent.futures import Future

C = TypeVar("C")
# Secret and bytes of an entry; None where they are not there, or are no bytes.
Pair = tuple[bytes, bytes] | None
Leaf = bytes | None  # None: of no pair, or of bytes that are no entry's

SHORT = 50_000  # entries, for which no process is worth its start
START = f"from {__name__} import main; main()"
_LENGTH_BYTES = 4
_PAIRS = msgspec.msgpack.Decoder(list[Pair])
_LEAVES = msgspec.msgpack.Decoder(list[Leaf])


def with_leaves(
    chunks: Iterable[C], pairs_of: Callable[[C], Sequence[Pair]]
) -> Iterator[tuple[C, list[Leaf]]]:
    """Each chunk with the leaves of its pairs, in order; only a few chunks are under way at once.

    Raises EnvironmentFault where a hasher ends before its time.
    """
    chunks = iter(chunks)
    done = 0
    for chunk in chunks:
        if done >= SHORT and cores() > 1:
            chunks = chain((chunk,), chunks)
            break
        pairs = pairs_of(chunk)
        yield chunk, leaves(pairs)
        done += len(pairs)
    else:
        return
    with Hashers(cores()) as hashers:
        under_way: deque[tuple[C, Future[list[Leaf]]]] = deque()
        for chunk in chunks:
            under_way.append((chunk, hashers.begin(pairs_of(chunk))))
            if len(under_way) > 2 * hashers.number:
                first, found = under_way.popleft()
                yield first, found.result()
        while under_way:
            first, found = under_way.popleft()
            yield first, found.result()


def leaves(pairs: Iterable[Pair]) -> list[Leaf]:
    """The leaf of each pair."""
    return [None if pair is None else _leaf(*pair) for pair in pairs]


def main() -> None:
    """Answer whoever started this process until he closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # nothing here goes in a circle
    while (asked := _received(sys.stdin.buffer)) is not None:
        _send(sys.stdout.buffer, msgspec.msgpack.encode(leaves(_PAIRS.decode(asked))))


def _leaf(secret: bytes, body: bytes) -> Leaf:
    try:
        return entry_leaf(secret, body)
    except NoFields:
        return None


def cores() -> int:
    """How many processes can run at once; 1 where none can be started."""
    if not sys.executable:
        return 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class Hashers:
    """So many processes, each asked by one thread at a time; all end with the block."""

    def __init__(self, number: int) -> None:
        # Most programs that open a ledger never ask for so many leaves.
        import subprocess
        from concurrent.futures import ThreadPoolExecutor

        self.number = number
        self._threads = ThreadPoolExecutor(number)
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        # The child finds what this process found, and nothing in the folder that it runs in.
        paths = os.pathsep.join(path for path in sys.path if path)
        call = [sys.executable, "-P", "-c", START]
        self.processes = [
            subprocess.Popen(
                call,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": paths},
            )
            for _ in range(number)
        ]
        for process in self.processes:
            self._free.put(process)

    def begin(self, pairs: Sequence[Pair]) -> "Future[list[Leaf]]":
        """The leaves of these, as soon as a process has computed them."""
        return self._threads.submit(self._asked, pairs)

    def __enter__(self) -> "Hashers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self.processes:
            process.kill()  # it holds nothing that is not here
            process.communicate()

    def _asked(self, pairs: Sequence[Pair]) -> list[Leaf]:
        process = self._free.get()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                _send(process.stdin, msgspec.msgpack.encode(pairs))
                answer = _received(process.stdout)
            except BrokenPipeError:
                answer = None
            if answer is None:
                raise EnvironmentFault(
                    f"A process that computed hashes has ended, status {process.wait()}. "
                    "Nothing was decided: run it again, where there is memory for it."
                )
            return _LEAVES.decode(answer)
        finally:
            self._free.put(process)


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(data)
    pipe.flush()


def _received(pipe: IO[bytes]) -> bytes | None:
    length = pipe.read(_LENGTH_BYTES)
    data = pipe.read(int.from_bytes(length, "big"))
    return data if len(length) == _LENGTH_BYTES and data else None
