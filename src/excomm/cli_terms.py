"""The commands of terms: what stands, why, what would follow, what is wrong with an agreement."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import (
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    case_or_agreement,
    give,
    give_json,
)
from excomm.errors import AnswerIsNo, EnvironmentFault, InputError

if TYPE_CHECKING:
    from excomm.terms import Package

commands = typer.Typer(help="Undertakings: what stands, is due, is broken, and why.")

SourceArg = Annotated[str, typer.Argument(metavar="FILE|CASE", help="An agreement or a case.")]


LangOption = Annotated[
    str, typer.Option(metavar="LANG", help="Of the institution's own words: en, fr.")
]


@commands.command("status")
def terms_status(
    source: SourceArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    lang: LangOption = "en",
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Print the status of each undertaking on a day, with the entries that decided it."""

    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    found = view.standing()
    if json:
        give_json(dict(found))
        return
    from excomm.brief import text

    own = view.own_words(lang)
    rows = [(u, own.get(s.state, s.state), s.reason, " ".join(s.decides)) for u, s in found.items()]
    print(text.table(view.header.title, ("id", "state", "reason", "decided by"), rows))


@commands.command("check")
def terms_check(
    source: SourceArg,
    lang: LangOption = "en",
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Find what is wrong with an agreement before anything happens; exit 1 where something is."""
    from excomm.terms import check, own_words

    case = case_or_agreement(source)
    found = check(tuple(case.read()))
    if json:
        plain = [{"check": f.check, "on": f.on, "path": f.path, "says": f.says} for f in found]
        give_json(plain)
    else:
        own = own_words(case.header, lang)
        for one in found:
            print(f"{', '.join(one.on)}: {own.get(one.check, one.check)}: {one.says}")
    if found:
        raise AnswerIsNo(f"{source}: {len(found)} found.")


@commands.command("say")
def terms_say(
    source: SourceArg,
    against: Annotated[
        str | None,
        typer.Option(metavar="OLD", help="Say only what this file says otherwise than OLD."),
    ] = None,
) -> None:
    """Say an agreement in plain English, a paragraph an undertaking."""
    from excomm.terms import say, say_changes

    now = tuple(case_or_agreement(source).read())
    if against is None:
        print(say(now), end="")
        return
    changes = say_changes(tuple(case_or_agreement(against).read()), now)
    print(changes or "The two say the same.\n", end="")


@commands.command("explain")
def terms_explain(
    source: SourceArg,
    undertaking: Annotated[str, typer.Argument(metavar="ID", help="An undertaking.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="F.svg", help="Draw it too: the undertaking and what it waits for."),
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Explain a state: what decides it, what was weighed, what is missing."""
    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    found = view.explain(undertaking)
    if picture is not None:
        give(view.picture((undertaking, *found.path)).encode(), picture)
    if json:
        give_json(found)
    else:
        print(found.words, end="")


@commands.command("what-if")
def terms_what_if(
    source: SourceArg,
    suppose: Annotated[
        Path, typer.Option(metavar="EVENTS.json", help="Events to suppose.", readable=False)
    ],
    on: OnOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Suppose events and print the status of each undertaking; nothing is stored."""
    import msgspec

    try:
        events = msgspec.json.decode(suppose.read_bytes())
    except OSError as fault:
        raise EnvironmentFault(f"{suppose}: cannot be read: {fault.strerror}.") from None
    except msgspec.MsgspecError as fault:
        raise InputError(str(suppose), str(fault), "JSON: a list of events") from None
    view = case_or_agreement(source).on(on, cleared=cleared)
    found = view.what_if(events).standing()
    if json:
        give_json(dict(found))
        return
    from excomm.brief import text

    before = view.standing()
    rows = [
        (name, before[name].state if name in before else "none", now.state, now.reason)
        for name, now in found.items()
    ]
    print(text.table("Supposed", ("id", "was", "would be", "reason"), rows))


@commands.command("least")
def terms_least(
    source: SourceArg,
    undertaking: Annotated[str, typer.Argument(metavar="ID", help="An undertaking.")],
    state: Annotated[str, typer.Argument(metavar="STATE", help="due, fulfilled, breached, ...")],
    on: OnOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Find the fewest events that would bring an undertaking into a state; exit 1 for none."""
    from typing import get_args

    from excomm.terms import State

    known: tuple[State, ...] = get_args(State)
    wanted = next((one for one in known if one == state), None)
    if wanted is None:
        raise InputError("STATE", state, f"one of {', '.join(known)}")
    found = case_or_agreement(source).on(on, cleared=cleared).least(undertaking, wanted)
    if json:
        give_json(found)
    else:
        print(found.words)
    if not found.reached:
        raise AnswerIsNo(f"{undertaking}: nothing on its path would make it {state}.")


@commands.command("compare")
def terms_compare(
    source: SourceArg,
    offers: Annotated[
        list[str] | None, typer.Argument(metavar="[OFFER...]", help="Offers; else all.")
    ] = None,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Set offers side by side: who does what in which order, seen how, and at whose risk."""
    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    found = view.compare(tuple(offers or ()))
    if json:
        give_json(found)
        return
    if not found:
        raise AnswerIsNo(f"{source}: no offer is known on the day. Enter it under packages.")
    from excomm.brief import text

    for first in range(0, len(found), _BESIDE):
        beside = found[first : first + _BESIDE]
        heads = ("", *(package.offer for package in beside))
        rows = [(said[0][0], *(words for _, words in said)) for said in _aspects(beside)]
        print(text.table(view.header.title, heads, rows))


_BESIDE = 3  # so many offers stand side by side on a page of 100 characters


def _aspects(packages: "tuple[Package, ...]") -> "Iterator[tuple[tuple[str, str], ...]]":
    from excomm.terms import aspects

    return zip(*(aspects(package) for package in packages), strict=True)


@commands.command("picture")
def terms_picture(
    source: SourceArg,
    out: Annotated[Path, typer.Option(metavar="F.svg", help="The file to write.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Draw an agreement on a day: time left to right, waits as arrows. SVG with its own words."""
    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    give(view.picture().encode(), out)


@commands.command("calendar")
def terms_calendar(
    source: SourceArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="F.ics", help="The file to write; else print.")
    ] = None,
) -> None:
    """Write the deadlines still to come as iCalendar, for any calendar program."""
    give(case_or_agreement(source).on(on, known_by=known_by, cleared=cleared).calendar(), out)


@commands.command("seen")
def terms_seen(
    source: SourceArg,
    within: Annotated[int, typer.Option(metavar="DAYS", help="Days that one look serves.")],
    item: Annotated[str, typer.Option(metavar="ITEM", help="Only looks for it count.")] = "",
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Say which sites were seen within so many days; exit 1 where one was not."""
    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    found = view.seen_in_time(within, item)
    late = sum(one.state != "in time" for one in found.sites)
    if json:
        give_json(found)
    else:
        from excomm.brief import text

        rows = [(s.site, s.name, str(s.last or "–"), s.state) for s in found.sites]
        print(text.table(view.header.title, ("id", "site", "last seen", f"in {within} days"), rows))
        kept = f"All were seen in time on {found.days_kept} of {found.days} days"
        print(f"{kept} since {found.since}.")
    if late:
        raise AnswerIsNo(f"{source}: {late} of {len(found.sites)} sites not seen in time.")
