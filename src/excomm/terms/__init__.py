"""Terms: what each party undertook; what stands, is due, is broken, and why."""

from excomm.terms.assured import Figure, joint_bounds
from excomm.terms.comparing import Package, Step, aspects, compare
from excomm.terms.deadlines import Deadline, deadlines
from excomm.terms.explaining import Explanation, Weighed
from excomm.terms.findings import Check, Finding, check
from excomm.terms.picture import picture
from excomm.terms.saying import say, say_changes
from excomm.terms.standing import explain, standing
from excomm.terms.status import State, Status
from excomm.terms.supposing import Least, least, supposed, what_if
from excomm.terms.who_waits import WhoWaits, who_waits

__all__ = [
    "Check",
    "Deadline",
    "Explanation",
    "Figure",
    "Finding",
    "Least",
    "Package",
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
    "picture",
    "say",
    "say_changes",
    "standing",
    "supposed",
    "what_if",
    "who_waits",
]
