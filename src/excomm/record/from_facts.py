"""The records of a case: its minutes read, with its people as the roster."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from excomm.entries import Entry
from excomm.entries.kinds import Attachment, Directive, Disposal, Item, Party, Undertaking
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.record.confirming import is_of, word_of
from excomm.record.issues import Issue, Tagger
from excomm.record.model import Breach, Person, Record, WordingRule
from excomm.record.reading import read
from excomm.record.review import Disposed, disposed, refused
from excomm.record.wording import breaches

# A reading takes some eleven times the room of its text: of five pages each, 150 MB at the most.
_read = lru_cache(maxsize=1024)(read)


def roster_of(facts: Facts) -> tuple[Person, ...]:
    """The people and bodies that the case names."""
    return tuple(
        Person(name=party.name, office=party.office, aliases=party.aliases, party=party.of)
        for _, party in facts.of(Party)
        if party.role in ("person", "body")
    )


def tagger(facts: Facts) -> Tagger:
    """The issues of a case: its items by their names, its undertakings by what is undertaken.

    The names of parties are common to all and mark none.
    """
    items = [
        Issue(id=str(entry.id), name=item.name, names=item.aliases)
        for entry, item in facts.of(Item)
    ]
    undertakings = [
        Issue(id=str(entry.id), name=str(entry.id), words=undertaking.what)
        for entry, undertaking in facts.of(Undertaking)
    ]
    parties = [
        name
        for entry, party in facts.of(Party)
        if party.role != "person"
        for name in (str(entry.id), party.name, *party.aliases)
    ]
    return Tagger((*items, *undertakings), parties)


def broken_later(
    found: Sequence[tuple[Entry, Record]],
) -> tuple[tuple[Entry, WordingRule, Entry, tuple[Breach, ...]], ...]:
    """Wording rules of one meeting that statements of later meetings break, in the order held."""
    return tuple(
        (minutes, rule, later, broken)
        for number, (minutes, record) in enumerate(found)
        for rule in record.wording_rules
        for later, after in found[number + 1 :]
        if (broken := breaches(rule, after))
    )


def disposals(facts: Facts) -> dict[str, tuple[Disposed, ...]]:
    """By minutes: what persons made of their reading, in the order said."""
    found: dict[str, list[Disposed]] = {}
    for _, body in facts.of(Disposal):
        found.setdefault(body.minutes, []).append(word_of(body))
    return {minutes: tuple(words) for minutes, words in found.items()}


def made_before(facts: Facts, minutes: Entry, reading: str) -> tuple[Entry, ...]:
    """The entries that earlier words on a reading made, as far as they still stand."""
    made = [entry for entry, _ in (*facts.of(Directive), *facts.of(Disposal))]
    return tuple(one for one in made if is_of(minutes, one, reading))


def _once(
    facts: Facts, said: Mapping[str, tuple[Disposed, ...]]
) -> Iterator[tuple[Entry, Attachment]]:
    told = [(entry, one) for entry, one in facts.of(Attachment) if one.role == "minutes"]
    kept: dict[tuple[object, str], str] = {}
    for entry, minutes in told:
        key, name = (entry.occurred, minutes.text), str(entry.id)
        if key not in kept or (name in said and kept[key] not in said):
            kept[key] = name
    for entry, minutes in told:
        if kept[entry.occurred, minutes.text] == str(entry.id):
            yield entry, minutes


def records(facts: Facts) -> tuple[tuple[Entry, Record], ...]:
    """Every minutes file that the reader may see, read; by when the meeting was.

    The meeting is the attachment's `occurred`, in the zone of the case. Raises InputError, naming
    the attachment, where the text is none. A text that was entered twice for one meeting is read
    once, where a person has had a word on it if anywhere: it orders nothing twice.
    """
    roster = roster_of(facts)
    said = disposals(facts)
    found: list[tuple[Entry, Record]] = []
    for entry, minutes in _once(facts, said):
        try:
            words = said.get(str(entry.id), ())
            record = _read(minutes.text, roster, entry.occurred, facts.zone, refused=refused(words))
            found.append((entry, disposed(record, words) if words else record))
        except InputError as fault:
            raise fault.at(entry.id) from None
    return tuple(found)
