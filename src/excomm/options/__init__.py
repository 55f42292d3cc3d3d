"""Options: what happens if they accept, counter or refuse; what a change of posture tells them.

Engines over plain models; no case, no ledger. `solve_file` is the door for every kind of model.
"""

from excomm.options.explain import Verdict, explain
from excomm.options.inspection import Deterrence, deterrence, margin
from excomm.options.inverse import must_prefer
from excomm.options.reading import read, read_file
from excomm.options.solve import Answer, solve, solve_file, solved_file, to_json
from excomm.options.telling import Told, tell

__all__ = [
    "Answer",
    "Deterrence",
    "Told",
    "Verdict",
    "deterrence",
    "explain",
    "margin",
    "must_prefer",
    "read",
    "read_file",
    "solve",
    "solve_file",
    "solved_file",
    "tell",
    "to_json",
]
