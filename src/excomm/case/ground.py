"""What every part of a view stands on."""

from datetime import datetime
from functools import cached_property

from excomm.entries.kinds import CaseHeader
from excomm.fold import Facts


class Ground:
    """A day, and the facts that hold on it for one reader; a view says what they are."""

    facts: Facts
    on: datetime

    @cached_property
    def header(self) -> CaseHeader:
        """Title, zone, marking words, scale and wording rules, as the reader may see them."""
        raise NotImplementedError
