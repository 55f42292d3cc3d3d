"""The record: minutes read into who said, asked, proposed and directed what, by when."""

from excomm.record.aligning import Alignment, align
from excomm.record.finding import Found, SaidIndex
from excomm.record.issues import Issue, Tagger
from excomm.record.model import (
    Annexed,
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
from excomm.record.positions import Contradiction, Position, contradictions, positions
from excomm.record.reading import read
from excomm.record.roster import read_roster

__all__ = [
    "Alignment",
    "Annexed",
    "Branch",
    "Breach",
    "Contradiction",
    "Directive",
    "Found",
    "Issue",
    "Mark",
    "Person",
    "Position",
    "Proposal",
    "Question",
    "Record",
    "Repair",
    "SaidIndex",
    "Statement",
    "Tagger",
    "WordingRule",
    "align",
    "contradictions",
    "positions",
    "read",
    "read_roster",
]
