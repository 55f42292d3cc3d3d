"""Models of the conflict: one YAML file each, `options/NAME.yaml`.

The head of the entry and what is said about the model (`title`, `author`, `cites`) stand at the top
of the file; every other key is the model's own and kept as it is. Whether the model is sound is
asked by the room that solves it.
"""

import re
from collections.abc import Iterable, Mapping

from excomm.entries.entry import Entry
from excomm.entries.kinds import Model
from excomm.errors import InputError
from excomm.folder import yaml_text
from excomm.folder.fields import Misread
from excomm.folder.minutes import SAFE_NAME
from excomm.folder.nodes import ListNode, MapNode, Node, ScalarNode
from excomm.folder.rows import Form, Reading, columns, read_row
from excomm.folder.said import plain_of, said

FOLDER = "options/"
ENDING = ".yaml"

_FORM = Form(undated=True)


def read_model(reading: Reading, name: str, text: str) -> None:
    """Take in one model. name: "options/NAME.yaml"."""
    stem = name.removesuffix(ENDING)
    try:
        root, faults = yaml_text.parse(text, name)
    except InputError as fault:
        reading.faults.append(fault)
        reading.failed.add(stem)
        return
    reading.faults.extend(faults)
    if not isinstance(root, MapNode):
        reading.fault(name, Misread(1, "text", "no keys", "title, kind and the model's own keys"))
        reading.failed.add(stem)
        return
    known = columns(Model).keys() - {"model"}
    about = [pair for pair in root.pairs if pair[0].text in known]
    own = tuple(pair for pair in root.pairs if pair[0].text not in known)
    if not any(key.text == "id" for key, _ in about):
        about.append((ScalarNode("id", 1), ScalarNode(stem, 1)))
    if not own:
        reading.fault(name, Misread(1, "kind", None, "a model below the head"))
    about.append((ScalarNode("model", 1), MapNode(own, 1)))
    read_row(reading, name, 1, Model, about, _FORM)


def to_files(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The models that a file can be, by the name of that file without its ending."""
    found: dict[str, Entry] = {}
    taken: set[str] = set()
    for entry in entries:
        assert isinstance(entry.body, Model)
        name = entry.id.removeprefix(FOLDER)
        fits = entry.id == f"{FOLDER}{name}" and SAFE_NAME.fullmatch(name)
        words = entry.body.model.keys() & columns(Model).keys()
        if fits and entry.body.model and not words and name.lower() not in taken:
            found[entry.id] = entry
            taken.add(name.lower())
    return found


def written(models: Mapping[str, Entry], reading: Reading) -> dict[str, bytes]:
    """Each model as the file that reads back to it."""
    files: dict[str, bytes] = {}
    for stem, entry in sorted(models.items()):
        assert isinstance(entry.body, Model)
        pairs = {one.name: plain_of(one.value) for one in said(entry, _FORM, reading)}
        del pairs["id"], pairs["model"]
        # A map has no order, and a ledger keeps none; the kind says how to read the rest.
        own = sorted(entry.body.model.items(), key=lambda pair: (pair[0] != "kind", pair[0]))
        pairs |= {key: plain_of(value) for key, value in own}
        lines = (f"{yaml_text.pair(key, value)}\n" for key, value in pairs.items())
        files[f"{stem}{ENDING}"] = "".join(lines).encode()
    return files


_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


def line_of(text: str, place: str) -> int:
    """The line of a YAML or JSON text on which a place such as `$.signs[2].range` begins.

    >>> line_of("kind: posture\\nsigns:\\n- {to: up}\\n- {to: 3}\\n", "$.signs[1].to")
    4
    """
    try:
        here: Node | None = yaml_text.parse(text, "")[0]
    except InputError:
        return 1
    line = 1
    for step in _STEP.finditer(place):
        match here, step[1], step[2]:
            case MapNode(pairs=pairs), str(word), None:
                found = [(key.line, node) for key, node in pairs if key.text == word]
            case ListNode(items=items), None, str(index) if int(index) < len(items):
                found = [(items[int(index)].line, items[int(index)])]
            case _:
                found = []
        if not found:
            break
        line, here = found[0]
    return line
