"""The commands of the rooms: record, terms, options, watch, reports. Each loads its room alone."""

import sys
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

record = typer.Typer(help="Minutes: who said, asked, proposed, directed what, by when.")
terms = typer.Typer(help="Undertakings: what stands, is due, is broken, and why.")
options = typer.Typer(
    help="Models of a conflict: what is stable, what each move tells, what deters."
)
watch = typer.Typer(help="Plans of looks: where and when, so that nobody can count on a gap.")
reports = typer.Typer(help="Allegations: repeats, earlier findings, and what the looks say.")
ROOMS = {
    "record": record,
    "terms": terms,
    "options": options,
    "watch": watch,
    "reports": reports,
}

SourceArg = Annotated[str, typer.Argument(metavar="FILE|CASE", help="An agreement or a case.")]


@record.command("read")
def record_read(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Minutes as plain text.", readable=False)
    ],
    roster: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="People, JSON or CSV: name, office, aliases, party."),
    ] = None,
    meeting_date: Annotated[
        str | None, typer.Option(metavar="DAY-OR-INSTANT", help="Else taken from the heading.")
    ] = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Read minutes into statements, directives with due times, and open questions."""
    from excomm.record import files

    raw, found = files.read_file(file, roster=roster, meeting=meeting_date)
    for warning in found.warnings:
        print(warning, file=sys.stderr)
    if json:
        give(found.to_json() + b"\n")
        return
    from excomm.brief import text

    said = [(s.speaker, s.act, raw[s.start : s.end]) for s in found.statements]
    print(text.table(f"Statements in {file.name}", ("speaker", "act", "words"), said))
    due = [(d.from_, d.to or "nobody named", d.what, d.due) for d in found.directives]
    print("\n" + text.table("Directives", ("from", "to", "what", "due"), due))
    open_ones = [(q.by, q.what) for q in found.questions if q.answered_by is None]
    print("\n" + text.table("Open questions", ("by", "question"), open_ones))


@terms.command("status")
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


@options.command("solve")
def options_solve(
    model: Annotated[
        Path, typer.Argument(metavar="MODEL.json", help="A model of any kind.", readable=False)
    ],
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Solve a model: stability, robustness, inspection, signals, trees, posture."""
    import msgspec

    from excomm import options as room

    found = room.to_json(room.solve_file(model))
    give((found if json else msgspec.json.format(found)) + b"\n")


@terms.command("check")
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


@terms.command("say")
def terms_say(source: SourceArg) -> None:
    """Say an agreement in plain English, a paragraph an undertaking."""
    from excomm.terms import say

    print(say(tuple(case_or_agreement(source).read())), end="")


@terms.command("explain")
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


@terms.command("what-if")
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


@watch.command("plan")
def watch_plan(
    problem: Annotated[
        Path, typer.Argument(metavar="PROBLEM.json", help="A problem of any kind.", readable=False)
    ],
    seconds: Annotated[float, typer.Option(help="At most so long.")] = 60.0,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Plan looks so that the least chance of finding is as great as can be, with its bound."""
    import msgspec

    from excomm import watch as room

    def progress(value: float, bound: float) -> None:
        if sys.stderr.isatty():
            print(f"least detection {value:.4f}, at most {bound:.4f}", file=sys.stderr)

    found = room.to_json(room.plan_file(problem, seconds=seconds, progress=progress))
    give((found if json else msgspec.json.format(found)) + b"\n")


@reports.command("match")
def reports_match(
    earlier: Annotated[
        Path, typer.Option(metavar="FINDINGS.jsonl", help="Earlier findings.", readable=False)
    ],
    new: Annotated[
        Path, typer.Option(metavar="REPORTS.jsonl", help="Reports that came in.", readable=False)
    ],
    run: Annotated[
        Path | None, typer.Option(metavar="RUN.tsv", help="Write report, finding, score.")
    ] = None,
    repeats: Annotated[
        Path | None, typer.Option(metavar="CLUSTERS.tsv", help="Write report, group.")
    ] = None,
) -> None:
    """Match reports to earlier findings and group the repeats of one allegation."""
    from excomm.reports import match_files

    found = match_files(earlier, new)
    if run is not None:
        found.write_run(run)
    if repeats is not None:
        found.write_repeats(repeats)
    if run is None and repeats is None:
        give(found.to_json() + b"\n")
