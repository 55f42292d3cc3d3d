"""Files put in place together: a folder is complete, or it is not there."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from excomm.errors import InputError


def put(files: Mapping[str, bytes], path: Path) -> None:
    """Write files, by names relative to the folder, where nothing stands yet.

    They are written beside the place and moved there when all are. Raises InputError where the
    place holds anything, or cannot be written.
    """
    try:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            found = "a folder with files in it" if path.is_dir() else "a file"
            raise InputError(str(path), found, "a new or an empty folder", "Choose another place.")
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        try:
            _write(files, beside)
            if path.exists():
                path.rmdir()
            beside.rename(path)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as fault:
        said = fault.strerror or "an error"
        remedy = "Choose a place that you may write to."
        raise InputError(str(path), said.lower(), "a folder that can be made", remedy) from None


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, raw in files.items():
        target = folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(raw)
    mask = os.umask(0)
    os.umask(mask)
    folder.chmod(0o777 & ~mask)  # a temporary folder is its maker's alone
