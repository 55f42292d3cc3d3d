"""An agreement file: parties, undertakings, packages and events, read into entries.

The form is that of docs/folder.md. `date` is an entry's occurred, `known` its recorded,
`assurance` its standing. A section `expected` is a test's and is read over. What the words mean is
the affair of `excomm.terms`; here they only become values.
"""

from collections.abc import Iterator, Mapping

from excomm.entries.entry import Entry
from excomm.entries.kinds import Agreement, Body, Event, Item, Offer, Party, Undertaking
from excomm.errors import InputError
from excomm.folder import yaml_text
from excomm.folder.fields import ASIDES, Misread, unknown_key
from excomm.folder.nodes import ListNode, MapNode, Node, Plain, ScalarNode
from excomm.folder.rows import Form, Pairs, Reading, columns, read_row
from excomm.folder.said import plain_of, said

NAMES = {"date": "occurred", "known": "recorded", "assurance": "standing"}

_HEAD = Form(names=NAMES, undated=True, dated_by_itself=True, asides=True)
_EVENT = Form(names=NAMES, dated_by_itself=True, asides=True)

KINDS_READ = ("agreement", "party", "item", "undertaking", "offer", "event")

_LISTS: dict[str, tuple[type[Body], Form]] = {
    "undertakings": (Undertaking, _HEAD),
    "packages": (Offer, _HEAD),
    "events": (Event, _EVENT),
}


def opened(reading: Reading, file: str, text: str) -> MapNode | None:
    """The file as a map of sections; None where it is none, which is then noted."""
    try:
        root, faults = yaml_text.parse(text, file)
    except InputError as fault:
        reading.faults.append(fault)
        root, faults = None, []
    else:
        if not isinstance(root, MapNode):
            found = None if root is None else "no map"
            reading.fault(file, Misread(1, "agreement", found, "id, title, parties, undertakings"))
    reading.faults.extend(faults)
    if isinstance(root, MapNode):
        return root
    reading.unread.update(KINDS_READ)
    return None


def read_sections(reading: Reading, file: str, root: MapNode, *, default_id: str) -> None:
    """Take in an agreement; what is wrong is noted with its line.

    default_id: of the agreement where the file gives none. Without either there is no entry for
    the agreement itself, only for what it holds.
    """
    sections = {key.text: (key, node) for key, node in root.pairs}
    _read_head(reading, file, root, default_id)
    for name, (kind, form) in _LISTS.items():
        if name in sections:
            for line, pairs in _objects(reading, file, name, sections[name][1]):
                read_row(reading, file, line, kind, _with_asides(kind, pairs), form)


def zone_of(root: MapNode) -> ScalarNode | None:
    """The zone that the file's calendar names, if it does."""
    for key, node in root.pairs:
        if key.text == "calendar" and isinstance(node, MapNode):
            for inner, value in node.pairs:
                if inner.text == "zone" and isinstance(value, ScalarNode) and not value.null:
                    return value
    return None


def _read_head(reading: Reading, file: str, root: MapNode, default_id: str) -> None:
    pairs = _head_pairs(reading, file, root)
    given = {key.text for key, _ in root.pairs}
    if not (given - {"expected", *_LISTS}) and not default_id:
        return
    if default_id and "id" not in given:
        pairs.insert(0, (ScalarNode("id", root.line), ScalarNode(default_id, root.line)))
    if zone_of(root) is None:
        zone = ScalarNode(reading.zone_name, root.line)
        pairs.append((ScalarNode("zone", root.line), zone))
    if "title" not in given:
        titles = [node for key, node in pairs if key.text == "id"]
        pairs.extend((ScalarNode("title", root.line), node) for node in titles)
    read_row(reading, file, root.line, Agreement, pairs, _HEAD)


