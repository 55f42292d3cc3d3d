"""Accounts: what a source's account adds to what the desk holds.

A source who has not seen it himself, was not there at the time, or tells what is held already adds
nothing, and the answer says which. Never a verdict on the allegation: where no look bears it stays
undetermined.
"""

from datetime import datetime

import msgspec

from excomm.reports.overlap import Time


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking. outcome: answered, refused, untraced, or empty where nothing is said."""

    outcome: str
    knows: str  # "seen himself", "heard"; empty: not said
    heard_from: str
    last_there: datetime | None
    shows: str
    result: str
    asked: bool


def worth(account: Account, alleged: Time | None, held: tuple[str, ...]) -> str:
    """What an account adds, in words.

    alleged: when it is said to have been so. held: ids of entries that say already what it tells.

    >>> hearsay = Account(outcome="answered", knows="heard", heard_from="a cousin",
    ...                   last_there=None, shows="", result="arms", asked=True)
    >>> worth(hearsay, None, ())
    'asked; not first-hand (from a cousin); adds nothing to what we hold'
    """
    if account.outcome in ("refused", "untraced"):
        return f"{account.outcome}; nothing learned"
    if not (account.asked or account.result or account.outcome):
        return "not asked yet"
    if not (account.result or account.knows or account.shows):
        return "asked; no answer yet"
    said = ["asked"]
    adds = bool(account.shows)
    if account.knows == "seen himself":
        gone = alleged and account.last_there and account.last_there < alleged.first
        said.append("seen himself" if not gone else "was last there before it is said to have been")
        adds = adds or (not gone and not held)
    elif account.knows == "heard":
        source = f" (from {account.heard_from})" if account.heard_from else ""
        said.append(f"not first-hand{source}")
    else:
        said.append("not said whether first-hand")
    if account.shows:
        said.append(f"shows {account.shows}")
    if held:
        said.append(f"held already: {', '.join(held)}")
    said.append("adds to what we hold" if adds else "adds nothing to what we hold")
    return "; ".join(said)
