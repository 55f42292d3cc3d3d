"""A case to start from: an invented agreement, small and complete, with comments to read.

It is kept as a folder beside this module, so that what people get is what the tests check.
"""

from pathlib import Path

from excomm.folder.placing import put

_STARTER = Path(__file__).parent / "starter_case"


def new(path: Path | str) -> None:
    """Put the starting case at a place that is new or empty. Raises InputError as `write` does."""
    files = {
        one.relative_to(_STARTER).as_posix(): one.read_bytes()
        for one in sorted(_STARTER.rglob("*"))
        if one.is_file()
    }
    put(files, Path(path))
