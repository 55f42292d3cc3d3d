from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

import pytest

from excomm import folder
from excomm.case import SHIPPED
from excomm.entries import end_of, parse_when, parse_zone
from excomm.fold import Facts, fold
from excomm.folder import Folder

AsOf = Callable[..., Facts]
ZONE = parse_zone("America/New_York")


@lru_cache(maxsize=1)
def _shipped() -> Folder:
    return folder.read(SHIPPED / "cuba-1962", now=datetime(2000, 1, 1, tzinfo=UTC))


@pytest.fixture
def cuba() -> Folder:
    """The shipped case as read from its folder."""
    return _shipped()


@pytest.fixture
def as_of(cuba: Folder) -> AsOf:
    """What is so on a day, as known by it or by another, as a reader so cleared sees it."""

    def facts(on: str, known_by: str | None = None, cleared: str | None = None) -> Facts:
        at = end_of(parse_when(on), ZONE)
        known = end_of(parse_when(known_by), ZONE) if known_by else None
        return fold(lambda: cuba.entries, on=at, known_by=known, zone=ZONE, cleared=cleared)

    return facts
