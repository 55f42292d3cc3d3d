"""Cases as text for the brief's tests, and the shipped case on its day."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from excomm.case import Case, CaseHead, View
from excomm.folder import read_text

NOW = datetime(2024, 6, 1, tzinfo=UTC)
EMPTY = """
=== case.toml
id = "short"
title = "A short case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
"""

ViewOf = Callable[..., View]


@pytest.fixture
def view_of() -> ViewOf:
    """A view of a case written as text: `view_of(text, day)`; EMPTY stands before the text."""

    def view_of(
        text: str,
        day: str = "2024-01-10",
        *,
        known_by: str | None = None,
        cleared: str | None = None,
    ) -> View:
        folder = read_text(EMPTY + text, now=NOW)
        head = CaseHead("folder", len(folder.entries), folder.digest)
        case = Case(lambda: folder.entries, head, name="short")
        return case.on(day, known_by=known_by, cleared=cleared)

    return view_of


@pytest.fixture(scope="session")
def cuba() -> View:
    """The shipped case at the hour of the brief that README shows."""
    return Case.open("cuba-1962").on("1962-11-12T17:00-05:00")
