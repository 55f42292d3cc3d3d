"""Files with custody: photographs, papers, translations, approvals; kept by their SHA-256.

Who collected it, when, from whom and whom it was handed to stand in the entry. The bytes lie beside
the ledger under their hash; they leave as they came, always as a download, never shown as a page.
"""

import hashlib
import io
from typing import BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from excomm.desk.asking import Asked
from excomm.desk.forms import boxes, when_said
from excomm.desk.marks import hands_out
from excomm.desk.pages.enter import FORM_KEY_CHARS, Sent, appended, fresh_key
from excomm.desk.pages.ledger import original_of
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.desk.uploads import plain_name, uploaded
from excomm.entries import Entry
from excomm.entries.kinds import Attachment
from excomm.errors import Faults, InputError
from excomm.ledger import attachments

ROLES = {
    "evidence": "what was seen or found: a photograph, a paper, a track",
    "translation": "of an entry's text; say who translated it",
    "approval": "on paper or by e-mail; name the bytes that it approves",
    "custody": "a change of hands of something that is kept already",
}
_FIELDS = ("collected_by", "collected_from", "handed_to", "language", "translator", "approves")
_HEAD = ("occurred", "by", "source", "standing", "reading", "marking", "note")
# What a browser may be told of a file; it is downloaded all the same.
_TYPES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, slug: str) -> HttpResponse:
    """The form for a file or a text; sent, it is kept and entered."""
    asked = Asked(request, slug)
    if not asked.may_enter:
        raise Http404
    about = request.GET.get("about", "")
    if about:
        asked.found(about)
    if request.method != "POST":
        return _form(request, asked, {"about": about, "role": request.GET.get("role", "")})
    try:
        entry = _taken(request, asked)
    except InputError as fault:
        faults = fault.faults if isinstance(fault, Faults) else (fault,)
        said = {name: str(text) for name, text in request.POST.items()}
        return _form(request, asked, said, faults)
    asked.kept = {**asked.kept, "known_by": NOW}
    return redirect(asked.to("entry", id=str(entry.id), entered="yes"))


@hands_out
@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponse | FileResponse:
    """The bytes of an attachment that the reader may see, as they came."""
    asked = Asked(request, slug)
    found = asked.found(request.GET.get("id", ""))
    body = found.body
    if not isinstance(body, Attachment) or asked.served.ledger is None:
        raise Http404
    if body.text:
        stream: BinaryIO = io.BytesIO(body.text.encode())
    else:
        try:
            stream = attachments.stream(asked.served.ledger, body.sha256)
        except InputError:
            raise Http404 from None
    answer = FileResponse(stream, as_attachment=True, filename=plain_name(body.name))
    answer["Content-Type"] = "application/octet-stream"
    return answer


def _taken(request: HttpRequest, asked: Asked) -> Entry:
    sent = request.POST
    key = sent.get("form-key", "")
    if len(key) != FORM_KEY_CHARS:
        expected = "one that this desk made"
        raise InputError("form", "a form without its key", expected, "Open it anew.")
    role = sent.get("role", "")
    if role not in ROLES:
        raise InputError("role", role, f"one of {', '.join(ROLES)}")
    texts = {name: sent.get(name, "").strip() for name in (*_HEAD, *_FIELDS)}
    texts["occurred"] = when_said(asked.view, texts["occurred"])
    texts |= {"role": role, "about": "; ".join(sent.get("about", "").split())}
    _complete(role, texts)  # before a file is kept: nothing stays of a form that is refused
    texts |= _content(request, asked, texts)
    return appended(asked, "attachment", Sent(key, {n: t for n, t in texts.items() if t}, None))


def _content(request: HttpRequest, asked: Asked, texts: dict[str, str]) -> dict[str, str]:
    """Name, hash, size and type of what was sent: a file, a text, or what is kept already."""
    found = uploaded(request, "file")
    text = request.POST.get("text", "")
    if found is not None and text.strip():
        raise InputError("text", "a text beside a file", "one of the two")
    if found is not None:
        stream, name = found
        head = stream.read(8)
        stream.seek(0)
        assert asked.served.ledger is not None
        kept = attachments.keep(asked.served.ledger, stream)
        known = (kind for start, kind in _TYPES if head.startswith(start))
        return {
            "name": name,
            "sha256": kept.sha256,
            "size": str(kept.size),
            "media_type": next(known, "application/octet-stream"),
        }
    if text.strip():
        raw = text.replace("\r\n", "\n").encode()
        name = plain_name(f"{texts['role']} of {texts['about'] or 'nothing named'}.txt")
        return {
            "name": name,
            "sha256": hashlib.sha256(raw).hexdigest(),
            "size": str(len(raw)),
            "media_type": "text/plain",
            "text": raw.decode(),
        }
    if texts["role"] == "custody" and texts["about"]:
        old = asked.found(texts["about"].split(";")[0]).body
        if isinstance(old, Attachment):
            return {"name": old.name, "sha256": old.sha256, "size": str(old.size),
                    "media_type": old.media_type, "text": old.text}  # fmt: skip
    raise InputError("file", None, "a file, or a text")


def _complete(role: str, texts: dict[str, str]) -> None:
    """Raises Faults for what a role cannot be without."""
    needed = {
        "evidence": ("collected_by", "collected_from"),
        "translation": ("about", "language", "translator"),
        "approval": ("by", "approves"),
        "custody": ("about", "handed_to"),
    }[role]
    faults = [
        InputError(name, None, f"what {'an' if role[0] in 'ae' else 'a'} {role} has to say")
        for name in needed
        if not texts[name]
    ]
    digest = texts["approves"]
    if digest and not (len(digest) == 64 and set(digest) <= set("0123456789abcdef")):
        expected = "64 hexadecimal digits, lower case"
        faults.append(InputError("approves", digest, expected, "The SHA-256 of what was approved."))
    if faults:
        raise Faults(faults)


def _form(
    request: HttpRequest,
    asked: Asked,
    given: dict[str, str],
    faults: tuple[InputError, ...] = (),
) -> HttpResponse:
    made = {
        box.name: box
        for _, group in boxes(asked.view, "attachment", {} if not faults else given, faults)
        for box in group
    }
    about = given.get("about", "")
    entry = next((one for one in asked.view.log if one.id == about), None) if about else None
    said = {
        "asked": asked,
        "room": "enter",
        "roles": ROLES,
        "role": given.get("role", "") or "evidence",
        "about": about,
        "about_says": told(asked.view, entry) if entry else "",
        "original": original_of(entry) if entry else "",
        "custody": [made[name] for name in _FIELDS],
        "head": [made[name] for name in _HEAD],
        "text": given.get("text", ""),
        "faults": faults,
        "key": given.get("form-key") or fresh_key(),
    }
    return render(request, "desk/attach.html", said, status=422 if faults else 200)
