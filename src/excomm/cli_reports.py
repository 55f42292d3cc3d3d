"""The commands of reports: taken in, weighed, asked about, decided, answered."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.cli_shared import (
    CaseArg,
    ClearedOption,
    JsonFlag,
    KnownOption,
    OnOption,
    counted,
    give,
    give_json,
)
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.reports.alleged import Weighed

commands = typer.Typer(help="Allegations: taken in, weighed by the looks, decided, answered.")


@commands.command("match")
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
    sentences: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--sentences", help="With the sentence model of the extra.")
    ] = False,
) -> None:
    """Match reports to earlier findings and group the repeats of one allegation."""
    from excomm.reports import match_files

    encoder = None
    if sentences:
        from excomm.sentences import Sentences

        encoder = Sentences()
    found = match_files(earlier, new, encoder=encoder)
    if run is not None:
        found.write_run(run)
    if repeats is not None:
        found.write_repeats(repeats)
    if run is None and repeats is None:
        give(found.to_json() + b"\n")


@commands.command("list")
def reports_list(
    case: CaseArg,
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """List every allegation with what the looks say of it and what may be said."""
    from excomm.brief import text
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.allegations()
    if json:
        give_json(found)
        return
    heads = ("report", "alleged", "looks", "ratio", "power", "decision")
    rows = [
        (
            each.id,
            each.alleged.what,
            str(len(each.bears)),
            str(each.ratio) if each.ratio else "cannot be computed",
            str(each.power),
            each.decision.word,
        )
        for each in found
    ]
    print(text.table(f"{view.header.title}: {counted(len(rows), 'allegation')}", heads, rows))


@commands.command("weigh")
def reports_weigh(
    case: CaseArg,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="The id of a report.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
    json: JsonFlag = False,  # noqa: FBT002 - an option of the command
) -> None:
    """Weigh what a report alleges against the looks that overlap it, and say what would settle."""
    from excomm.case import Case

    every = Case.open(case).on(on, known_by=known_by, cleared=cleared).allegations()
    found = [each for each in every if report in (each.alleged.report, each.id)]
    if not found:
        known = ", ".join(dict.fromkeys(each.alleged.report for each in every)) or "it has none"
        raise InputError("REPORT", report, f"a report of this case on this day ({known})")
    if json:
        give_json(found)
        return
    for each in found:
        _show(each)


def _show(found: "Weighed") -> None:
    from excomm.brief import text

    print(text.table(f"{found.id}: {found.alleged.what}", ("figure", "value"), found.table()))
    if found.bears:
        heads = ("look", "day", "area", "time", "detects", "saw it", "ratio")
        rows = [
            (
                each.look.id,
                f"{each.day:%Y-%m-%d}",
                f"{each.look.f:.3g}",
                str(each.tau),
                str(each.detection),
                "yes" if each.look.hit else "no",
                f"{each.look.ratio:.3g}",
            )
            for each in found.bears
        ]
        print(text.table("Looks that bear", heads, rows))
    for said in found.settling:
        more = (
            f"; {said.looks_needed} such looks are needed" if (said.looks_needed or 0) > 1 else ""
        )
        print(
            f"Would settle it: {said.means} for {said.item}: if nothing is seen"
            f" {said.decision_if_nothing} (ratio {said.ratio_if_nothing:.3g}){more}"
        )
    if found.unsettled:
        print(f"Would settle it: {found.unsettled}")
    if found.over_range:
        print(f"Over the range of the assumptions also: {', '.join(found.over_range)}")
    for said_of, lines in (
        ("Left out", found.left_out),
        ("Note", found.alleged.notes),
        ("Assumed", found.assumptions),
    ):
        for line in lines:
            print(f"{said_of}: {line}")


LedgerArg = Annotated[str, typer.Argument(metavar="LEDGER", help="A file or a URL.")]
ReportArg = Annotated[str, typer.Argument(metavar="REPORT", help="The id of a report.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who enters it.")]
MarkingOption = Annotated[str, typer.Option(metavar="MARKING", help="Else the lowest.")]


@commands.command("add")
def reports_add(
    where: LedgerArg,
    by: ByOption,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="As received.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The report: text, e-mail, image.", readable=False),
    ] = None,
    outlet: Annotated[str, typer.Option(metavar="ID", help="Who carried it.")] = "",
    source: Annotated[str, typer.Option(metavar="NAME", help="Who told it; sealed apart.")] = "",
    grade: Annotated[str, typer.Option(metavar="A-F1-6", help="As in B2; F has no weight.")] = "",
    allegation: Annotated[str, typer.Option(metavar="TEXT", help="In short.")] = "",
    item: Annotated[str, typer.Option(metavar="ID", help="The item meant.")] = "",
    site: Annotated[str, typer.Option(metavar="ID", help="The site meant.")] = "",
    published: Annotated[str, typer.Option(metavar="TIME", help="As it says itself.")] = "",
    would_break: Annotated[str, typer.Option(metavar="IDS", help="Undertakings, by ;.")] = "",
    marking: MarkingOption = "",
) -> None:
    """Take in one report; the same report again is told and not entered twice."""
    import msgspec

    from excomm.ledger import attachments, open_ledger
    from excomm.reports.importing import read_file
    from excomm.reports.intake import Incoming, take_in

    if (text is None) == (file is None):
        raise InputError("--text", text, "either --text or --file", "Give one of them.")
    by_hand = (Incoming(text=text or "", method="entered by hand"),)
    given = by_hand if file is None else read_file(file)
    if len(given) != 1:
        raise InputError("--file", file, "one report", "excomm reports import takes many.")
    said = {
        "outlet": outlet,
        "source": source,
        "grade": grade,
        "allegation": allegation,
        "item": item,
        "site": site,
        "published": published,
        "would_break": would_break,
    }
    changes = {name: value for name, value in said.items() if value}
    incoming = msgspec.structs.replace(given[0], where="report", **changes)
    ledger, now = open_ledger(where), datetime.now(UTC)
    taken = take_in(ledger, [incoming], now=now, operator=by, marking=marking)
    if file is not None and taken.entries and not incoming.text.strip():
        marked = taken.entries[0].marking
        attachments.attach(ledger, file, by=by, now=now, role="report", marking=marked)
    for entry in taken.entries:
        print(f"{where}: taken in as {entry.id}, received {now:%Y-%m-%d %H:%M} UTC")
    for name in taken.again:
        print(f"{where}: in the ledger already as {name}; its clock runs on")


@commands.command("import")
def reports_import(
    where: LedgerArg,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=".csv, .jsonl, .rss, .atom, .eml.", readable=False),
    ],
    by: ByOption = "",
    outlet: Annotated[str, typer.Option(metavar="ID", help="Where a row names none.")] = "",
    marking: MarkingOption = "",
    preview: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--preview", help="Show what would be taken in, and write nothing.")
    ] = False,
) -> None:
    """Take in a file of reports: all of it or nothing; again: only what is new."""
    from excomm.ledger import open_ledger
    from excomm.reports.importing import read_file
    from excomm.reports.intake import prepared, take_in

    incoming = read_file(file, outlet=outlet)
    ledger, now = open_ledger(where), datetime.now(UTC)
    if preview:
        from excomm.brief import text

        case = tuple(ledger.read())
        taken = prepared(
            incoming, case, now=now, operator=by or "preview", marking=marking, seal=None
        )
        rows = [
            (str(e.id), getattr(e.body, "outlet", ""), getattr(e.body, "allegation", ""))
            for e in taken.entries
        ]
        title = f"{file}: {len(rows)} new, {len(taken.again)} in the ledger already"
        print(text.table(title, ("id", "outlet", "alleged"), rows))
        return
    taken = take_in(ledger, incoming, now=now, operator=by, marking=marking)
    print(f"{where}: {len(taken.entries)} taken in, {len(taken.again)} there already")


@commands.command("unseal")
def reports_unseal(
    where: LedgerArg,
    origin: Annotated[str, typer.Argument(metavar="PSEUDONYM", help="As in the entries.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the ledger.")],
    by: ByOption,
) -> None:
    """Read the name of a source; the reading is an entry before the name is shown."""
    from excomm.ledger import open_ledger
    from excomm.reports.sealing import Sources

    ledger = open_ledger(where)
    print(Sources(ledger).unseal(origin, reason=reason, by=by, now=datetime.now(UTC)))


@commands.command("repeats")
def reports_repeats(
    case: CaseArg, on: OnOption = None, known_by: KnownOption = None, cleared: ClearedOption = None
) -> None:
    """Suggest which reports tell the same; a person confirms with `excomm reports repeat`."""
    from excomm.brief import text
    from excomm.case import Case

    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.suggested_repeats()
    rows = [(each.report, each.of, each.why, f"{each.chance:.2f}") for each in found]
    heads = ("report", "repeats", "why", "chance")
    print(text.table(f"{len(rows)} to be confirmed", heads, rows))
    for calibration in dict.fromkeys(str(each.calibration) for each in found):
        print(f"chance: {calibration}")


@commands.command("find")
def reports_find(
    case: CaseArg,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Some words, or a whole text.")],
    on: OnOption = None,
    known_by: KnownOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Find the reports whose words are nearest, best first."""
    from excomm.brief import text
    from excomm.case import Case

    if not words.strip():
        raise InputError("WORDS", words, "a word at least")
    view = Case.open(case).on(on, known_by=known_by, cleared=cleared)
    found = view.reports_by_words(words, database=case if "://" in case else "")
    rows = [
        (each.report, f"{each.received:%Y-%m-%d}", each.allegation, f"{each.likeness:.2f}")
        for each in found
    ]
    heads = ("report", "received", "alleged", "alike")
    print(text.table(f"{counted(len(rows), 'report')} found", heads, rows))


