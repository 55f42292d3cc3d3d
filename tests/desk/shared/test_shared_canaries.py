"""Nobody learns of what he may not see: the whole desk, crawled as each role, on two ledgers.

One holds a canary of every kind of entry under every marking that the reader lacks; the other is
the same without them. Every page, fragment and download has to be the same bytes, but for the head
of the ledger, the present and what is random in forms.
"""

import html
import io
import re
import statistics
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from django.test import Client
from django.urls import URLPattern
from pypdf import PdfReader

from excomm import folder, ledger
from excomm.desk import urls
from excomm.desk.accounts.models import Appointment, Line
from excomm.desk.forms import ENTERED
from excomm.desk.roles import OF_A_CASE, Role
from excomm.entries import KINDS, Day, Entry, EntryId, Instant, Span
from excomm.entries.kinds import CaseHeader, Correction

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port", lat = 22.0, lon = -80.0}]
means = [{id = "visit", name = "visit"}]
[markings]
levels = ["open", "restricted", "secret"]
compartments = ["IMINT"]
=== agreement.yaml
id: boats-2024
title: Of boats
parties: {A: Side A, B: Side B}
undertakings:
  - {id: U1, by: A, to: [B], modality: must, kind: achieve, what: take the boats out, item: boats}
=== looks.csv
id,occurred,means,outcome,sites,what,marking
L1,2024-01-05,visit,made,port,seen from the gate,open
=== counts.csv
id,occurred,item,number,site,by,source,marking
C1,2024-01-05,boats,3,port,A,report 7,open
=== reports.csv
id,occurred,allegation,marking
R1,2024-01-06,boats in the port,open
"""
HIDDEN = ("restricted", "secret", "open//IMINT", "open//REL B", "secret//IMINT//REL B")
WORD = "CANARY"


def canaries(header: CaseHeader) -> Iterator[Entry]:
    """One entry of each kind under each marking, and a correction of what all may see."""
    for number, marking in enumerate(HIDDEN):
        for kind, struct in KINDS.items():
            if struct is Correction:
                continue
            entry_id = EntryId(f"{kind}-{WORD}-{number}")
            # The words of markings are those of the newest header, whoever may read it.
            shown = Day(date(2024, 1, 20))
            own = msgspec.structs.replace(header, title=f"{WORD} title", shown_on=shown)
            yield _entry(entry_id, own if struct is CaseHeader else _body(struct), marking)
        gone = Correction(reason=f"{WORD} withdrawn")
        entry = _entry(EntryId(f"correction-{WORD}-{number}"), gone, marking)
        yield msgspec.structs.replace(entry, corrects=EntryId("C1"))


def _entry(entry_id: EntryId, body: Any, marking: str) -> Entry:
    return Entry(
        id=entry_id,
        occurred=Day(date(2024, 1, 6)),
        recorded=datetime(2024, 1, 6, tzinfo=UTC),
        body=body,
        by=f"{WORD} who",
        source=f"{WORD} source",
        note=f"{WORD} note",
        marking=marking,
    )


def _body(struct: Any) -> Any:
    """A body whose every text says the word, and whose references name what there is."""
    given: dict[str, Any] = {}
    names = {"item": "boats", "site": "port", "party": "A", "report": "R1", "about": "U1"}
    for field in msgspec.structs.fields(struct):
        if field.name in names and field.type is str:
            given[field.name] = names[field.name]
        elif field.type is str:
            given[field.name] = f"{WORD} {field.name}"
        elif field.required:
            given[field.name] = _filled(field.type)
    return struct(**given)


def _filled(kind: Any) -> Any:
    """The first of these that the type takes."""
    words = [word for word in get_args(kind) if isinstance(word, str)]
    at = datetime(2024, 1, 6, tzinfo=UTC)
    times = (Day(date(2024, 1, 6)), Instant(at), Span(Day(date(2024, 1, 6)), Day(date(2024, 1, 7))))
    for value in (*words, WORD, 1, 0.5, ("A",), {}, date(2024, 1, 6), at, *times):
        with suppress(msgspec.ValidationError):
            return msgspec.json.decode(msgspec.json.encode(value), type=kind)
    raise AssertionError(f"no canary fits {kind}: say here what does")


Crawled = dict[str, tuple[int, bytes, list[tuple[str, str]]]]
OfficeOf = Callable[..., Any]


@pytest.fixture
def ledgers(tmp_path: Path) -> tuple[Path, Path]:
    """With the canaries, and without."""
    entries = folder.read_text(CASE, now=NOW).entries
    header = entries[0].body
    assert isinstance(header, CaseHeader)
    full, bare = tmp_path / "full.ledger", tmp_path / "bare.ledger"
    middle = len(entries) - 1
    ledger.create(full, (*entries[:middle], *canaries(header), entries[middle]), now=NOW)
    ledger.create(bare, entries, now=NOW)
    return full, bare


def starts() -> list[str]:
    """Every address of a desk's pages, with an id that is there, one that is hidden, and none."""
    found = ["/"]
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        kinds = list(ENTERED) if "kind" in str(pattern.pattern) else [""]
        for kind in kinds:
            path = "/" + str(pattern.pattern).replace("<slug:slug>", "small").replace(
                "<slug:kind>", kind
            ).replace("<slug:form>", "docx")
            found.append(path)
            if not kind:
                known = ("C1", "L1", "U1", "boats", "port", f"count-{WORD}-1", "none")
                found += [f"{path}?id={entry_id}" for entry_id in known]
    said = "known_by=now", f"text={WORD}", "cleared=secret", f"ids=C1+look-{WORD}-0", "kind=finding"
    found += [f"/small/ledger{form}?{each}" for form in ("", ".csv", ".json") for each in said]
    return found


