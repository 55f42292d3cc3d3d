"""Watch: where and when to look next, so that nobody can count on a gap.

Engines over arrays and plain problems; no case, no ledger. `plan_file` is the door for every kind.
"""

from excomm.watch.draw import Bent, audit, commit, draw
from excomm.watch.reading import read, read_file
from excomm.watch.solve import Answer, plan, plan_file, to_json
from excomm.watch.window import Assured, known_schedule, observed_policy, secret_policy

__all__ = [
    "Answer",
    "Assured",
    "Bent",
    "audit",
    "commit",
    "draw",
    "known_schedule",
    "observed_policy",
    "plan",
    "plan_file",
    "read",
    "read_file",
    "secret_policy",
    "to_json",
]
