"""Assurance: how sure we are that nothing is left and nothing came back, and the worst case.

Engines only: arrays in, frozen results out. `excomm.assurance.from_facts` turns a case into them.
"""

from excomm.assurance.exits import ExitTally, exit_tally
from excomm.assurance.interval import Interval
from excomm.assurance.presence import (
    Equilibrium,
    Presence,
    equilibrium,
    prob_absent,
    prob_absent_over_places,
)
from excomm.assurance.remaining import Remaining, remaining
from excomm.assurance.sampling import (
    SampleSize,
    detection_limit,
    detection_probability,
    sample_size,
)
from excomm.assurance.thinning import ExpectedRemaining, expected_remaining
from excomm.assurance.timing import (
    Sightings,
    TimeToDetection,
    dresher_value,
    solow,
    time_to_detection,
)
from excomm.assurance.worst import (
    Visits,
    WorstSite,
    equalising_visits,
    worst_site,
    worst_site_drawn,
)

__all__ = [
    "Equilibrium",
    "ExitTally",
    "ExpectedRemaining",
    "Interval",
    "Presence",
    "Remaining",
    "SampleSize",
    "Sightings",
    "TimeToDetection",
    "Visits",
    "WorstSite",
    "detection_limit",
    "detection_probability",
    "dresher_value",
    "equalising_visits",
    "equilibrium",
    "exit_tally",
    "expected_remaining",
    "prob_absent",
    "prob_absent_over_places",
    "remaining",
    "sample_size",
    "solow",
    "time_to_detection",
    "worst_site",
    "worst_site_drawn",
]