@commands.command("repeat")
def reports_repeat(
    where: LedgerArg,
    report: ReportArg,
    of: Annotated[str, typer.Argument(metavar="EARLIER", help="The report that it repeats.")],
    by: ByOption,
    state: Annotated[
        str, typer.Option(metavar="STATE", help="confirmed, undone, suggested.")
    ] = "confirmed",
    why: Annotated[str, typer.Option(metavar="TEXT", help="In words.")] = "",
) -> None:
    """Confirm or undo that one report repeats another; the first receipt's clock runs on."""
    from excomm.ledger import open_ledger
    from excomm.reports.deciding import repeat

    entry = repeat(open_ledger(where), report, of, state, by=by, why=why, now=datetime.now(UTC))
    print(f"{where}: {state}, entry {entry.id}")


@commands.command("ask")
def reports_ask(
    where: LedgerArg,
    report: ReportArg,
    by: ByOption,
    said: Annotated[
        list[str],
        typer.Option("--set", metavar="COLUMN=VALUE", help="A column of interviews.csv."),
    ],
) -> None:
    """Enter that a source was asked, and what he answered."""
    from excomm.ledger import open_ledger
    from excomm.reports.deciding import asked

    for each in said:
        if "=" not in each:
            raise InputError("--set", each, "COLUMN=VALUE", "As in outcome=answered.")
    texts = dict(each.partition("=")[::2] for each in said)
    entry = asked(open_ledger(where), report, texts, by=by, now=datetime.now(UTC))
    print(f"{where}: entry {entry.id}")


