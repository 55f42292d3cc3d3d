"""Static findings: each name found where it should be, and nothing found a step beside it.

Every case states all that is found in it, so that a false alarm of any name fails it.
"""

from datetime import UTC, datetime

import pytest

from excomm.folder import read_agreement, read_text
from excomm.terms import check

HEAD = """
id: text
parties: {A: Aland, B: Bland, C: Cland}
not_party: {X: Xland}
items: {gun: {unit: guns}, shell: {unit: tonnes}}
calendar: {zone: UTC}
undertakings:
"""


def u(name: str, said: str = "", by: str = "A", what: str = "") -> str:
    """One undertaking; what `said` leaves open is filled in so that nothing is found of it."""
    fields = {
        "modality": "must",
        "kind": "achieve",
        "verification": "[visit]",
        "what": what or f"do {name}",
    }
    lasting = "kind: maintain" in said or "kind: recur" in said
    if not lasting and "modality: may" not in said:
        fields["due"] = "2030-06-01"
    rest = ", ".join(f"{key}: {value}" for key, value in fields.items() if f"{key}:" not in said)
    said = said.replace("due: none, ", "").replace("due: none", "").rstrip(", ")
    return f"  - {{id: {name}, by: {by}, {rest}{', ' if said else ''}{said}}}\n"


def after(*names: str, what: str = "fulfilled") -> str:
    """A condition: each of these fulfilled."""
    parts = ", ".join(f"{{{what}: {name}}}" for name in names)
    return f"condition: {{all: [{parts}]}}" if len(names) > 1 else f"condition: {parts}"


Found = dict[str, list[tuple[str, ...]]]


def found(text: str) -> Found:
    told: Found = {}
    for finding in check(read_agreement(HEAD + text)):
        told.setdefault(finding.check, []).append(finding.on)
        assert finding.says.endswith(".")
    return told


ENDLESS = u("M", "kind: maintain")
TERM = u("M", "kind: maintain, ends: 2030-05-01")
GUNS = u("G", "quantity: {item: gun, number: 42, unit: guns}")
BARE = u("U", "verification: []")

