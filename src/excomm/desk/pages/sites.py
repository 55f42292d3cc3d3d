"""Sites and time: where nobody has looked for longest, as a map and as a table."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import looks, words
from excomm.brief.attribution import qualified_section
from excomm.desk import maps
from excomm.desk.asking import Asked
from excomm.entries.kinds import Site

if TYPE_CHECKING:
    from excomm.watch.from_facts import SiteSeen

_WIDE, _NARROW = 760.0, 330.0


@require_safe
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """Every site by days since the last look that came off."""
    asked = Asked(request, slug)
    found = (looks.each_site(asked.view), looks.losses(asked.view))
    seen = asked.view.sites_seen
    never = [site for site in seen if site.days is None]
    places = tuple(place for site in seen if (place := _place(site)) is not None)
    drawn = [maps.drawing(places, width=width) for width in (_WIDE, _NARROW)]
    said = {
        "asked": asked,
        "room": "sites",
        "sections": [qualified_section(each, asked.view) for each in found if each is not None],
        "never": never,
        "count": len(seen),
        "maps": [each for each in drawn if each is not None],
        "unplaced": len(seen) - len(places),
        "title": _title(len(never), len(seen)),
    }
    return render(request, "desk/sites.html", said)


def _title(never: int, sites: int) -> str:
    if never:
        return f"{never} of {words.plural(sites, 'site')} not looked at"
    return f"every one of {words.plural(sites, 'site')} looked at"


def _place(site: "SiteSeen") -> maps.Place | None:
    body = site.site.body
    if not isinstance(body, Site) or body.lat is None or body.lon is None:
        return None
    return maps.Place(str(site.site.id), site.name, body.lat, body.lon, site.days)
