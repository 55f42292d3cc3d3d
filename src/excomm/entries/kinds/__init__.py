"""The kinds of entry: the vocabulary of the whole product, one frozen struct each.

A body says what is so; who says it, when, from what source and for whose eyes stands in the
`Entry` around it. Field names are the columns of the folder's tables. References are ids of
other entries (parties, items, sites, means, undertakings by their own id).
"""

from excomm.entries.kinds.agreement import Agreement, Event, Offer, Response, Undertaking
from excomm.entries.kinds.body import Body, When
from excomm.entries.kinds.case import CaseHeader, Item, Means, Party, Site
from excomm.entries.kinds.desk import (
    Assessment,
    Assumption,
    Break,
    Clearance,
    Commitment,
    Correction,
    Erasure,
    Handover,
    Model,
)
from excomm.entries.kinds.minutes import (
    Attachment,
    Consultation,
    Decision,
    Directive,
    Disposal,
    Line,
    Statement,
)
from excomm.entries.kinds.reports import (
    Check,
    Finding,
    Interview,
    Outlet,
    Repeat,
    Reply,
    Report,
    Unsealing,
)
from excomm.entries.kinds.seen import Count, Declaration, Look, Measure, Plan

AnyBody = (
    CaseHeader
    | Agreement
    | Party
    | Item
    | Site
    | Means
    | Undertaking
    | Offer
    | Response
    | Event
    | Declaration
    | Look
    | Plan
    | Count
    | Measure
    | Outlet
    | Report
    | Repeat
    | Check
    | Interview
    | Unsealing
    | Finding
    | Reply
    | Attachment
    | Statement
    | Directive
    | Disposal
    | Consultation
    | Decision
    | Line
    | Model
    | Handover
    | Assumption
    | Assessment
    | Correction
    | Clearance
    | Erasure
    | Break
    | Commitment
)
KINDS: dict[str, type[Body]] = {str(kind.__struct_config__.tag): kind for kind in AnyBody.__args__}

__all__ = [
    "KINDS",
    "Agreement",
    "AnyBody",
    "Assessment",
    "Assumption",
    "Attachment",
    "Body",
    "Break",
    "CaseHeader",
    "Check",
    "Clearance",
    "Commitment",
    "Consultation",
    "Correction",
    "Count",
    "Decision",
    "Declaration",
    "Directive",
    "Disposal",
    "Erasure",
    "Event",
    "Finding",
    "Handover",
    "Interview",
    "Item",
    "Line",
    "Look",
    "Means",
    "Measure",
    "Model",
    "Offer",
    "Outlet",
    "Party",
    "Plan",
    "Repeat",
    "Reply",
    "Report",
    "Response",
    "Site",
    "Statement",
    "Undertaking",
    "Unsealing",
    "When",
]