@commands.command("decide")
def reports_decide(
    where: LedgerArg,
    report: ReportArg,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="corroborated, ...")],
    by: ByOption,
    text: Annotated[str, typer.Option(metavar="TEXT", help="Why, where the looks differ.")] = "",
) -> None:
    """Propose a finding on the ledger as it stands; a second person reviews it."""
    from excomm.case import Case
    from excomm.ledger import open_ledger
    from excomm.reports.deciding import decided

    now = datetime.now(UTC)
    view = Case.open(where).on(now)
    found = next((w for w in view.allegations() if w.alleged.report == report), None)
    if found is None:
        raise InputError("REPORT", report, "a report of this case")
    entry = decided(
        open_ledger(where), found, decision, head=view.head.digest, author=by, text=text, now=now
    )
    print(f"{where}: {decision} proposed as {entry.id}: {found.decision.why}")


@commands.command("review")
def reports_review(
    where: LedgerArg,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="As decide printed it.")],
    by: ByOption,
) -> None:
    """Review a finding; by another person than decided it."""
    from excomm.ledger import open_ledger
    from excomm.reports.deciding import reviewed

    entry = reviewed(open_ledger(where), finding, reviewer=by, now=datetime.now(UTC))
    print(f"{where}: reviewed by {by}, entry {entry.id}")


