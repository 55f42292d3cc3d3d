"""Tags and filters of the desk's templates: addresses of a view, cells with their shapes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from excomm.brief import words
from excomm.brief.basis import part_rests_on
from excomm.brief.structs import Cell, Column, Section, State
from excomm.desk.catalogue import counted
from excomm.entries import Entry

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: Mapping[str, Any], page: str, **more: str | int | None) -> str:
    """The address of a page of the case with the same day, known-by and clearance."""
    return str(context["asked"].to(page, **more))


@register.simple_tag(takes_context=True)
def here(context: Mapping[str, Any], **more: str | None) -> str:
    """This page for another day, known-by or clearance."""
    return str(context["asked"].here(**more))


@register.simple_tag(takes_context=True)
def entry_to(context: Mapping[str, Any], entry_id: str) -> str:
    """The address of an entry's page."""
    return str(context["asked"].entry_href(entry_id))


@register.simple_tag(takes_context=True)
def say(context: Mapping[str, Any], cell: Cell) -> SafeString:
    """A cell: its shapes, then its words as a link to what they rest on."""
    shapes = format_html_join(
        "",
        '<span class="shape {}" aria-hidden="true">{}</span>',
        ((state, words.SHAPES[state]) for state in cell.states),
    )
    classes = " ".join([cell.tone, *(cell.states if len(cell.states) == 1 else ())])
    if not cell.rests_on:
        return format_html('{}<span class="{}">{}</span>', shapes, classes, cell.text)
    href = context["asked"].to_rests(cell.rests_on)
    title = f"rests on {', '.join(cell.rests_on[:12])}"
    return format_html(
        '{}<a class="{}" href="{}" title="{}">{}</a>', shapes, classes, href, title, cell.text
    )


@register.simple_tag(takes_context=True)
def when(context: Mapping[str, Any], entry: Entry) -> str:
    """When an entry was so, short, in the case's zone."""
    view = context["asked"].view
    return words.when_words(entry.occurred, view.case.zone, view.on)


@register.simple_tag(takes_context=True)
def why(context: Mapping[str, Any], of: Section | Sequence[str], other: str = "") -> SafeString:
    """A link to what a part of a page rests on. other: an entry, where its cells name none."""
    names = sorted(part_rests_on(of)) if isinstance(of, Section) else [*of]
    names = names or [name for name in (other,) if name]
    if not names:
        return SafeString("")
    href = context["asked"].to_rests(names)
    return format_html('<a class="why" href="{}">{}</a>', href, _("what it rests on"))


@register.filter
def probability(value: float) -> str:
    """A probability in two digits."""
    return words.probability(value)


@register.filter
def said(text: object) -> str:
    """Text that can do nothing but be read: no control characters, no turned direction."""
    return words.printable(str(text))


@register.filter
def shape(state: State) -> str:
    """The shape of a state: it stands beside the word."""
    return words.SHAPES[state]


@register.filter
def plain(number: float) -> str:
    """A number as a form sends it."""
    return f"{number:.6g}"


@register.filter
def both(one: bool, other: bool) -> bool:  # noqa: FBT001 - a filter of templates
    """Whether both are so."""
    return one and other


@register.filter
def spoken(word: str) -> str:
    """A word of a closed set as it is read: `not_performed` as "not performed"."""
    return word.replace("_", " ")


@register.simple_tag(takes_context=True)
def to_with(context: Mapping[str, Any], page: str, more: Mapping[str, str]) -> str:
    """The address of a page with several words more."""
    return str(context["asked"].to(page, **more))


@register.filter
def plural(number: int, noun: str) -> str:
    """So many of a thing."""
    if get_language() == settings.LANGUAGE_CODE:
        return words.plural(number, noun)
    message = counted(noun)
    return ngettext(message.text, message.plural, number) % {"number": number}


@register.filter
def share(column: Column, columns: tuple[Column, ...]) -> int:
    """The width of a column in steps of five percent."""
    whole = sum(each.share for each in columns)
    return round(20 * column.share / whole) * 5


@register.filter
def at(cells: Any, index: int) -> Any:
    """One of several."""
    return cells[index]


@register.simple_tag(takes_context=True)
def to_file(context: Mapping[str, Any], page: str, form: str, **more: str) -> str:
    """The address of what a page hands out in a form."""
    return str(context["asked"].to_file(page, form, **more))


@register.filter
def of(found: Mapping[str, str], name: str) -> str:
    """What stands under a name; empty where nothing does."""
    return found.get(name, "") if found else ""


@register.simple_tag(takes_context=True)
def to_form(context: Mapping[str, Any], kind: str, **more: str) -> str:
    """The form of a kind."""
    return str(context["asked"].to_form(kind, **more))