POSITIVE: dict[str, tuple[str, Found]] = {
    # -- rings
    "two wait for each other": (
        u("U", after("V")) + u("V", after("U"), by="B"),
        {"circular_wait": [("U", "V")]},
    ),
    "three in a ring": (
        u("U", after("W")) + u("V", after("U"), by="B") + u("W", after("V")),
        {"circular_wait": [("U", "V", "W")]},
    ),
    "one waits for itself": (u("U", after("U")), {"circular_wait": [("U",)]}),
    "a start that waits for its own end": (
        u("U", "starts: {after: fulfilled U}"),
        {"circular_wait": [("U",)]},
    ),
    "starts in a ring": (
        u("U", "starts: {after: start of V}") + u("V", "starts: {P1D after: start of U}", by="B"),
        {"circular_wait": [("U", "V")]},
    ),
    "a start and a condition": (
        u("U", "starts: {after: fulfilled V}") + u("V", after("U", what="in_force"), by="B"),
        {"circular_wait": [("U", "V")]},
    ),
    "a second limb inside the ring is no way in": (
        u("U", "condition: {any: [{fulfilled: V}, {in_force: V}]}") + u("V", after("U")),
        {"circular_wait": [("U", "V")]},
    ),
    "both limbs in rings": (
        u("U", "condition: {any: [{fulfilled: V}, {fulfilled: W}]}")
        + u("V", after("U"))
        + u("W", after("U")),
        {"circular_wait": [("U", "V", "W")]},
    ),
    "a limb that can never hold is no way in": (
        u("U", "condition: {any: [{fulfilled: V}, {counted: G, at_least: 50}]}")
        + u("V", after("U"))
        + GUNS,
        {"circular_wait": [("U", "V")]},
    ),
    "all of a ring and of something free": (
        u("U", after("V", "G")) + u("V", after("U")) + GUNS,
        {"circular_wait": [("U", "V")]},
    ),
    "denied twice is asked": (
        u("U", "condition: {not: {not: {fulfilled: V}}}") + u("V", after("U")),
        {"circular_wait": [("U", "V")]},
    ),
    "two rings that do not touch": (
        u("U", after("V")) + u("V", after("U")) + u("W", after("Z")) + u("Z", after("W")),
        {"circular_wait": [("U", "V"), ("W", "Z")]},
    ),
    "one counts on the other's count": (
        u("U", after("G")).replace("id: U", "id: U")
        + u("G", after("U") + ", quantity: {item: gun, number: 42, unit: guns}"),
        {"circular_wait": [("U", "G")]},
    ),
    "a breach in a ring": (
        u("U", after("V", what="breached")) + u("V", after("U", what="breached")),
        {"circular_wait": [("U", "V")]},
    ),
    "a due counted from a start in the ring": (
        u("U", "starts: {after: due of V}")
        + u("V", "starts: {after: start of U}, due: {P9D after: starts, last_day: none}").replace(
            ", last_day: none", ""
        ),
        {"circular_wait": [("U", "V")], "counting_open_to_doubt": [("V",)]},
    ),
    # -- after a ring
    "who waits on a ring": (
        u("U", after("V")) + u("V", after("U")) + u("W", after("V")),
        {"circular_wait": [("U", "V")], "waits_on_circle": [("W",)]},
    ),
    "who waits on who waits on a ring": (
        u("Z", after("W")) + u("W", after("V")) + u("U", after("V")) + u("V", after("U")),
        {"circular_wait": [("U", "V")], "waits_on_circle": [("Z",), ("W",)]},
    ),
    "a start after a ring": (
        u("U", after("V")) + u("V", after("U")) + u("W", "starts: {after: start of U}"),
        {"circular_wait": [("U", "V")], "waits_on_circle": [("W",)]},
    ),
    "a ring and a free one, both asked": (
        u("U", after("V")) + u("V", after("U")) + u("W", after("U", "G")) + GUNS,
        {"circular_wait": [("U", "V")], "waits_on_circle": [("W",)]},
    ),
    "either of two that wait on a ring": (
        u("U", after("V"))
        + u("V", after("U"))
        + u("W", after("U"))
        + u("Z", "condition: {any: [{fulfilled: W}, {in_force: V}]}"),
        {"circular_wait": [("U", "V")], "waits_on_circle": [("W",), ("Z",)]},
    ),
    # -- deadlines
    "nothing says by when": (u("U", "due: none"), {"no_deadline": [("U",)]}),
    "a condition and no deadline": (
        u("V") + u("U", "due: none, " + after("V")),
        {"no_deadline": [("U",)]},
    ),
    "a term is no deadline": (u("U", "due: none, ends: 2030-09-01"), {"no_deadline": [("U",)]}),
    "thirty days after a day": (
        u("U", "due: {P30D after: 2030-05-01}"),
        {"counting_open_to_doubt": [("U",)]},
    ),
    "weeks after the start": (
        u("U", "starts: 2030-05-01, due: {P2W after: starts}"),
        {"counting_open_to_doubt": [("U",)]},
    ),
    "a month after another's start": (
        u("V", "starts: 2030-01-31") + u("U", "due: {P1M after: start of V}"),
        {"counting_open_to_doubt": [("U",)]},
    ),
    "years after a condition": (
        u("V") + u("U", after("V") + ", due: {P3Y after: condition}"),
        {"counting_open_to_doubt": [("U",)]},
    ),
    "days after a right may be used": (
        u("U", "modality: may, due: {P14D after: 2030-05-01}"),
        {"counting_open_to_doubt": [("U",)]},
    ),
    "the other begins after the deadline": (
        u("V", "starts: 2030-06-02, due: 2030-07-01") + u("U", after("V")),
        {"deadline_before_condition": [("U",)]},
    ),
    "the other has until after the deadline": (
        u("V", "due: 2030-07-01") + u("U", after("V")),
        {"deadline_before_condition": [("U",)]},
    ),
    "a term that ends after the deadline": (
        u("M", "kind: maintain, ends: 2030-07-01") + u("U", after("M")),
        {"deadline_before_condition": [("U",)]},
    ),
    "a breach that can only come later": (
        u("V", "due: 2030-07-01") + u("U", after("V", what="breached")),
        {"deadline_before_condition": [("U",)]},
    ),
    "one of all is too late": (
        u("V", "due: 2030-05-01")
        + u("W", "starts: 2030-08-01, due: 2030-09-01")
        + u("U", after("V", "W", what="in_force")),
        {"deadline_before_condition": [("U",)]},
    ),
    "both of either are too late": (
        u("V", "due: 2030-07-01")
        + u("W", "due: 2030-08-01")
        + u("U", "condition: {any: [{fulfilled: V}, {fulfilled: W}]}"),
        {"deadline_before_condition": [("U",)]},
    ),
    "late through a chain": (
        u("V", "starts: 2030-06-05, due: 2030-07-01")
        + u("W", after("V") + ", due: {P9D after: condition, last_day: 2030-07-10}")
        + u("U", after("W", what="in_force")),
        {"deadline_before_condition": [("U",)]},
    ),
    # -- who is bound
    "bound without having accepted": (u("U", by="X"), {"obligor_not_party": [("U",)]}),
    "one of two never accepted": (u("U", by="[A, X]"), {"obligor_not_party": [("U",)]}),
    "an outsider's right": (u("U", "modality: may", by="X"), {"obligor_not_party": [("U",)]}),
    "consent of an outsider": (
        u("U", "needs_consent_of: [X]"),
        {"needs_consent_of_outsider": [("U",)]},
    ),
    "consent of a party and of an outsider": (
        u("U", "needs_consent_of: [B, X]"),
        {"needs_consent_of_outsider": [("U",)]},
    ),
    "an outsider has to accept": (
        u("U", "condition: {accepted_by: X}"),
        {"needs_consent_of_outsider": [("U",)]},
    ),
    "an outsider has to accept beside others": (
        u("V") + u("U", "condition: {all: [{fulfilled: V}, {accepted_by: X}]}"),
        {"needs_consent_of_outsider": [("U",)]},
    ),
    # -- how anybody would know
    "no means": (BARE, {"unverifiable_means": [("U",)]}),
    "its own declaration": (
        u("U", "verification: [own declaration]"),
        {"unverifiable_means": [("U",)]},
    ),
    "a bare declaration": (
        u("U", "verification: [declaration]"),
        {"unverifiable_means": [("U",)]},
    ),
    "declared by itself": (
        u("U", "verification: [declaration by A]"),
        {"unverifiable_means": [("U",)]},
    ),
    "by its name": (
        u("U", "verification: [Aland's report]"),
        {"unverifiable_means": [("U",)]},
    ),
    "two words of its own": (
        u("U", "verification: [self-declaration, its own word]"),
        {"unverifiable_means": [("U",)]},
    ),
    "a state nobody can see kept": (
        u("U", "kind: maintain, verification: []"),
        {"unverifiable_means": [("U",)]},
    ),
    "waits for what nobody can see": (
        BARE + u("V", after("U")),
        {"unverifiable_means": [("U",)], "depends_on_unverifiable": [("V",)]},
    ),
    "waits through another": (
        BARE + u("V", after("U")) + u("W", after("V", what="in_force")),
        {"unverifiable_means": [("U",)], "depends_on_unverifiable": [("V",), ("W",)]},
    ),
    "starts after what nobody can see": (
        BARE + u("V", "starts: {after: fulfilled U}"),
        {"unverifiable_means": [("U",)], "depends_on_unverifiable": [("V",)]},
    ),
    "counts what nobody can see": (
        u("G", "quantity: {item: gun, number: 42, unit: guns}, verification: [own word]")
        + u("V", "condition: {counted: G, at_least: 20}"),
        {"unverifiable_means": [("G",)], "depends_on_unverifiable": [("V",)]},
    ),
    "that it was not done cannot be seen either": (
        BARE + u("V", "condition: {not: {fulfilled: U}}"),
        {"unverifiable_means": [("U",)], "depends_on_unverifiable": [("V",)]},
    ),
    "both ways round are blind": (
        BARE
        + u("W", "verification: [own word]")
        + u("V", "condition: {any: [{fulfilled: U}, {fulfilled: W}]}"),
        {"unverifiable_means": [("U",), ("W",)], "depends_on_unverifiable": [("V",)]},
    ),
    # -- what contradicts itself
    "must and must not": (
        u("U", what="fly over") + u("V", "modality: must_not, kind: maintain", what="fly over"),
        {"conflicting_modality": [("U", "V")]},
    ),
    "must not and may": (
        u("U", "modality: must_not, kind: maintain, act: fly")
        + u("V", "modality: may, kind: maintain, act: fly"),
        {"conflicting_modality": [("U", "V")]},
    ),
    "capitals and spaces are no difference": (
        u("U", what="Fly over") + u("V", "modality: must_not, kind: maintain", what="fly  over"),
        {"conflicting_modality": [("U", "V")]},
    ),
    "the last day is shared": (
        u("U", "starts: 2030-05-01", what="go")
        + u("V", "modality: must_not, kind: maintain, ends: 2030-05-01", what="go"),
        {"conflicting_modality": [("U", "V")]},
    ),
    "one of two obligors": (
        u("U", what="go", by="[A, B]")
        + u("V", "modality: must_not, kind: maintain", what="go", by="B"),
        {"conflicting_modality": [("U", "V")]},
    ),
    "more than the limit": (
        u("U", "quantity: {item: gun, number: 50}, act: keep")
        + u(
            "V", "modality: must_not, kind: maintain, quantity: {item: gun, number: 42}, act: keep"
        ),
        {"conflicting_modality": [("U", "V")]},
    ),
    "fifty of forty-two": (
        GUNS + u("U", "condition: {counted: G, at_least: 50}"),
        {"condition_never_holds": [("U",)]},
    ),
    "fifty of forty-two beside another": (
        GUNS + u("U", "condition: {all: [{fulfilled: G}, {counted: G, at_least: 43}]}"),
        {"condition_never_holds": [("U",)]},
    ),
    "done and not done": (
        GUNS + u("U", "condition: {all: [{fulfilled: G}, {not: {fulfilled: G}}]}"),
        {"condition_never_holds": [("U",)]},
    ),
    "a right that is broken": (
        u("R", "modality: may") + u("U", after("R", what="breached")),
        {"condition_never_holds": [("U",)]},
    ),
    "what never ends is never fulfilled": (
        ENDLESS + u("U", after("M")),
        {"condition_never_holds": [("U",)]},
    ),
    "contrary in the limbs": (
        GUNS
        + u(
            "U",
            "condition: {all: [{accepted_by: B}, {any: [{not: {accepted_by: B}}, "
            "{counted: G, at_least: 99}]}]}",
        ),
        {"condition_never_holds": [("U",)]},
    ),
    "guns in tonnes": (
        u("U", "quantity: {item: gun, number: 42, unit: tonnes}"),
        {"unit_mismatch": [("U",)]},
    ),
    "a limit in another unit": (
        u("U", "quantity: {item: gun, number: 50, unit: guns}, act: keep")
        + u(
            "V",
            "modality: must_not, kind: maintain, act: keep, "
            "quantity: {item: shell, number: 4, unit: tonnes}",
        ),
        {"unit_mismatch": [("U", "V")]},
    ),
    # -- what is missing, what is said
    "sure enough to accuse": (u("U", "accuse: 0.99"), {"standard_missing": [("U",)]}),
    "an item with a figure": (u("U", "item: gun"), {"standard_missing": [("U",)]}),
    "no such undertaking": (u("U", after("Q")), {"unknown_reference": [("U",)]}),
    "no such party": (u("U", "to: [D]"), {"unknown_reference": [("U",)]}),
    "no such item": (
        u("U", "quantity: {item: tank, number: 3}"),
        {"unknown_reference": [("U",)]},
    ),
    "no such undertaking to count from": (
        u("U", "starts: {after: start of Q}"),
        {"unknown_reference": [("U",)]},
    ),
    "nothing of that name to rely on": (
        u("U", "relies_on: [Q]"),
        {"unknown_reference": [("U",)]},
    ),
    "a deadline from a condition that is not there": (
        u("U", "due: {PT24H after: condition}"),
        {"unknown_reference": [("U",)]},
    ),
    "a package of nothing": (
        u("U") + "packages:\n  - {id: P, by: A, undertakings: [U, Q]}\n",
        {"unknown_reference": [("P",)]},
    ),
    "lifts on a promise": (
        u("V", by="B") + u("U", after("V", what="in_force")),
        {"performs_first": [("U",)]},
    ),
    "lifts on a promise or a performance": (
        u("V", by="B")
        + u("W", by="B")
        + u("U", "condition: {any: [{fulfilled: W}, {in_force: V}]}"),
        {"performs_first": [("U",)]},
    ),
    "lifts on an acceptance": (
        u("V", "to: [A]", by="B") + u("U", "condition: {accepted_by: B}"),
        {"performs_first": [("U",)]},
    ),
    "a promise beside a performance": (
        u("V", by="B")
        + u("W", by="B")
        + u("U", "condition: {all: [{fulfilled: W}, {in_force: V}]}"),
        {"performs_first": [("U",)]},
    ),
}

