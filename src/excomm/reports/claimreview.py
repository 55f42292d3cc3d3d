"""ClaimReview: a finding as schema.org's JSON-LD, for whoever gathers fact checks.

Nothing but what may be public: the allegation, who carried it, what was decided, the power of the
search. No source, no look. Terms: schema.org/ClaimReview, Claim, Rating (version 28).
"""

from datetime import datetime
from typing import Any

import msgspec

RATINGS = {"contradicted": 1, "no evidence": 2, "undetermined": 3, "corroborated": 5}
"""The decision as a figure, 1 to 5: schema.org asks for one; the word is what counts."""


class Public(msgspec.Struct, frozen=True, kw_only=True):
    """What a published review says; times with offset."""

    report: str
    allegation: str
    appeared_in: str  # the outlet's name; empty: not said
    published: datetime | None
    decision: str
    text: str
    reviewed_at: datetime
    author: str
    is_reviewed: bool
    url: str = ""


def claim_review(public: Public) -> dict[str, Any]:
    """The review as JSON-LD, ready for an encoder; the same finding gives the same."""
    appearance: dict[str, Any] = {"@type": "CreativeWork"}
    if public.appeared_in:
        appearance["author"] = {"@type": "Organization", "name": public.appeared_in}
    if public.published is not None:
        appearance["datePublished"] = public.published.isoformat()
    name = public.decision if public.is_reviewed else f"{public.decision} (not reviewed)"
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": public.report,
        "claimReviewed": public.allegation,
        "datePublished": public.reviewed_at.isoformat(),
        "author": {"@type": "Organization", "name": public.author},
        "itemReviewed": {"@type": "Claim", "appearance": appearance},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": RATINGS[public.decision],
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": name,
        },
        "reviewBody": public.text,
    }
    if public.url:
        found["url"] = public.url
    return found
