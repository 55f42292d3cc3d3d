"""Reading a folder although rows of its tables are at fault: those are set aside, and not lost.

A row that names one that was set aside is set aside too, so what is read is a whole case. Only rows
of tables can be: a fault of case.toml, of the agreement, of a file as a whole or of its first row
refuses everything, as ever.
"""

import io
import re
from bisect import bisect_right
from datetime import datetime
from pathlib import Path

import msgspec

from excomm.errors import Faults, InputError
from excomm.folder.bounded import text_lines
from excomm.folder.fields import Misread
from excomm.folder.files import Files, of_directory
from excomm.folder.loading import Folder, folder_of
from excomm.folder.tables import FILES, records


class SetAside(msgspec.Struct, frozen=True):
    """What was read, and what was not. faults: of the rows set aside, by file and line.

    rows: how many those are. text: they themselves, by table, under their faults and the table's
    first row: in the form that `read_text` takes, to be mended and put back.
    """

    folder: Folder
    faults: tuple[InputError, ...]
    rows: int
    text: str


def read_rest(path: Path | str, *, now: datetime) -> SetAside:
    """Read a case folder without the rows that are at fault. now: as for `read`.

    Raises Faults, with everything that was found, where one is of no row of a table.
    """
    files = of_directory(Path(path))
    tables: dict[str, _Table] = {}
    found: list[InputError] = []
    while True:
        left = {**files, **{name: table.rest for name, table in tables.items()}}
        try:
            folder = folder_of({name: left[name] for name in files}, now)
        except Faults as faults:
            found += faults.faults
            if not all(_set_aside(fault, files, tables) for fault in faults.faults):
                raise Faults(found) from None
        else:
            break
    text = "".join(tables[name].rejected(name) for name in FILES if name in tables)
    return SetAside(folder, tuple(found), sum(len(one.faults) for one in tables.values()), text)


_PLACE = re.compile(r"([^:]+\.csv):(\d+): ")


def _set_aside(fault: InputError, files: Files, tables: dict[str, "_Table"]) -> bool:
    """Whether the row at fault could be set aside."""
    found = _PLACE.match(f"{fault.where}: ")
    if found is None or found[1] not in FILES:
        return False
    name = found[1]
    if name not in tables:
        try:
            tables[name] = _Table(files, name)
        except Misread:
            return False
    return tables[name].set_aside(int(found[2]), fault)


class _Table:
    """The lines of one table, and which of its rows are set aside for which faults."""

    def __init__(self, files: Files, name: str) -> None:
        with files[name]() as stream:
            self._lines = list(text_lines(stream))
        # Each begins on its line and ends before the next.
        self._starts = [line for line, _ in records(iter(self._lines))]
        self.faults: dict[int, list[InputError]] = {}

    def set_aside(self, line: int, fault: InputError) -> bool:
        at = bisect_right(self._starts, line) - 1
        if at < 1:
            return False  # the first row names the columns of all others
        self.faults.setdefault(at, []).append(fault)
        return True

    def rest(self) -> io.BytesIO:
        """The table without those rows; all others stay on their lines."""
        lines = list(self._lines)
        for at in self.faults:
            for line in self._span(at):
                lines[line] = "\n"
        return io.BytesIO("".join(lines).encode())

    def rejected(self, name: str) -> str:
        """Those rows alone, under their faults."""
        told = [f"# {fault}\n" for at in sorted(self.faults) for fault in self.faults[at]]
        rows = [self._row(at).rstrip("\r\n") + "\n" for at in (0, *sorted(self.faults))]
        return "".join((f"=== {name}\n", *told, *rows))

    def _row(self, at: int) -> str:
        return "".join(self._lines[line] for line in self._span(at))

    def _span(self, at: int) -> range:
        following = self._starts[at + 1] if at + 1 < len(self._starts) else len(self._lines) + 1
        return range(self._starts[at] - 1, following - 1)
