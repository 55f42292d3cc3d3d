"""The desk for programs, version 1. What is here keeps its shape; what changes shape is version 2.

Answers are JSON, faults are problem+json (RFC 9457). An entry is written in its canonical
form.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Header, NinjaAPI, Path, Query, Schema, Status
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer
from pydantic import Field

from excomm.desk.accounts.persons import Posts, act_as, posts_of
from excomm.desk.api.tokens import Scope, opened
from excomm.desk.asking import HANDED_OUT, Asked
from excomm.desk.faults import NOT_HERE
from excomm.desk.office import desk_of
from excomm.desk.pages.enter import Sent, appended
from excomm.desk.receipts import given
from excomm.desk.roles import Doing
from excomm.entries import KINDS, Entry, to_bytes
from excomm.errors import Faults, InputError
from excomm.folder import fields

_PROBLEM = "application/problem+json"
_LIMIT_MAX = 200
_TEXT_CHARS_MAX = 20_000


class Bearer(HttpBearer):
    """`Authorization: Bearer TOKEN`, and no other way: no cookie opens this."""

    def authenticate(self, request: HttpRequest, token: str) -> Posts | None:
        """Whose request it is from here on."""
        found = opened(token, Scope.READ, Scope.ENTER)
        if found is not None:
            act_as(request, found)
        return found


class Described(NinjaAPI):
    """Says of its faults that they are problems, which the package does not."""

    def get_openapi_schema(self, **said: Any) -> OpenAPISchema:
        """The description of the API."""
        found = super().get_openapi_schema(**said)
        for ways in found["paths"].values():
            for way in ways.values():
                for status, answer in way["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {_PROBLEM: answer["content"].pop("application/json")}
        return found


api = Described(
    title="excomm desk",
    version="1",
    description="One case or several, each as the token's person may see it.",
    urls_namespace="api-1",
    auth=Bearer(),
    docs_url=None,
)


class Problem(Schema):
    """A fault: what is wrong, where, what to do."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[str]


class CaseOut(Schema):
    """A case that one may read."""

    slug: str
    title: str
    zone: str
    size: int
    head: str
    cleared: str
    may: list[str]


class CasesOut(Schema):
    """The cases that one may read."""

    cases: list[CaseOut]


class EntryOut(Schema):
    """An entry. body: the fields of its kind, `entry` naming the kind."""

    id: str
    occurred: Any
    recorded: str
    body: dict[str, Any]
    by: str = ""
    source: str = ""
    standing: str = "claimed"
    held_by: list[str] = []  # noqa: RUF012 - a default of the schema, never changed
    reading: str = "unverified"
    marking: str = "open"
    corrects: str | None = None
    note: str = ""


class EnteredOut(EntryOut):
    """What was taken in. receipt: the file that proves it, in base64; null where no key is here."""

    receipt: str | None


class EntriesOut(Schema):
    """Some entries, in the order of the ledger. next: the cursor that goes on; null at the end."""

    entries: list[EntryOut]
    next: str | None


class StatusOut(Schema):
    """How an undertaking stands."""

    undertaking: str
    state: str
    reason: str
    why: list[str]
    decides: list[str]
    missing: list[str]
    late: bool
    days_late: int


class StandingOut(Schema):
    """How every undertaking stands on a day."""

    on: str
    known_by: str
    undertakings: list[StatusOut]


class EntryIn(Schema):
    """An entry to take in: the texts of its fields, each in the form of a table's cell."""

    kind: Annotated[str, Field(max_length=40)]
    fields: dict[str, Annotated[str, Field(max_length=_TEXT_CHARS_MAX)]]
    corrects: Annotated[str | None, Field(max_length=200)] = None


class When(Schema):
    """Of which day, as known by when."""

    on: Annotated[str, Field(max_length=80)] = ""
    known_by: Annotated[str, Field(max_length=80)] = ""


class Page(Schema):
    """Which part of a list."""

    cursor: Annotated[str, Field(max_length=400)] = ""
    limit: Annotated[int, Field(ge=1, le=_LIMIT_MAX)] = 50
    kind: Annotated[str, Field(max_length=40)] = ""


_FAULTS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 422: Problem}
_Slug = Annotated[str, Path(max_length=100)]


@api.get("/cases", response={200: CasesOut, 401: Problem}, operation_id="cases")
def cases(request: HttpRequest) -> dict[str, Any]:
    """The cases that one may read."""
    return {"cases": [_case(request, slug) for slug in desk_of(request).cases_for(request)]}


@api.get("/cases/{slug}", response={200: CaseOut, **_FAULTS}, operation_id="case")
def case(request: HttpRequest, slug: _Slug) -> dict[str, Any]:
    """One case, with the head of its ledger."""
    return _case(request, slug)


@api.get("/cases/{slug}/entries", response={200: EntriesOut, **_FAULTS}, operation_id="entries")
def entries(request: HttpRequest, slug: _Slug, page: Query[Page]) -> dict[str, Any]:
    """The entries that one may see, corrected ones too, in the order of the ledger."""
    asked = Asked(request, slug)
    log = asked.view.log
    start = _place(asked, page.cursor)
    found, index = [], start
    for index in range(start, len(log)):
        if page.kind in ("", log[index].kind):
            found.append(log[index])
            if len(found) == page.limit:
                break
    ended = index + 1 >= len(log)
    return {
        "entries": [_entry(one) for one in found],
        "next": None if ended else _cursor(log[index]),
    }


@api.get("/cases/{slug}/entry", response={200: EntryOut, **_FAULTS}, operation_id="entry")
def entry(
    request: HttpRequest, slug: _Slug, id: Annotated[str, Query(max_length=200)]
) -> dict[str, Any]:
    """One entry. Its id stands in the query: it may hold any printable character."""
    return _entry(Asked(request, slug).found(id))


