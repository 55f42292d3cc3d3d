"""Cells that leave for a spreadsheet, as text that no spreadsheet runs; and how they come back."""

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """A text that no spreadsheet runs: one that begins as a formula does gets an apostrophe.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("42 missiles")
    ("'=cmd|' /C calc'!A0", '42 missiles')
    """
    return f"'{text}" if _may_run(text) else text


def as_it_was(cell: str) -> str:
    """The text that `harmless` made this cell of.

    >>> as_it_was("'-4"), as_it_was("'tis")
    ('-4', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _may_run(cell[1:]) else cell


def _may_run(text: str) -> bool:
    return text.lstrip(" \u00a0").startswith(_RUNS)