NEAR: dict[str, tuple[str, Found]] = {
    # -- rings
    "a chain is no ring": (u("U", after("V")) + u("V", after("W")) + u("W"), {}),
    "a second limb outside is a way in": (
        u("U", "condition: {any: [{fulfilled: V}, {fulfilled: G}]}") + u("V", after("U")) + GUNS,
        {},
    ),
    "somebody may ask": (
        u("U", "condition: {any: [{fulfilled: V}, {requested_by: B}]}") + u("V", after("U")),
        {},
    ),
    "something may happen": (
        u("U", "condition: {any: [{fulfilled: V}, {event: vote}]}") + u("V", after("U")),
        {},
    ),
    "what is not so opens it": (
        u("U", "condition: {not: {fulfilled: V}}") + u("V", after("U")),
        {},
    ),
    "not both opens it": (
        u("U", "condition: {not: {all: [{fulfilled: V}, {in_force: V}]}}") + u("V", after("U")),
        {},
    ),
    "a fixed start": (u("U", "starts: 2030-01-01") + u("V", after("U")), {}),
    "a start after a fixed due": (
        u("U", "starts: {after: due of V}, due: 2030-08-01") + u("V", after("U", what="in_force")),
        {"deadline_before_condition": [("V",)]},
    ),
    "ends are no waits": (
        u("U", "kind: maintain, ends: {with: V}") + u("V", after("U", what="in_force")),
        {},
    ),
    "evidence is no wait": (u("U", "relies_on: [V]") + u("V", after("U")), {}),
    "a due counted from the other is no wait": (
        u("U", "due: {PT24H after: fulfilled V}") + u("V", after("U", what="in_force")),
        {},
    ),
    "a way in for one of three is one for all": (
        u("U", after("W"))
        + u("V", after("U"))
        + u("W", "condition: {any: [{fulfilled: V}, {accepted_by: A}]}"),
        {},
    ),
    "each party reads it so that somebody begins": (
        u("U", "readings: {A: {starts: 2030-01-01}, B: {condition: {fulfilled: V}}}")
        + u("V", after("U")),
        {},
    ),
    # -- after a ring
    "a ring is asked, or something else": (
        u("U", after("V"))
        + u("V", after("U"))
        + u("W", "condition: {any: [{fulfilled: V}, {fulfilled: G}]}")
        + GUNS,
        {"circular_wait": [("U", "V")]},
    ),
    "waits that nothing is so of a ring": (
        u("U", after("V")) + u("V", after("U")) + u("W", "condition: {not: {fulfilled: V}}"),
        {"circular_wait": [("U", "V")]},
    ),
    "ends with a ring": (
        u("U", after("V")) + u("V", after("U")) + u("W", "kind: maintain, ends: {with: U}"),
        {"circular_wait": [("U", "V")]},
    ),
    "waits on what never holds, which is no ring": (
        GUNS + u("U", "condition: {counted: G, at_least: 50}") + u("W", after("U")),
        {"condition_never_holds": [("U",)]},
    ),
    # -- deadlines
    "a state has no deadline": (u("U", "kind: maintain"), {}),
    "a recurring duty has none": (u("U", "kind: recur, each: {months: all}"), {}),
    "a right has none": (u("U", "modality: may"), {}),
    "a forbearance has none": (u("U", "modality: must_not, due: none"), {}),
    "a deadline from another": (u("V") + u("U", "due: {after: due of V}"), {}),
    "the last day is fixed": (u("U", "due: {P30D after: 2030-05-01, last_day: 2030-05-31}"), {}),
    "hours are counted from the instant": (
        u("U", "due: {PT48H after: 2030-05-01T12:00Z}"),
        {},
    ),
    "a day is a day": (u("U", "due: 2030-05-31"), {}),
    "an instant is an instant": (u("U", "due: 2030-05-31T12:00Z"), {}),
    "a start may be counted": (
        u("V", "starts: 2030-01-01") + u("U", "starts: {P9D after: start of V}"),
        {},
    ),
    "the other has until the same day": (u("V") + u("U", after("V")), {}),
    "the deadline runs from the condition": (
        u("V", "due: 2030-09-01") + u("U", after("V") + ", due: {PT24H after: condition}"),
        {},
    ),
    "either of two is early enough": (
        u("V", "due: 2030-09-01")
        + u("W", "due: 2030-05-01")
        + u("U", "condition: {any: [{fulfilled: V}, {fulfilled: W}]}"),
        {},
    ),
    "a request may come at any time": (u("U", "condition: {requested_by: B}"), {}),
    "not yet done is so at once": (
        u("V", "due: 2030-09-01") + u("U", "condition: {not: {fulfilled: V}}"),
        {},
    ),
    "no deadline can pass": (
        u("V", "due: 2030-09-01") + u("U", "kind: maintain, " + after("V")),
        {},
    ),
    # -- who is bound
    "bound by its own text": (u("U", by="B"), {}),
    "owed to an outsider": (u("U", "to: [X]"), {}),
    "consent of a party": (u("U", "needs_consent_of: [B]"), {}),
    "an outsider may accept, or a party": (
        u("U", "condition: {any: [{accepted_by: X}, {accepted_by: A}]}"),
        {},
    ),
    "a party has to accept": (u("U", "condition: {accepted_by: A}"), {}),
    "on an outsider's request": (u("U", "kind: recur, on_request_of: X"), {}),
    # -- how anybody would know
    "another's declaration": (u("U", "verification: [declaration by B]"), {}),
    "the inspectors' own report": (u("U", "verification: [inspectors' own report]"), {}),
    "its own word and a visit": (u("U", "verification: [own declaration, visit]"), {}),
    "a receipt": (u("U", "verification: [receipt]"), {}),
    "data exchange": (u("U", "verification: [data exchange]"), {}),
    "evidence of others": (u("V") + u("U", "verification: [], relies_on: [V]"), {}),
    "in force can be seen": (
        BARE + u("V", after("U", what="in_force")),
        {"unverifiable_means": [("U",)]},
    ),
    "a way round that can be seen": (
        BARE + u("W") + u("V", "condition: {any: [{fulfilled: U}, {fulfilled: W}]}"),
        {"unverifiable_means": [("U",)]},
    ),
    "starts with what nobody can see": (
        BARE + u("V", "starts: {after: start of U}"),
        {"unverifiable_means": [("U",)]},
    ),
    "a due after what nobody can see": (
        BARE + u("V", "due: {PT24H after: fulfilled U}"),
        {"unverifiable_means": [("U",)]},
    ),
    "ends with what nobody can see": (
        BARE + u("V", "kind: maintain, ends: {with: U}"),
        {"unverifiable_means": [("U",)]},
    ),
    # -- what contradicts itself
    "another must not": (
        u("U", what="go") + u("V", "modality: must_not, kind: maintain", what="go", by="B"),
        {},
    ),
    "another act": (
        u("U", what="go") + u("V", "modality: must_not, kind: maintain", what="stay"),
        {},
    ),
    "acts that are named differ": (
        u("U", "act: fly low", what="fly")
        + u("V", "modality: must_not, kind: maintain, act: fly high", what="fly"),
        {},
    ),
    "one ends on the day before": (
        u("U", "starts: 2030-05-01", what="go")
        + u("V", "modality: must_not, kind: maintain, ends: 2030-04-30", what="go"),
        {},
    ),
    "forbidden until what allows it": (
        u("W")
        + u("U", "modality: must_not, kind: maintain, ends: {with: W}", what="go")
        + u("V", "modality: may, " + after("W"), what="go"),
        {},
    ),
    "forbidden until the event that allows it": (
        u("U", "modality: must_not, kind: maintain, ends: {after: vote}", what="go")
        + u("V", "modality: may, starts: {after: vote}", what="go"),
        {},
    ),
    "must and may": (u("U", what="go") + u("V", "modality: may", what="go"), {}),
    "an amount within the limit": (
        u("U", "quantity: {item: gun, number: 42}, act: keep")
        + u(
            "V", "modality: must_not, kind: maintain, quantity: {item: gun, number: 42}, act: keep"
        ),
        {},
    ),
    "forty-two of forty-two": (GUNS + u("U", "condition: {counted: G, at_least: 42}"), {}),
    "fifty of forty-two, or another": (
        GUNS + u("U", "condition: {any: [{counted: G, at_least: 50}, {fulfilled: G}]}"),
        {},
    ),
    "not fifty of forty-two": (GUNS + u("U", "condition: {not: {counted: G, at_least: 50}}"), {}),
    "in force once and no more": (
        TERM + u("U", "condition: {all: [{in_force: M}, {not: {in_force: M}}]}"),
        {},
    ),
    "what ends is fulfilled": (TERM + u("U", after("M")), {}),
    "a limit may be broken": (
        u("L", "modality: must_not, kind: maintain, quantity: {item: gun, number: 42}")
        + u("U", "condition: {counted: L, at_least: 50}"),
        {},
    ),
    "guns in guns": (GUNS, {}),
    "no unit is the item's": (u("U", "quantity: {item: shell, number: 1.5}"), {}),
    "two items of two acts": (
        GUNS + u("S", "quantity: {item: shell, number: 3, unit: tonnes}"),
        {},
    ),
    # -- what is missing, what is said
    "sure enough for both": (u("U", "item: gun, standard: 0.95, accuse: 0.99"), {}),
    "a quantity needs no standard": (GUNS, {}),
    "an outsider is known": (u("U", "to: [X], needs_consent_of: [B]"), {}),
    "an event may still come": (u("U", "condition: {event: vote}"), {}),
    "a start may wait for an event": (u("U", "starts: {P2D after: vote}"), {}),
    "a package of what there is": (
        u("U") + "packages:\n  - {id: P, by: A, undertakings: [U]}\n",
        {},
    ),
    "lifts on a performance": (u("V", by="B") + u("U", after("V")), {}),
    "its own promise": (u("V") + u("U", after("V", what="in_force")), {}),
    "the promise is to be kept before": (
        u("V", "due: 2030-05-01", by="B") + u("U", after("V", what="in_force")),
        {},
    ),
    "a state in force is being kept": (
        u("V", "kind: maintain", by="B") + u("U", after("V", what="in_force")),
        {},
    ),
    "a right acts on nothing": (
        u("V", by="B") + u("U", "modality: may, " + after("V", what="in_force")),
        {},
    ),
    "in force and performed": (
        u("V", by="B") + u("U", "condition: {all: [{in_force: V}, {fulfilled: V}]}"),
        {},
    ),
    "acceptance by who owes nothing": (u("U", "condition: {accepted_by: C}"), {}),
}


