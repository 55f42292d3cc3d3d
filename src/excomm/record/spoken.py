"""Acts of words given directly ("Name: text"): told from what is said, as no verb tells them."""

import re

import msgspec

from excomm.record.lexicon import TASK_PARTICIPLES, TASK_VERBS, word_set
from excomm.record.model import Act

_RECOMMENDS = re.compile(
    r"\b(?:should|ought to|recommend|recommends|propose|suggest|must|let us|let's|had better)\b",
    re.IGNORECASE,
)
_ADVISES = re.compile(
    r"\b(?:[Mm]y advice is|I (?:would )?(?:recommend|suggest|propose|advise)"
    r"|my recommendation is|I would (?!like|say|think|be|have|not)[a-z]+)\b"
)
_AGREES = re.compile(
    r"\b(?:I agree|we agree|agree with|is right|are right|is correct|concur"
    r"|support (?:the|this|that|his)|that is so|exactly)\b|^(?:Yes|Right|Agreed)\b",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"\b(?:No (?:further |additional |more |new )?\w{2,20} (?:\w{2,20} )?should|should not be"
    r"|disagree|oppose|(?:am|are|is|be) against|would be a mistake|cannot be called"
    r"|cannot agree|can['’]t agree|cannot accept|is not acceptable"
    r"|are opposed|do not agree|is wrong|unacceptable|object to)\b"
)
_CAUTIONS = re.compile(
    r"\b(?:be careful|danger|risk|warn|caution|worried|afraid|fear)\w{0,5}\b", re.IGNORECASE
)
_PLAIN_ANSWER = re.compile(r"^(?:Yes|No|Not (?:yet|now|at all|entirely))\b")
_UNDERTAKES = re.compile(
    r"\b(?:[Ww]e will (?:see to|do|send|get|take care|prepare|have)|I will|I shall|I'll|I’ll)\b"
)
_DECIDES = re.compile(
    r"\b(?:we should approve|decision to|we have decided|I have decided|we will (?:go|do|proceed"
    r"|use|not|hold|send|make)|it is decided|approved|I approve|is acceptable"
    r"|let us (?:do|go|proceed)|we (?:shall|will) )",
    re.IGNORECASE,
)
_DIRECTS = re.compile(
    r"\b(?:should|must|shall) (?:not |also |now |then )?(be )?(?:\w{2,20}ly )?(\w{2,20})\b"
    r"|\b(?:I want|[Pp]lease|[Ll]et(?:['’]s| us) (?:have|get|see|prepare|send|put|ask|find))\b"
    r"|\b(?:[Nn]o one|[Nn]obody|[Ee]veryone|[Ee]verybody|[Yy]ou) (?:is|are) (?:not )?to"
    r" (\w{2,20})\b"
)


class Spoken(msgspec.Struct, frozen=True):
    """Sentences `first` to `last`, both counted, with one act."""

    first: int
    last: int
    act: Act


def spoken(sentences: list[str], *, chair: bool, answers: bool) -> list[Spoken]:
    """Divide what one person says in one paragraph by what it does.

    chair: the speaker presides, so that "should" directs. answers: a question stands just before.
    """
    runs: list[tuple[int, int, bool]] = []
    for index, sentence in enumerate(sentences):
        asks = sentence.rstrip("\"”') ").endswith("?")
        if runs and runs[-1][2] == asks:
            runs[-1] = (runs[-1][0], index, asks)
        else:
            runs.append((index, index, asks))
    found: list[Spoken] = []
    for first, last, asks in runs:
        if asks:
            found.append(Spoken(first, last, "asked"))
        elif chair:
            found += _of_chair(sentences, first, last, answers=answers and not found)
        else:
            act = _of_member(sentences[first : last + 1], answers=answers and not found)
            found.append(Spoken(first, last, act))
    return found


def _of_member(sentences: list[str], *, answers: bool) -> Act:  # noqa: PLR0911
    text = " ".join(sentences)[:4000]
    if _ASKS_FOR.search(text):
        return "directed"
    if _ADVISES.search(text):
        return "recommended"
    if answers and _PLAIN_ANSWER.search(text):
        return "replied"
    if _AGREES.search(text):
        return "agreed"
    if _UNDERTAKES.search(text):
        return "undertook"
    if _OBJECTS.search(text):
        return "objected"
    if answers:
        return "replied"
    if _RECOMMENDS.search(sentences[-1]) or sum(map(bool, map(_RECOMMENDS.search, sentences))) > 1:
        return "recommended"
    if "recommend" in text or sum(map(bool, map(_CONDITIONAL.search, sentences))):
        return "recommended"
    if _CAUTIONS.search(text):
        return "cautioned"
    return "said"


_ASKS_FOR = re.compile(r"\b(?:[Pp]lease|I want you to)\b")
_CONDITIONAL = re.compile(r"\b(?:no|we) \w{0,20} ?\w{0,20} ?should\b", re.IGNORECASE)


def _of_chair(sentences: list[str], first: int, last: int, *, answers: bool) -> list[Spoken]:
    part = sentences[first : last + 1]
    if any(_DECIDES.search(sentence) for sentence in part):
        return [Spoken(first, last, "decided")]
    found: list[Spoken] = []
    for index, sentence in enumerate(part, first):
        if _directs(sentence):
            found.append(Spoken(index, index, "directed"))
        elif found and found[-1].act != "directed":
            found[-1] = Spoken(found[-1].first, index, found[-1].act)
        else:
            found.append(Spoken(index, index, "replied" if answers and not found else "said"))
    return found


def _directs(sentence: str) -> bool:
    for found in _DIRECTS.finditer(sentence):
        verb = found[2] or found[3]
        if verb is None or verb in (TASK_PARTICIPLES if found[1] else TASK_VERBS):
            return True
    return _imperative(sentence)


_CALLS = re.compile(
    r"(?:(?:All right|Very well|OK|Okay|Fine|Good|Then|Now|Well|And|But|So|Mr\. [A-Z]\w+"
    r"|[A-Z][a-z]+)[,.] ){0,2}(?:please |just |then )?([A-Za-z]+) ([\w'’]+)"
)
_OBJECTS_OF = word_set(
    "the a an them him her it that this these those me us our your all no every out up nothing"
    " everything to into with on for until by any some both"
)


def _imperative(sentence: str) -> bool:
    """ "Bob, prepare a cable", "Tell them Friday": an order without a subject."""
    found = _CALLS.match(sentence)
    if not found:
        return False
    verb, following = found[1].lower(), found[2]
    if verb == "do":
        return following in ("that", "it", "so", "this")
    return verb in TASK_VERBS and (following in _OBJECTS_OF or following[0].isupper())
