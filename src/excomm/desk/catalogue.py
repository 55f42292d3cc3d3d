"""The catalogue: every string of the desk that can be said in another language.

`django.pot` is made from templates, calls of gettext and tables of words of the desk; a catalogue
made from it by whatever editor is compiled to what Django reads. Neither needs gettext's programs.

    scripts/catalogue extract        # writes src/excomm/desk/locale/django.pot
    scripts/catalogue compile de     # locale/de/LC_MESSAGES/django.po to django.mo
"""

import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from excomm.brief import words
from excomm.errors import InputError

_DESK = Path(__file__).parent
_BRIEF = Path(words.__file__).parent
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_FRAMES = {"section": 1, "Section": 1, "Column": 0, "Point": 0}
"""What frames the parts of a brief, and which argument of it is words."""
_CONSTANT = re.compile(r"""(?:=_\(|\{% translate )("[^"]*"|'[^']*')""")
_SENTENCE = re.compile(r"\{% blocktranslate trimmed.*?%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
_VARIABLE = re.compile(r"\{\{ (\w+) \}\}")
_PLURAL = re.compile(r'\|plural:"([^"]+)"')
_HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


class Message(msgspec.Struct, frozen=True, order=True):
    """One string. plural: its form for several; empty where it has none."""

    text: str
    plural: str = ""


def messages() -> dict[Message, tuple[str, ...]]:
    """Every string with the files that say it."""
    found: dict[Message, set[str]] = {}
    for path in sorted((*_DESK.rglob("*.html"), *_DESK.rglob("*.py"), *_BRIEF.glob("*.py"))):
        source = path.read_text(encoding="utf-8")
        read = _of_template(source) if path.suffix == ".html" else _of_module(path, source)
        for message in read:
            found.setdefault(message, set()).add(path.relative_to(_DESK.parent).as_posix())
    for message in _of_tables():
        found.setdefault(message, set()).add("desk")
    return {message: tuple(sorted(found[message])) for message in sorted(found) if message.text}


def counted(noun: str) -> Message:
    """The message of so many of a thing."""
    return Message(f"%(number)s {noun}", f"%(number)s {words.plural(2, noun).removeprefix('2 ')}")


def pot(found: Mapping[Message, Iterable[str]]) -> str:
    """The catalogue without translations."""
    parts = [_HEAD]
    for message, files in found.items():
        part = f"#: {' '.join(files)}\n"
        if "%(" in message.text:
            part += "#, python-format\n"
        part += f"msgid {_quoted(message.text)}\n"
        if message.plural:
            part += f"msgid_plural {_quoted(message.plural)}\n"
            part += 'msgstr[0] ""\nmsgstr[1] ""\n'
        else:
            part += 'msgstr ""\n'
        parts.append(part)
    return "\n".join(parts)


def compiled(po: str, where: str) -> bytes:
    """A catalogue as Django reads it (GNU gettext's .mo); what is not translated is left out.

    Raises InputError naming the line that is none of a catalogue.
    """
    entries = {}
    for fields in _entries(po, where):
        text = fields.get("msgid", "")
        said = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
        if any(said):
            key = text if "msgid_plural" not in fields else f"{text}\0{fields['msgid_plural']}"
            entries[key.encode()] = "\0".join(said).encode()
    # Source: GNU gettext manual, "The Format of GNU MO Files": two tables of length and place.
    keys = sorted(entries)
    place = 28 + 16 * len(keys)
    tables, strings = [b"", b""], b""
    for at, column in enumerate((keys, [entries[key] for key in keys])):
        for raw in column:
            tables[at] += struct.pack("<II", len(raw), place + len(strings))
            strings += raw + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + tables[0] + tables[1] + strings


def _entries(po: str, where: str) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    last = ""
    for number, line in enumerate((*po.splitlines(), ""), start=1):
        match = re.fullmatch(r'(?:(msg\w+(?:\[\d+\])?) )?("(?:[^"\\]|\\.)*")', line.strip())
        if match:
            last = match[1] or last
            fields[last] = fields.get(last, "") + str(ast.literal_eval(match[2]))
        elif not line.strip():
            if fields:
                yield fields
            fields, last = {}, ""
        elif not line.startswith("#"):
            raise InputError(f"{where}:{number}", line, "a line of a catalogue (gettext's .po)")


def _of_template(source: str) -> Iterator[Message]:
    for match in _SENTENCE.finditer(source):
        # As `blocktranslate trimmed` looks it up: one line, its variables as %(name)s.
        plain = " ".join(match[1].split()).replace("%", "%%")
        yield Message(_VARIABLE.sub(r"%(\1)s", plain))
    for match in _CONSTANT.finditer(source):
        yield Message(str(ast.literal_eval(match[1])))
    for match in _PLURAL.finditer(source):
        yield counted(match[1])


def _of_module(path: Path, source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if path.is_relative_to(_DESK):
            at = 0 if node.func.id in _CALLS else None
        else:
            at = _FRAMES.get(node.func.id)
        argument = node.args[at] if at is not None and len(node.args) > at else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield Message(argument.value)


def _of_tables() -> Iterator[Message]:
    """The words that stand in tables of the desk, each once."""
    from excomm.desk import forms
    from excomm.desk.pages import daybook
    from excomm.desk.pages.help import KEYS
    from excomm.desk.roles import Role
    from excomm.entries import KINDS

    for title, rows in KEYS:
        yield Message(title)
        yield from (Message(does) for _key, does in rows)
    for kind in forms.ENTERED.values():
        yield from (Message(kind.called), Message(kind.one), Message(kind.hint))
    yield from map(Message, forms.words_of_boxes())
    yield from map(Message, daybook.TITLES.values())
    yield from map(Message, words.STATE_WORDS.values())
    yield from (Message(str(role)) for role in Role)
    yield from (counted(kind) for kind in KINDS)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main(arguments: list[str]) -> int:
    """Extract the strings, or compile a language."""
    from excomm.desk.settings import LOCALE

    if arguments == ["extract"]:
        found = messages()
        LOCALE.mkdir(exist_ok=True)
        (LOCALE / "django.pot").write_text(pot(found), encoding="utf-8")
        print(f"{LOCALE / 'django.pot'}: {words.plural(len(found), 'string')}")
        return 0
    if len(arguments) == 2 and arguments[0] == "compile":
        path = LOCALE / arguments[1] / "LC_MESSAGES" / "django.po"
        try:
            made = compiled(path.read_text(encoding="utf-8"), str(path))
        except (OSError, InputError) as fault:
            print(fault, file=sys.stderr)
            return 2
        path.with_suffix(".mo").write_bytes(made)
        print(path.with_suffix(".mo"))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
