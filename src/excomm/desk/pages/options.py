"""Options: what the models of the case conclude, what each hangs on, and posture over time."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from excomm.brief import measures, modelled
from excomm.brief.attribution import qualified_section
from excomm.brief.structs import Section
from excomm.desk.asking import Asked
from excomm.errors import InputError


class Shown(msgspec.Struct, frozen=True):
    """One model as the page shows it."""

    id: str
    sections: tuple[Section, ...]
    picture: SafeString


@require_safe
def options(request: HttpRequest, slug: str) -> HttpResponse:
    """Every model of the case, the offers on the table, and what each side keeps up."""
    asked = Asked(request, slug)
    view = asked.view
    shown = tuple(
        Shown(
            one.id,
            tuple(qualified_section(part, view) for part in modelled.model_sections(view, one)),
            _picture(asked, one.id),
        )
        for one in view.solved_models
    )
    about = [measures.offers(view), *modelled.accepted_sections(view), measures.measures(view)]
    said = {
        "asked": asked,
        "room": "options",
        "shown": shown,
        "stale": sum(bool(one.stale) for one in view.models),
        "sections": [qualified_section(part, view) for part in about if part is not None],
        "lanes": mark_safe(view.posture_picture()),  # escaped where it is made
    }
    return render(request, "desk/options.html", said)


def _picture(asked: Asked, model_id: str) -> SafeString:
    try:
        return mark_safe(asked.view.model_picture(model_id))  # escaped where it is made
    except InputError:
        return SafeString("")
