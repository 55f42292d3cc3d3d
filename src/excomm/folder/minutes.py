"""Minutes: a text kept as it is, and beside it a small file that says what it is.

`minutes/NAME.txt` is never altered, not even its line ends or a byte order mark: offsets into it
are evidence. `minutes/NAME.toml` gives the meeting, its instant and the source.
"""

import hashlib
import re
from typing import BinaryIO

from excomm.entries.kinds import Attachment
from excomm.folder.bounded import whole_text
from excomm.folder.casefile import toml_nodes
from excomm.folder.fields import Misread
from excomm.folder.nodes import ScalarNode
from excomm.folder.rows import Reading, read_row

FOLDER = "minutes/"
ROLE = "minutes"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}(?<![. ])", re.ASCII)
"""Names that every file system takes."""


def read_minutes(reading: Reading, name: str, text_stream: BinaryIO, about: BinaryIO) -> None:
    """Take in one text with its header file. name: "minutes/NAME", without an ending."""
    try:
        text = whole_text(text_stream, keep_bom=True)
    except Misread as fault:
        reading.fault(f"{name}.txt", fault)
        reading.failed.add(name)
        return
    try:
        root = toml_nodes(reading, f"{name}.toml", whole_text(about))
    except Misread as fault:
        reading.fault(f"{name}.toml", fault)
        root = None
    if root is None:
        reading.failed.add(name)
        return
    raw = text.encode()
    pairs = list(root.pairs)
    if not any(key.text == "id" for key, _ in pairs):
        pairs.append((ScalarNode("id", 1), ScalarNode(name, 1)))
    read_row(
        reading,
        f"{name}.toml",
        1,
        Attachment,
        pairs,
        name=f"{name.removeprefix(FOLDER)}.txt",
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        role=ROLE,
        text=text,
    )
