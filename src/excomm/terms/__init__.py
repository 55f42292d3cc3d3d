"""Terms: what each party undertook; what stands, is due, is broken, and why."""

from excomm.terms.findings import Check, Finding, check
from excomm.terms.standing import standing
from excomm.terms.status import State, Status

__all__ = ["Check", "Finding", "State", "Status", "check", "standing"]
