"""Bytes of a file as text, a line at a time and never more than a bounded line at once.

What is not UTF-8, holds a NUL or has a line without end is refused with the line and the byte,
before anything else looks at it.
"""

from collections.abc import Iterator
from typing import BinaryIO

from excomm.folder.fields import Misread

LINE_BYTES_MAX = 1 << 20
FILE_BYTES_MAX = 64 << 20

_MIB = 1 << 20


def text_lines(stream: BinaryIO, *, keep_bom: bool = False) -> Iterator[str]:
    """The lines with their ends. Raises Misread (its `where` is "text") at the first bad one."""
    size = 0
    number = 0
    while line := stream.readline(LINE_BYTES_MAX + 1):
        number += 1
        size += len(line)
        if len(line) > LINE_BYTES_MAX:
            raise Misread(
                number,
                "text",
                f"a line of more than {LINE_BYTES_MAX // _MIB} MiB",
                f"lines up to {LINE_BYTES_MAX // _MIB} MiB",
                "Is this a text file? Then break the line.",
            )
        if size > FILE_BYTES_MAX:
            raise Misread(
                number,
                "text",
                f"a file of more than {FILE_BYTES_MAX // _MIB} MiB",
                f"files up to {FILE_BYTES_MAX // _MIB} MiB",
                "Divide it.",
            )
        if number == 1 and line.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Misread(1, "text", "UTF-16", "UTF-8", "Save the file again as UTF-8.")
        if b"\x00" in line:
            raise Misread(
                number,
                "text",
                f"a NUL byte (byte {line.index(0) + 1} of the line)",
                "text in UTF-8",
                "This is a binary file or UTF-16: save it again as UTF-8 text.",
            )
        try:
            text = line.decode()
        except UnicodeDecodeError as fault:
            raise _not_utf8(number, line, fault) from None
        yield text.removeprefix("\ufeff") if number == 1 and not keep_bom else text


def whole_text(stream: BinaryIO, *, keep_bom: bool = False) -> str:
    """All of it, by the same rules."""
    return "".join(text_lines(stream, keep_bom=keep_bom))


def _not_utf8(number: int, line: bytes, fault: UnicodeDecodeError) -> Misread:
    byte = line[fault.start]
    try:
        meant = bytes([byte]).decode("windows-1252")
        remedy = f"It looks like Windows-1252 ({meant}): save the file again as UTF-8."
    except UnicodeDecodeError:
        remedy = "Save the file again as UTF-8."
    return Misread(
        number, "text", f"byte 0x{byte:02X} (byte {fault.start + 1} of the line)", "UTF-8", remedy
    )
