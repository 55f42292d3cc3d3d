"""Terms: what each party undertook; what stands, is due, is broken, and why."""

from excomm.terms.standing import standing
from excomm.terms.status import State, Status

__all__ = ["State", "Status", "standing"]
