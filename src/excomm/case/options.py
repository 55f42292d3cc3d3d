"""What the models of the conflict conclude: the options room, asked with the facts of a view."""

from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.watch import OfWatch
from excomm.entries.kinds import Offer, Plan, Undertaking
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.case.accepted import Accepted
    from excomm.options.from_facts import CaseModel
    from excomm.options.models import Detection, Keeping


class OfOptions(OfWatch):
    """The part of a view that solves models."""

    @cached_property
    def models(self) -> "tuple[CaseModel, ...]":
        """The models of the conflict that the case holds, each solved with the case's facts."""
        from excomm.options.from_facts import models

        return models(self.facts)

    @cached_property
    def solved_models(self) -> "tuple[CaseModel, ...]":
        """The same, those that ask what a plan of looks detects answered too; takes seconds."""
        return tuple(self._with_plans(one) if one.asks_watch else one for one in self.models)

    def _with_plans(self, model: "CaseModel") -> "CaseModel":
        from excomm.options.from_facts import with_plans

        return with_plans(self.facts, model, self._detections)

    def _detections(self, model: "Keeping") -> "tuple[Detection, ...]":
        """What the looks of the case would detect in time: a calendar, and a draw of equal cost."""
        from excomm.case.deterring import detections
        from excomm.watch.looks_from_facts import ahead, planned_looks

        item = model.item or self._item_of(model.undertaking)
        now = self.watch((item,) if item else ())
        roots = {str(entry.id): str(entry.id) for entry, _ in self.facts.of(Plan)}
        planned = planned_looks(self.facts, roots)
        return detections(now, model, ahead(self.facts, planned, now.first_day))

    def _item_of(self, undertaking: str) -> str:
        for entry, body in self.facts.of(Undertaking):
            if entry.id == undertaking:
                return body.item or (body.quantity.item if body.quantity else "")
        return ""

    def model(self, model_id: str) -> "CaseModel":
        """One of them, solved. Raises InputError where there is none of that id."""
        for one in self.models:
            if model_id in (one.id, one.id.removeprefix("options/")):
                return self._with_plans(one) if one.asks_watch else one
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

    def if_accepted(self, offer_id: str) -> "Accepted":
        """What would follow if the other side accepted an offer: nothing is stored.

        Which undertakings arise and how each could be verified, and whether the outcome holds that
        a model of the case says it leads to. Raises InputError for an offer that is not on the day.
        """
        from excomm.case.accepted import Accepted, Arising
        from excomm.options.models import Conflict
        from excomm.options.telling import outcome_after
        from excomm.terms import compare

        package = compare(self.facts, [offer_id], self.figures())[0]
        offer = next(body for entry, body in self.facts.of(Offer) if entry.id == offer_id)
        event = {
            "id": f"if-{offer_id}-is-accepted",
            "kind": "accepted",
            "party": list(offer.to),
            "about": list(offer.undertakings),
            "what": f"accepts {offer.text or offer_id}",
        }
        # An offer whose undertakings are in no record gives nothing to suppose.
        before = self.standing()
        after = self.what_if([event]).standing() if offer.undertakings else before
        steps = {step.undertaking: step for step in package.steps}
        bodies = {str(entry.id): body for entry, body in self.facts.of(Undertaking)}
        arising = tuple(
            Arising(
                undertaking=name,
                by=", ".join(bodies[name].by),
                what=bodies[name].what,
                before=before[name].state,
                after=status.state,
                reason=status.reason,
                in_offer=name in steps,
                verified_by=", ".join(bodies[name].verification),
                assurance=steps[name].assurance if name in steps else "",
            )
            for name, status in after.items()
            if name in steps or status.state != before[name].state
        )
        outcomes = tuple(
            f"{one.title}: {told}"
            for one in self.models
            if isinstance(one.model, Conflict) and (told := outcome_after(one.model, offer_id))
        )
        return Accepted(offer_id, offer.text, arising, outcomes, package.open)

    def posture_picture(self) -> str:
        """What each side kept up until this day, as SVG: a lane for each measure."""
        from excomm.options.from_facts import posture
        from excomm.options.lanes import lanes

        last = self.on.astimezone(self.facts.zone).date()
        return lanes(posture(self.facts), last, f"{self.header.title}: posture until {last}")
