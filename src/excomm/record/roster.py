"""The roster: who may speak, and whom a name in the minutes means.

Two people of one surname are told apart by office or title; where that fails, nobody is named and
the doubt is said.
"""

import csv
import io
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

import msgspec

from excomm.errors import InputError
from excomm.record.lexicon import PARTICLES, TITLES
from excomm.record.model import Person
from excomm.record.offices import speaks_here

_AFTER_NAMES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III"})
_ROWS_MAX = 100_000


class Match(msgspec.Struct, frozen=True):
    """Whom a name means: a person, or a doubt, or neither."""

    person: Person | None = None
    doubt: str = ""


class Roster:
    """Finds people by surname, alias and office."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._by_name: dict[str, list[Person]] = {}
        self._people = tuple(people)
        self._by_office: dict[str, list[Person]] = {}
        self._names = frozenset(
            name for one in people for name in (surname(one.name), one.name, *one.aliases)
        )
        for person in people:
            names = {surname(person.name), person.name, *person.aliases}
            for name in sorted(names):
                self._by_name.setdefault(_key(name), []).append(person)
            if person.office:
                self._by_office.setdefault(_key(person.office), []).append(person)

    @property
    def names(self) -> Set[str]:
        """Every surname, full name and alias, as written."""
        return self._names

    @property
    def offices(self) -> Set[str]:
        """Every office and every other name that is one, as written, without "the"."""
        called = (one for person in self._people for one in (person.office, *person.aliases))
        plain = (one.removeprefix("the ").removeprefix("The ") for one in called)
        return frozenset(one for one in plain if one and speaks_here(tuple(one.split())))

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._by_name

    def named(self, name: str, title: str) -> Match:
        """The person of that name; the title decides between two of one surname."""
        return _decided(self._by_name.get(_key(name), []), name, title)

    def in_office(self, office: str) -> Match:
        """The person who holds that office."""
        people = self._by_office.get(_key(office), []) or self._by_name.get(_key(office), [])
        return _decided(people, office, office)

    def is_alias(self, name: str, person: Person) -> bool:
        """Whether the name is another than that which the person bears: "CLO", "Red Liaison"."""
        return _key(name) in map(_key, person.aliases) and _key(name) not in _key(person.name)

    def short(self, person: Person) -> str:
        """How the minutes would call the person: by surname."""
        return surname(person.name)


@lru_cache(maxsize=4096)
def surname(name: str) -> str:
    """The name without first names, titles and initials; particles stay with it.

    An office in a name's place has no surname and stays whole.

    >>> surname("Robert S. McNamara"), surname("U Thant"), surname("Charles de Gaulle")
    ('McNamara', 'U Thant', 'de Gaulle')
    >>> surname("Head of Mission")
    'Head of Mission'
    """
    if "," in name:
        name = name.partition(",")[0]
    if " of " in name:
        return name.strip()
    words = [w for w in name.split() if w not in _AFTER_NAMES and w.rstrip(".") not in TITLES]
    if not words:
        return name.strip()
    start = len(words) - 1
    while start > 0 and (words[start - 1] in PARTICLES or words[start - 1] == "U"):
        start -= 1
    return " ".join(words[start:])


def read_roster(text: str) -> tuple[Person, ...]:
    """People from a JSON list, or CSV with the columns name, office, aliases, party.

    aliases: separated by ";" in CSV. A JSON list may hold names alone, a JSON object maps names
    to their aliases. Raises InputError naming the row.
    """
    if text.lstrip("\ufeff \r\n\t").startswith(("[", "{")):
        return _from_json(text)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    columns = [name for name in rows.fieldnames or [] if name]
    if "name" not in columns:
        raise InputError(
            "roster:1",
            ", ".join(columns),
            "a column called name",
            "Columns: name, office, aliases, party.",
        )
    people: list[Person] = []
    try:
        for number, row in enumerate(rows, 2):
            name = (row.get("name") or "").strip()
            if not name:
                raise InputError(
                    f"roster:{number}: name", "", "a name", "Fill it in or drop the row."
                )
            aliases = (row.get("aliases") or "").split(";")
            people.append(
                Person(
                    name=name,
                    office=(row.get("office") or "").strip(),
                    aliases=tuple(alias.strip() for alias in aliases if alias.strip()),
                    party=(row.get("party") or "").strip(),
                )
            )
    except csv.Error as fault:
        raise InputError("roster", str(fault), "CSV or a JSON list of people") from None
    return tuple(people)


def _from_json(text: str) -> tuple[Person, ...]:
    try:
        found = msgspec.json.decode(
            text.strip("\ufeff \r\n\t"), type=list[Person | str] | dict[str, str | tuple[str, ...]]
        )
    except msgspec.DecodeError as fault:
        raise InputError(
            "roster", str(fault), "a JSON list of people", 'Write {"name": "..."}.'
        ) from None
    if isinstance(found, dict):
        return tuple(
            Person(name=name, aliases=(aliases,) if isinstance(aliases, str) else aliases)
            for name, aliases in found.items()
        )
    return tuple(Person(name=one) if isinstance(one, str) else one for one in found)


def _decided(people: Iterable[Person], name: str, title: str) -> Match:
    distinct = list(dict.fromkeys(people))
    if len(distinct) > 1 and title:
        fitting = [one for one in distinct if _key(title) in _key(f"{one.office} {one.name}")]
        distinct = fitting if len(fitting) == 1 else distinct
    if len(distinct) == 1:
        return Match(distinct[0])
    if distinct:
        who = " or ".join(one.name for one in distinct[:4])
        return Match(None, f"{name}: {who}")
    return Match()


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    words = text.lower().replace(".", "").replace("’", "'").split()
    return " ".join(word for word in words if word != "the")
