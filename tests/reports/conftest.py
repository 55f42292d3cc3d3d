"""A case of two ports for the reports desk, written as text and seen on a day."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from excomm.case import Case, CaseHead, View
from excomm.folder import read_text

NOW = datetime(2024, 6, 1, tzinfo=UTC)
PORTS = """
=== case.toml
id = "ports"
title = "Two ports"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
{header}
parties = [{{id = "A", name = "Side A"}}, {{id = "B", name = "Side B"}}]
items = [{{id = "launchers", name = "launchers", unit = "launchers"}},
         {{id = "tanks", name = "tanks", unit = "tanks"}}]
means = [{{id = "flight", name = "overflight"}}, {{id = "team", name = "inspection team"}}]

[[sites]]
id = "north"
name = "North Port"
lat = 12.0
lon = 42.0
radius_km = 5.0

[[sites]]
id = "south"
name = "South Port"
lat = 11.0
lon = 42.0
radius_km = 5.0
{sites}
=== outlets.csv
id,name,type,contact
radio,Radio One,radio,corrections@radio.example
paper,The Paper,press,desk@paper.example
=== assumptions.csv
name,low,best,high,author,basis
flight.launchers.detection,0.7,0.8,0.9,the desk,they are long
flight.launchers.prob_false_alarm,0.01,0.02,0.05,the desk,so are trucks
team.launchers.detection,0.95,0.95,0.95,the desk,a team walks in
launchers.prob_concealed,0.02,0.02,0.02,the desk,sheds were opened
reports.prob_true,0.2,0.2,0.2,the desk,one in five held so far
reports.lasting_days,3,3,3,the desk,ships stay three days
"""

ViewOf = Callable[..., View]


@pytest.fixture
def ports() -> ViewOf:
    """A view of the ports: `ports(text, day)`; `assumed` adds, `without` leaves out rows."""

    def view(
        text: str,
        day: str = "2024-01-20",
        *,
        header: str = "",
        assumed: str = "",
        sites: str = "",
        without: tuple[str, ...] = (),
        cleared: str | None = None,
    ) -> View:
        base = PORTS.format(header=header, sites=sites) + assumed
        lines = [line for line in base.splitlines() if not line.startswith(without or ("\x00",))]
        folder = read_text("\n".join(lines) + "\n" + text, now=NOW)
        head = CaseHead("folder", len(folder.entries), folder.digest)
        case = Case(lambda: folder.entries, head, name="ports")
        return case.on(day, cleared=cleared)

    return view
