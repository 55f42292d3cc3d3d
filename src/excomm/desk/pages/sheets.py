"""Your sheet in: a file or pasted cells, its columns mapped once, looked at, then taken in.

Nothing is kept between the steps but what the form itself carries: the sheet as text and the
mapping. The last step works everything out again; where it comes to something else than was shown,
that is shown instead and nothing is written.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from excomm.desk.asking import Asked
from excomm.desk.forms import ENTERED, boxes
from excomm.desk.pages.ledger import download
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.desk.uploads import uploaded
from excomm.entries import Entry
from excomm.errors import Faults, InputError
from excomm.interchange.mapping import (
    SheetMap,
    check_map,
    guessed,
    mappable,
    of_json,
    to_json,
)
from excomm.interchange.sheet import Sheet, read_pasted, read_sheet
from excomm.interchange.taking import Plan, plan, rejects_csv, saved_maps

TEXT_CHARS_MAX = 600_000
"""Of a sheet that goes through the page; a larger one goes in by the command."""
COLUMNS_MAX = 80
_SHOWN = 200
_SAMPLES = 3


class Column(msgspec.Struct, frozen=True):
    """One column as it is to be mapped."""

    number: int
    name: str
    samples: tuple[str, ...]
    says: str
    is_key: bool


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Each step of the way, by what was sent."""
    asked = Asked(request, slug)
    if not asked.may_enter:
        raise Http404
    if request.method != "POST":
        return _start(request, asked)
    sheet: Sheet | None = None
    try:
        sheet = _sheet(request)
        return _step(request, asked, sheet)
    except InputError as fault:
        faults = fault.faults if isinstance(fault, Faults) else (fault,)
        if sheet is not None and request.POST.get("kind") in ENTERED:
            return _mapping_page(request, asked, sheet, _sent_map(request.POST, sheet), faults)
        return _start(request, asked, faults)


def _step(request: HttpRequest, asked: Asked, sheet: Sheet) -> HttpResponse:
    sent = request.POST
    step = sent.get("step", "")
    if step == "mapped":
        mapping = _sent_map(sent, sheet)
        check_map(mapping, sheet)
        return _preview(request, asked, sheet, mapping)
    if step in ("take", "rejects", "again"):
        mapping = of_json(sent.get("mapping", ""), "mapping")
        if step == "again":
            return _mapping_page(request, asked, sheet, mapping, ())
        return _take(request, asked, sheet, mapping)
    saved = saved_maps(_log(asked)).get(sent.get("map", ""))
    if saved is not None:
        try:
            check_map(saved, sheet)
        except InputError as fault:
            faults = fault.faults if isinstance(fault, Faults) else (fault,)
            kept = {column: f for column, f in saved.columns.items() if column in sheet.columns}
            key = tuple(column for column in saved.key if column in sheet.columns)
            fitting = msgspec.structs.replace(saved, columns=kept, key=key)
            return _mapping_page(request, asked, sheet, fitting, faults)
        return _preview(request, asked, sheet, saved)
    kind, name = sent.get("kind", ""), sent.get("name", "").strip()
    if kind not in ENTERED:
        raise InputError("kind", kind, "what a row of the sheet is", "Choose one.")
    if not name:
        raise InputError("name", name, "a name for the mapping", "Ship counts, for instance.")
    return _mapping_page(request, asked, sheet, guessed(sheet, kind, name), ())


# -- pages -----------------------------------------------------------------------------------------


def _start(request: HttpRequest, asked: Asked, faults: tuple[InputError, ...] = ()) -> HttpResponse:
    said = {
        "asked": asked,
        "room": "enter",
        "kinds": ENTERED,
        "maps": saved_maps(_log(asked)),
        "faults": faults,
        "pasted": request.POST.get("pasted", ""),
        "named": request.POST.get("name", ""),
    }
    return render(request, "desk/sheet.html", said, status=422 if faults else 200)


def _mapping_page(
    request: HttpRequest,
    asked: Asked,
    sheet: Sheet,
    mapping: SheetMap,
    faults: tuple[InputError, ...],
) -> HttpResponse:
    groups = boxes(asked.view, mapping.kind, dict(mapping.fixed), ())
    mapped = set(mapping.columns.values())
    said = {
        "asked": asked,
        "room": "enter",
        "sheet": sheet,
        "text": sheet.to_csv(),
        "mapping": mapping,
        "columns": [
            Column(
                at,
                name,
                tuple(row.cells[at] for row in sheet.rows if row.cells[at])[:_SAMPLES],
                mapping.columns.get(name, ""),
                name in mapping.key,
            )
            for at, name in enumerate(sheet.columns)
        ],
        "fields": mappable(mapping.kind),
        "groups": [
            (title, [msgspec.structs.replace(box, value=mapping.fixed.get(box.name, ""))
                     for box in group if box.name not in mapped])
            for title, group in groups
        ],
        "faults": faults,
    }  # fmt: skip
    return render(request, "desk/sheet-map.html", said, status=422 if faults else 200)


