"""Matching: which earlier finding a report repeats, or that none is known.

Every finding is judged, none is left out by a first selection: parts that were read (item, action,
place, time, number) by `evidence`, and the nearest also by their words. Chances sum to one together
with "none of these", so that one figure decides both the order and whether there is a match.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.reports import evidence
from excomm.reports.evidence import Floats, Profile
from excomm.reports.model import Allegation, Earlier, Item, Parsed, Report
from excomm.reports.parsing import READ_CHARS_MAX, Parser
from excomm.reports.places import Gazetteer, Site
from excomm.reports.search import Search, neutral
from excomm.reports.vocabulary import stem, words_of

if TYPE_CHECKING:
    from excomm.sentences import Encoder

CANDIDATES_MAX = 20
NONE = "NONE"  # in a run: held to be new
# Chance that a new report tells of something already found, before it is read. The desk's to set.
PRIOR_KNOWN = 0.5
# A match by words alone: log odds that the best text is the one, by its likeness (0 to 1) and by
# how far its score leads the next, and how sharply scores share the chance; fitted on the
# train part of CheckThat 2020 (800 queries, each also with its own claim taken out).
WORDS_OFFSET, WORDS_BY_LIKENESS, WORDS_BY_LEAD = -3.48, 2.10, 4.11
WORDS_SHARPNESS = 4.5
# The same where a sentence model takes part, by score and lead, on the same queries; the sharpness
# is that of the regression that weighs the scores (`search`).
MEANT_OFFSET, MEANT_BY_SCORE, MEANT_BY_LEAD = -10.6, 1.64, 0.783
MEANT_SHARPNESS = 2.7
# Beside parts that were read, words only choose among equals.
_WORDS_BESIDE = 3.0
_HOPELESS = 25.0  # log odds behind the best at which no one looks: four parts that differ
_SAMPLE = 12
_MANY = 1000  # findings of a desk that waits for each answer, and less for its start
# Reports remembered, so that five thousand copies in a minute cost as much as one.
_MEMORY = 256


class Candidate(msgspec.Struct, frozen=True):
    """An earlier finding that a report may repeat. prob: 0 to 1, with "none" summing to 1."""

    finding: str
    log_odds: float
    prob: float


class Match(msgspec.Struct, frozen=True):
    """The candidates for one report, likeliest first; `known`: one of them likelier than none."""

    report: str
    candidates: tuple[Candidate, ...]
    prob_none: float
    parsed: Parsed

    @property
    def known(self) -> bool:
        """Whether the report repeats an earlier finding, more likely than not."""
        return bool(self.candidates) and self.prob_none < 0.5

    @property
    def finding(self) -> str:
        """The likeliest earlier finding; empty where none is known."""
        return self.candidates[0].finding if self.known else ""


class Matcher:
    """Earlier findings made ready to be matched against reports, one or many.

    earlier: findings; those without item, place, date and count are matched by their words alone.
    sites: further places of the case. item_names: what the case calls its items. prior_known:
    chance that a report repeats some finding.
    """

    def __init__(
        self,
        earlier: Sequence[Earlier],
        *,
        sites: Iterable[Site] = (),
        item_names: Mapping[str, Iterable[str]] | None = None,
        encoder: "Encoder | None" = None,
        prior_known: float = PRIOR_KNOWN,
    ) -> None:
        self._earlier = earlier
        named = {f.place: Site(f.place, f.lat, f.lon) for f in earlier if f.place}
        named.update({site.name: site for site in sites})
        codes, self._item_at = _coded([f.item for f in earlier])
        self._places, self._place_at = _coded([f.place for f in earlier])
        self.parser = Parser(
            Gazetteer(named.values()), item_names=item_names, known=_own_words(earlier, codes)
        )
        if len(earlier) >= _MANY:
            self.parser.gazetteer.ready()
        self._profiles = self._read_profiles(codes)
        actions = self._read_actions()
        self._actions, self._action_at = _coded([actions.get(f.action, f.action) for f in earlier])
        self._days, self._day_at = _numbered(
            [f.date.toordinal() if f.date else None for f in earlier]
        )
        self._counts, self._count_at = _numbered([f.count for f in earlier])
        self._item_chance = _chances(self._item_at, len(codes))
        self._place_chance = _chances(self._place_at, len(self._places))
        self._action_chance = _chances(self._action_at, len(self._actions))
        self._count_chance = _chances(self._count_at, len(self._counts))
        self._span_days = max(30, int(np.ptp(self._days)) + 1) if len(self._days) else 30
        fields = (self._item_at, self._place_at, self._day_at, self._count_at)
        self._bare = np.logical_and.reduce([at < 0 for at in fields])
        self._prior = math.log(prior_known / (1.0 - prior_known) / max(1, len(earlier)))
        self._memory: dict[tuple[str, object], Match] = {}
        texts = [(f.text, f.title) for f in earlier]
        self._search = Search(texts, [f.id for f in earlier], encoder=encoder)

    def match(self, report: Report) -> Match:
        """The earlier findings that a report may repeat.

        A report that is empty or in another language has no candidates; `parsed` says why.
        """
        copy = (report.text, report.published)
        known = self._memory.get(copy)
        if known is None:
            known = self._matched(report)
            if len(self._memory) >= _MEMORY:
                self._memory.pop(next(iter(self._memory)))
            self._memory[copy] = known
        return msgspec.structs.replace(known, report=report.id)

    def _matched(self, report: Report) -> Match:
        parsed = self.parser.parse(report)
        if not self._earlier or (not parsed.allegations and parsed.unparsed != _NOTHING_KNOWN):
            return Match(report.id, (), 1.0, parsed)
        total = np.full(len(self._earlier), -np.inf)
        for allegation in parsed.allegations:
            judged = self._judged(allegation, report.published)
            if judged is not None:
                total = np.maximum(total, judged)
        return self._fused(report, parsed, total)

    def _judged(
        self, allegation: Allegation, published: dt.datetime | dt.date | None
    ) -> Floats | None:
        """Log odds of every finding by the parts that were read; None where too little was."""
        damage, item = allegation.damage, allegation.item
        fits = evidence.item_shares(item, self._profiles) if item and self._profiles else None
        if fits is None and allegation.place is None:
            return None
        total = np.full(len(self._earlier), self._prior)
        if item is not None and fits is not None:
            total += _spread(
                evidence.item_evidence(item, fits, self._item_chance, damage), self._item_at
            )
        if allegation.place is not None and len(self._places):
            total += _spread(
                evidence.place_evidence(allegation.place, self._places, self._place_chance, damage),
                self._place_at,
            )
        if allegation.action is not None and len(self._actions):
            total += _spread(
                evidence.action_evidence(
                    allegation.action.what, self._actions, self._action_chance
                ),
                self._action_at,
            )
        if allegation.window is not None:
            total += _spread(
                evidence.day_evidence(allegation.window, self._days, self._span_days, damage),
                self._day_at,
            )
        elif published is not None:
            total += _spread(
                evidence.lag_evidence(published.toordinal(), self._days, self._span_days),
                self._day_at,
            )
        if allegation.number is not None and len(self._counts):
            total += _spread(
                evidence.count_evidence(
                    allegation.number, self._counts, self._count_chance, damage
                ),
                self._count_at,
            )
        total[self._bare] = -np.inf
        return total

    def _fused(self, report: Report, parsed: Parsed, total: Floats) -> Match:
        """The order by all that is known of each finding, and the chance that it is none."""
        text = report.text[:READ_CHARS_MAX]
        leading = _leading(total, CANDIDATES_MAX * 2)
        by_words = bool(self._bare.any()) or not len(leading)
        odds = self._by_words(text) if by_words else {}
        odds |= {int(row): float(total[row]) for row in leading}
        # Words cannot lift what lies further back than they weigh.
        least = float(total[leading].max(initial=-np.inf)) - _WORDS_BESIDE
        alike = self._search.likeness(text, (int(row) for row in leading if total[row] >= least))
        mean = sum(alike.values()) / max(1, len(alike))
        for row, likeness in alike.items():
            odds[row] += _WORDS_BESIDE * (likeness - mean)
        rest = float(np.exp(total).sum()) - float(np.exp(total[leading]).sum())
        mass = sum(math.exp(value) for value in odds.values()) + max(0.0, rest)
        ordered = sorted(
            odds, key=lambda row: (-round(odds[row], 9), neutral(self._earlier[row].id))
        )
        candidates = tuple(
            Candidate(self._earlier[row].id, odds[row], math.exp(odds[row]) / (1.0 + mass))
            for row in ordered[:CANDIDATES_MAX]
        )
        return Match(report.id, candidates, 1.0 / (1.0 + mass), parsed)

    def _by_words(self, text: str) -> dict[int, float]:
        """Log odds against "none" of the findings nearest in their words."""
        hits = self._search.find(text, limit=CANDIDATES_MAX)
        if not hits:
            return {}
        best = hits[0]
        following = next((h.score for h in hits if best.score - h.score > 1e-6), 0.0)
        lead = best.score - following
        known = WORDS_OFFSET + WORDS_BY_LIKENESS * best.likeness + WORDS_BY_LEAD * lead
        sharpness = WORDS_SHARPNESS
        if self._search.by_meaning:
            known = MEANT_OFFSET + MEANT_BY_SCORE * best.score + MEANT_BY_LEAD * lead
            sharpness = MEANT_SHARPNESS
        weights = [math.exp(sharpness * (hit.score - best.score)) for hit in hits]
        whole = math.log(sum(weights))
        return {
            hit.row: known + math.log(weight) - whole
            for hit, weight in zip(hits, weights, strict=True)
        }

    def _read_profiles(self, codes: Sequence[str]) -> list[Profile]:
        """What each item is called, from some of the texts of its own findings."""
        texts: dict[int, list[str]] = {}
        for row, code in enumerate(self._item_at):
            if code >= 0 and len(texts.setdefault(int(code), [])) < _SAMPLE:
                texts[int(code)].append(self._earlier[row].text)
        profiles = []
        for at, code in enumerate(codes):
            items = [found for text in texts[at] if (found := self._item_of(text))]
            items = items or ([found] if (found := self._item_of(code)) else [])
            profiles.append(Profile(code, items, [stem(word) for word in words_of(code)]))
        return profiles

    def _item_of(self, text: str) -> Item | None:
        parsed = self.parser.parse(Report(id="", text=text))
        return parsed.allegations[0].item if parsed.allegations else None

    def _read_actions(self) -> dict[str, str]:
        """The general action that each of the case's own words for actions stands for."""
        said: dict[str, Counter[str]] = {}
        for finding in self._earlier:
            counted = said.setdefault(finding.action, Counter())
            if finding.action and counted.total() < _SAMPLE:
                parsed = self.parser.parse(Report(id="", text=finding.text))
                counted.update(a.action.what for a in parsed.allegations[:1] if a.action)
        return {
            name: counted.most_common(1)[0][0] for name, counted in said.items() if counted and name
        }


