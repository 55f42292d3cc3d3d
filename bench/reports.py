"""Reports: one new report against 10,000 to 100,000 earlier findings, beside two plain ways.

python bench/reports.py: a process each, findings and reports invented here, seeded. The peers know
the same texts: BM25 as bm25s does it (impacts laid down per word, summed in NumPy), bm25s itself
where it is installed (pip install --target PEERS bm25s, then PYTHONPATH=PEERS), and exact cosine
over all vectors as Alegre does it, over 384 hashed groups of letters, and where the extra
`sentences` is installed with its model. There our own findings have words alone, so that the model
is asked; vectors of the findings are drawn (to encode 100,000 takes minutes and changes no time
below, and MAP@5 then says nothing), that of the report is the model's. Times are those of the
process, so that other work on the machine does not count. Targets are the project's own.
"""

import datetime as dt
import math
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from multiprocessing import get_context

import numpy as np

from excomm.reports import Earlier, Matcher, Report, repeats
from excomm.sentences import Sentences, Vectors

SIZES = (10_000, 30_000, 100_000)
REPORTS = 300
TARGET_MS, TARGET_MODEL_MS, TARGET_HOUR = 50.0, 120.0, 10_000
DIMENSIONS = 384
ITEMS = {
    "mrbm": ("medium-range missiles", "ballistic rockets", "sixty-foot missiles"),
    "sam": ("anti-aircraft missiles", "ground-to-air rockets", "SAM launchers"),
    "il28": ("IL-28 bombers", "light jet bombers", "Beagle aircraft"),
    "mig": ("MiG-21 fighters", "delta-wing fighters", "jet interceptors"),
    "tank": ("T-54 tanks", "armoured vehicles", "tracked armour"),
    "troops": ("Soviet troops", "Red Army men", "foreign soldiers"),
    "fuel": ("missile fuel trailers", "propellant lorries", "oxidizer trucks"),
    "radar": ("radar sets", "radar vans", "early warning radars"),
}
ACTIONS = {
    "arrive": ("arrived at", "were unloaded at", "came in at"),
    "leave": ("left", "were taken out of", "were shipped away from"),
    "build": ("are being set up near", "are being installed near", "are under assembly near"),
    "hide": ("are concealed near", "are kept under cover at", "are hidden around"),
}
COUNTS = {
    "4": "four",
    "6": "half a dozen",
    "8": "eight",
    "12": "a dozen",
    "20": "twenty",
    "24": "24",
}
FIRST_DAY = dt.date(1962, 10, 1)


def main() -> None:
    """Print the tables."""
    heads = (
        f"{'findings':>9} {'build s':>8} {'MB':>6} {'median ms':>10} {'95 % ms':>8} {'max ms':>7}"
    )
    print(
        f"{heads} {'an hour':>9} {'MAP@5':>6}   (target {TARGET_MS:.0f} ms, {TARGET_MODEL_MS:.0f}"
        f" with the model, {TARGET_HOUR} an hour)"
    )
    built: dict[str, list[tuple[float, float]]] = {}
    for size in SIZES:
        for name in PEERS:
            # A process each: what one has taken and freed must not hide what the next takes.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                row, cost = alone.submit(_row, name, size).result()
            print(row, flush=True)
            built.setdefault(name, []).append(cost)
    for name, costs in built.items():
        seconds, megabytes = (_exponent([cost[at] for cost in costs]) for at in (0, 1))
        print(f"{name}: its index grows as n^{seconds:.2f} in time, n^{megabytes:.2f} in memory")
    print(f"\n5000 copies of one report grouped: {_copies():.2f} s")


def _exponent(costs: Sequence[float]) -> float:
    """The slope of cost over size, both as logarithms; 1 is linear."""
    return float(np.polyfit(np.log(SIZES), np.log(np.maximum(costs, 0.01)), 1)[0])


