"""The models of a case, solved with its facts: what each concludes, and whether it still stands.

The one module of the room that reads the fold. What a model does not say itself is taken from the
case: whether the other side sees a measure, what an offer says, what a plan of looks detects. A
model that cites what no longer stands, or that was answered since, is shown as stale.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from excomm.entries import Entry
from excomm.entries.kinds import Measure, Model, Offer, Response
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.options.drawing import drawing
from excomm.options.lanes import Lane, Step
from excomm.options.models import Detection, Keeping, Offers, Posture, Sign, Tree
from excomm.options.models import Model as Solvable
from excomm.options.offers import WAIT, tree_of
from excomm.options.reading import of_plain
from excomm.options.solve import Answer, solve
from excomm.options.telling import Told, tell

Detections = Callable[[Keeping], tuple[Detection, ...]]
"""What the plans of looks of the case detect, for a model that gives no figures itself."""


class CaseModel(msgspec.Struct, frozen=True):
    """One model of the case on a day.

    told, answer: None where it could not be solved; `fault` then says why, or `asks_watch` that it
    needs the detection of a plan of looks. stale: in words, what
    has changed under it; empty: it stands on what stands.
    """

    id: str
    title: str
    kind: str
    author: str
    cites: tuple[str, ...]
    entry: Entry
    model: Solvable | None = None
    answer: Answer | None = None
    told: Told | None = None
    fault: str = ""
    asks_watch: bool = False
    stale: tuple[str, ...] = ()


def models(facts: Facts) -> tuple[CaseModel, ...]:
    """Every model of the case, in the order in which they were made; solved where no plan is asked.

    One that asks what the looks of the case detect is left open (`asks_watch`): `with_plans` asks.
    """
    return tuple(_solved(facts, entry, body, None) for entry, body in facts.of(Model))


def with_plans(facts: Facts, model: CaseModel, detections: Detections) -> CaseModel:
    """A model that was left open, solved with what the plans of looks of the case detect."""
    assert isinstance(model.entry.body, Model)
    return _solved(facts, model.entry, model.entry.body, detections)


def to_json(found: tuple[CaseModel, ...]) -> bytes:
    """Models with their answers as JSON; fractions are strings."""
    plain = [
        {
            "id": one.id,
            "title": one.title,
            "kind": one.kind,
            "author": one.author,
            "cites": one.cites,
            "stale": one.stale,
            "fault": one.fault,
            "says": one.told.says if one.told else (),
            "hangs_on": one.told.hangs_on if one.told else (),
            "answer": one.answer,
        }
        for one in found
    ]
    return msgspec.json.format(msgspec.json.encode(plain, enc_hook=str))


def picture(model: CaseModel) -> str:
    """The tree of a model as SVG; "" where it has none."""
    match model.model:
        case Tree() as tree:
            return drawing(tree, model.title)
        case Offers() as offers:
            return drawing(tree_of(offers), model.title)
    return ""


def fault_of(written: dict[str, Any]) -> InputError | None:
    """What is wrong with a model as it was written, whatever the case holds; None: nothing.

    `where` of the fault is the place in the model: `$.signs[2].range[0]`.
    """
    try:
        model = of_plain(_ordered(written))
        if not _asks_the_case(model):
            solve(model)
    except InputError as fault:
        return fault
    return None


def _ordered(written: Any) -> Any:
    """The same with the keys of every map in order: a ledger keeps none, and a page must."""
    match written:
        case dict():
            return {key: _ordered(written[key]) for key in sorted(written)}
        case list() | tuple():
            return [_ordered(one) for one in written]
    return written


def _asks_the_case(model: Solvable) -> bool:
    match model:
        case Posture(signs=signs):
            return any(sign.visible is None for sign in signs)
        case Keeping(detection=detection):
            return not detection
    return False


def _solved(facts: Facts, entry: Entry, body: Model, detections: Detections | None) -> CaseModel:
    about = CaseModel(
        id=str(entry.id),
        title=body.title,
        kind=str(body.model.get("kind", "")),
        author=body.author or entry.by,
        cites=body.cites,
        entry=entry,
    )
    try:
        model = _with_facts(facts, of_plain(_ordered(body.model)), detections)
        if isinstance(model, Keeping) and not model.detection and detections is None:
            stale = tuple(_stale(facts, entry, body, model))
            return msgspec.structs.replace(about, model=model, asks_watch=True, stale=stale)
        answer = solve(model)
    except InputError as fault:
        return msgspec.structs.replace(about, fault=str(fault.at(about.id)))
    return msgspec.structs.replace(
        about,
        model=model,
        answer=answer,
        told=tell(model, answer),
        stale=tuple(_stale(facts, entry, body, model)),
    )


def _with_facts(facts: Facts, model: Solvable, detections: Detections | None) -> Solvable:
    match model:
        case Posture():
            signs = tuple(_seen(facts, sign, f"$.signs[{n}]") for n, sign in enumerate(model.signs))
            return msgspec.structs.replace(model, signs=signs)
        case Offers():
            _check_offers(facts, model)
        case Keeping(detection=()) if detections is not None:
            return msgspec.structs.replace(model, detection=detections(model))
    return model


def _seen(facts: Facts, sign: Sign, where: str) -> Sign:
    """A change with what the case says of who sees it, where the model leaves that open."""
    if sign.visible is not None:
        return sign
    named = [body for _, body in facts.of(Measure) if body.name == sign.measure]
    if not named:
        known = dict.fromkeys(body.name for _, body in facts.of(Measure))
        remedy = f"The case has {', '.join(known) or 'none'}; or say visible: true or false."
        raise InputError(f"{where}.measure", sign.measure, "the name of a measure", remedy)
    told = next((body.seen_by_them for body in reversed(named) if body.seen_by_them), "")
    if not told:
        return sign
    return msgspec.structs.replace(sign, visible=not _unseen(told))


def _check_offers(facts: Facts, model: Offers) -> None:
    known = [str(entry.id) for entry, _ in facts.of(Offer)]
    for name in model.offers:
        if name not in (*known, WAIT):
            remedy = f"The case has {', '.join(known) or 'none'}; {WAIT} is to put none."
            raise InputError(f"$.offers.{name}", name, "the id of an offer of the case", remedy)


def posture(facts: Facts) -> tuple[Lane, ...]:
    """What each side kept up, day by day until the day of the facts; by party and name."""
    rows: dict[tuple[str, str], list[tuple[Entry, Measure]]] = {}
    for entry, body in facts.of(Measure):
        rows.setdefault((body.party, body.name), []).append((entry, body))
    return tuple(
        Lane(f"{party}: {name}", tuple(_steps(facts, found)))
        for (party, name), found in rows.items()
    )


def _steps(facts: Facts, rows: list[tuple[Entry, Measure]]) -> Iterator[Step]:
    """A step where the level changes. Whether it is seen is of the measure, said once."""
    told = [body.seen_by_them for _, body in rows if body.seen_by_them]
    seen = not _unseen(told[-1]) if told else None
    before: tuple[str, bool] | None = None
    for entry, body in rows:
        if (body.level, body.ended) != before:
            yield Step(facts.local_day(entry), body.level, seen, body.ended)
        before = body.level, body.ended


def _unseen(seen_by_them: str) -> bool:
    """Whether the words begin with a no: "no", "not before they fly", "never"."""
    first = seen_by_them.strip().lower().replace(",", " ").replace(":", " ").split(" ")[0]
    return first in ("no", "not", "never")


def _stale(facts: Facts, entry: Entry, body: Model, model: Solvable) -> Iterator[str]:
    gone = [one for one in body.cites if facts.get(one) is None]
    if gone:
        yield f"it cites {', '.join(gone)}, which does not stand here"
    if isinstance(model, Offers):
        for answered, response in facts.of(Response):
            since = response.answer != "none" and answered.recorded > entry.recorded
            if response.offer in model.offers and since:
                yield f"{response.offer} was {response.answer} by {response.party} since"
    if isinstance(model, Posture):
        changed = {sign.measure for sign in model.signs}
        for moved, measure in facts.of(Measure):
            if measure.name in changed and moved.recorded > entry.recorded:
                level = "ended" if measure.ended else measure.level
                yield f"{measure.name} has changed since: {level}"
