"""The typed entries: the vocabulary of the whole product. Imports nothing else of ours."""

from excomm.entries.entry import Entry, EntryId, content_digest, from_bytes, lines, to_bytes
from excomm.entries.kinds import KINDS, AnyBody, Body
from excomm.entries.marking import DEFAULT_LEVELS, Marking, Scheme
from excomm.entries.times import (
    Day,
    Instant,
    Span,
    When,
    end_of,
    instant_text,
    parse_instant,
    parse_when,
    parse_zone,
    start_of,
)

__all__ = [
    "DEFAULT_LEVELS",
    "KINDS",
    "AnyBody",
    "Body",
    "Day",
    "Entry",
    "EntryId",
    "Instant",
    "Marking",
    "Scheme",
    "Span",
    "When",
    "content_digest",
    "end_of",
    "from_bytes",
    "instant_text",
    "lines",
    "parse_instant",
    "parse_when",
    "parse_zone",
    "start_of",
    "to_bytes",
]
