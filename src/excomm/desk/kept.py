"""Pages kept at the shared desk: drawn once for a view, a clearance and what its reader may do.

Only what is the same for all such readers is kept; who is signed in and the token of forms are put
in anew for each. A page that shows anything else of the person must not be marked.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from excomm.desk.asking import Asked

_WHO = re.compile(rb'<nav class="who".*?</nav>', re.DOTALL)
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
_PAGES_MAX = 200  # of one view

Page = Callable[..., HttpResponse]


def kept(page: Page) -> Page:
    """Keep what a page answers to a GET, for as long as its view is kept."""

    @wraps(page)
    def answer(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        asked = Asked(request, slug)
        if not asked.desk.is_shared or request.method != "GET" or getattr(request, "htmx", False):
            return page(request, slug, **more)
        doings = "".join(sorted(asked.reader.doings))
        key = f"{get_language()} {doings} {len(asked.cases) > 1} {request.get_full_path()}"
        found = asked.seen.pages.get(key)
        if found is None:
            response = page(request, slug, **more)
            if response.status_code == 200 and len(asked.seen.pages) < _PAGES_MAX:
                asked.seen.pages[key] = response.content
            return response
        return HttpResponse(_for_person(request, found))

    return answer


def _for_person(request: HttpRequest, found: bytes) -> bytes:
    from excomm.desk.accounts.persons import posts_of

    name = posts_of(request).person.encode()
    nav = _WHO.search(found)
    if nav is not None:
        said = re.sub(rb">[^<>]* <kbd>", b">" + name + b" <kbd>", nav[0])
        found = found[: nav.start()] + said + found[nav.end() :]
    if _TOKEN.search(found):
        token = get_token(request).encode()
        found = _TOKEN.sub(lambda match: match[1] + token, found)
    return found
