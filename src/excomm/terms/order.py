"""In which order undertakings are judged: those waited for first, rings together.

Strongly connected components by Tarjan's algorithm, without recursion: a chain of waits may be as
long as the agreement.
"""

from collections.abc import Iterator, Mapping, Sequence


def components(needs: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of names in an order in which each comes after all it needs.

    needs: name -> the names it needs; names that are no key are passed over. A group of several
    is a ring; so is one that needs itself.

    >>> components({"c": ["b"], "a": [], "b": ["a", "c"]})
    (('a',), ('c', 'b'))
    """
    found, needs = _without_rings(needs)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    stacked: set[str] = set()
    for root in needs:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(needs[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        stacked.add(root)
        while work:
            name, rest = work[-1]
            for needed in rest:
                if needed not in needs:
                    continue
                if needed not in index:
                    index[needed] = low[needed] = len(index)
                    stack.append(needed)
                    stacked.add(needed)
                    work.append((needed, iter(needs[needed])))
                    break
                if needed in stacked:
                    low[name] = min(low[name], index[needed])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[name])
                if low[name] == index[name]:
                    group: list[str] = []
                    while True:
                        member = stack.pop()
                        stacked.discard(member)
                        group.append(member)
                        if member == name:
                            break
                    found.append(tuple(reversed(group)))
    return tuple(found)


def _without_rings(
    needs: Mapping[str, Sequence[str]],
) -> tuple[list[tuple[str, ...]], Mapping[str, Sequence[str]]]:
    """Names that neither ring nor wait on a ring, each after all it needs; and the rest."""
    order: list[tuple[str, ...]] = []
    waiting: dict[str, int] = {}
    dependents: dict[str, list[str]] = {}
    ready: list[str] = []
    for name, needed in needs.items():
        number = 0
        for other in needed:
            if other in needs:
                number += 1
                dependents.setdefault(other, []).append(name)
        if number:
            waiting[name] = number
        else:
            ready.append(name)
    for name in ready:
        order.append((name,))
        for other in dependents.get(name, ()):
            waiting[other] -= 1
            if not waiting[other]:
                del waiting[other]
                ready.append(other)
    return order, {name: needs[name] for name in waiting}


def reachable(start: str, needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Everything that a name needs, directly or not, nearest first; itself only in a ring.

    >>> reachable("a", {"a": ["b"], "b": ["c", "a"]})
    ('b', 'c', 'a')
    """
    seen: dict[str, None] = {}
    queue = [start]
    for name in queue:
        for needed in needs.get(name, ()):
            if needed not in seen:
                seen[needed] = None
                if needed != start:
                    queue.append(needed)
    return tuple(seen)
