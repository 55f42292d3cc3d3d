"""What every part of a view stands on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from excomm.entries.kinds import CaseHeader
from excomm.fold import Facts

if TYPE_CHECKING:
    from excomm.terms import Figure, Standing


class Ground:
    """A day, and the facts that hold on it for one reader; a view says what they are."""

    facts: Facts
    on: datetime

    @cached_property
    def header(self) -> CaseHeader:
        """Title, zone, marking words, scale and wording rules, as the reader may see them."""
        raise NotImplementedError

    def standing(self) -> "Standing":
        """The status of each undertaking."""
        raise NotImplementedError

    def figures(self) -> "dict[str, Figure]":
        """How sure it is that each undertaking with a standard is kept."""
        raise NotImplementedError

    def what_if(self, events: Sequence[Mapping[str, Any]]) -> "Ground":
        """The view as it would be, had these events happened."""
        raise NotImplementedError
