"""Reports: what an allegation says, whether it is new, and what the looks say of it.

Engines over plain structs; no case, no ledger. `match_files` is the door for files, `weigh` and
`decide` for the evidence, `clock` and `queue` for what is owed by when.

"""

from excomm.reports.clocks import Clock, Times, Waiting, clock, queue
from excomm.reports.decisions import Decision, Thresholds, decide, reopens
from excomm.reports.files import Matches, match_files
from excomm.reports.matching import Candidate, Match, Matcher
from excomm.reports.model import Allegation, Earlier, Parsed, Report
from excomm.reports.parsing import Parser
from excomm.reports.places import Gazetteer, Site
from excomm.reports.reading import read_earlier, read_reports
from excomm.reports.repeats import repeats
from excomm.reports.weighing import Look, Weighing, weigh

__all__ = [
    "Allegation",
    "Candidate",
    "Clock",
    "Decision",
    "Earlier",
    "Gazetteer",
    "Look",
    "Match",
    "Matcher",
    "Matches",
    "Parsed",
    "Parser",
    "Report",
    "Site",
    "Thresholds",
    "Times",
    "Waiting",
    "Weighing",
    "clock",
    "decide",
    "match_files",
    "queue",
    "read_earlier",
    "read_reports",
    "reopens",
    "repeats",
    "weigh",
]
