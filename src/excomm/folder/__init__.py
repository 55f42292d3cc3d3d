"""A case as plain files: read, checked, written without loss, compared with a ledger."""

from excomm.folder.changing import Changes, changes
from excomm.folder.loading import Folder, check, read, read_agreement, read_text
from excomm.folder.minutes import repeated_minutes
from excomm.folder.models import line_of
from excomm.folder.setting_aside import SetAside, read_rest
from excomm.folder.starter import new
from excomm.folder.tables import map_cell
from excomm.folder.typed import Field, ReadRow, TypedRow, fields, texts_of, typed, typed_rows
from excomm.folder.writing import write

__all__ = [
    "Changes",
    "Field",
    "Folder",
    "ReadRow",
    "SetAside",
    "TypedRow",
    "changes",
    "check",
    "fields",
    "line_of",
    "map_cell",
    "new",
    "read",
    "read_agreement",
    "read_rest",
    "read_text",
    "repeated_minutes",
    "texts_of",
    "typed",
    "typed_rows",
    "write",
]
