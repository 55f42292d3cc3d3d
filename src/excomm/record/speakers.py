"""Speakers: who is named at a place in a sentence, by title, office, name, pronoun or body.

Works on words, from left to right, looking a bounded number of words ahead; knows no person.
"""

from collections.abc import Mapping, Set
from functools import lru_cache
from typing import Literal

import msgspec

from excomm.record.lexicon import (
    ALONE,
    CALLED_BY_OFFICE,
    DEPARTMENTS,
    GROUP_HEADS,
    MODIFIERS,
    OF_OTHERS,
    PARTICLES,
    PRONOUNS,
    QUANTIFIERS,
    TITLES,
    word_set,
)
from excomm.record.offices import office_end, office_name
from excomm.record.roster import surname
from excomm.record.sentences import Words


class Known(msgspec.Struct, frozen=True):
    """Who counts as a speaker in one record without a title: surnames, and offices by full form."""

    names: Set[str] = frozenset()
    offices: Mapping[str, str] = {}
    heads: Set[str] = frozenset()  # the words with which the offices begin


def known_as(names: Set[str], offices: Mapping[str, str]) -> Known:
    """Who counts as a speaker: these surnames, and these offices with their full forms."""
    first = {name.partition(" ")[0] for name in offices}
    spelt = {*first, *map(str.upper, first), *map(str.lower, first)}
    return Known(names, offices, spelt)


NOBODY = Known()
Kind = Literal["person", "office", "bare", "pronoun", "group", "joint"]
_NOT_NAMES = word_set(
    "The A An And But Or If It In On At As We They There This That These Those Our Their His"
    " Her No Not So Yet For By With From To Of When While Before After I You My Your What Why"
    " How Who Where Which Do Does Did Can Could Should Would Will May Might Must Is Are Was"
    " Were Be Has Have Had All Some Any Each Every Several Most Both Such Then However Also"
    " Again Finally Later Next Cuban Soviet Russian American British French German Chinese"
    " Western Eastern Northern Southern Monday Tuesday Wednesday Thursday Friday Saturday"
    " Sunday January February March April May June July August September October November"
    " December"
)
_TITLE_FORMS = TITLES | {
    title.upper() for title in TITLES if len(title) > 1 and title.upper().capitalize() == title
}
# The only words without a capital at which somebody can be named.
_SMALL_HEADS = TITLES | PRONOUNS | PARTICLES | DEPARTMENTS | QUANTIFIERS | ALONE | {"the"}
_ARTICLES = ("The", "the", "THE")
_GROUP_OPENERS = QUANTIFIERS | ALONE | {"Members"}
_JOINING = (",", "and", "&")
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_OFFICE_LINKS = frozenset({"of", "the", "for", "and", "to", "on"})
_LESSER = MODIFIERS - {"Chief"}  # whoever has one of these alone is called by something else
_NAMES_MAX = 4
_GROUP_REACH = 6
_BARE_MAX = 3


