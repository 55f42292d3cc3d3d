"""Wording rules: which words to use and which to avoid, and who breaks the rule afterwards."""

import re
from bisect import bisect_right
from collections.abc import Sequence, Set

import msgspec

from excomm.record.model import Breach, Record, Statement, WordingRule
from excomm.record.repaired import Cut
from excomm.record.sentences import has_any
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
_OURS = re.compile(
    r"\b(?:give|gives|giving|offer|offering|make|making|put|provide|provided|given)\b"
)


class _Rule(msgspec.Struct, frozen=True):
    avoid: str
    use: str
    scope: str


def is_wording(text: str) -> bool:
    """Whether a sentence rules on words."""
    return _parsed(text) is not None


def on_documents(text: str) -> bool:
    """Whether a sentence rules on the form of a text: "no document more formal than a letter"."""
    return " than" in text and bool(_FORMAL.search(text[:4000]))


_FORMAL = re.compile(
    r"\b(?:document|paper|text|instrument|statement|communication|message|undertaking|letter)s?\b"
    r"[^.;]{0,40}\b(?:more|less) (?:formal|binding|solemn|public|specific) than\b"
)


def wording_rules(
    clauses: Sequence[Clause],
    of: Sequence[int | None],
    statements: Sequence[Statement],
    text_of: Sequence[str],
) -> tuple[WordingRule, ...]:
    """Every wording rule with the later statements that break it, up to where it is said again.

    text_of: each statement's words.
    """
    rules = [
        (clause, index, rule)
        for clause, index in zip(clauses, of, strict=True)
        if (rule := _parsed(clause.text.words[clause.start : clause.end]))
    ]
    uses = _uses({rule.avoid.lower() for _, _, rule in rules if rule.avoid}, statements, text_of)
    found: list[WordingRule] = []
    until: dict[str, int] = {}
    # From the last backwards: a rule said again takes over the breaches that follow it.
    for clause, index, rule in reversed(rules):
        word = rule.avoid.lower()
        broken: tuple[Breach, ...] = ()
        if word and index is not None:
            broken = _breaches(uses[word], index, until.get(word, len(statements)), statements)
            until[word] = index
        found.append(
            WordingRule(
                start=clause.text.raw_start(clause.start),
                end=clause.text.raw_end(clause.end),
                by=clause.speaker.name if clause.speaker else "",
                avoid=rule.avoid,
                use=rule.use,
                scope=rule.scope,
                broken=broken,
            )
        )
    return tuple(reversed(found))


def breaches(rule: WordingRule, record: Record) -> tuple[Breach, ...]:
    """The statements of another record that use the words which the rule avoids."""
    word = rule.avoid.lower()
    if not word:
        return ()
    cut = Cut(record)
    texts = [cut.words(one.start, one.end) for one in record.statements]
    uses = _uses({word}, record.statements, texts)[word]
    return _breaches(uses, -1, len(record.statements), record.statements)


def _parsed(text: str) -> _Rule | None:
    quoted = list(_QUOTED.finditer(text[:4000])) if '"' in text or "“" in text else []
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
    if _HAS_WORD.search(text) and _AVOID.search(text):
        return _Rule(_word(first[1]), _word(second[1]) if second else "", scope)
    return None


def _word(text: str) -> str:
    return text.strip(" .,;")


# A hundred different rules are no minutes; looking for each would cost the square of the text.
_RULES_MAX = 100


def _uses(
    avoided: Set[str], statements: Sequence[Statement], text_of: Sequence[str]
) -> dict[str, list[tuple[int, bool]]]:
    """For each word to avoid, the statements that use it, and whether surely of one's own."""
    found: dict[str, list[tuple[int, bool]]] = {word: [] for word in sorted(avoided)}
    if not 0 < len(found) <= _RULES_MAX:
        return found
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, found))})(?:s|d|ed|ing)?\b", re.IGNORECASE)
    small = [text.lower() for text in text_of]
    for number in range(len(statements)):
        if not has_any(small[number], found):
            continue
        seen: set[str] = set()
        for used in pattern.finditer(text_of[number]):
            word = used[1].lower()
            if word not in seen:
                seen.add(word)
                before = text_of[number][max(0, used.start() - 40) : used.start()]
                found[word].append((number, bool(_OURS.search(before))))
    return found


def _breaches(
    uses: list[tuple[int, bool]], first: int, until: int, statements: Sequence[Statement]
) -> tuple[Breach, ...]:
    begin = bisect_right(uses, (first, True))
    found: list[Breach] = []
    for number, sure in uses[begin:]:
        if number >= until:
            break
        one = statements[number]
        doubt = "" if sure else "may speak of something else"
        found.append(
            Breach(start=one.start, end=one.end, speaker=one.speaker, statement=number, doubt=doubt)
        )
    return tuple(found)
