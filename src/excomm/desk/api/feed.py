"""The calendar of a case by a secret address: what is due, in what is open to all.

A calendar program keeps what it is sent wherever its maker likes, so the feed is of the lowest
level, whatever its owner is cleared for.
"""

from datetime import UTC

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from excomm.brief.due import Duty, duties
from excomm.desk.accounts.persons import act_as
from excomm.desk.api.tokens import Scope, opened
from excomm.desk.asking import Asked
from excomm.interchange.calendar import Due, calendar


@require_safe
def feed(request: HttpRequest, secret: str, slug: str) -> HttpResponse:
    """Everything of a case that is owed by some instant, as iCalendar."""
    found = opened(secret, Scope.CALENDAR)
    if found is None:
        raise Http404
    act_as(request, msgspec.structs.replace(found, clearances={}))
    asked = Asked(request, slug)
    dues = [due for duty in duties(asked.view) if (due := _due(asked, duty)) is not None]
    made = calendar(dues, name=asked.heading.title, stamp=asked.view.known_by.astimezone(UTC))
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


def _due(asked: Asked, duty: Duty) -> Due | None:
    if duty.due is None or duty.outcome is not None or not duty.entries:
        return None
    return Due(
        uid=f"{duty.entries[0].id}@{asked.slug}",
        title=duty.what,
        by=duty.due,
        text=duty.who,
        categories=(asked.slug,),
    )
