"""In which order undertakings are judged: those waited for first, rings together.

Strongly connected components by Tarjan's algorithm, without recursion: a chain of waits may be as
long as the agreement. Names are places in a list meanwhile, which is what makes it fast.
"""

from collections.abc import Mapping, Sequence


def components(needs: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of names in an order in which each comes after all it needs.

    needs: name -> the names it needs; names that are no key are passed over. A group of several
    is a ring; so is one that needs itself.

    >>> components({"c": ["b"], "a": [], "b": ["a", "c"]})
    (('a',), ('c', 'b'))
    """
    found: list[tuple[str, ...]] = []
    names: list[str] = []
    placed: set[str] = set()
    # Most texts name first what others wait for, so that most are placed as they come.
    for name, needed in needs.items():
        if not needed or placed.issuperset(needed):
            placed.add(name)
            found.append((name,))
        else:
            names.append(name)
    place = {name: index for index, name in enumerate(names)}
    after = [[place[other] for other in needs[name] if other in place] for name in names]
    order, waiting = _without_rings(after)
    found.extend((names[index],) for index in order)
    if len(order) < len(names):
        left = [index for index, number in enumerate(waiting) if number]
        found.extend(tuple(names[index] for index in group) for group in _rings(after, left))
    return tuple(found)


def _without_rings(after: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Places that neither ring nor wait on a ring, each after all it needs; what the rest need."""
    waiting = list(map(len, after))
    dependents: dict[int, list[int]] = {}
    for index, needed in enumerate(after):
        for other in needed:
            dependents.setdefault(other, []).append(index)
    order = [index for index, number in enumerate(waiting) if not number]
    for index in order:
        for other in dependents.get(index, ()):
            waiting[other] -= 1
            if not waiting[other]:
                order.append(other)
    return order, waiting


def _rings(after: Sequence[Sequence[int]], left: Sequence[int]) -> list[list[int]]:
    """The components of the places left over, each after all it needs."""
    found: list[list[int]] = []
    among = set(left)
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    stacked: set[int] = set()
    for root in left:
        if root in index:
            continue
        work = [(root, iter(after[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        stacked.add(root)
        while work:
            one, rest = work[-1]
            for needed in rest:
                if needed not in among:
                    continue
                if needed not in index:
                    index[needed] = low[needed] = len(index)
                    stack.append(needed)
                    stacked.add(needed)
                    work.append((needed, iter(after[needed])))
                    break
                if needed in stacked and index[needed] < low[one]:
                    low[one] = index[needed]
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[one])
                if low[one] == index[one]:
                    group: list[int] = []
                    while not group or group[-1] != one:
                        group.append(stack.pop())
                    stacked.difference_update(group)
                    found.append(group[::-1])
    return found


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
