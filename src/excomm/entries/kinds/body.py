"""What every kind of entry is."""

import msgspec

from excomm.entries.times import Day, Instant, Span

When = Day | Instant | Span


class Body(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="entry", gc=False
):
    """What every kind is."""