def _head_pairs(reading: Reading, file: str, root: MapNode) -> list[tuple[ScalarNode, Node]]:
    """What the head says in the fields' own shape; its parties and items are taken in."""
    sections = {key.text: node for key, node in root.pairs}
    outsiders = _outsiders(sections)
    pairs: list[tuple[ScalarNode, Node]] = []
    for key, node in root.pairs:
        try:
            match key.text:
                case "parties":
                    _read_parties(reading, file, node, outsiders)
                    pairs.append((key, node))
                case "not_party":
                    _read_parties(reading, file, outsiders, outsiders)
                    pairs.append((key, outsiders))
                case "items":
                    pairs.append((key, _read_items(reading, file, node)))
                case "calendar":
                    pairs.extend(_calendar(key, node))
                case "undertakings" | "packages" | "events" | "expected":
                    pass
                case "zone":
                    raise unknown_key(key, "agreement", ("calendar: {zone: ...}",))
                case _:
                    pairs.append((key, node))
        except Misread as fault:
            reading.fault(file, fault)
    return pairs


def _objects(reading: Reading, file: str, name: str, node: Node) -> Iterator[tuple[int, Pairs]]:
    if isinstance(node, ScalarNode) and node.null:
        remedy = "Was the file cut short? Where there are none, write [] or delete the word."
        reading.fault(file, Misread(node.line, name, None, "a list: - {id: ..., ...}", remedy))
        return
    if not isinstance(node, ListNode):
        reading.fault(file, Misread(node.line, name, "no list", "a list: - {id: ..., ...}"))
        return
    for item in node.items:
        if isinstance(item, MapNode):
            yield item.line, item.pairs
        else:
            reading.fault(file, Misread(item.line, name, "no map", "a map: {id: ..., ...}"))


def _with_asides(kind: type[Body], pairs: Pairs) -> Pairs:
    """The pairs, with the notes of inner objects taken out and kept in the row's own note."""
    asides: list[str] = []
    kept: list[tuple[ScalarNode, Node]] = []
    for key, node in pairs:
        known = NAMES.get(key.text, key.text) in columns(kind)
        if known and isinstance(node, MapNode) and key.text not in ("readings", "set", "value"):
            asides.extend(_asides(key.text, node))
            inner = tuple(pair for pair in node.pairs if pair[0].text not in ASIDES)
            kept.append((key, MapNode(inner, node.line)))
        else:
            kept.append((key, node))
    if not asides:
        return pairs
    notes = [node.text for key, node in kept if key.text == "note" and isinstance(node, ScalarNode)]
    line = kept[0][0].line
    others = [pair for pair in kept if pair[0].text != "note"]
    note = ScalarNode("; ".join((*notes, *asides)), line)
    return [*others, (ScalarNode("note", line), note)]


def _asides(path: str, node: Node) -> Iterator[str]:
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _asides(path, item)
    elif isinstance(node, MapNode):
        for key, value in node.pairs:
            if key.text in ASIDES and isinstance(value, ScalarNode):
                yield f"{path} {key.text}: {value.text}"
            else:
                yield from _asides(f"{path}.{key.text}", value)


# -- the head --------------------------------------------------------------------------------------


def _read_parties(reading: Reading, file: str, node: Node, outsiders: Node) -> None:
    if not isinstance(node, MapNode):
        return  # the head's own field says so
    outside = {key.text for key, _ in outsiders.pairs} if isinstance(outsiders, MapNode) else set()
    known = {row.entry.id for row in reading.rows if isinstance(row.entry.body, Party)}
    for key, name in node.pairs:
        if key.text not in known and key.text not in reading.failed:
            pairs = ((ScalarNode("id", key.line), key), (ScalarNode("name", key.line), name))
            role = "outsider" if key.text in outside else "party"
            read_row(reading, file, key.line, Party, pairs, _HEAD, role=role)


def _outsiders(sections: Mapping[str, Node]) -> Node:
    """`not_party` as a map; ids alone take the name that `parties` gives them."""
    node = sections.get("not_party", MapNode((), 1))
    if isinstance(node, ScalarNode) and not node.null:
        node = ListNode((node,), node.line)
    if not isinstance(node, ListNode):
        return node
    parties = sections.get("parties")
    named = parties.pairs if isinstance(parties, MapNode) else ()
    names = {key.text: name for key, name in named}
    ids = [item for item in node.items if isinstance(item, ScalarNode)]
    return MapNode(tuple((one, names.get(one.text, one)) for one in ids), node.line)


