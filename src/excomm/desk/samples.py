"""Cases to look at and to practise on: those that come with the product.

A sample is read-only and open to whoever sits at the desk; it holds public history and nothing of
anybody here. A practice case is a ledger made of one, in the desk's own folder: whatever is done in
it can be thrown away. Neither is ever mixed with a case of one's own.
"""

import shutil
import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from excomm import folder
from excomm.case import SHIPPED, shipped_cases
from excomm.desk.served import Served
from excomm.ledger import create

_SAMPLE, _PRACTICE = "sample-", "practice-"
_LEDGER, _BEGUN = "case.ledger", "begun"


@lru_cache(maxsize=1)
def titles() -> Mapping[str, str]:
    """The shipped cases by name, with their titles; none of them is opened for it."""
    found = {}
    for name in shipped_cases():
        header = tomllib.loads((SHIPPED / name / "case.toml").read_text(encoding="utf-8"))
        found[name] = str(header["title"])
    return found


def samples() -> dict[str, Served]:
    """The shipped cases by the word that stands for each in addresses."""
    return {f"{_SAMPLE}{name}": Served(str(SHIPPED / name)) for name in titles()}


def sample_word(name: str) -> str:
    """The word for a shipped case in addresses."""
    return f"{_SAMPLE}{name}"


class Practice:
    """The practice cases in a folder of the desk's own."""

    def __init__(self, where: Path) -> None:
        self._where = where

    @staticmethod
    def word(name: str) -> str:
        """The word for the practice case of a shipped one in addresses."""
        return f"{_PRACTICE}{name}"

    def cases(self) -> dict[str, Served]:
        """Those that were begun, by their words."""
        ledgers = ((name, self._where / name / _LEDGER) for name in titles())
        return {self.word(name): Served(str(path)) for name, path in ledgers if path.is_file()}

    def begin(self, name: str, *, now: datetime) -> Served:
        """A fresh ledger of a shipped case; an earlier one of it is thrown away."""
        own = self._where / name
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(mode=0o700, parents=True)
        entries = folder.read(SHIPPED / name, now=now).entries
        (own / _BEGUN).write_text(str(len(entries)), encoding="ascii")
        create(own / _LEDGER, entries, now=now)
        return Served(str(own / _LEDGER))

    def begun_with(self, word: str) -> int:
        """How many entries a practice case held when it was begun: what is after is practice."""
        path = self._where / word.removeprefix(_PRACTICE) / _BEGUN
        return int(path.read_text(encoding="ascii"))
