"""Whether anything came: a question of a few hundred bytes that an open page asks all the time."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from excomm.desk.office import desk_of


@require_safe
def current(request: HttpRequest, slug: str) -> HttpResponse:
    """304 while the head is the one that the page was made from; else the page comes again."""
    found = desk_of(request).cases_for(request).get(slug)
    if found is None:
        raise Http404
    tag = f'"{found.case().head.short}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    return HttpResponse(status=204, headers={"ETag": tag, "HX-Refresh": "true"})
