"""What the models of the conflict conclude: the options room, asked with the facts of a view."""

from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.options.from_facts import CaseModel


class OfOptions(Ground):
    """The part of a view that solves models."""

    @cached_property
    def models(self) -> "tuple[CaseModel, ...]":
        """The models of the conflict that the case holds, each solved with the case's facts."""
        from excomm.options.from_facts import models

        return models(self.facts)

    def model(self, model_id: str) -> "CaseModel":
        """One of them. Raises InputError where there is none of that id."""
        for one in self.models:
            if model_id in (one.id, one.id.removeprefix("options/")):
                return one
        known = ", ".join(one.id for one in self.models) or "none"
        raise InputError("MODEL", model_id, "a model of the case on this day", f"It has {known}.")

    def model_picture(self, model_id: str) -> str:
        """The tree of a model as SVG. Raises InputError where it is not of a kind with a tree."""
        from excomm.options.from_facts import picture

        found = self.model(model_id)
        if drawn := picture(found):
            return drawn
        kind = found.kind if found.model else found.fault
        raise InputError("MODEL", f"{found.id}, {kind}", "a model of kind tree or offers")

    def posture_picture(self) -> str:
        """What each side kept up until this day, as SVG: a lane for each measure."""
        from excomm.options.from_facts import posture
        from excomm.options.lanes import lanes

        last = self.on.astimezone(self.facts.zone).date()
        return lanes(posture(self.facts), last, f"{self.header.title}: posture until {last}")