def _read_items(reading: Reading, file: str, node: Node) -> Node:
    """Take in the items, and give back the head's map of names to units."""
    if not isinstance(node, MapNode):
        return node
    known = {row.entry.id for row in reading.rows if isinstance(row.entry.body, Item)}
    units: list[tuple[ScalarNode, Node]] = []
    for key, about in node.pairs:
        alone = ((ScalarNode("unit", key.line), about),)
        pairs = about.pairs if isinstance(about, MapNode) else alone
        given = {inner.text: value for inner, value in pairs}
        unit = given.get("unit", ScalarNode("", key.line))
        units.append((key, unit))
        if key.text not in known and key.text not in reading.failed:
            named = () if "name" in given else ((ScalarNode("name", key.line), key),)
            row = ((ScalarNode("id", key.line), key), *named, *pairs)
            read_row(reading, file, key.line, Item, row, _HEAD)
    return MapNode(tuple(units), node.line)


def _calendar(key: ScalarNode, node: Node) -> Iterator[tuple[ScalarNode, Node]]:
    if not isinstance(node, MapNode):
        raise Misread(key.line, "calendar", "no map", "{zone: an IANA name or an offset}")
    yield from (pair for pair in node.pairs if pair[0].text == "zone")
    others = tuple(pair for pair in node.pairs if pair[0].text != "zone")
    if others:
        yield key, MapNode(others, node.line)


# -- writing ---------------------------------------------------------------------------------------


def takes(entry: Entry, groups: Mapping[type, list[Entry]]) -> bool:
    """Whether an offer or an event is written into the agreement rather than into a table."""
    if Agreement not in groups and Undertaking not in groups:
        return False
    body = entry.body
    return isinstance(body, Offer) or (isinstance(body, Event) and bool(body.about))


def written(groups: Mapping[type, list[Entry]], reading: Reading) -> dict[str, bytes]:
    """agreement.yaml of these entries, and one more file for each further agreement."""
    files: dict[str, bytes] = {}
    heads = ["".join(_head_lines(entry, reading)) for entry in groups.get(Agreement, ())]
    lists = "".join(
        f"{name}:\n{''.join(rows)}"
        for name, (kind, form) in _LISTS.items()
        if (
            rows := [
                f"  - {yaml_text.written(_object(entry, form, reading))}\n"
                for entry in groups.get(kind, ())
                if kind is Undertaking or takes(entry, groups)
            ]
        )
    )
    if heads or lists:
        first, *others = heads or [""]
        files["agreement.yaml"] = (first + lists).encode()
        for index, head in enumerate(others, 2):
            files[f"agreement-{index}.yaml"] = head.encode()
    return files


_SINGLE = ("by", "party")  # one alone stands without brackets


def _object(entry: Entry, form: Form, reading: Reading) -> dict[str, Plain]:
    row: dict[str, Plain] = {}
    for one in said(entry, form, reading):
        value = plain_of(one.value)
        if one.name in _SINGLE and isinstance(value, list) and len(value) == 1:
            value = value[0]
        row[one.name] = value
    return row


def _head_lines(entry: Entry, reading: Reading) -> Iterator[str]:
    row = _object(entry, _HEAD, reading)
    zone, calendar = row.pop("zone", "UTC"), row.pop("calendar", {})
    assert isinstance(calendar, dict)
    calendar = ({} if zone == reading.zone_name else {"zone": zone}) | calendar
    for name, value in row.items():
        if name == "items" and isinstance(value, dict):
            items: Plain = {key: {"unit": unit} for key, unit in value.items()}
            yield f"items: {yaml_text.written(items)}\n"
        elif name == "sources" and isinstance(value, dict):
            yield "sources:\n"
            yield from (f"  {yaml_text.pair(key, one)}\n" for key, one in value.items())
        else:
            yield f"{name}: {yaml_text.written(value)}\n"
    if calendar:
        yield f"calendar: {yaml_text.written(calendar)}\n"
