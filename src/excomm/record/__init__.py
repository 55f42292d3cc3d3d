"""The record: minutes read into who said, asked, proposed and directed what, by when."""

from excomm.record.model import (
    Branch,
    Breach,
    Directive,
    Mark,
    Person,
    Proposal,
    Question,
    Record,
    Repair,
    Statement,
    WordingRule,
)
from excomm.record.reading import read
from excomm.record.roster import read_roster

__all__ = [
    "Branch",
    "Breach",
    "Directive",
    "Mark",
    "Person",
    "Proposal",
    "Question",
    "Record",
    "Repair",
    "Statement",
    "WordingRule",
    "read",
    "read_roster",
]
