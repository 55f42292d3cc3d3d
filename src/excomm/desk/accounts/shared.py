"""The shared desk: the cases that somebody may know of, and how far each person has read."""

from collections.abc import Mapping
from pathlib import Path

from django.http import HttpRequest

from excomm.desk.accounts.audit import What, note
from excomm.desk.accounts.installation import Installation
from excomm.desk.accounts.models import Person, ReadTo
from excomm.desk.accounts.persons import Posts, posts_of
from excomm.desk.guarded import Guarded
from excomm.desk.keeping import Kept, Looked
from excomm.desk.office import Desk, Marks, Reader
from excomm.desk.roles import Doing
from excomm.desk.run import Run
from excomm.desk.served import Served
from excomm.entries import Entry
from excomm.entries.marking import DEFAULT_LEVELS

_CASES = "excomm.desk.cases"


class SharedDesk(Desk):
    """A desk that people sign in to. Where no account may, nobody may."""

    is_shared = True

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation = installation
        run = Run(tuple(installation.ledgers.values()), installation.port, "shared", "")
        super().__init__(run, Kept(folder))

    def _named(self, run: Run) -> Mapping[str, Served]:
        return {word: Served(where) for word, where in self.installation.ledgers.items()}

    @property
    def own_names(self) -> tuple[str, str]:
        """What a request may call this desk."""
        return self.installation.host, self.installation.host

    def cases_for(self, request: HttpRequest) -> Mapping[str, Served | Guarded]:
        """The cases in which the person may read."""
        found = request.META.get(_CASES)
        if not isinstance(found, dict):
            found = {
                slug: Guarded(served, self.reader_of(request, slug), _Noting(request, slug))
                for slug, served in self.cases.items()
                if Doing.READ in posts_of(request).doings(slug)
            }
            request.META[_CASES] = found
        return found

    def reader_of(self, request: HttpRequest, slug: str) -> Reader:
        """The person as the accounts say now; without a clearance, what is open to all."""
        return self.reader_with(posts_of(request), slug)

    def reader_with(self, held: Posts, slug: str) -> Reader:
        """Whoever holds these posts, in a case."""
        found = held.doings(slug)
        header = self.cases[slug].case().header
        lowest = (header.levels or DEFAULT_LEVELS)[0]
        cleared = held.clearances.get(slug, lowest)
        return Reader(held.person, cleared, Doing.ENTER in found, found)

    def marks_of(self, request: HttpRequest) -> Marks:
        """The person's own."""
        return _Marks(posts_of(request).person)


class _Noting:
    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.request = request
        self.slug = slug

    def __call__(self, entry: Entry) -> None:
        person = posts_of(self.request).person
        about = f"{entry.kind} {entry.id}"
        note(What.ENTERED, person, request=self.request, case=self.slug, about=about)


class _Marks:
    def __init__(self, person: str) -> None:
        self.person = person

    def looked(self, ledger: str) -> Looked | None:
        found = ReadTo.objects.filter(person__name=self.person, case=ledger).first()
        return Looked(found.size, found.at) if found is not None else None  # type: ignore[arg-type]

    def mark_looked(self, ledger: str, looked: Looked) -> None:
        person = Person.objects.get(name=self.person)
        ReadTo.objects.update_or_create(
            person=person, case=ledger, defaults={"size": looked.size, "at": looked.at}
        )