_NOTHING_KNOWN = "nothing that the vocabulary knows"


def _coded(values: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct values in order, and for each row its place among them; -1 where empty."""
    names = sorted({value for value in values if value})
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place.get(value, -1) for value in values], dtype=np.int64)


def _numbered(values: Sequence[int | None]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    distinct = sorted({value for value in values if value is not None})
    place = {value: at for at, value in enumerate(distinct)}
    rows = [-1 if value is None else place[value] for value in values]
    return np.array(distinct, dtype=np.int64), np.array(rows, dtype=np.int64)


def _chances(at: NDArray[np.int64], many: int) -> Floats:
    """Share of the findings that have each value."""
    counted = np.bincount(at[at >= 0], minlength=many).astype(np.float64)
    shares: Floats = counted / max(1.0, float(counted.sum()))
    return shares


def _spread(by_value: Floats, at: NDArray[np.int64]) -> Floats:
    """From one figure a value to one a finding; 0 where a finding lacks the part."""
    found: Floats = np.append(by_value, 0.0)[at]
    return found


def _leading(values: Floats, many: int) -> NDArray[np.int64]:
    """The largest values; none that lies hopelessly behind."""
    best = values.max(initial=-np.inf)
    near: NDArray[np.int64] = np.flatnonzero(values > max(best - _HOPELESS, -1e300))
    if len(near) > many:
        near = near[np.argpartition(values[near], -many)[-many:]]
    return near


def _own_words(earlier: Sequence[Earlier], codes: Sequence[str]) -> list[str]:
    """Words that the findings themselves use: they need no repair in a report."""
    seen: dict[tuple[str, str], int] = {}
    words: dict[str, None] = dict.fromkeys(word for code in codes for word in words_of(code))
    for finding in earlier:
        key = (finding.item, finding.action)
        seen[key] = seen.get(key, 0) + 1
        if finding.item and seen[key] <= 3:
            words.update(dict.fromkeys(words_of(finding.text)))
    return [word for word in words if not word.isdecimal()]
