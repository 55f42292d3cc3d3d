"""PyVRP as a second opinion on routes: points are clients that may be left out, for their profit.

Distances go up to whole numbers of a fine grain, so that its routes keep the length; profit counts
before length, which only breaks ties. It searches in short turns, each from the best before, so
that an interrupt costs one turn at most. No bound: `routes.profit_bound` has one.
"""

import time
from typing import TYPE_CHECKING

import numpy as np

from excomm.errors import EnvironmentFault
from excomm.watch.linear import INFINITY, Ints
from excomm.watch.routes import Field, Route, reachable

if TYPE_CHECKING:
    from pyvrp import ProblemData, Solution

_GRAIN = 10_000  # parts of the length limit
_PRIZES_MOST = 1e12
_TURN_SECONDS = 2.0


def routes_by_pyvrp(field: Field, *, until: float) -> tuple[list[Route], bool]:
    """What `routes.routes_of_most_profit` answers, by PyVRP.

    Raises EnvironmentFault where PyVRP is not installed.
    """
    try:
        import pyvrp
        from pyvrp.stop import MaxRuntime
    except ImportError:
        raise EnvironmentFault(
            "PyVRP is not installed. Install it: pip install 'excomm[planners]', or leave out"
            " --solver."
        ) from None
    points = reachable(field)
    routes: list[Route] = [[field.start, field.end] for _ in range(field.routes)]
    every = float(field.profit[points].sum())
    if every <= 0 or not field.routes or field.max_length <= 0:
        return routes, False
    data = _data(field, points)
    best: Solution | None = None
    least, turn = INFINITY, 0
    try:
        while time.monotonic() < until and field.total(routes) < every - 1e-9:
            stop = MaxRuntime(max(min(_TURN_SECONDS, until - time.monotonic()), 0.01))
            found = pyvrp.solve(data, stop, turn, collect_stats=False, initial_solution=best)
            if found.is_feasible() and found.cost() < least:
                best, least = found.best, found.cost()
                routes = _routes(field, points, best)
            turn += 1
    except KeyboardInterrupt:
        return routes, True
    return routes, False


def _data(field: Field, points: Ints) -> "ProblemData":
    """Locations: the start, the end, then the points."""
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType

    order = np.concatenate([[field.start, field.end], points])
    grain = _GRAIN / field.max_length
    legs = np.ceil(field.distance[np.ix_(order, order)] * grain - 1e-9).astype(np.int64)
    np.fill_diagonal(legs, 0)
    profit = field.profit[points]
    # The least profit outweighs all length that can be flown.
    unit = min(field.routes * _GRAIN / float(profit.min()), _PRIZES_MOST / float(profit.sum()))
    return ProblemData(
        locations=[Location(0, 0) for _ in order],
        clients=[
            Client(location=n + 2, delivery=[1], prize=max(round(one * unit), 1), required=False)
            for n, one in enumerate(profit.tolist())
        ],
        depots=[Depot(location=0), Depot(location=1)],
        vehicle_types=[
            VehicleType(
                field.routes,
                capacity=[len(points) if field.points_most is None else field.points_most],
                start_depot=0,
                end_depot=1,
                max_distance=_GRAIN,
            )
        ],
        distance_matrices=[legs],
        duration_matrices=[np.zeros_like(legs)],
    )


def _routes(field: Field, points: Ints, solution: "Solution") -> list[Route]:
    flown = [
        [int(points[stop.idx]) for stop in route.schedule() if stop.is_client()]
        for route in solution.routes()
    ]
    flown += [[] for _ in range(field.routes - len(flown))]
    return [[field.start, *one, field.end] for one in flown]
