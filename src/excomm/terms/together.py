"""Several waits at once: what their assurance figures say of all of them together, in words.

Probabilities of different undertakings are never multiplied. Undertakings about the same item that
ask the same of it have one figure, the engine's own, and count once; of others only bounds hold.
"""

from collections.abc import Iterator

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Condition, Is
from excomm.terms.assured import Figure, joint_bounds, range_words
from excomm.terms.judging import Found
from excomm.terms.phrases import listed


def together_words(name: str, found: Found) -> str:
    """Between what the probability lies that everything waited for is kept, where several have a

    figure; empty where fewer have one.
    """
    sight = found.sight
    figures: dict[str, Figure] = {}
    asked: dict[tuple[str, bool, Figure], list[str]] = {}
    for of in dict.fromkeys(_all_kept(found.outcomes[name].body.condition)):
        body = sight.body(of)
        figure = sight.figure(of, body) if body is not None else None
        if body is not None and figure is not None:
            figures[of] = figure
            asked.setdefault((_item(body) or of, body.modality == "must_not", figure), []).append(
                of
            )
    if len(figures) < 2:
        return ""
    each = listed([f"{of} ({range_words(f.low, f.high)})" for of, f in figures.items()])
    low, high = joint_bounds([figure for _, _, figure in asked])
    if len(asked) == 1:
        said = f"they ask the same of one item, so together it is {range_words(low, high)}"
    else:
        said = (
            f"together between {range_words(low, low)} and {range_words(high, high)}, "
            "however they depend on each other"
        )
    return f"It waits on several that have figures, {each}: {said}."


def _all_kept(condition: Condition | None) -> Iterator[str]:
    """The undertakings that must all be kept for a condition to hold."""
    match condition:
        case Is("fulfilled", of):
            yield of
        case All(parts):
            for part in parts:
                yield from _all_kept(part)
        case _:
            return


def _item(body: Undertaking) -> str:
    return body.item or (body.quantity.item if body.quantity else "")
