"""Documents out: the brief, a finding and a letter as DOCX and PDF, as one reader may see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from excomm.brief import docx, pdf
from excomm.brief.document import finding, letter, of_brief
from excomm.desk.asking import Asked
from excomm.desk.marks import hands_out
from excomm.desk.pages.ledger import download
from excomm.entries.kinds import Finding, Reply

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@hands_out
@require_safe
def brief(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The brief of the view."""
    asked = Asked(request, slug)
    _known(form)
    made = asked.seen.brief
    raw = docx.render(of_brief(made)) if form == "docx" else pdf.render(made)
    return download(raw, _TYPES[form], f"{slug}-{asked.day}-brief.{form}")


@hands_out
@require_safe
def entry(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """A finding, or a reply as a letter."""
    asked = Asked(request, slug)
    _known(form)
    found = asked.view.facts.get(request.GET.get("id", ""))
    if found is None or not isinstance(found.body, Finding | Reply):
        raise Http404
    make, called = (finding, "finding") if found.kind == "finding" else (letter, "letter")
    made = make(asked.view, str(found.id))
    raw = docx.render(made) if form == "docx" else pdf.render_document(made)
    return download(raw, _TYPES[form], f"{slug}-{called}.{form}")


def _known(form: str) -> None:
    if form not in _TYPES:
        raise Http404