def _preview(
    request: HttpRequest, asked: Asked, sheet: Sheet, mapping: SheetMap, moved: str = ""
) -> HttpResponse:
    made = plan(sheet, mapping, _log(asked), now=datetime.now(UTC), by=asked.reader.name)
    view = asked.view
    said = {
        "asked": asked,
        "room": "enter",
        "sheet": sheet,
        "text": sheet.to_csv(),
        "mapping": mapping,
        "json": to_json(mapping),
        "plan": made,
        "added": [(line, told(view, entry), entry) for line, entry in made.added[:_SHOWN]],
        "changed": made.changed[:_SHOWN],
        "faults": made.faults[:_SHOWN],
        "moved": moved,
    }
    return render(request, "desk/sheet-look.html", said, status=409 if moved else 200)


def _take(request: HttpRequest, asked: Asked, sheet: Sheet, mapping: SheetMap) -> HttpResponse:
    now = datetime.now(UTC)
    sent = request.POST
    plans: list[Plan] = []

    def make() -> tuple[Entry, ...]:
        made = plan(sheet, mapping, _log(asked), now=now, by=asked.reader.name)
        plans.append(made)
        if made.digest != sent.get("digest") and made.entries:
            raise _Otherwise
        if made.faults and "keep-going" not in sent:
            raise _Otherwise
        return made.entries

    if sent.get("step") == "rejects":
        made = plan(sheet, mapping, _log(asked), now=now)
        raw = f"\ufeff{rejects_csv(sheet, made)}".encode()
        return download(raw, "text/csv; charset=utf-8", f"{asked.slug}-to-mend.csv")
    try:
        asked.served.append_all(make, now=now)
    except _Otherwise:
        faulty = bool(plans[-1].faults) and plans[-1].digest == sent.get("digest")
        told_of = "" if faulty else "The ledger has gone on since: this is what it comes to now."
        return _preview(request, asked, sheet, mapping, told_of or "Some rows have faults.")
    asked.kept = {**asked.kept, "known_by": NOW}
    said = {
        "asked": asked,
        "room": "enter",
        "sheet": sheet,
        "text": sheet.to_csv(),
        "json": to_json(mapping),
        "mapping": mapping,
        "plan": plans[-1],
    }
    return render(request, "desk/sheet-done.html", said)


class _Otherwise(Exception):
    """The sheet comes to something else than was shown."""


# -- what was sent ---------------------------------------------------------------------------------


def _log(asked: Asked) -> tuple[Entry, ...]:
    return asked.served.seen(None, NOW, asked.reader.cleared).view.log


def _sheet(request: HttpRequest) -> Sheet:
    """The sheet, from a file or from cells. Raises InputError."""
    found = uploaded(request, "file")
    if found is not None:
        stream, name = found
        sheet = read_sheet(stream, name, sheet=request.POST.get("sheet-name", "").strip())
    else:
        text = request.POST.get("pasted", "")
        if not text.strip():
            raise InputError("sheet", None, "a file, or pasted cells")
        sheet = read_pasted(text, request.POST.get("called", "") or "pasted")
    if len(sheet.columns) > COLUMNS_MAX:
        raise InputError("sheet", f"{len(sheet.columns)} columns", f"{COLUMNS_MAX} at most here",
                         "Larger ones go in by the command: excomm import.")  # fmt: skip
    size = io.StringIO(sheet.to_csv()).seek(0, io.SEEK_END)
    if size > TEXT_CHARS_MAX:
        raise InputError("sheet", f"{size} letters", f"{TEXT_CHARS_MAX} at most here",
                         "Larger ones go in by the command: excomm import.")  # fmt: skip
    return sheet


def _sent_map(sent: Mapping[str, str], sheet: Sheet) -> SheetMap:
    columns = {
        name: field
        for at, name in enumerate(sheet.columns)
        if (field := str(sent.get(f"says-{at}", "")))
    }
    fixed = {
        name.removeprefix("set-"): str(text).strip()
        for name, text in sent.items()
        if name.startswith("set-") and str(text).strip()
    }
    taken = set(columns.values())
    return SheetMap(
        str(sent.get("name", "")).strip(),
        str(sent.get("kind", "")),
        columns,
        fixed={name: text for name, text in fixed.items() if name not in taken},
        key=tuple(name for at, name in enumerate(sheet.columns) if f"key-{at}" in sent),
        dates={"day": "day first", "month": "month first"}.get(str(sent.get("dates", "")), ""),  # type: ignore[arg-type]
        comma=sent.get("decimal") == "comma",
    )
