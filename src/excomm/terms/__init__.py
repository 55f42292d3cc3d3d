"""Terms: what each party undertook; what stands, is due, is broken, and why."""

from excomm.entries.language import State
from excomm.terms.assured import Figure, joint_bounds
from excomm.terms.comparing import Package, Step, aspects, compare
from excomm.terms.deadlines import Deadline, deadlines
from excomm.terms.explaining import Explanation, Weighed
from excomm.terms.findings import Finding, check
from excomm.terms.own_words import own_words
from excomm.terms.picture import picture
from excomm.terms.saying import say, say_changes
from excomm.terms.standing import Standing, explain, standing
from excomm.terms.status import Status
from excomm.terms.supposing import Least, least, supposed, what_if
from excomm.terms.who_waits import WhoWaits, who_waits

__all__ = [
    "Deadline",
    "Explanation",
    "Figure",
    "Finding",
    "Least",
    "Package",
    "Standing",
    "State",
    "Status",
    "Step",
    "Weighed",
    "WhoWaits",
    "aspects",
    "check",
    "compare",
    "deadlines",
    "explain",
    "joint_bounds",
    "least",
    "own_words",
    "picture",
    "say",
    "say_changes",
    "standing",
    "supposed",
    "what_if",
    "who_waits",
]
