"""The files of a folder by name, from a directory or from one text; opened when asked for."""

import io
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from excomm.entries.nearest import did_you_mean
from excomm.errors import EnvironmentFault, InputError
from excomm.folder import casefile, minutes, models
from excomm.folder.tables import FILES

Files = Mapping[str, Callable[[], BinaryIO]]

_AGREEMENT = re.compile(r"agreement(-[A-Za-z0-9._-]+)?\.yaml", re.ASCII)
_OFFICE = (".xlsx", ".xls", ".ods", ".docx", ".doc", ".odt")


def of_directory(path: Path) -> Files:
    """The files of a case folder.

    Raises InputError where there is none, EnvironmentFault where it cannot be read.
    """
    if not path.is_dir():
        found = "a file" if path.exists() else None
        raise InputError(str(path), found, "a case folder", "excomm new makes one to start from.")
    try:
        names = sorted(_names(path))
    except OSError as fault:
        raise EnvironmentFault(
            f"{path}: cannot be read: {fault.strerror}. Check who may read it."
        ) from None
    return {name: lambda name=name: _open(path / name) for name in names}  # type: ignore[misc]


def _names(path: Path) -> Iterator[str]:
    for one in _shown(path):
        if one.is_dir() and f"{one.name}/" in (minutes.FOLDER, models.FOLDER):
            inside = (inner for inner in _shown(one) if not _is_a_folder_of_others(inner))
            yield from (f"{one.name}/{inner.name}" for inner in inside)
        elif not _is_a_folder_of_others(one):
            yield one.name


def _shown(path: Path) -> Iterator[Path]:
    return (one for one in path.iterdir() if not (one.name.startswith(".") or one.name[-1] == "~"))


def _is_a_folder_of_others(path: Path) -> bool:
    """A folder; one in the place of a file of ours is a fault, and told when that is opened."""
    return path.is_dir() and path.suffix not in (".csv", ".toml", ".yaml", ".txt")


def _open(path: Path) -> BinaryIO:
    # A pipe or a device would never end.
    if not path.is_file():
        raise OSError(0, "no ordinary file")
    return path.open("rb")


_SECTION = re.compile(r"^=== (.+)$", re.MULTILINE)


def of_text(text: str) -> Files:
    """The files of a case in one text; each follows a line `=== its name`."""
    text = textwrap.dedent(text)
    found = list(_SECTION.finditer(text))
    if not found or text[: found[0].start()].strip():
        raise InputError(
            "line 1", text.strip()[:40] or None, "a line === case.toml", "Name each file so."
        )
    files: dict[str, bytes] = {}
    for one, following in zip(found, [*found[1:], None], strict=True):
        name = one[1].strip()
        if name in files:
            raise InputError(
                f"=== {name}", "the file a second time", "each file once", "Join them."
            )
        end = following.start() if following else len(text)
        files[name] = text[one.end() + 1 : end].encode()
    return {name: lambda raw=raw: io.BytesIO(raw) for name, raw in files.items()}  # type: ignore[misc]


def is_agreement(name: str) -> bool:
    """Whether a file is an agreement: agreement.yaml, agreement-2.yaml."""
    return _AGREEMENT.fullmatch(name) is not None


def in_number_order(name: str) -> list[int | str]:
    """To sort names as people do.

    >>> sorted(["agreement-10.yaml", "agreement-2.yaml", "agreement.yaml"], key=in_number_order)
    ['agreement.yaml', 'agreement-2.yaml', 'agreement-10.yaml']
    """
    parts = re.split(r"(\d+)", name.removesuffix(".yaml"), flags=re.ASCII)
    return [int(part) if part.isdecimal() else part for part in parts]


def strays(files: Files) -> Iterator[InputError]:
    """Files that look as if they belonged to the case and would not be read."""
    tables = (casefile.FILE, "agreement.yaml", *FILES)
    for name in files:
        if name in tables or is_agreement(name):
            continue
        stem, dot, ending = name.rpartition(".")
        if name.startswith(minutes.FOLDER):
            if fault := _in_minutes(name, files):
                yield fault
        elif name.startswith(models.FOLDER):
            if f"{dot}{ending}" != models.ENDING:
                yield InputError(name, "another kind of file", models.ENDING, "Move it elsewhere.")
            elif not minutes.SAFE_NAME.fullmatch(stem.removeprefix(models.FOLDER)):
                yield InputError(
                    name, "that name", "letters, digits, . _ - and spaces", "Rename it."
                )
        elif f"{dot}{ending}".lower() in _OFFICE:
            yield InputError(
                name,
                "an office file",
                "CSV in UTF-8",
                f"Save it as {stem}.csv, or move it elsewhere.",
            )
        elif stem in ("parties", "items", "sites", "means") and ending == "csv":
            yield InputError(name, "a table", f"[[{stem}]] in case.toml", "Move its rows there.")
        elif ending.lower() in ("csv", "yaml", "yml", "toml"):
            remedy = did_you_mean(name, tables) or f"The tables are {', '.join(FILES)}."
            yield InputError(name, "an unknown file", "a file of the form", remedy)


def _in_minutes(name: str, files: Files) -> InputError | None:
    stem, _, ending = name.rpartition(".")
    if ending != "toml" and ending not in minutes.ENDINGS:
        small = f"{stem}.{ending.lower()}"
        remedy = f"Rename it to {small}." if minutes.is_text(small) else "Move it elsewhere."
        return InputError(name, "another kind of file", ".txt, .docx or .pdf with .toml", remedy)
    beside = ("toml",) if ending != "toml" else minutes.ENDINGS
    found = [one for one in beside if f"{stem}.{one}" in files]
    if not found:
        return InputError(f"{stem}.{beside[0]}", None, f"a file beside {name}", _BESIDE[beside[0]])
    if len(found) > 1:
        told = " and ".join(f"{stem}.{one}" for one in found)
        return InputError(name, f"{told} beside it", "one of them", _ONE_TEXT)
    if not minutes.SAFE_NAME.fullmatch(stem.removeprefix(minutes.FOLDER)):
        return InputError(name, "that name", "letters, digits, . _ - and spaces", "Rename it.")
    return None


_ONE_TEXT = "The text of a document is taken from it: keep the document or the text, not both."
_BESIDE = {
    "toml": "Give it meeting, occurred (the instant) and source.",
    "txt": "Put the text there, or delete the other.",
}
