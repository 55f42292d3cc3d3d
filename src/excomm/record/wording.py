"""Wording rules: which words to use and which to avoid, and who breaks the rule afterwards."""

import re
from collections.abc import Sequence

import msgspec

from excomm.record.model import Breach, Statement, WordingRule
from excomm.record.turns import Clause

_QUOTED = re.compile(r"[\"“]([^\"“”]{1,80})[\"”]")
_WORD = r"\b(?:word|words|term|terms|phrase|phrases|expression|language)\b"
_USE = re.compile(r"\b(?:be used|use|used|using|say|speak of|refer to|be called)\b")
_AVOID = re.compile(
    r"\b(?:not be used|not use|avoid|avoided|taken out|take out|deleted|delete|dropped|drop|omitted"
    r"|omit|removed|remove|struck|never use|no mention)\b"
)
_RATHER = re.compile(r"\b(?:rather than|instead of|in place of|in preference to|and not|not)\b")
_REPLACED = re.compile(r"\b(?:replaced by|replaced with|changed to|be changed to)\b")
_HAS_WORD = re.compile(_WORD)
_SCOPE = re.compile(
    r"\b(?:in|from|out of) (?:all|any|every|the|this|our|each|future|public) [^\"“”,.;]{2,80}"
)
_OURS = re.compile(r"\b(?:give|gives|giving|offer|offering|make|making|put|provide|provided|given)\b")


class _Rule(msgspec.Struct, frozen=True):
    avoid: str
    use: str
    scope: str


def is_wording(text: str) -> bool:
    """Whether a sentence rules on words."""
    return _parsed(text) is not None


def wording_rules(
    clauses: Sequence[Clause], of: Sequence[int | None], statements: Sequence[Statement], text_of: Sequence[str]
) -> tuple[WordingRule, ...]:
    """Every wording rule with the later statements that break it. text_of: each statement's words."""
    found: list[WordingRule] = []
    for clause, index in zip(clauses, of, strict=True):
        rule = _parsed(clause.text.words[clause.start : clause.end])
        if rule is None:
            continue
        found.append(
            WordingRule(
                start=clause.text.raw_start(clause.start),
                end=clause.text.raw_end(clause.end),
                by=clause.speaker.name if clause.speaker else "",
                avoid=rule.avoid,
                use=rule.use,
                scope=rule.scope,
                broken=_broken(rule, index, statements, text_of),
            )
        )
    return tuple(found)


def _parsed(text: str) -> _Rule | None:
    quoted = list(_QUOTED.finditer(text[:4000]))
    if not quoted:
        return None
    first = quoted[0]
    second = quoted[1] if len(quoted) > 1 else None
    between = text[first.end() : second.start()] if second else ""
    scope_found = _SCOPE.search(text)
    scope = scope_found[0].removesuffix(" the word").strip() if scope_found else ""
    scope = re.sub(r" the (?:word|words|term|phrase|expression)$", "", scope)
    if second and _REPLACED.search(between):
        return _Rule(_word(first[1]), _word(second[1]), scope)
    if second and _RATHER.search(between) and _USE.search(text):
        return _Rule(_word(second[1]), _word(first[1]), scope)
    if not _HAS_WORD.search(text):
        return None
    if _AVOID.search(text):
        return _Rule(_word(first[1]), _word(second[1]) if second else "", scope)
    return None


def _word(text: str) -> str:
    return text.strip(" .,;")


def _broken(
    rule: _Rule, index: int | None, statements: Sequence[Statement], text_of: Sequence[str]
) -> tuple[Breach, ...]:
    if index is None or not rule.avoid:
        return ()
    pattern = re.compile(rf"\b{re.escape(rule.avoid)}(?:s|d|ed|ing)?\b", re.IGNORECASE)
    found: list[Breach] = []
    for number in range(index + 1, len(statements)):
        words = text_of[number]
        used = pattern.search(words)
        if used:
            one = statements[number]
            sure = bool(_OURS.search(words[max(0, used.start() - 40) : used.start()]))
            found.append(
                Breach(
                    start=one.start,
                    end=one.end,
                    speaker=one.speaker,
                    statement=number,
                    doubt="" if sure else "may speak of something else",
                )
            )
    return tuple(found)
