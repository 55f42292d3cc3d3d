"""Assurance: how sure we are that nothing is left and nothing came back, and the worst case.

Engines only: arrays in, frozen results out. `excomm.assurance.from_facts` turns a case into them.
"""

from excomm.assurance.carriers import (
    Carrier,
    exit_tallies,
)
from excomm.assurance.cutpoint import (
    CutPointSize,
    Plan,
    Sensors,
    detection_cut_point,
    detection_pooled,
    joined_sensors,
    sample_size_cut_point,
    sample_size_pooled,
)
from excomm.assurance.exits import (
    ExitTally,
    exit_tally,
)
from excomm.assurance.interval import (
    Interval,
)
from excomm.assurance.needed import (
    SizeForAbsence,
    detection_needed,
    detection_to_hold,
    discounted,
    sample_size_for_absence,
)
from excomm.assurance.pathways import (
    Branch,
    Reports,
    Tree,
    detection_of_several,
    detection_through_reports,
    scenario_tree,
)
from excomm.assurance.plans import (
    TwoStage,
    adjusted_risk,
    detection_mixed,
    detection_over,
    detection_two_stage,
    introduction_by_pathways,
    present_by_risk,
    sample_size_by_risk,
    sample_size_two_stage,
)
from excomm.assurance.presence import (
    Equilibrium,
    Presence,
    equilibrium,
    prob_absent,
    prob_absent_over_places,
)
from excomm.assurance.remaining import (
    Remaining,
    remaining,
)
from excomm.assurance.sampling import (
    SampleSize,
    detection_limit,
    detection_probability,
    sample_size,
    share_limit,
    smallest_found,
)
from excomm.assurance.sensitive import (
    Sensitivity,
    sensitivity,
)
from excomm.assurance.thinning import (
    ExpectedRemaining,
    expected_remaining,
)
from excomm.assurance.timing import (
    DiamondSchedule,
    Sightings,
    TimeToDetection,
    diamond_schedule,
    dresher_value,
    solow,
    time_to_detection,
)
from excomm.assurance.uncertain import (
    Draws,
    Outcomes,
    beta_detection,
    prob_absent_by_outcome,
    prob_absent_uncertain,
    stated_detection,
)
from excomm.assurance.worst import (
    MovingEvader,
    Visits,
    WorstSite,
    equalising_visits,
    moving_evader,
    worst_site,
    worst_site_drawn,
)

__all__ = [
    "Branch",
    "Carrier",
    "CutPointSize",
    "DiamondSchedule",
    "Draws",
    "Equilibrium",
    "ExitTally",
    "ExpectedRemaining",
    "Interval",
    "MovingEvader",
    "Outcomes",
    "Plan",
    "Presence",
    "Remaining",
    "Reports",
    "SampleSize",
    "Sensitivity",
    "Sensors",
    "Sightings",
    "SizeForAbsence",
    "TimeToDetection",
    "Tree",
    "TwoStage",
    "Visits",
    "WorstSite",
    "adjusted_risk",
    "beta_detection",
    "detection_cut_point",
    "detection_limit",
    "detection_mixed",
    "detection_needed",
    "detection_of_several",
    "detection_over",
    "detection_pooled",
    "detection_probability",
    "detection_through_reports",
    "detection_to_hold",
    "detection_two_stage",
    "diamond_schedule",
    "discounted",
    "dresher_value",
    "equalising_visits",
    "equilibrium",
    "exit_tallies",
    "exit_tally",
    "expected_remaining",
    "introduction_by_pathways",
    "joined_sensors",
    "moving_evader",
    "present_by_risk",
    "prob_absent",
    "prob_absent_by_outcome",
    "prob_absent_over_places",
    "prob_absent_uncertain",
    "remaining",
    "sample_size",
    "sample_size_by_risk",
    "sample_size_cut_point",
    "sample_size_for_absence",
    "sample_size_pooled",
    "sample_size_two_stage",
    "scenario_tree",
    "sensitivity",
    "share_limit",
    "smallest_found",
    "solow",
    "stated_detection",
    "time_to_detection",
    "worst_site",
    "worst_site_drawn",
]
