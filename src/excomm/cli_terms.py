"""The commands of terms: what stands, why, what would follow, what is wrong with an agreement."""

from pathlib import Path
from typing import Annotated

import typer

from excomm.cli_shared import (
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    case_or_agreement,
    give,
)
from excomm.errors import AnswerIsNo, EnvironmentFault, InputError

commands = typer.Typer(help="Undertakings: what stands, is due, is broken, and why.")

SourceArg = Annotated[str, typer.Argument(metavar="FILE|CASE", help="An agreement or a case.")]


@commands.command("status")
def terms_status(
    source: SourceArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Print the status of each undertaking on a day, with the entries that decided it."""
    import msgspec

    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    found = view.standing()
    if json:
        give(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        return
    from excomm.brief import text

    rows = [(u, s.state, s.reason, " ".join(s.decides)) for u, s in found.items()]
    print(text.table(view.header.title, ("id", "state", "reason", "decided by"), rows))


@commands.command("check")
def terms_check(
    source: SourceArg,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Find what is wrong with an agreement before anything happens; exit 1 where something is."""
    import msgspec

    from excomm.terms import check

    found = check(tuple(case_or_agreement(source).read()))
    if json:
        plain = [{"check": f.check, "on": f.on, "path": f.path, "says": f.says} for f in found]
        give(msgspec.json.format(msgspec.json.encode(plain)) + b"\n")
    else:
        for one in found:
            print(f"{', '.join(one.on)}: {one.check}: {one.says}")
    if found:
        raise AnswerIsNo(f"{source}: {len(found)} found.")


@commands.command("say")
def terms_say(source: SourceArg) -> None:
    """Say an agreement in plain English, a paragraph an undertaking."""
    from excomm.terms import say

    print(say(tuple(case_or_agreement(source).read())), end="")


@commands.command("explain")
def terms_explain(
    source: SourceArg,
    undertaking: Annotated[str, typer.Argument(metavar="ID", help="An undertaking.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Explain a state: what decides it, what was weighed, what is missing."""
    from excomm.terms import explain

    view = case_or_agreement(source).on(on, known_by=known_by, cleared=cleared)
    print(explain(view.facts, undertaking, view.figures()).words)


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

    from excomm.terms import what_if

    try:
        events = msgspec.json.decode(suppose.read_bytes())
    except OSError as fault:
        raise EnvironmentFault(f"{suppose}: cannot be read: {fault.strerror}.") from None
    except msgspec.MsgspecError as fault:
        raise InputError(str(suppose), str(fault), "JSON: a list of events") from None
    case = case_or_agreement(source)
    view = case.on(on, cleared=cleared)
    found = what_if(case, events, view.on, cleared=cleared)
    if json:
        give(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        return
    from excomm.brief import text

    before = view.standing()
    rows = [
        (name, before[name].state if name in before else "none", now.state, now.reason)
        for name, now in found.items()
    ]
    print(text.table("Supposed", ("id", "was", "would be", "reason"), rows))
