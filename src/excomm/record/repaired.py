"""Repaired words: from a span of the raw text to the same words with the repairs put in."""

from excomm.record.model import Record


class Cut:
    """The repaired words of raw spans, asked for in order."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._shifts: list[tuple[int, int]] = [(0, 0)]
        shift = 0
        for repair in record.repairs:
            shift += len(repair.fixed) - len(repair.raw)
            self._shifts.append((repair.end, shift))
        self._at = 0

    def words(self, start: int, end: int) -> str:
        """The words from raw offset start to end, repairs put in, spaces made one."""
        return " ".join(self._record.text[self._moved(start) : self._moved(end)].split())

    def _moved(self, at: int) -> int:
        if at < self._shifts[self._at][0]:
            self._at = 0
        while self._at + 1 < len(self._shifts) and self._shifts[self._at + 1][0] <= at:
            self._at += 1
        return at + self._shifts[self._at][1]
