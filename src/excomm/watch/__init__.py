"""Watch: where and when to look next, so that nobody can count on a gap.

Engines over arrays and plain problems; no case, no ledger. `plan_file` is the door for every kind.
"""

from excomm.watch.draw import Bent, audit, commit, draw
from excomm.watch.reading import read, read_file
from excomm.watch.solve import Answer, plan, plan_file, to_json

__all__ = [
    "Answer",
    "Bent",
    "audit",
    "commit",
    "draw",
    "plan",
    "plan_file",
    "read",
    "read_file",
    "to_json",
]
