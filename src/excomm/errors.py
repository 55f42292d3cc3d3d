"""Errors as part of the interface: what is wrong, where, what was expected, what to do.

Three kinds, as the exit status tells them apart. Nothing here formats a traceback: whoever sees
one has found a broken invariant of ours.
"""

from collections.abc import Iterable


class ExcommError(Exception):
    """The root: anything that the product says on purpose."""

    exit_status = 2


class InputError(ExcommError):
    """The input or the call is wrong.

    where: file:line, field or argument[index]; the reader of a file puts path and line in front.
    found: what stands there. expected: the range, form or set. remedy: what to do, a sentence.

    >>> print(InputError("looks.csv:14: detection_prob", 85, "0 to 1", "Write 85 % as 0.85."))
    looks.csv:14: detection_prob: found 85, expected 0 to 1. Write 85 % as 0.85.
    """

    def __init__(self, where: str, found: object, expected: str, remedy: str = "") -> None:
        super().__init__(where, found, expected, remedy)
        self.where = where
        self.found = found
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        said = f"{self.where}: found {_shown(self.found)}, expected {self.expected}."
        return f"{said} {self.remedy}".rstrip()

    def at(self, place: str) -> "InputError":
        """The same fault, seen from further out: the place is put in front."""
        return InputError(f"{place}: {self.where}", self.found, self.expected, self.remedy)


class Faults(InputError):
    """Every fault of one input, reported together; nothing was written."""

    def __init__(self, faults: Iterable[InputError]) -> None:
        self.faults = tuple(faults)
        assert self.faults, "Faults without a fault"
        first = self.faults[0]
        super().__init__(first.where, first.found, first.expected, first.remedy)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class AnswerIsNo(ExcommError):
    """A check was made and found something; the call itself was right."""

    exit_status = 1


class EnvironmentFault(ExcommError):
    """The machine lacks something: a program, a driver, a file that cannot be read."""

    exit_status = 3


_SHOWN_CHARS = 80


def _shown(found: object) -> str:
    if found is None or found == "":
        return "nothing"
    text = repr(found) if isinstance(found, str) and found != found.strip() else str(found)
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