def crawl(client: Client, head: Any) -> Crawled:
    """Every page that can be reached, as far as no form has to be sent."""
    waiting, found = starts(), Crawled()
    while waiting:
        path = waiting.pop()
        if path in found or len(found) > 600:
            continue
        answer = client.get(path)
        headers = sorted(
            (k, v) for k, v in answer.headers.items() if k not in ("Set-Cookie", "Content-Length")
        )
        body = _bare(b"".join(answer) if answer.streaming else answer.content, head)
        found[path] = answer.status_code, body, headers
        if "html" in answer.get("Content-Type", ""):
            hrefs = re.findall(r'href="(/small/[^"#]*)', body.decode())
            waiting += [html.unescape(href) for href in hrefs if "on=" not in href]
    return found


def _bare(body: bytes, head: Any) -> bytes:
    """Without what may differ: the head and its size, the present, what is random in forms."""
    text = _unpacked(body)
    text = text.replace(head.digest, "HEAD").replace(head.short, "HEAD")
    text = re.sub(rf'value="{head.size}"|>{head.size} HEAD', "SIZE", text)
    text = re.sub(rf"\b{head.size} entries, <span", "SIZE", text)
    text = re.sub(r"(as )?known by [^<·.]*", "NOW", text)
    text = re.sub(r'(csrfmiddlewaretoken|form-key)" value="[^"]+"', r"\1", text)
    return text.encode()


def _unpacked(body: bytes) -> str:
    """What a download says: of a PDF its words, of a DOCX every part of it."""
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = [package.read(name) for name in package.namelist()]
        # Names of elements apart: they would be taken for the names of accounts.
        return "\n".join(re.sub("<[^>]+>", "\n", part.decode("utf-8", "replace")) for part in parts)
    return body.decode("utf-8", "replace")


LISTED = ("/small/receipt",)
"""What differs by its nature: a proof that an entry is in a ledger names its place and its head."""
ROLES = [(role,) for role in OF_A_CASE] + [tuple(OF_A_CASE)]


@pytest.mark.long
@pytest.mark.parametrize("roles", ROLES, ids=[*OF_A_CASE, "all roles"])
def test_no_role_learns_of_what_its_clearance_does_not_open(
    office_of: OfficeOf, ledgers: tuple[Path, Path], roles: tuple[Role, ...]
) -> None:
    found: list[Crawled] = []
    for number, where in enumerate(ledgers):
        office = office_of(small=where)
        client = office.signed_in(office.account(f"reader-{number}", *roles))
        crawled = crawl(client, office.desk.cases["small"].case().head)
        found.append({path: (status, body.replace(b"reader-%d" % number, b"NAME"), headers)
                      for path, (status, body, headers) in crawled.items()})  # fmt: skip
    first, second = found
    assert len(first) > 80 and sum(status == 200 for status, _, _ in first.values()) > 40
    assert set(first) == set(second)
    for path, (status, body, headers) in first.items():
        shown = body.decode().replace(f"text={WORD}", "").replace(f'value="{WORD}"', "")
        asked = html.unescape(path)
        if path.startswith(LISTED):
            assert status == second[path][0], path
            continue
        assert WORD not in shown or WORD in asked, path
        assert (status, headers) == (second[path][0], second[path][2]), path
        assert body.splitlines() == second[path][1].splitlines(), path