@pytest.mark.parametrize(("text", "expected"), POSITIVE.values(), ids=POSITIVE)
def test_what_is_wrong_is_found_and_nothing_else(text: str, expected: Found) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), NEAR.values(), ids=NEAR)
def test_what_is_a_step_beside_it_is_not_found(text: str, expected: Found) -> None:
    assert found(text) == expected


def test_sixty_cases_of_each_stand_here() -> None:
    assert len(POSITIVE) >= 60
    assert len(NEAR) >= 60


def test_the_way_through_others_is_shown_nearest_first() -> None:
    text = BARE + u("V", after("U")) + u("W", after("V")) + u("P", after("Q")) + u("Q", after("P"))
    text += u("R", after("P"))
    ways = {f.on: f.path for f in check(read_agreement(HEAD + text)) if f.path}
    assert ways == {
        ("V",): ("U",),
        ("W",): ("V", "U"),
        ("P", "Q"): ("Q", "P"),
        ("R",): ("P",),
    }


def test_events_are_never_looked_at() -> None:
    text = HEAD + u("U", after("V")) + u("V", after("U"), by="B")
    happened = (
        "events:\n  - {id: E, date: 2030-02-01, kind: done, party: B, about: [V], "
        "assurance: established}\n"
    )
    assert check(read_agreement(text)) == check(read_agreement(text + happened))


