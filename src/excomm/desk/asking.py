"""What a request asks: of which case, for which day, as known when, for whose eyes.

Every page begins here. The clearance is the reader's own; where he sees all he may ask for less,
to see the page as somebody else will.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from excomm.brief import words
from excomm.brief.structs import Heading
from excomm.case import View
from excomm.desk.guarded import Guarded
from excomm.desk.office import VISITOR, Desk, Marks, Reader, desk_of
from excomm.desk.roles import Doing
from excomm.desk.samples import sample_word, titles
from excomm.desk.served import NOW, Seen, Served
from excomm.entries import Entry
from excomm.entries.kinds import Item, Undertaking

ASKED = "excomm.desk.asked"
"""Under this word a request carries what it asked, for whoever has to log it."""
HANDED_OUT = "excomm.desk.handed_out"
"""And under this, what its answer holds for keeping elsewhere, where that is no file of its own."""

RESTS_MAX = 24
"""Entries of one figure that an address names; how many more there are, it says."""

_KEPT = ("on", "known_by", "cleared")


class Asked:
    """A request with the view that answers it, and the addresses of other pages of that view."""

    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.request = request
        self.desk: Desk = desk_of(request)
        self.slug = slug
        self.cases = self.desk.cases_for(request)
        served = self.desk.case_of(request, slug)
        if served is None:
            raise Http404
        self.served: Served | Guarded = served
        self.is_practice = slug in self.desk.practised
        self.is_sample = not self.is_practice and slug not in self.cases
        self.reader: Reader = VISITOR if self.is_sample else self.desk.reader_of(request, slug)
        said = {name: request.GET.get(name, "").strip() for name in _KEPT}
        if self.reader.cleared is not None:
            said["cleared"] = ""  # nobody asks for another clearance than his own
        self.kept: dict[str, str] = {name: text for name, text in said.items() if text}
        self.seen: Seen = self.served.seen(
            said["on"] or self.desk.run.on,
            said["known_by"] or None,
            self.reader.cleared if self.reader.cleared is not None else said["cleared"] or None,
        )
        request.META[ASKED] = self

    def on(self, day: date) -> "Asked":
        """The same question of another day, as known that day."""
        found = copy(self)
        for name in ("day", "seen", "query"):
            found.__dict__.pop(name, None)
        kept = {name: text for name, text in self.kept.items() if name != "known_by"}
        found.kept = kept | {"on": day.isoformat()}
        found.seen = self.served.seen(day.isoformat(), None, self.view.cleared)
        self.request.META[ASKED] = found
        return found

    @property
    def view(self) -> View:
        """The case for this day and this reader."""
        return self.seen.view

    @property
    def heading(self) -> Heading:
        """What stands at the top of every page."""
        return self.seen.heading

    @property
    def may_enter(self) -> bool:
        """Whether the reader may enter, and the case is one that takes entries."""
        return self.reader.may_enter and self.served.ledger is not None

    @property
    def takes_in(self) -> bool:
        """Whether the case takes entries at all; what somebody may enter, `may` says."""
        return self.served.ledger is not None

    def may(self, doing: Doing) -> bool:
        """Whether the reader may do this here."""
        return doing in self.reader.doings

    @property
    def marks(self) -> Marks:
        """Where it is kept how far the reader has read."""
        return self.desk.marks_of(self.request)

    @property
    def sees_all(self) -> bool:
        """Whether nothing is kept from this view: else the ledger's numbers would tell of gaps."""
        return self.view.facts.cleared is None

    @property
    def sample_titles(self) -> tuple[tuple[str, str], ...]:
        """The samples that an empty page leads to: the word in addresses, the title."""
        known = ((sample_word(name), title) for name, title in titles().items())
        return tuple((word, title) for word, title in known if word in self.desk.samples)

    @cached_property
    def query(self) -> str:
        """The view's own words in an address."""
        return urlencode(self.kept)

    def to(self, page: str, **more: str | int | None) -> str:
        """The address of a page of this case with the same view. None leaves a word out."""
        path = self._paths.get(page)
        if path is None:
            path = self._paths[page] = reverse(page, args=[self.slug])
        return self._address(path, more)

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The addresses of pages asked for already: a page may have a thousand links to one."""
        return {}

    def to_form(self, kind: str, **more: str | int | None) -> str:
        """The form of a kind, with the same view."""
        return self._address(reverse("form", args=[self.slug, kind]), more)

    def to_rests(self, names: Sequence[str]) -> str:
        """What a figure rests on: the one entry, or a page of them all."""
        if len(names) == 1:
            return self.entry_href(names[0])
        more = len(names) - RESTS_MAX
        return self.to("rests", ids=" ".join(names[:RESTS_MAX]), more=more if more > 0 else None)

    def to_file(self, page: str, form: str, **more: str) -> str:
        """The address of what a page hands out in a form, with the same view."""
        return self._address(reverse(page, args=[self.slug, form]), more)

    def _address(self, path: str, more: Mapping[str, str | int | None]) -> str:
        said = {name: text for name, text in more.items() if text not in (None, "")}
        if more.keys() & self.kept.keys():
            kept = {name: text for name, text in self.kept.items() if name not in more}
            query = urlencode({**kept, **said})
        else:
            query = "&".join(part for part in (self.query, urlencode(said)) if part)
        return f"{path}?{query}" if query else path

    def here(self, **more: str | None) -> str:
        """This very page with other words. None leaves a word out."""
        said = {**self.request.GET.dict(), **more}
        query = urlencode({name: text for name, text in said.items() if text})
        return f"{self.request.path}?{query}" if query else self.request.path

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """What this page was asked for beside the view: a form about the view keeps it."""
        return tuple(
            (name, str(text))
            for name, text in self.request.GET.dict().items()
            if text and name not in _KEPT
        )

    def entry_href(self, entry_id: str) -> str:
        """The page of an entry; an undertaking and an item have pages of their own."""
        entry = self.view.facts.get(entry_id)
        if entry is not None and isinstance(entry.body, Undertaking):
            return self.to("undertaking", id=entry_id)
        if entry is not None and isinstance(entry.body, Item):
            return self.to("item", id=entry_id)
        return self.to("entry", id=entry_id)

    @cached_property
    def day(self) -> date:
        """The day shown, in the case's zone."""
        return self.view.on.astimezone(self.view.case.zone).date()

    @property
    def day_before(self) -> date:
        """For the link to it."""
        return self.day - timedelta(days=1)

    @property
    def day_after(self) -> date:
        """For the link to it."""
        return self.day + timedelta(days=1)

    @property
    def is_known_now(self) -> bool:
        """Whether the page shows the day as known now, not as known then."""
        return self.kept.get("known_by") == NOW

    @property
    def utc(self) -> str:
        """The instant shown, in UTC."""
        return words.full_when(self.view.on, UTC)

    def found(self, entry_id: str) -> Entry:
        """An entry that this reader may see, corrected or not. Raises Http404 for all others."""
        found = self.seen.by_id.get(entry_id)
        if found is None:
            raise Http404
        return found