class Mention(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody named, from word `first` up to word `after`."""

    kind: Kind
    name: str  # short: surname, office, body
    title: str = ""
    first: int
    after: int
    of_others: bool = False


def mention(words: Words, at: int, known: Known) -> Mention | None:
    """Who is named at word `at`. known: who counts without a title."""
    one = _single(words, at, known)
    if one is None or one.kind == "pronoun":
        return one
    keys = words.keys
    if one.kind == "office":
        one = _holder(words, one)
    if one.after < len(keys) and keys[one.after] in _JOINING:
        return _joint(words, one, known)
    return one


def named(words: Words) -> list[Mention]:
    """Everybody whom the words name with a title, or with an office beside the name."""
    found: list[Mention] = []
    keys = words.keys
    if _TITLE_FORMS.isdisjoint(keys):
        return found
    reached = 0
    for at in [at for at, key in enumerate(keys) if key in _TITLE_FORMS]:
        if at < reached:
            continue
        one = _single(words, at, NOBODY)
        if one is None:
            continue
        if one.kind == "office" and at and keys[at - 1] in ("The", "the"):
            one = _holder(words, msgspec.structs.replace(one, first=at - 1))
        if one.kind == "person":
            found.append(one)
        reached = max(at + 1, one.after)
    return found


def _holder(words: Words, office: Mention) -> Mention:
    """The person in "The Director of Survey, Mr. Hale, said"; else the office itself.

    Whoever the minutes call by office keeps it as a name. Without a comma after the name, or with
    "and" after that, two people are named, not one.
    """
    keys = words.keys
    if keys[office.after : office.after + 1] != (",",):
        return office
    holder = _single(words, office.after + 1, NOBODY)
    if holder is None or holder.kind != "person" or keys[holder.after : holder.after + 1] != (",",):
        return office
    if keys[holder.after + 1 : holder.after + 2] == ("and",):
        return office
    called = office if office.name in CALLED_BY_OFFICE else holder
    return msgspec.structs.replace(
        called, title=office.name, first=office.first, after=holder.after + 1, of_others=False
    )


def label(words: Words) -> Mention | None:
    """Who is named at the start of a paragraph, where a colon follows ("Name: text")."""
    colon = colon_at(words)
    keys = words.keys
    if colon < 1:
        return None
    full = _SHORT_OFFICES.get(keys[0])
    if full and colon == 1:
        return Mention(kind="office", name=full, title=full, first=0, after=1)
    found = _single(words, 0, NOBODY, any_name=True)
    if found is None or found.kind == "pronoun":
        return None
    after = found.after
    if after < colon and keys[after] == "(" and keys[colon - 1] == ")":
        after = colon
    if after < colon and keys[after] == ",":
        after = colon
    return found if after == colon else None


DASHES = ("-", "–", "—")


def with_dash(words: Words) -> Words:
    """The words with the dash at their end as a sign of its own: "The Cabinet-"."""
    last = words.keys[-1] if words.keys else ""
    if len(last) < 2 or not last.endswith("-"):
        return words
    return words.read_as((*words.keys[:-1], last[:-1], "-"))


def colon_at(words: Words) -> int:
    """Where the colon stands, or the dash that does for one at the end; -1 where there is none."""
    keys = words.keys
    if ":" in keys[:14]:
        return keys.index(":")
    return len(keys) - 1 if 1 < len(keys) <= 8 and keys[-1] in DASHES else -1


_SHORT_OFFICES = {
    "Pres": "President",
    "VP": "Vice President",
    "V.P": "Vice President",
    "AG": "Attorney General",
    "A.G": "Attorney General",
    "PM": "Prime Minister",
    "P.M": "Prime Minister",
}


def _single(words: Words, at: int, known: Known, *, any_name: bool = False) -> Mention | None:
    keys = words.keys
    key = keys[at] if at < len(keys) else ""
    if not (key[:1].isupper() or key in _SMALL_HEADS):
        return None
    if key in PRONOUNS:
        return Mention(kind="pronoun", name=key, first=at, after=at + 1)
    article = key in _ARTICLES
    if known.heads and (office := _in_office(words, at, known, article=article)):
        return office
    start = _past_agency(keys, at + article)
    if start < len(keys) and keys[start] in _TITLE_FORMS:
        if words.titled is None:
            words.titled = {}
        if at not in words.titled:
            words.titled[at] = _at_title(words, at, start)
        found: Mention | None = words.titled[at]
        return found
    if (any_name or known.names) and not article:
        bare = _bare(words, at, known, any_name=any_name)
        if bare:
            return bare
    return _group(words, at, start)


def _at_title(words: Words, at: int, start: int) -> Mention | None:
    keys = words.keys
    titled = start + 1
    while titled < len(keys) and keys[titled] in _TITLE_FORMS:
        titled += 1
    return _titled(words, at, start, titled) or _group(words, at, start)


def _in_office(words: Words, at: int, known: Known, *, article: bool) -> Mention | None:
    start = at + article
    if start >= len(words.keys) or words.keys[start] not in known.heads:
        return None
    end = office_end(words.keys, start)
    name = office_name(words.keys, start, end) if end > start else ""
    if name in known.offices and (article or " " in name or words.keys[at].isupper()):
        return Mention(kind="office", name=known.offices[name], first=at, after=end)
    return None


def _past_agency(keys: tuple[str, ...], at: int) -> int:
    """The title in "USIA Director", "White House Press Secretary"; else the word itself."""
    index, last = at, min(len(keys) - 1, at + 3)
    while index < last:
        key = keys[index]
        if key in _TITLE_FORMS:
            return index
        if not (key in DEPARTMENTS or key == "House" or (2 <= len(key) <= 5 and key.isupper())):
            break
        index += 1
    return at


def _titled(words: Words, at: int, start: int, after: int) -> Mention | None:
    keys = words.keys
    titles, office, others = _office(keys[start:after])
    at_office = after
    if after < len(keys) and keys[after] in ("of", "for"):
        at_office = _department(keys, after)
        if at_office > after:
            office = " ".join([office, *(_cased(key) for key in keys[after:at_office])])
    at_office = _past_initials(words, at_office)
    names_end = _names(keys, at_office)
    if (names_end > at_office and titles[-1] not in _LESSER) or (
        names_end > at_office and office in CALLED_BY_OFFICE
    ):
        name = spoken_name(surname(" ".join(keys[at_office:names_end])))
        return Mention(
            kind="person", name=name, title=office, first=at, after=names_end, of_others=others
        )
    if at_office > after or start > at or office in CALLED_BY_OFFICE:
        if titles[-1] in MODIFIERS and office not in CALLED_BY_OFFICE:
            return None
        return Mention(kind="office", name=office, title=office, first=at, after=at_office)
    return None


def spoken_name(name: str) -> str:
    """A name set in capitals, as it is called."""
    return name.title() if name.isupper() and len(name) > 3 else name


@lru_cache(maxsize=4096)
def _office(keys: tuple[str, ...]) -> tuple[tuple[str, ...], str, bool]:
    """Titles as they are written, as one office, and whether others hold it."""
    titles = tuple(map(_cased, keys))
    return titles, " ".join(titles), not OF_OTHERS.isdisjoint(titles)


def _cased(key: str) -> str:
    return key.capitalize() if key.isupper() and key.capitalize() in TITLES else key


def _department(keys: tuple[str, ...], at: int) -> int:
    end = at
    index = at
    while index < len(keys) and index < at + 12:
        key = keys[index]
        # What an office is of may be any name: "the Minister of Fisheries", "the Mayor of Oran".
        linked = key[0].isupper() and keys[index - 1] in _OFFICE_LINKS and key not in _NOT_NAMES
        if key in DEPARTMENTS or (linked and key not in _TITLE_FORMS):
            end = index + 1
        elif key not in _OFFICE_LINKS:
            break
        index += 1
    return end


def _names(keys: tuple[str, ...], at: int) -> int:
    """The end of the capitalised words that make a name from `at` on."""
    for index in range(at, min(len(keys), at + _NAMES_MAX)):
        key = keys[index]
        if key[0].isupper():
            if key in _NOT_NAMES or key.endswith(_POSSESSIVES):
                return index
        elif not (key in PARTICLES and index + 1 < len(keys) and keys[index + 1][0].isupper()):
            return index
    return max(at, min(len(keys), at + _NAMES_MAX))


def may_be_name(key: str) -> bool:
    return key[0].isupper() and key not in _NOT_NAMES


def _bare(words: Words, at: int, known: Known, *, any_name: bool) -> Mention | None:
    first = _past_initials(words, at)
    end = _names(words.keys, first)
    if end == first:
        return None
    name = surname(" ".join(words.keys[first:end]))
    if not any_name and name not in known.names:
        return None
    if any_name and end - at > 3:
        return None
    return Mention(kind="bare", name=spoken_name(name), first=at, after=end)


def bare_name(words: Words) -> str:
    """The surname of "Bell", "J. Bell" or "John Bell" at the start of a sentence; else nothing."""
    first = _past_initials(words, 0)
    end = _names(words.keys, first)
    if end > first and words.keys[end - 1].lower() in GROUP_HEADS:
        return ""
    return surname(" ".join(words.keys[first:end])) if first < end <= first + _BARE_MAX else ""


def _past_initials(words: Words, at: int) -> int:
    """Past the "A. B." of "A. B. Brandt", which is no article."""
    keys = words.keys
    index = at
    while (
        index < len(keys) - 1
        and len(keys[index]) == 1
        and keys[index].isupper()
        and words.end_of(index) - words.start_of(index) > 1
    ):
        index += 1
    return index if index < len(keys) and keys[index][0].isupper() else at


def _group(words: Words, at: int, start: int) -> Mention | None:
    keys = words.keys
    first = keys[at]
    if start == at and first not in _GROUP_OPENERS:
        return None
    for index in range(at, min(len(keys), at + _GROUP_REACH)):
        key = keys[index]
        if key.lower() in GROUP_HEADS and (index > at or first == "Members"):
            if index + 1 < len(keys) and keys[index + 1].lower() in GROUP_HEADS:
                continue  # "Council members" are members
            after = index + 1
            if after < len(keys) and keys[after] in ("of", "present"):
                after = _department(keys, after) if keys[after] == "of" else after + 1
                after = max(after, index + 1)
            inner = keys[start:index]
            if start > at:  # "The Executive Committee"; "the other members"
                name = " ".join((*inner, key))
            else:  # "Several Council members" are several members
                name = key if first == "Members" else f"{first} {key}"
            whole = "body" if start > at else ""
            return Mention(kind="group", name=name, title=whole, first=at, after=after)
        if not (key[0].isalpha() and (index <= at + 1 or key[0].isupper() or key in _OFFICE_LINKS)):
            break
    if first in ALONE:
        return Mention(kind="group", name=first, first=at, after=at + 1)
    return None


def _joint(words: Words, one: Mention, known: Known) -> Mention:
    """Several people named together: "Secretary A, Secretary B and General C"."""
    keys = words.keys
    names, end, at = [one.name], one.after, one.after
    while at + 1 < len(keys) and len(names) < 8:
        comma = keys[at] == ","
        last = keys[at] in ("and", "&") or (comma and keys[at + 1] in ("and", "&"))
        if not (comma or last):
            break
        other = _single(words, at + 1 + (comma and last), known)
        if other is None or other.kind in ("pronoun", "group"):
            break
        names.append(other.name)
        end = at = other.after
        if last:
            name = f"{', '.join(names[:-1])} and {names[-1]}"
            return Mention(kind="joint", name=name, first=one.first, after=end)
    return one