# -- wording -------------------------------------------------------------------------------------

CASE = """
=== case.toml
id = "words"
title = "Words"
zone = "UTC"
opens = 2030-01-01
recorded = "as dated"
[[wording]]
avoid = "guarantee"
use = "assurances"
source = "the minutes"
[[wording]]
avoid = "a document more formal than a letter"
use = "a letter"
[[parties]]
id = "A"
name = "Aland"
[[parties]]
id = "B"
name = "Bland"
=== agreement.yaml
id: text
title: Exchange of letters
form: FORM
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: WHAT, due: 2030-06-01,
     verification: [visit]}
packages:
  - {id: P, by: A, text: TEXT, undertakings: [U]}
"""


@pytest.mark.parametrize(
    ("form", "what", "text", "expected"),
    [
        ("letters", "guarantee the border", "a package", [("U",)]),
        ("letters", "give guarantees", "a package", [("U",)]),
        ("letters", "go", "the border is Guaranteed", [("P",)]),
        ("treaty", "go", "a package", [("text",)]),
        ("letters", "sign a treaty on it", "a package", [("U",)]),
        ("letters", "give assurances", "a package", []),
        ("letters; no treaty", "go", "nothing like a treaty", []),
        ("letters", "act under the Charter", "a package", []),
        ("letters", "name the guarantor", "a package", []),
    ],
)
def test_the_wording_rules_of_the_case_are_held_against_agreement_and_offers(
    form: str, what: str, text: str, expected: list[tuple[str, ...]]
) -> None:
    case = CASE.replace("FORM", form).replace("WHAT", what).replace("TEXT", text)
    read = read_text(case, now=datetime(2031, 1, 1, tzinfo=UTC))
    findings = check(read.entries)
    assert {finding.check for finding in findings} <= {"wording"}
    assert [finding.on for finding in findings] == expected
