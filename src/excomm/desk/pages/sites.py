"""Sites and time: where nobody has looked for longest. The map comes with its outlines."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import looks
from excomm.brief.attribution import qualified_section
from excomm.desk.asking import Asked


@require_safe
def sites(request: HttpRequest, slug: str) -> HttpResponse:
    """Every site by days since the last look that came off."""
    asked = Asked(request, slug)
    found = (looks.each_site(asked.view), looks.losses(asked.view))
    said = {
        "asked": asked,
        "room": "sites",
        "sections": [qualified_section(each, asked.view) for each in found if each is not None],
        "never": [site for site in looks.sites_seen(asked.view) if site.days is None],
        "count": len(looks.sites_seen(asked.view)),
    }
    return render(request, "desk/sites.html", said)
