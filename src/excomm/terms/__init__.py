"""Terms: what each party undertook; what stands, is due, is broken, and why."""

from excomm.terms.assured import Figure, joint_bounds
from excomm.terms.explaining import Explanation, Weighed
from excomm.terms.findings import Check, Finding, check
from excomm.terms.saying import say, say_changes
from excomm.terms.standing import explain, standing
from excomm.terms.status import State, Status
from excomm.terms.supposing import Least, least, what_if

__all__ = [
    "Check",
    "Explanation",
    "Figure",
    "Finding",
    "Least",
    "State",
    "Status",
    "Weighed",
    "check",
    "explain",
    "joint_bounds",
    "least",
    "say",
    "say_changes",
    "standing",
    "what_if",
]
