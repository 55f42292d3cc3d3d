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
    r"|my recommendation is|I['’]d (?:recommend|suggest|propose|advise)"
    r"|I would (?!like|say|think|be|have|not|warn|go along|agree|support)[a-z]+)\b"
    r"|^(?:How about|Why not|Why don['’]t we|What about|Suppose we|We might|We could)\b"
)
_AGREES = re.compile(
    r"\b(?:I agree|we agree|agree with|is right|are right|is correct|concur"
    r"|support (?:the|this|that|his)|that is so|exactly|fine by me|makes sense|I like (?:that|it)"
    r"|sounds good|good idea"
    r"|no objection|I second|I share (?!the concern|these concern|your concern)|go along with"
    r"|same here|am with (?!you on the other)|I['’]m with|no problem with)\b"
    r"|^(?:Yes|Right|Agreed|OK|Okay|Sure|Absolutely|Fine|Quite so)\b",
    re.IGNORECASE,
)
_OBJECTS = re.compile(
    r"\b(?:No (?:further |additional |more |new )?\w{2,20} (?:\w{2,20} )?should|should not be"
    r"|disagree|oppose|(?:am|are|is|be) against|would be a mistake|cannot be called"
    r"|cannot agree|can['’]t agree|cannot accept|is not acceptable"
    r"|are opposed|do not agree|is wrong|unacceptable|object to|would be against|I['’]m against"
    r"|(?:have|had) (?:grave |serious |real |my |some |great |strong )?(?:doubts|reservations"
    r"|objections|misgivings)|cannot go along|can['’]t go along|could not (?:support|accept|agree)"
    r"|couldn['’]t (?:support|accept|agree)|won['’]t (?:work|do|wash)|will not work"
    r"|not (?:good|enough|acceptable|satisfactory|true|so|correct|right|accept)\b|do not accept"
    r"|not a good idea|would be wrong|makes no sense|don['’]t (?:agree|like|think (?:we|that|it))"
    r"|do not (?:like|think (?:we|that|it))|would be (?:too|very) (?:dangerous|early|late)"
    r"|would be (?:folly|madness|premature))\b"
)
_CAUTIONS = re.compile(
    r"\b(?:be careful|danger|risk|warn|caution|worried|afraid|fear|beware|be aware|watch out"
    r"|mind you|keep in mind|bear in mind|we (?:will|shall) have no|there is no going back)"
    r"\w{0,5}\b|^(?:Don['’]t|Do not|Careful|Mind) ",
    re.IGNORECASE,
)
_PLAIN_ANSWER = re.compile(r"^(?:Yes|No|Not (?:yet|now|at all|entirely))\b")
_UNDERTAKES = re.compile(
    r"\b(?:[Ww]e (?:will|shall|can) (?:see to|do|send|get|take care|prepare|have (?:it|them|that"
    r"|the|a|an))|I will|I shall|I['’]ll|I can (?:do|have|get|send)|[Ll]eave (?:it|that)"
    r" (?:to|with) me|[Yy]ou(?: will|['’]ll) have (?:it|them|that)|(?:[Tt]hey|[Ii]t) will be"
    r" (?:in place|ready|done|there))\b|^(?:Will do|On it|Done)\b|\b[Ww]ill do\b"
)
_DECIDES = re.compile(
    r"\b(?:we should approve|decision to|we have decided|I have decided|we will (?:go|do|proceed"
    r"|use|not|hold|send|make)|it is decided|approved|I approve|is acceptable"
    r"|let us (?:do|go|proceed)|we (?:shall|will) (?!have no|need|be careful|know|see )"
    r"|so ordered|the answer is (?:yes|no)|we['’]re going to|we are going to|we['’]ll "
    r"|we['’]ve decided|my decision)"
    r"|^(?:All right|OK|Okay|Very well|Fine|Good|Then|So|Yes)[,.:]? ?(?:then,? )?(?:we"
    r" (?!have|are not|need|know|must ask|might|could|can)|let['’]s |do it\b|go ahead\b)"
    r"|^(?:Do it|Go ahead|Let['’]s (?:do|go|send|hold|keep|put|use|wait|leave))\b",
    re.IGNORECASE,
)
_DIRECTS = re.compile(
    r"\b(?:should|must|shall) (?:not |also |now |then )?(be )?(?:\w{2,20}ly )?(\w{2,20})\b"
    r"|\b(?:I want|[Pp]lease|[Ll]et(?:['’]s| us) (?:have|get|see|prepare|send|put|ask|find))\b"
    r"|\b(?:[Nn]o one|[Nn]obody|[Ee]veryone|[Ee]verybody|[Yy]ou) (?:is|are) (?:not )?to"
    r" (\w{2,20})\b|^(?:Nothing|No \w{2,20}|[A-Z]\w{1,20}) (?:is|are) (?:not )?to be \w{3,20}ed?\b"
    r"|\b(?:[Mm]ake sure|[Ss]ee (?:that|to it)|[Yy]ou see (?:that|to it)|I need (?:a|an|the)"
    r"|[Hh]ave (?:\w{1,20}(?:['’]s)? ){1,3}(?:give|send|prepare|get|draft|work|check|find|look))\b"
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
    if _ASKS_FOR.search(text) or any(map(called, sentences)) or any(map(_plainly, sentences)):
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
    if not answers and _AGREES.search(part[0]) and not any(map(_directs, part)):
        return [Spoken(first, last, "agreed")]
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
        nobody = found[3] and found[0].lower().startswith(("no", "every"))
        if verb is None or nobody or verb in (TASK_PARTICIPLES if found[1] else TASK_VERBS):
            return True
    return _imperative(sentence)


_CALLS = re.compile(
    r"(?:(?:All right|Very well|OK|Okay|Fine|Good|Then|Now|Well|And|But|So|Mr\. [A-Z]\w+"
    r"|[A-Z][a-z]+)[,.] ){0,2}(?:please |just |then )?([A-Za-z]+) ([\w'’]+)"
)
_OBJECTS_OF = word_set(
    "the a an them him her it that this these those me us our your all no every out up nothing"
    " everything to into with on for until by any some both off"
)


_PLAIN = re.compile(
    r"^(?:Send|Get|Prepare|Draft|Find|Tell|Call|Bring|Report|Write|Give|Cable|Ask|Check|Stop)"
    r" (?:the|a|an|them|him|her|it|me|us|all|that|this|those|these|no|[A-Z])\b"
)


def _plainly(sentence: str) -> bool:
    """ "Send the report to Vienna": an order without a name, from whoever gives it."""
    return _PLAIN.match(sentence) is not None


_BY_NAME = re.compile(r"^(?:[A-Z][\w.]{1,20} )?[A-Z][\w'’-]{1,20}, (?:please )?([a-z]{2,15}) ")
_NO_NAME = word_set("Yes No Well So Then Now OK Okay Agreed Right Fine Good Also First Sure Thanks")


def called(sentence: str) -> str:
    """Who is told to do a thing by name ("Yusuf, pull the two clips"); else nothing."""
    found = _BY_NAME.match(sentence)
    name = sentence.partition(",")[0]
    ordered = found is not None and found[1] in TASK_VERBS | {"pull", "see"}
    return name if ordered and name not in _NO_NAME else ""


def _imperative(sentence: str) -> bool:
    """ "Bob, prepare a cable", "Tell them Friday": an order without a subject."""
    if sentence.startswith("If ") and ", " in sentence:
        sentence = sentence.partition(", ")[2]
    found = _CALLS.match(sentence)
    if not found:
        return False
    verb, following = found[1].lower(), found[2]
    if verb == "do":
        return following in ("that", "it", "so", "this")
    return verb in TASK_VERBS and (following in _OBJECTS_OF or following[0].isupper())
