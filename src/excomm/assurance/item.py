"""What the desk can say of one item: the figures, what they rest on, what was left out."""

from datetime import date

import msgspec

from excomm.assurance.carried import NextLook
from excomm.assurance.chart import chart
from excomm.assurance.distribution import Distribution
from excomm.assurance.interval import Interval
from excomm.assurance.joint import ByDay, Limit
from excomm.assurance.picture import Picture
from excomm.assurance.places import ELSEWHERE
from excomm.assurance.sensitive import Sensitivity

_BANDS = 10  # of the table
Row = tuple[str, str, str, str, str]


class ItemAssurance(msgspec.Struct, frozen=True, kw_only=True):
    """How sure we are, on a day, that none of an item is left and none was brought back.

    prob_none_left_nor_back: both; it leads. prob_none_left: as if nothing ever came back.
    prob_none_back: as if nothing was left. All three are 0 once the item was seen after the last
    count out (`seen_after`): what was left and what came back cannot then be told apart.
    prob_none_if_refusals_tell: the joint figure were refusals (`refused`) weighed by the ratio that
    was stated; None where none was. No other figure uses it.
    remaining_mean, remaining_upper95: of what should have left; at least what was seen.
    remaining_pmf: of the same, the chance of exactly 0, 1, 2, ... at the best values, and the
    lowest and highest of each for itself; None once it was seen after a count out.
    worst_case_miss: chance that one item, put at the place least looked at on the day of the count,
    was missed by every look since; needs no prior. worst_site: that place's id, or `ELSEWHERE`.
    detection_limit: smallest number of items, hidden each by itself at any place alike, of which
    the looks would have seen one with 95 %; needs no prior.
    days, prob_absent_by_day: the joint figure by day, the first before any look.
    last_look, days_unseen: None where nobody is known to have looked.
    """

    item: str
    name: str
    on: date
    prob_none_left_nor_back: Interval
    prob_none_if_refusals_tell: Interval | None
    prob_none_left: Interval
    prob_none_back: Interval
    remaining_mean: Interval
    remaining_upper95: Interval
    remaining_pmf: Distribution | None
    worst_case_miss: Interval | None
    worst_site: str
    detection_limit: Limit
    days: tuple[date, ...]
    prob_absent_by_day: ByDay
    last_look: date | None
    days_unseen: int | None
    seen_after: tuple[str, ...]
    counted_out: tuple[str, ...]  # the entries of the count that was used
    looks: tuple[str, ...]  # the looks that saw nothing and were used
    look_days: tuple[date, ...]  # the day of each of these
    refused: tuple[str, ...]  # the looks that were refused and weighed, beside the figure
    assumed: tuple[str, ...]  # the entries of the assumptions used
    excluded: tuple[str, ...]  # what was left out and why, in words
    assumptions: tuple[str, ...]  # in words
    standard: float  # the claim is held against; `sensitivity` says where it would fail
    sensitivity: tuple[Sensitivity, ...]  # what matters most first; empty once it was seen
    next_looks: tuple[NextLook, ...]  # what one more look at each site would add, most first
    inputs_digest: str  # hex SHA-256 of the entries used and the day

    @property
    def title(self) -> str:
        """A heading for the table."""
        return f"{self.name}: none left and none brought back, on {self.on}"

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Ids of all entries under the figures."""
        return tuple(
            dict.fromkeys((*self.seen_after, *self.counted_out, *self.looks, *self.assumed))
        )

    def table(self) -> tuple[Row, ...]:
        """Rows for a reader: figure, low, best, high, what it rests on; then how many remain."""
        return (*self.figures(), *self.distribution(_BANDS))

    def distribution(self, bands: int) -> tuple[Row, ...]:
        """How probable each number is that may remain, in at most so many rows."""
        if self.remaining_pmf is None:
            return ()
        return tuple(
            (
                f"still there: {'exactly ' if band.first == band.last else ''}{band.says}",
                _chance(band.prob.low),
                _chance(band.prob.best),
                _chance(band.prob.high),
                "as none left",
            )
            for band in self.remaining_pmf.bands(bands)
        )

    def figures(self) -> tuple[Row, ...]:
        """The rows of the table without those of each number."""
        seen = f"seen: {', '.join(self.seen_after)}" if self.seen_after else ""
        out = f"counted out: {', '.join(self.counted_out) or 'nothing'}"
        looks = f"looks that saw nothing: {_named(self.looks)}"
        rows = [
            ("none left and none brought back", self.prob_none_left_nor_back, _chance),
            ("none left", self.prob_none_left, _chance),
            ("none brought back", self.prob_none_back, _chance),
            ("still there, of what should have left: mean", self.remaining_mean, _number),
            ("still there: 95 % bound", self.remaining_upper95, _number),
        ]
        rests = (seen or f"{out}; {looks}", seen or f"{out}; {looks}", seen or looks, out, out)
        table = [
            (name, text(found.low), text(found.best), text(found.high), basis)
            for (name, found, text), basis in zip(rows, rests, strict=True)
        ]
        if (told := self.prob_none_if_refusals_tell) is not None:
            name = "none left and none brought back, refusals weighed as stated"
            basis = f"the same; refused: {', '.join(self.refused)}"
            table.insert(
                1, (name, _chance(told.low), _chance(told.best), _chance(told.high), basis)
            )
        if (miss := self.worst_case_miss) is not None:
            where = f"missed by every look, at {self.worst_site}"
            table.append((where, _chance(miss.low), _chance(miss.best), _chance(miss.high), looks))
        limit = self.detection_limit
        ends = (_whole(limit.low), _whole(limit.best), _whole(limit.high))
        table.append(("so many, each by itself, would have been seen (95 %)", *ends, looks))
        return tuple(table)

    def carried(self) -> tuple[str, ...]:
        """What each assumption does to the claim and where it would fail, what matters most first.

        Then what one more look at each site would add, were it to see nothing.
        """
        alike: dict[tuple[str, str, str], list[str]] = {}
        for look in self.next_looks:
            key = (look.means, _chance(look.prob_none_left_nor_back), f"{look.adds:+.4f}")
            alike.setdefault(key, []).append(look.site)
        more = (
            f"one more {means} look that sees nothing makes it {chance} ({adds}) at"
            f" {'' if len(sites) == 1 else 'each of '}{', '.join(sites)}"
            for (means, chance, adds), sites in alike.items()
        )
        return (*(row.sentence for row in self.sensitivity), *more)

    def chart(self) -> Picture:
        """The joint figure by day beside its standard and the looks; SVG, PNG and in words."""
        best = self.prob_none_left_nor_back
        said = f"{_chance(best.best)} ({_chance(best.low)} to {_chance(best.high)})"
        return chart(
            f"{self.title}: {said}",
            self.days,
            self.prob_absent_by_day,
            standard=self.standard,
            looks=self.look_days,
        )


__all__ = ["ELSEWHERE", "ItemAssurance"]


def _chance(value: float) -> str:
    # Only what is certain is written 0 or 1.
    if 0.0 < value < 5e-5:
        return "< 0.0001"
    if 1.0 - 5e-5 < value < 1.0:
        return "> 0.9999"
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _named(ids: tuple[str, ...]) -> str:
    """The ids; of very many, how many there are and the latest."""
    if len(ids) <= _NAMED_MAX:
        return ", ".join(ids) or "none"
    return f"{len(ids)}, the latest {', '.join(ids[-_NAMED_LAST:])}"


_NAMED_MAX, _NAMED_LAST = 60, 5


def _whole(value: int | None) -> str:
    return "no number" if value is None else str(value)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
