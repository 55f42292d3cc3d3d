"""Cases: one's own, those to practise on, and the samples that come with the product."""

from bisect import bisect_right
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from excomm.desk.asking import Asked
from excomm.desk.keeping import Looked
from excomm.desk.office import desk_of
from excomm.desk.samples import Practice, sample_word, titles
from excomm.desk.served import Seen


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The only case there is, or a choice."""
    found = desk_of(request).cases_for(request)
    slugs = [*found]
    wanted = request.GET.get("case", "")
    named = [slug for slug, served in found.items() if wanted in (slug, served.where)]
    if len(slugs) == 1 or named:
        asked = Asked(request, (named or slugs)[0])
        return redirect(asked.to("today"))
    return cases(request)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Every case that somebody may open here."""
    desk = desk_of(request)
    own = desk.cases_for(request)
    seen = {slug: served.seen(None, None, None) for slug, served in own.items()}
    marks = desk.marks_of(request)
    said = {
        "cases": [
            (slug, each, came_since(each, marks.looked(own[slug].where)))
            for slug, each in seen.items()
        ],
        "samples": [
            (name, title, sample_word(name), Practice.word(name))
            for name, title in titles().items()
            if sample_word(name) in desk.samples
        ],
        "practised": desk.practised,
        "is_shared": desk.is_shared,
    }
    return render(request, "desk/cases.html", said)


def came_since(seen: Seen, looked: Looked | None) -> int:
    """How many entries came since somebody said how far he had read; all, where he never did."""
    size = looked.size if looked is not None else 0
    log = seen.view.log
    return len(log) - bisect_right(log, size, key=lambda entry: entry.seq)


@require_POST
def practise(request: HttpRequest) -> HttpResponse:
    """Begin a practice case, in the place of an earlier one of the same sample."""
    desk = desk_of(request)
    name = request.POST.get("sample", "")
    if desk.is_shared or name not in titles():
        raise Http404
    word = desk.practice.word(name)
    desk.practised[word] = desk.practice.begin(name, now=datetime.now(UTC))
    return redirect("guide", word)
