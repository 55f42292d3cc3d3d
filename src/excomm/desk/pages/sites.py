"""Sites and time: where nobody has looked for longest, as a map and as a table."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from excomm.brief import looks, words
from excomm.brief.attribution import qualified_section
from excomm.desk import maps
from excomm.desk.areas import Area, areas
from excomm.desk.asking import Asked
from excomm.desk.kept import kept
from excomm.desk.maps import Ground
from excomm.entries.kinds import Site
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.watch.from_facts import SiteSeen

_WIDE, _NARROW = 760.0, 330.0


@kept
@require_safe
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """Every site by days since the last look that came off; the day by date, or by the time bar."""
    asked = Asked(request, slug)
    part = getattr(request, "htmx", False)
    bar = _bar(asked)
    at = request.GET.get("at", "")
    address = ""
    if at and bar is not None:
        if not (at.isascii() and at.isdigit() and len(at) < 7 and int(at) <= bar.days):
            raise InputError("at", at, f"0 to {bar.days}, days since {bar.first}")
        day = bar.first + timedelta(days=int(at))
        address = asked.here(on=day.isoformat(), at=None, known_by=None)
        if not part:
            return redirect(address)
        asked, bar = asked.on(day), msgspec.structs.replace(bar, at=int(at))
    found = (looks.each_site(asked.view), looks.losses(asked.view))
    seen = asked.view.sites_seen
    never = [site for site in seen if site.days is None]
    places = tuple(place for site in seen if (place := _place(site)) is not None)
    grouped = areas(asked.view, places)
    grounds = tuple(Ground(one.name, one.hull, one.days, _area_says(one)) for one in grouped)
    drawn = [maps.drawing(places, grounds, width=width) for width in (_WIDE, _NARROW)]
    said = {
        "asked": asked,
        "room": "sites",
        "sections": [qualified_section(each, asked.view) for each in found if each is not None],
        "never": never,
        "count": len(seen),
        "maps": [each for each in drawn if each is not None],
        "areas": [(one, _area_says(one)) for one in grouped],
        "reaching": [site for site in places if site.radius_km],
        "unplaced": len(seen) - len(places),
        "title": _title(len(never), len(seen)),
        "bar": bar,
    }
    answer = render(request, "desk/sites-day.html" if part else "desk/sites.html", said)
    if address:
        answer["HX-Replace-Url"] = address
    return answer


class TimeBar(msgspec.Struct, frozen=True):
    """Every day of the case, to be gone through. at, looks: days since the first."""

    first: date
    last: date
    at: int
    looks: tuple[int, ...]

    @property
    def days(self) -> int:
        """From the first day to the last."""
        return (self.last - self.first).days


def _bar(asked: Asked) -> TimeBar | None:
    """From the day the case opens to the last of which an entry speaks; None for less than two."""
    first = asked.view.header.opens
    days = asked.seen.days
    last = max(max(days, default=asked.day), asked.day)
    if last <= first:
        return None
    looks = sorted({(day - first).days for day in asked.seen.look_days if day >= first})
    return TimeBar(first, last, max((asked.day - first).days, 0), tuple(looks))


def _title(never: int, sites: int) -> str:
    if never:
        return f"{never} of {words.plural(sites, 'site')} not looked at"
    return f"every one of {words.plural(sites, 'site')} looked at"


def _area_says(area: Area) -> str:
    if area.never:
        return f"{area.name}: {area.never} of {words.plural(area.sites, 'site')} not looked at"
    assert area.days is not None
    sites, unseen = words.plural(area.sites, "site"), words.plural(area.days, "day")
    return f"{area.name}: every one of {sites} looked at, {unseen} unseen at most"


def _place(site: "SiteSeen") -> maps.Place | None:
    body = site.site.body
    if not isinstance(body, Site) or body.lat is None or body.lon is None:
        return None
    return maps.Place(str(site.site.id), site.name, body.lat, body.lon, site.days, body.radius_km)
