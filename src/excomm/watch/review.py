"""Planned beside actual: what came of each planned look, and what either side of it bought.

Values and their words; the view of a case fills them.
"""

from datetime import date

import msgspec

from excomm.watch.situation import Range


class Reviewed(msgspec.Struct, frozen=True):
    """A planned look and what came of it; look: the entry that says so."""

    plan: str
    day: date
    means: str
    sites: tuple[str, ...]
    came: str
    look: str | None


class Side(msgspec.Struct, frozen=True):
    """What looks bought. least_detection, worst_site: None while no window has closed since the

    first planned look.
    """

    least_detection: Range | None
    worst_site: str | None
    prob_none_back: dict[str, Range]


class Review(msgspec.Struct, frozen=True):
    """The planned looks, and what they bought as planned and as flown, up to the day asked for."""

    looks: tuple[Reviewed, ...]
    as_planned: Side
    as_flown: Side
    entered_later: int = 0  # planned looks that the case has, not known by the time asked for

    def text(self) -> str:
        """The same in words, for the terminal."""
        counts: dict[str, int] = {}
        for one in self.looks:
            counts[one.came] = counts.get(one.came, 0) + 1
        lines = [
            f"PLANNED LOOKS  {', '.join(f'{n} {came}' for came, n in counts.items()) or 'none'}"
        ]
        if self.entered_later:
            lines.append(
                f"  {self.entered_later} planned looks were entered later: --known-by shows them"
            )
        for word, side in (("as planned", self.as_planned), ("as flown", self.as_flown)):
            least = side.least_detection
            told = (
                "no window has closed yet"
                if least is None
                else f"{_range(least)}, at {side.worst_site}"
            )
            lines.append(f"{word:>12}  least detection {told}")
            lines += [
                f"{'':>12}  none of {item} brought back: {_range(found)}"
                for item, found in side.prob_none_back.items()
            ]
        lines.append("")
        for one in self.looks:
            where = ", ".join(one.sites) or "the whole area"
            lines.append(f"  {one.day:%a %-d %b}  {one.came:<18}  {one.means}: {where}")
        return "\n".join(lines) + "\n"


def _range(of: Range) -> str:
    return f"{of.best:.4f} ({of.low:.4f} to {of.high:.4f})"
