"""The wording rules of the case, held against the agreement, its offers and our own letters.

A word to avoid is found in all its forms. "Nothing more formal than a letter" is held against what
a text calls itself, and against the words for anything more formal.
"""

import re
from collections.abc import Iterator

import msgspec

from excomm.entries.header import WordRule
from excomm.entries.kinds import Undertaking
from excomm.terms.text import Text

_MORE_FORMAL = re.compile(r"\bmore formal than (?:a |an |the )?(.+)", re.IGNORECASE)
# From the least formal up: what stands after a word is more formal than it.
_FORMS = (
    *("word", "statement", "note", "letter", "memorandum", "protocol", "agreement"),
    *("accord", "pact", "charter", "covenant", "convention", "treaty"),
)
_NEGATED = re.compile(r"\b(?:no|not|nothing|never|without|nor)\b[^.;]*$", re.IGNORECASE)


class Use(msgspec.Struct, frozen=True):
    """A word used against a rule, and where."""

    on: str
    field: str
    word: str
    rule: WordRule


def uses(text: Text) -> Iterator[Use]:
    """Every use of a word that a rule avoids, one for each rule and text."""
    rules = [(rule, _pattern(rule)) for rule in text.wording]
    if not rules:
        return
    for on, fields in _texts(text):
        for rule, (pattern, formal) in rules:
            for field, said in fields.items():
                found = next((m for m in pattern.finditer(said) if _counts(m, formal, field)), None)
                if found is not None:
                    yield Use(on, field, found[0], rule)
                    break


def _counts(found: re.Match[str], formal: str, field: str) -> bool:
    # "Nothing more formal", "no treaty" keep the rule; a word to avoid is avoided in a denial too.
    if not formal:
        return True
    if field != "form" and not found[0].islower():
        return False  # a name: the Charter, the Rio Treaty
    return _NEGATED.search(found.string[: found.start()]) is None


def _pattern(rule: WordRule) -> tuple[re.Pattern[str], str]:
    formal = _MORE_FORMAL.search(rule.avoid)
    if formal:
        named = formal[1].casefold()
        place = next((n for n, form in enumerate(_FORMS) if re.search(rf"\b{form}", named)), None)
        if place is not None:
            higher = "|".join(_FORMS[place + 1 :]) or r"(?!)"
            return re.compile(rf"\b(?:{higher})s?\b", re.IGNORECASE), formal[0]
    return re.compile(_forms_of(rule.avoid), re.IGNORECASE), ""


def _forms_of(words: str) -> str:
    """The words with the endings of their last one: guarantee, guarantees, guaranteed."""
    *first, last = words.split() or [""]
    if last.endswith("e"):
        tail = rf"{re.escape(last[:-1])}(?:e(?:s|d|ing)?|ing)"
    elif last.endswith("y"):
        tail = rf"{re.escape(last[:-1])}(?:y(?:s|ing)?|ies|ied)"
    else:
        tail = rf"{re.escape(last)}(?:s|es|ed|ing)?"
    return r"\b" + r"\s+".join((*map(re.escape, first), tail)) + r"\b"


def _texts(text: Text) -> Iterator[tuple[str, dict[str, str]]]:
    for name, agreement in text.agreements.items():
        yield name, {"title": agreement.title, "form": agreement.form}
    for name, body in text.undertakings.items():
        yield name, _of_undertaking(body)
    for name, offer in text.offers.items():
        fields = ("text", "before", "if_accepted", "if_countered", "if_rejected")
        yield name, {field: getattr(offer, field) for field in fields}
    for name, letter in text.letters.items():
        yield name, {"text": letter}


def _of_undertaking(body: Undertaking) -> dict[str, str]:
    return {
        "what": body.what,
        "act": body.act,
        "form": body.form,
        "for_as_long_as": body.for_as_long_as,
        "leaves_free": "; ".join(body.leaves_free),
    }