def test_the_canaries_would_be_found_by_who_may_see_them(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    person = office.account("zoe", "analyst", cleared="secret//IMINT//REL B")
    client = office.signed_in(person)
    for entry_id in (f"count-{WORD}-1", f"finding-{WORD}-4", f"correction-{WORD}-3"):
        assert WORD in client.get(f"/small/entry?id={entry_id}").content.decode()


def test_a_hidden_id_answers_as_an_unknown_one_in_words_and_length(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    client = office.signed_in(office.account("rosa", *OF_A_CASE))
    for page in ("entry", "correct", "withdraw", "item", "undertaking"):
        hidden = client.get(f"/small/{page}?id=item-{WORD}-1")
        unknown = client.get(f"/small/{page}?id=item-NOTHING-1")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content


def test_a_receipt_holds_nothing_of_what_is_hidden(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    client = office.signed_in(office.account("rosa", "recorder"))
    answer = client.get("/small/receipt?id=C1")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as held:
        said = b"".join(held.read(name) for name in held.namelist())
    assert b"report 7" in said and WORD.encode() not in said
    lines = Line.objects.filter(person="rosa", what="exported", about="receipt")
    assert lines.count() == 1
    # The page that says what was entered holds the receipt, and counts as handing it out.
    assert b"data:application/zip" in client.get("/small/entry?id=C1&entered=yes").content
    assert lines.count() == 2
    assert client.get(f"/small/receipt?id=count-{WORD}-1").status_code == 404


def test_another_case_answers_as_one_that_does_not_exist(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0], other=ledgers[1])
    client = office.signed_in(office.account("rosa", *OF_A_CASE))
    for page in ("", "ledger", "ledger.csv", "entry?id=C1", "enter/count", "sheet.css"):
        hidden, unknown = client.get(f"/other/{page}"), client.get(f"/none/{page}")
        assert (hidden.status_code, hidden.content) == (404, unknown.content), page
        assert hidden.headers == unknown.headers
    assert "/other/" not in client.get("/", follow=True).content.decode()


def test_the_list_of_cases_names_them_as_the_reader_may_know_them(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0], other=ledgers[1])
    person = office.account("rosa", "recorder")
    Appointment.objects.create(person=person, role="reader", case="other")
    page = office.signed_in(person).get("/").content.decode()
    assert page.count("A small case") == 2 and WORD not in page


def test_a_header_that_somebody_may_not_see_says_not_which_day_he_is_shown(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    lena = office.signed_in(office.account("lena", "reader"))
    rosa = office.signed_in(office.account("rosa", "recorder", cleared="secret//IMINT//REL B"))
    assert "Wednesday 10 January 2024" in lena.get("/small/items").content.decode()
    assert "Saturday 20 January 2024" in rosa.get("/small/items").content.decode()


def test_a_custodian_sees_no_case_and_nothing_of_one(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    client = office.signed_in(office.account("cora", "custodian"))
    rosa = office.signed_in(office.account("rosa", "recorder", cleared="secret//IMINT//REL B"))
    assert rosa.get(f"/small/entry?id=count-{WORD}-1").status_code == 200
    for path in starts():
        found = client.get(path)
        assert found.status_code in (404, 405) or path.split("?")[0] in ("/", "/cases"), path
    for path in ("/", "/people/", "/people/rosa", "/people/log", "/people/log?show=reading"):
        page = client.get(path).content.decode()
        assert WORD not in page and "boats" not in page and "A small case" not in page, path
    assert "read marked" in client.get("/people/log?show=reading").content.decode()


def test_a_form_tells_a_hidden_name_from_an_unknown_one_by_nothing(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    client = office.signed_in(office.account("rosa", "recorder"))
    answers = []
    for site in (f"site-{WORD}-1", "site-NOTHIN-1"):
        form = client.get("/small/enter/count").content.decode()
        said = dict(re.findall(r'name="(csrfmiddlewaretoken|form-key)" value="([^"]+)"', form))
        said |= {"occurred": "2024-01-07", "item": "boats", "number": "1", "site": site}
        answer = client.post("/small/enter/count", said)
        text = answer.content.decode().replace(site, "SITE")
        answers.append(re.sub(r'(csrfmiddlewaretoken|form-key)" value="[^"]+"', "", text))
        assert answer.status_code == 422
    assert answers[0] == answers[1]


@pytest.mark.long
def test_a_hidden_id_takes_as_long_as_an_unknown_one(
    office_of: OfficeOf, ledgers: tuple[Path, Path]
) -> None:
    office = office_of(small=ledgers[0])
    client = office.signed_in(office.account("lena", "reader"))
    taken: dict[str, list[float]] = {f"count-{WORD}-1": [], "count-NOTHIN-1": []}
    for path in ("entry", "item", "undertaking", "report", "rests"):
        word = "ids" if path == "rests" else "id"
        for _ in range(60):
            for name, times in taken.items():  # one after the other: the machine's load is shared
                begun = time.process_time()
                assert client.get(f"/small/{path}?{word}={name}").status_code == 404
                times.append(time.process_time() - begun)
    hidden, unknown = (statistics.median(times) for times in taken.values())
    assert 0.8 < hidden / unknown < 1.25, (hidden, unknown)
