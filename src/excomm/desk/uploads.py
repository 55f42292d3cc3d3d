"""Files that come with a form: bounded while they come, never read whole, never trusted.

A file that is too large is dropped at the byte that is too much, and the form says so. What a file
is called is a word to show; nothing is ever stored under it.
"""

import unicodedata
from typing import BinaryIO, cast

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from excomm.errors import InputError

FILE_BYTES_MAX = 64 << 20
_TOO_LARGE = "excomm.desk.upload"
_NAME_CHARS_MAX = 120


class Bounded(FileUploadHandler):
    """Stops reading a file that is larger than any that the desk takes."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on to the next handler, as long as there may be more."""
        self._size += len(raw_data)
        if self._size > FILE_BYTES_MAX:
            if self.request is not None:
                self.request.META[_TOO_LARGE] = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler holds the file."""


def uploaded(request: HttpRequest, field: str) -> tuple[BinaryIO, str] | None:
    """A file with what it is called; None where none was sent. Raises InputError."""
    if request.META.get(_TOO_LARGE):
        most = f"{FILE_BYTES_MAX >> 20} MiB at most"
        raise InputError(field, "a file that is too large", most, "Divide it, or make it smaller.")
    found = request.FILES.get(field)
    if found is None:
        return None
    return cast(BinaryIO, found), plain_name(str(found.name))


def plain_name(name: str) -> str:
    """A file's name as it can be shown and kept: its last part, without what steers a terminal.

    >>> plain_name("C:\\\\photos\\\\deck 1.jpg"), plain_name("../../etc/passwd\\x00")
    ('deck 1.jpg', 'passwd')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable())
    return kept.strip(" .")[-_NAME_CHARS_MAX:] or "file"
