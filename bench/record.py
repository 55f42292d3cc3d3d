"""The record: how well neighbouring styles are read, how fast, and whether time grows with length.

python bench/record.py: prints the four figures for each invented text of tests/record/styles.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from excomm.record import read

_TESTS = Path(__file__).parent.parent / "tests/record/test_record_styles.py"


def main() -> None:
    """Print the tables."""
    _quality(_styles())


def _styles() -> ModuleType:
    spec = importlib.util.spec_from_file_location("record_styles", _TESTS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["record_styles"] = module
    spec.loader.exec_module(module)
    return module


def _quality(styles: ModuleType) -> None:
    print(f"{'text':24}", *(f"{name:>19}" for name in styles.FIGURES))
    sums = [styles.Counts(0, 0, 0)] * 4
    for path in sorted(styles.STYLES.glob("*.txt")):
        one = styles.styled(path)
        found = styles.counts(one, read(one.text))
        sums = [a.plus(b) for a, b in zip(sums, found, strict=True)]
        print(f"{one.name:24}", *(_figure(each) for each in found))
    print(f"{'all':24}", *(_figure(each) for each in sums))


def _figure(found: tuple[int, int, int]) -> str:
    right, given, wanted = found
    share = 2 * right / (given + wanted) if given + wanted else 1.0
    return f"{share:>7.3f} {right:>3}/{given}/{wanted}".ljust(19)


if __name__ == "__main__":
    main()
