"""A second opinion: which statements a model of sentences would have read otherwise.

It never changes what was read. Where it differs by more than the margins below, the statement gets
a doubt, so that a person looks at it among the first; a doubt that is there already stays. The
model only turns words into vectors; what those say is fitted to the examples (ridge regression,
one output for each class of act).
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np

from excomm.record.examples import EXAMPLES
from excomm.record.lexicon import ACT_CLASS
from excomm.record.model import Record, Statement
from excomm.record.repaired import Cut
from excomm.sentences import Encoder, Vectors

ORDER_MIN = 0.48
"""How near to orders and promises a statement without a directive must be."""
MARGIN_MIN = 0.27
"""By how much another class of act must lead."""
_RIDGE = 1.0
_CHARS_MAX = 300
_CLASSES = tuple(EXAMPLES)
_DID = {
    "assert": "said",
    "ask": "asked",
    "propose": "suggested",
    "direct": "directed",
    "agree": "agreed",
    "object": "objected",
    "caution": "cautioned",
    "commit": "undertaken",
}
_BY = "a sentence model's second opinion"


class Opinion(NamedTuple):
    """order: how near a statement is to orders and promises. acts: to each class of act."""

    order: float
    acts: dict[str, float]


def second_opinion(record: Record, encoder: Encoder) -> Record:
    """The same reading with a doubt where the model differs.

    encoder: turns texts into vectors of length 1, rows alike where the texts mean the same.
    """
    found = zip(record.statements, opinions(record, encoder), strict=True)
    ordered = [(one.start, one.end) for one in record.directives]
    statements = tuple(
        msgspec.structs.replace(one, doubt=one.doubt or _doubt(one, opinion, ordered))
        for one, opinion in found
    )
    return msgspec.structs.replace(record, statements=statements)


def opinions(record: Record, encoder: Encoder) -> list[Opinion]:
    """What the model makes of each statement, in order."""
    if not record.statements:
        return []
    cut = Cut(record)
    texts = [cut.words(one.start, one.end)[:_CHARS_MAX] for one in record.statements]
    scores: Vectors = np.matmul(_with_constant(encoder.encode(texts)), _fitted(encoder))
    order = [_CLASSES.index("direct"), _CLASSES.index("commit")]
    return [
        Opinion(
            float(row[order].sum()),
            {name: float(score) for name, score in zip(_CLASSES, row, strict=True)},
        )
        for row in scores
    ]


def _doubt(one: Statement, opinion: Opinion, ordered: list[tuple[int, int]]) -> str:
    holds = any(start < one.end and one.start < end for start, end in ordered)
    if opinion.order > ORDER_MIN and not holds:
        return f"may be an order or a promise that was not read as one ({_BY})"
    best = max(opinion.acts, key=lambda name: opinion.acts[name])
    if opinion.acts[best] - opinion.acts[ACT_CLASS[one.act]] > MARGIN_MIN:
        return f"may be {_DID[best]} rather than {one.act} ({_BY})"
    return ""


@lru_cache(maxsize=2)
def _fitted(encoder: Encoder) -> Vectors:
    """Weights, (vector and constant, classes)."""
    texts = [text for examples in EXAMPLES.values() for text in examples]
    wanted = np.repeat(np.eye(len(_CLASSES)), [len(of) for of in EXAMPLES.values()], axis=0)
    given = _with_constant(encoder.encode(texts)).astype(np.float64)
    square = given.T @ given + _RIDGE * np.eye(given.shape[1])
    weights: Vectors = np.linalg.solve(square, given.T @ wanted).astype(np.float32)
    return weights


def _with_constant(vectors: Vectors) -> Vectors:
    return np.hstack([vectors, np.ones((len(vectors), 1), dtype=np.float32)])