def _row(name: str, size: int) -> tuple[str, tuple[float, float]]:
    """Build one index and ask it every report; also what building took, in seconds and MB."""
    findings, reports, truth = _corpus(size)
    before = _megabytes()
    started = time.process_time()
    ask = PEERS[name](findings)
    built = time.process_time() - started
    grown = _megabytes() - before
    spent, answers = [], []
    for report in reports:
        started = time.process_time()
        answers.append(ask(report))
        spent.append(1000 * (time.process_time() - started))
    spent.sort()
    median, late = spent[len(spent) // 2], spent[int(0.95 * len(spent))]
    hour = 3_600_000 / (sum(spent) / len(spent))
    row = f"{size:>9} {built:>8.2f} {grown:>6.0f} {median:>10.2f} {late:>8.2f}"
    shown = f"{row} {spent[-1]:>7.1f} {hour:>9.0f} {_map5(answers, truth):>6.3f}   {name}"
    return shown, (built, grown)


def _corpus(size: int) -> tuple[list[Earlier], list[Report], list[str]]:
    """Findings at invented places, and reports in other words than theirs, a fifth damaged."""
    draw = random.Random(size)
    places = [
        "".join(p) for p in product(("Mar", "San", "Tor", "Bel", "Gua", "Ciro"), _MIDDLES, _ENDS)
    ]
    findings = []
    for number in range(size):
        item, action = draw.choice(list(ITEMS)), draw.choice(list(ACTIONS))
        place, count = draw.choice(places), draw.choice(list(COUNTS))
        day = FIRST_DAY + dt.timedelta(days=draw.randrange(90))
        findings.append(
            Earlier(
                id=f"F{number}",
                item=item,
                action=action,
                place=place,
                lat=20 + 3 * draw.random(),
                lon=-84 + 9 * draw.random(),
                date=day,
                count=int(count),
                text=f"{count} {ITEMS[item][0]} {ACTIONS[action][0]} {place} on {day:%d %B %Y}.",
            )
        )
    reports, truth = [], []
    for number in range(REPORTS):
        of = draw.choice(findings)
        assert of.date is not None
        text = (
            f"According to travellers, {COUNTS[str(of.count)]} {draw.choice(ITEMS[of.item])}"
            f" {draw.choice(ACTIONS[of.action])} {of.place} on {of.date.day} {of.date:%B}."
        )
        if draw.random() < 0.2:
            text = "".join(_damaged(c, draw) for c in text)
        published = dt.datetime.combine(
            of.date + dt.timedelta(days=draw.randrange(6)), dt.time(20), dt.UTC
        )
        reports.append(Report(id=f"R{number}", text=text, published=published))
        truth.append(of.id)
    return findings, reports, truth


_MIDDLES = ("a", "e", "ina", "ola", "eri", "uma")
_ENDS = ("nao", "tero", "dilla", "mayo", "quez", "gara", "bos", "cia")


def _damaged(letter: str, draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.015:
        return ""
    return letter * 2 if chance < 0.03 else letter


def _ours(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    matcher = Matcher(findings)
    return lambda report: [c.finding for c in matcher.match(report).candidates]


class _Drawn:
    """The model for one text; vectors drawn for many."""

    def __init__(self) -> None:
        self._model = Sentences()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, length 1."""
        if len(texts) == 1:
            return self._model.encode(texts)
        drawn = np.random.default_rng(len(texts)).standard_normal((len(texts), DIMENSIONS))
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def _ours_with_the_model(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    words = [Earlier(id=finding.id, text=finding.text) for finding in findings]
    matcher = Matcher(words, encoder=_Drawn())
    return lambda report: [c.finding for c in matcher.match(report).candidates]


def _ours_by_words(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    matcher = Matcher([Earlier(id=finding.id, text=finding.text) for finding in findings])
    return lambda report: [c.finding for c in matcher.match(report).candidates]


def _cosine_with_the_model(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    encoder = _Drawn()
    vectors = encoder.encode([finding.text for finding in findings])

    def ask(report: Report) -> list[str]:
        return [findings[row].id for row in _best(vectors @ encoder.encode([report.text])[0])]

    return ask


def _bm25(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    rows: dict[str, list[int]] = {}
    times: dict[str, list[int]] = {}
    lengths = np.zeros(len(findings))
    for row, finding in enumerate(findings):
        counted = Counter(_WORD.findall(finding.text.lower()))
        lengths[row] = sum(counted.values())
        for word, often in counted.items():
            rows.setdefault(word, []).append(row)
            times.setdefault(word, []).append(often)
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    laid = {}
    for word, at in rows.items():
        index, there = np.array(at), np.array(times[word], dtype=float)
        rarity = math.log(1 + (len(findings) - len(at) + 0.5) / (len(at) + 0.5))
        laid[word] = index, (rarity * there * 2.2 / (there + norm[index])).astype(np.float32)

    def ask(report: Report) -> list[str]:
        scores = np.zeros(len(findings), dtype=np.float32)
        for word in set(_WORD.findall(report.text.lower())):
            if word in laid:
                index, impact = laid[word]
                scores[index] += impact
        return [findings[row].id for row in _best(scores)]

    return ask


def _bm25s(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    bm25s = import_module("bm25s")
    index = bm25s.BM25()
    words = bm25s.tokenize([finding.text for finding in findings], show_progress=False)
    index.index(words, show_progress=False)

    def ask(report: Report) -> list[str]:
        said = bm25s.tokenize([report.text], show_progress=False)
        rows, _ = index.retrieve(said, k=20, show_progress=False)
        return [findings[int(row)].id for row in rows[0]]

    return ask


def _cosine(findings: Sequence[Earlier]) -> Callable[[Report], list[str]]:
    vectors = np.zeros((len(findings), DIMENSIONS), dtype=np.float32)
    for row, finding in enumerate(findings):
        vectors[row] = _vector(finding.text)
    return lambda report: [findings[row].id for row in _best(vectors @ _vector(report.text))]


def _vector(text: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    found = np.zeros(DIMENSIONS, dtype=np.float32)
    lower = f" {text.lower()} "
    for at in range(len(lower) - 2):
        group = hash(tuple(map(ord, lower[at : at + 3])))
        found[group % DIMENSIONS] += 1.0
    return found / (np.linalg.norm(found) or 1.0)


def _best(scores: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> list[int]:
    top = np.argpartition(-scores, 20)[:20]
    return [int(row) for row in top[np.argsort(-scores[top], kind="stable")]]


def _map5(answers: Sequence[list[str]], truth: Sequence[str]) -> float:
    ranks = [
        a[:5].index(t) + 1 if t in a[:5] else math.inf for a, t in zip(answers, truth, strict=True)
    ]
    return sum(1 / rank for rank in ranks) / len(ranks)


def _copies() -> float:
    findings, reports, _ = _corpus(1000)
    matcher = Matcher(findings)
    copies = [
        Report(id=f"C{n}", text=reports[0].text, published=reports[0].published)
        for n in range(5000)
    ]
    started = time.perf_counter()
    groups = repeats(copies, [matcher.match(report) for report in copies])
    assert len(set(groups.values())) == 1
    return time.perf_counter() - started


def _megabytes() -> float:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_WORD = re.compile(r"\w+")

PEERS = {
    "excomm": _ours,
    "excomm, by words": _ours_by_words,
    "BM25, NumPy": _bm25,
    "cosine, NumPy": _cosine,
}
if find_spec("bm25s"):
    PEERS["bm25s"] = _bm25s
if find_spec("onnxruntime"):
    PEERS["excomm, with the model"] = _ours_with_the_model
    PEERS["cosine, with the model"] = _cosine_with_the_model


if __name__ == "__main__":
    main()
