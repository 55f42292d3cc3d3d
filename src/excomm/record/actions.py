"""Lines of action: what notes and minutes set down as somebody's to do, outside any sentence of
speech ("Action: Vale to write by Friday", "The Engineer to report further", "ACDA will redraft").
"""

from collections.abc import Sequence

from excomm.record.lexicon import DEPARTMENTS, GROUP_HEADS, QUESTION_WORDS, TASK_VERBS, word_set
from excomm.record.offices import OFFICE_NOUNS
from excomm.record.sentences import Words
from excomm.record.speakers import NOBODY, mention

_TASK_HEADS = word_set("action actions todo task tasks follow-up followup ap to-do")
_DECISION_HEADS = word_set("decision decisions decided conclusion resolved agreed outcome")
_SIGNS = frozenset({":", "-", "–", "—", ".", ")"})
_BY = frozenset({"by", "on", "for", "item", "point", "items", "points", "("})
_OWNER_MAX = 8
_WHOLE = word_set(
    "teams agencies departments members parties all both staff delegations governments units"
    " stations offices posts sections group committee subcommittee secretariat panel board"
)
_BETWEEN = frozenset({"and", "&", "of", "the", ","})
_DOING = word_set("have inform update remain depart stand stay attend join")
_NOT_TASKS = frozenset({"be"})


def heading_of(keys: Sequence[str]) -> tuple[str, int]:
    """("task" or "decision", the word after "Action 3:"); ("", 0) without such a head."""
    head = keys[0].lower() if keys else ""
    kind = "task" if head in _TASK_HEADS else "decision" if head in _DECISION_HEADS else ""
    if not kind:
        return "", 0
    for index in range(1, min(len(keys), 7)):
        key = keys[index]
        if key in _SIGNS:
            after = index + 1
            while after < len(keys) and keys[after] in _SIGNS:
                after += 1
            # "Action by Vale: write": the owner stands in the head.
            named = any(k[0].isupper() for k in keys[1:index])
            return kind, (1 if named else after) if after < len(keys) else 0
        if not (key.isdigit() or key in _BY or key[0].isupper()):
            break
    return "", 0


def owner_of(keys: Sequence[str], at: int) -> tuple[int, int, int]:
    """Of a task that begins at `at`: first and after of its owner, and where the task begins.

    (at, at, at) where no owner stands before it.
    """
    while at < len(keys) and keys[at] in _BY:
        at += 1
    for index in range(at + 1, min(len(keys), at + _OWNER_MAX)):
        key = keys[index]
        if key in ("-", "–", "—", ":", ")") or (
            key in ("to", "will", "shall", "should", "must", "is", "are")
            and keys[index + 1 : index + 2]
            and keys[index + 1].islower()
        ):
            return at, index, index + 1
        if key in (",", ";", "."):
            break
    return at, at, at


def to_do(words: Words, *, opens: bool) -> tuple[int, int] | None:
    """Of "The Engineer to report further" or "ACDA will redraft": where the owner's words end, and
    where the task begins; None for any other sentence.

    opens: it opens a paragraph. Elsewhere "will" goes on with what somebody says.
    """
    keys = words.keys
    if not keys or keys[0].lower() in QUESTION_WORDS:
        return None
    for index in range(1, min(len(keys) - 1, _OWNER_MAX)):
        key = keys[index]
        settled = key in ("is", "are", "was", "were") and keys[index + 1] == "to"
        if settled and keys[index + 2 : index + 3] not in ((), ("be",)):
            return (index, index + 2) if _owner(words, index) else None
        if (key == "to" or (opens and key in ("will", "shall"))) and _task(keys, index + 1):
            return (index, index + 1) if _owner(words, index) else None
        if key in (",", ":", "that", "which", "who") or (key.islower() and key.endswith("ed")):
            return None
    return None


def _task(keys: Sequence[str], at: int) -> bool:
    if keys[at : at + 1] and keys[at] in ("not", "also", "now", "then"):
        at += 1
    verb = keys[at] if at < len(keys) else ""
    return (verb in TASK_VERBS or verb in _DOING) and verb not in _NOT_TASKS


def _owner(words: Words, end: int) -> bool:
    """Whether the words up to `end` name a person, an office or a body, and nothing else."""
    keys = words.keys[:end]
    subject = mention(words, 0, NOBODY)
    if subject is not None:
        return subject.kind != "pronoun" and subject.after == end
    last = keys[-1]
    if keys[0] in ("The", "A", "All", "Both", "Each", "the"):
        return (
            last in OFFICE_NOUNS
            or last.capitalize() in OFFICE_NOUNS
            or last in DEPARTMENTS
            or last.lower() in _WHOLE
            or last.lower() in GROUP_HEADS
        )
    named = (key[0].isupper() or key.isdigit() or key in _BETWEEN for key in keys)
    return all(named) and (last[0].isupper() or last.isdigit())