@commands.command("reply")
def reports_reply(
    where: LedgerArg,
    report: ReportArg,
    outlet: Annotated[str, typer.Option(metavar="ID", help="Who is answered.")],
    approved_by: Annotated[
        str, typer.Option(metavar="NAME", help="Who approves; empty: a draft is printed.")
    ] = "",
    text_from: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own words, checked.", readable=False)
    ] = None,
    quote: Annotated[str, typer.Option(metavar="TEXT", help="A commitment given.")] = "",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it here: .txt or .eml.")
    ] = None,
    mail: Annotated[  # noqa: FBT002 - an option of the command
        bool, typer.Option("--mail", help="Hand it to the mail server of EXCOMM_SMTP.")
    ] = False,
) -> None:
    """Draft an answer, check it, and once approved write or send it and keep the proof."""
    from excomm.case import Case
    from excomm.ledger import open_ledger
    from excomm.reports import answering
    from excomm.reports.importing import decoded

    ledger, now = open_ledger(where), datetime.now(UTC)
    names = _sealed_names(where)
    view = Case.open(where).on(now)
    answer = view.answer_to(report, outlet, sources=names, quote=quote)
    if text_from is not None:
        words = decoded(str(text_from), text_from.read_bytes())
        answer = view.in_other_words(answer, words, sources=names)
    if out is None and not mail:
        print(answer.text, end="")
        for stop in answer.stops:
            print(f"Stops it: “{stop.found}” is {stop.what}.", file=sys.stderr)
        return
    second = view.report_rules.review == "second person"
    if second and answer.finding and not view.report(report).reviewed:
        raise InputError("REPORT", report, "a finding that was reviewed", "excomm reports review.")
    if mail:
        sent = answering.by_mail(
            ledger, answer, approved_by=approved_by, second_person=second, now=now
        )
    else:
        assert out is not None
        sent = answering.to_file(
            ledger, answer, out, approved_by=approved_by, second_person=second, now=now
        )
    print(f"{where}: sent to {outlet}, entry {sent.entry.id}")


@commands.command("claimreview")
def reports_claimreview(
    case: CaseArg,
    report: ReportArg,
    author: Annotated[str, typer.Option(metavar="NAME", help="Whose review it is.")],
    on: OnOption = None,
    cleared: ClearedOption = None,
) -> None:
    """Print a finding as ClaimReview (schema.org) in JSON-LD."""
    from excomm.case import Case

    names = _sealed_names(case)
    found = Case.open(case).on(on, cleared=cleared).claim_review(report, author, sources=names)
    give_json(found)


def _sealed_names(case: str) -> tuple[str, ...]:
    """The names of the case's sources, none of which may leave; of a folder there are none."""
    if "://" not in case and not Path(case).is_file():
        return ()
    from excomm.ledger import open_ledger
    from excomm.reports.sealing import Sources

    return tuple(Sources(open_ledger(case)).names().values())


@commands.command("late")
def reports_late(where: LedgerArg, by: ByOption) -> None:
    """Record each clock that has run out, once; then “undetermined so far” may be answered."""
    from excomm.case import Case
    from excomm.ledger import open_ledger
    from excomm.reports.deciding import record_late

    now = datetime.now(UTC)
    if not by.strip():
        raise InputError("--by", by, "who records it", "Name yourself.")
    entries = record_late(open_ledger(where), Case.open(where).on(now).followed(), by=by, now=now)
    for entry in entries:
        print(f"{where}: {entry.id}")
    print(f"{len(entries)} recorded")
