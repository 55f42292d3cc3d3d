"""Every string of the desk can be said in another language, and a catalogue is all it takes."""

import gettext
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from lxml import html

from excomm.desk import catalogue
from excomm.desk.catalogue import Message, compiled, counted, messages, pot
from excomm.desk.office import Desk
from excomm.desk.settings import HERE
from excomm.errors import InputError

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
TEMPLATES = sorted(HERE.rglob("*.html"))
_TOKEN = re.compile(
    r"(\{% blocktranslate .*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
    r"|<(?:[^<>{]|\{%.*?%\}|\{\{.*?\}\}|\{)*>)",
    re.DOTALL,
)
_TAGS = re.compile(
    r"\{% blocktranslate .*?\{% endblocktranslate %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
_SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-head)="([^"]*)"')
_SAID_AS_IT_IS = re.compile(
    r"&[a-z]+;|\bUTC\b|\bJSON\b|\bCSV\b|\bXLSX\b|\bDOCX\b|\bPDF\b|\bkm\b|\bexcomm\b|\bSHA-256\b"
)


def literals(source: str) -> Iterator[str]:
    """What a template says that no tag translates; commands and keys are said as they are."""
    inside = ""
    for token in _TOKEN.split(source):
        name = re.match(r"<(/?)(\w+)", token)
        if name and name[2] in ("kbd", "pre", "code", "script"):
            inside = "" if name[1] else name[2]
        elif name and 'class="code"' in token:
            inside = name[2]
        elif name and name[1] and name[2] == inside:
            inside = ""
        if token.startswith("<"):
            bare = _TAGS.sub("", token)
            spoken = (said[1] for said in _SPOKEN.finditer(bare))
            yield from (said for said in spoken if not re.fullmatch(r"[\w:-]*\d[\w:-]*", said))
        elif token and not inside and not token.startswith(("{%", "{{", "{#")):
            yield token


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_that_cannot_be_translated(path: Path) -> None:
    said = (_SAID_AS_IT_IS.sub("", each) for each in literals(path.read_text(encoding="utf-8")))
    assert [each for each in said if re.search(r"[A-Za-z]{2}", each)] == []


def test_what_is_extracted_is_a_catalogue_with_nothing_translated() -> None:
    text = pot(messages())
    read = gettext.GNUTranslations(io.BytesIO(compiled(text, "django.pot")))
    assert read.gettext("Agreement") == "Agreement"
    assert 'msgid "Agreement"\n' in text and 'msgid_plural "%(number)s entries"\n' in text
    assert "#: desk/templates/desk/agreement.html" in text


def test_what_is_compiled_is_what_gettext_reads() -> None:
    po = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: somewhere
msgid "Today"
msgstr "Heute"

msgid "not translated"
msgstr ""

msgid "%(number)s entry"
msgid_plural "%(number)s entries"
msgstr[0] "%(number)s Eintrag"
msgstr[1] "%(number)s Eintr"
"äge"
"""
    read = gettext.GNUTranslations(io.BytesIO(compiled(po, "de.po")))
    assert read.gettext("Today") == "Heute"
    assert read.gettext("not translated") == "not translated"
    entry = counted("entry")
    assert read.ngettext(entry.text, entry.plural, 1) == "%(number)s Eintrag"
    assert read.ngettext(entry.text, entry.plural, 0) == "%(number)s Einträge"
    with pytest.raises(InputError) as fault:
        compiled('msgid "a"\nmsgstr b\n', "de.po")
    assert str(fault.value) == (
        "de.po:2: found msgstr b, expected a line of a catalogue (gettext's .po)."
    )


def test_a_sentence_is_looked_up_by_what_stands_in_its_template() -> None:
    found = messages()
    assert Message("%(so_many)s since you looked on %(at)s (UTC):") in found
    assert Message("%(number)s entry", "%(number)s entries") in found
    assert Message("When it was so") in found and Message("what it rests on") in found
    assert Message("") not in found


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[None]:
    """A language in which every string stands in brackets."""
    po = [
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    ]
    for message in messages():
        text, plural = (catalogue._quoted(each) for each in (message.text, message.plural))
        lines = [f"msgid {text}", f'msgstr "⟦{text[1:-1]}⟧"']
        if message.plural:
            lines[1:] = [f"msgid_plural {plural}", f'msgstr[0] "⟦{text[1:-1]}⟧"']
            lines.append(f'msgstr[1] "⟦{plural[1:-1]}⟧"')
        po.append("\n".join(lines) + "\n")
    where = tmp_path / "locale" / "eo" / "LC_MESSAGES"
    where.mkdir(parents=True)
    (where / "django.mo").write_bytes(compiled("\n".join(po), "eo.po"))
    languages = [("en", "English"), ("eo", "Esperanto")]
    with override_settings(LOCALE_PATHS=[tmp_path / "locale"], LANGUAGES=languages):
        yield


@pytest.mark.usefixtures("pseudo")
def test_in_another_language_no_sentence_of_ours_is_left_on_any_page(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    on = "on=1962-11-12T17:00-05:00"
    ours = {
        each.text for each in messages() if len(each.text.split()) > 2 and "%(" not in each.text
    }
    for path in ("agreement", "undertaking?id=CU-4", "items", "item?id=missiles", "sites",
                 "what-if", "enter", "enter/count", "attach", "sheets", "handover", "ledger",
                 "entry?id=count-labinsk", "help", "reports", "report?id=report-waves", "minutes",
                 "day-book", "watch", "options", "rests?ids=count-labinsk"):  # fmt: skip
        mark = "&" if "?" in path else "?"
        answer = client.get(f"/cuba-1962/{path}{mark}{on}", headers={"Accept-Language": "eo"})
        page: Any = html.fromstring(answer.content.decode())
        assert page.get("lang") == "eo" and "⟦Today⟧" in answer.content.decode(), path
        assert "⟦" in page.xpath("//main")[0].text_content(), path
        left = [" ".join(each.split()) for each in page.xpath("//body//text()")]
        assert [each for each in left if each in ours] == [], path
    # English has no catalogue, and needs none.
    plain = client.get(f"/cuba-1962/items?{on}", headers={"Accept-Language": "en"})
    assert "⟦" not in plain.content.decode() and '<html lang="en">' in plain.content.decode()
