"""Naming: whom a bare title or a garbled name means, from what the record itself says elsewhere.

"The Secretary" is whoever the record calls Secretary by name, if it calls one only; a name that
differs from another of the same title by a letter that scans confuse is read as that one, and the
doubt is said. Nothing here knows a person.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from excomm.record.lexicon import CALLED_BY_OFFICE, DEPARTMENTS, NOT_SPEAKERS, PARTICLES, TITLES
from excomm.record.model import Mark
from excomm.record.offices import is_office, office_end, office_name
from excomm.record.roster import surname
from excomm.record.sentences import Words, words
from excomm.record.speakers import Mention, named, spoken_name

_LISTED = ("attendance", "heading")
_LISTED_CHARS_MAX = 4000
# Letters that scans take for one another, each written as one of its group.
_ALIKE = str.maketrans(
    {"l": "i", "1": "i", "I": "i", "e": "c", "0": "o", "h": "b", "u": "n", "f": "t"}
)
_ALIKE_MIN = 5


_CHAIR = (
    r"(?:Chairman|Chairwoman|Chair|Chaired by|Presiding|In the Chair|Facilitator|Lead|CHAIRMAN"
    r"|PRESIDING)"
)
_PRESIDES = re.compile(rf"\b{_CHAIR}\s{{0,2}}[:–—-]\s{{0,2}}([^\n;,(]{{2,60}})")
_PRESIDING = re.compile(
    rf"([A-Z][^\n;:,(]{{2,60}}),? \(?(?:{_CHAIR}|presiding|lead|chair|in the [Cc]hair)\b"
)


class Naming(msgspec.Struct, frozen=True):
    """What the record says of its people.

    holders: by title, the names that carry it. read_as: a garbled name to the one it means.
    chairs: who presides, by name. attended: the names in the list of who was there;
    offices: the offices in it.
    """

    holders: dict[str, tuple[str, ...]]
    read_as: dict[str, str]
    chairs: frozenset[str]
    attended: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()

    def holder(self, office: str) -> str:
        """The one name that the record gives to a bare title or an office; else nothing."""
        if office in CALLED_BY_OFFICE:
            return ""
        found = self.holders.get(office, ())
        if not found and " " not in office:
            ending = f" {office}"
            longer = (names for title, names in self.holders.items() if title.endswith(ending))
            found = tuple(dict.fromkeys(name for names in longer for name in names))
        return found[0] if len(found) == 1 else ""


def naming(raw: str, marks: Iterable[Mark], told: Iterable[Iterable[Words]]) -> Naming:
    """Titles and names, from the text and from the list of who attended."""
    pairs: list[tuple[str, str]] = []
    chairs: set[str] = set()
    initials: dict[str, list[str]] = {}
    offices: set[str] = set()
    for mark in marks:
        if mark.kind in _LISTED:
            listed = raw[mark.start : min(mark.end, mark.start + _LISTED_CHARS_MAX)]
            for pattern in (_PRESIDES, _PRESIDING):
                for one in pattern.finditer(listed):
                    called = one[1].strip(" .-").removeprefix("the ").removeprefix("The ")
                    chairs |= {spoken_name(surname(called)), called}
            if mark.kind == "attendance":
                offices |= set(_offices(listed))
                for name, letters in _attending(listed):
                    initials.setdefault(letters, []).append(name)
            pairs += _pairs(
                named(words(raw, mark.start, min(mark.end, mark.start + _LISTED_CHARS_MAX)))
            )
    for paragraph in told:
        for sentence in paragraph:
            pairs += _pairs(named(sentence))
    seen = Counter(pairs)
    read_as = _garbled(seen)
    attended = {name for names in initials.values() for name in names}
    for letters, names in initials.items():
        if len(letters) > 1 and len(names) == 1:
            read_as[letters] = names[0]
    holders: dict[str, dict[str, None]] = {}
    for title, name in seen:
        holders.setdefault(title, {})[read_as.get(name, name)] = None
    return Naming(
        {title: tuple(names) for title, names in holders.items()},
        read_as,
        frozenset(chairs),
        frozenset(attended | {letters for letters in initials if len(letters) > 1}),
        frozenset(offices),
    )


_SEPARATORS = re.compile(r"[,;\n()/:]| and | & |\. {2,}")
_CALLED_MAX = 4


def _attending(listed: str) -> Iterator[tuple[str, str]]:
    """The surname and the initials of each name in a list of who was there."""
    for part in _SEPARATORS.split(listed):
        words_ = [word for word in part.split() if word.rstrip(".") not in TITLES]
        plain = [word for word in words_ if word[0].isupper() or word in PARTICLES]
        if not words_ or len(words_) > _CALLED_MAX or len(plain) < len(words_):
            continue
        name = spoken_name(surname(" ".join(words_)))
        if len(name) < 2 or not name[-1].isalpha() or name in DEPARTMENTS or name in NOT_SPEAKERS:
            continue
        yield name, "".join(word[0] for word in words_ if word[0].isupper())


def _offices(listed: str) -> Iterator[str]:
    """The offices in a list of who was there: "Head of Compliance", "the Clerk"."""
    for part in _SEPARATORS.split(listed):
        keys = tuple(part.strip(" .").removeprefix("the ").removeprefix("The ").split())
        if keys and office_end(keys, 0) == len(keys) and is_office(keys):
            yield office_name(keys, 0, len(keys))


def _pairs(found: Iterable[Mention]) -> list[tuple[str, str]]:
    return [(one.title, one.name) for one in found]


def _garbled(seen: Counter[tuple[str, str]]) -> dict[str, str]:
    """Names of one title that look alike to a scanner: the more frequent is meant, or the first."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for (title, name), count in seen.items():
        if len(name) >= _ALIKE_MIN:
            groups.setdefault((title, _shape(name)), Counter())[name] += count
    found: dict[str, str] = {}
    for names in groups.values():
        best = names.most_common(1)[0][0]
        found |= {name: best for name in names if name != best and name.lower() != best.lower()}
    return found


def _shape(name: str) -> str:
    shape = name.lower()
    for pair in ("rn", "nn", "in", "ni"):
        shape = shape.replace(pair, "m")
    return shape.translate(_ALIKE)