@api.get("/cases/{slug}/standing", response={200: StandingOut, **_FAULTS}, operation_id="standing")
def standing(request: HttpRequest, slug: _Slug, when: Query[When]) -> dict[str, Any]:
    """How every undertaking stands on a day."""
    del when  # `Asked` reads it
    asked = Asked(request, slug)
    return {
        "on": asked.view.on.isoformat(),
        "known_by": asked.view.known_by.isoformat(),
        "undertakings": [
            {
                "undertaking": name,
                "state": status.state,
                "reason": status.reason,
                "why": list(status.why),
                "decides": list(status.decides),
                "missing": list(status.missing),
                "late": status.late,
                "days_late": status.days_late,
            }
            for name, status in asked.view.standing().items()
        ],
    }


@api.post(
    "/cases/{slug}/entries",
    response={201: EnteredOut, **_FAULTS},
    operation_id="enter",
)
def enter(
    request: HttpRequest,
    slug: _Slug,
    sent: EntryIn,
    idempotency_key: Annotated[
        str, Header(alias="Idempotency-Key", min_length=8, max_length=128, pattern=r"^[!-~]+$")
    ],
) -> Status[dict[str, Any]]:
    """Take an entry in. The same under the same key is the same entry, however often it is sent."""
    asked = Asked(request, slug)
    if sent.kind not in KINDS:
        raise InputError("kind", sent.kind, f"one of {', '.join(sorted(KINDS))}")
    known = [field.name for field in fields(KINDS[sent.kind])]
    unknown = [InputError(name, "an unknown field", f"one of {', '.join(known)}")
               for name in sent.fields if name not in known]  # fmt: skip
    if unknown:
        raise Faults(unknown)
    if sent.corrects is not None:
        asked.found(sent.corrects)
    if not asked.may(Doing.ENTER) and not asked.reader.doings - {Doing.READ}:
        raise AuthorizationError
    texts = {name: text for name, text in sent.fields.items() if text}
    texts.setdefault("by", asked.reader.name)
    key = hashlib.sha256(f"{asked.reader.name}\n{idempotency_key}".encode()).hexdigest()
    made = appended(asked, sent.kind, Sent(f"api {key}", texts, sent.corrects))
    entry = asked.served.seen(None, "now", None).by_id[made.id]
    held = given(asked.served.ledger, entry)
    if held is not None:
        request.META[HANDED_OUT] = "receipt"
    return Status(201, {**_entry(entry), "receipt": held and held.file})


# -- in words ------------------------------------------------------------------------------------


def _case(request: HttpRequest, slug: str) -> dict[str, Any]:
    asked = Asked(request, slug)
    head = asked.view.head
    return {
        "slug": slug,
        "title": asked.heading.title,
        "zone": str(asked.view.case.zone),
        "size": head.size,
        "head": head.digest,
        "cleared": asked.view.cleared or "",
        "may": sorted(doing.value for doing in posts_of(request).doings(slug)),
    }


def _entry(found: Entry) -> dict[str, Any]:
    """The canonical form, without numbers that would tell of gaps."""
    said: dict[str, Any] = json.loads(to_bytes(msgspec.structs.replace(found, seq=0)))
    said.pop("appended", None)
    return said


def _cursor(found: Entry) -> str:
    return urlsafe_b64encode(found.id.encode()).decode()


def _place(asked: Asked, cursor: str) -> int:
    """Where a list goes on: after the entry of the cursor. A hidden one is none."""
    if not cursor:
        return 0
    try:
        last = urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, UnicodeError):
        last = ""
    place = asked.seen.places.get(last)
    if place is None:
        raise NoPage("cursor", cursor, "what `next` said in an earlier answer")
    return place + 1


class NoPage(InputError):
    """A cursor after which nothing stands for this reader: well formed, and not here."""


# -- faults --------------------------------------------------------------------------------------


def _problem(status: int, title: str, lines: list[str]) -> HttpResponse:
    said = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": lines[0] if lines else title,
        "faults": lines,
    }
    return HttpResponse(json.dumps(said), status=status, content_type=_PROBLEM)


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, fault: Exception) -> HttpResponseBase:
    return _problem(404, "Not here", [NOT_HERE])


@api.exception_handler(AuthenticationError)
def _not_known(request: HttpRequest, fault: Exception) -> HttpResponseBase:
    lines = ["Send Authorization: Bearer TOKEN; tokens are made on your account's page."]
    answer = _problem(401, "Not signed in", lines)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(AuthorizationError)
def _not_allowed(request: HttpRequest, fault: Exception) -> HttpResponseBase:
    return _problem(403, "Not allowed", ["Your roles, or this token's scopes, do not enter."])


@api.exception_handler(NoPage)
def _no_page(request: HttpRequest, fault: NoPage) -> HttpResponseBase:
    return _problem(404, "No such page", [str(fault)])


@api.exception_handler(InputError)
def _wrong(request: HttpRequest, fault: InputError) -> HttpResponseBase:
    faults = fault.faults if isinstance(fault, Faults) else (fault,)
    return _problem(422, "This cannot be taken", [str(each) for each in faults])


@api.exception_handler(ValidationError)
def _misformed(request: HttpRequest, fault: ValidationError) -> HttpResponseBase:
    lines = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors]
    return _problem(422, "This request cannot be read", lines)


@api.exception_handler(HttpError)
def _other(request: HttpRequest, fault: HttpError) -> HttpResponseBase:
    return _problem(fault.status_code, "This request cannot be read", [str(fault)])
