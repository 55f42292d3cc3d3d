"""A view that goes on by what came is, in every figure, the view of the whole log."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.brief import brief, to_json
from excomm.case import Case, CaseHead, View
from excomm.entries import Day, Entry, EntryId, Instant, Span, When
from excomm.entries.kinds import AnyBody, Assumption, Correction, Count, Erasure, Event, Look
from excomm.entries.kinds import Report as Alleging
from excomm.errors import Faults, InputError
from excomm.folder import read_text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
COAST = """=== case.toml
id = "coast"
title = "Coast"
zone = "-05:00"
opens = 2024-01-01
recorded = "as dated"
levels = ["open", "secret"]
parties = [{id = "N", name = "North"}, {id = "S", name = "South"}]
items = [{id = "guns", name = "guns", unit = "guns"},
         {id = "radars", name = "radars", unit = "radars"}]
means = [{id = "jet", name = "jet", party = "N"}, {id = "team", name = "team", party = "N"}]
sites = [{id = "bay", name = "Bay", lat = 12.0, lon = 42.0, radius_km = 5.0},
         {id = "cape", name = "Cape", within = "west"},
         {id = "dune", name = "Dune", within = "west"}, {id = "west", name = "the West"}]
=== agreement.yaml
id: pact
title: Pact
undertakings:
  - {id: U-1, by: S, modality: must, kind: achieve, what: the guns leave, standard: 0.9,
     quantity: {item: guns, number: 6}, verification: [jet]}
  - {id: U-2, by: S, modality: must_not, kind: maintain, what: no guns come, item: guns,
     standard: 0.9}
=== counts.csv
id,occurred,reading,item,number,moving,scope
out,2024-01-04,high,guns,6,leaving,total
=== reports.csv
id,occurred,allegation,item,site,alleged,would_break
R1,2024-01-10,guns stand at Bay,guns,bay,2024-01-08/2024-01-10,U-1
R2,2024-01-12,radars in the West,radars,west,2024-01-09,
R3,2024-01-12,something is hidden,,,,
=== findings.csv
id,occurred,report,decision,author,text,reading
F1,2024-01-11,R1,undetermined,Ann,too few looks,high
=== assumptions.csv
name,low,best,high,author,basis
guns.stock,6,6,8,the desk,an example
guns.prob_retained,.2,.5,.6,the desk,an example
guns.exit.missed,0,.01,.05,the desk,an example
guns.exit.twice,0,.01,.05,the desk,an example
guns.arrival,.001,.002,.005,the desk,an example
guns.window_days,4,5,9,the desk,an example
jet.guns.detection,.4,.5,.8,the desk,an example
jet.guns.prob_false_alarm,.01,.02,.05,the desk,an example
jet.guns.refusal_ratio,1,2,3,the desk,an example
team.guns.detection,.8,.9,1,the desk,an example
jet.radars.detection,.4,.5,.8,the desk,an example
guns.prob_concealed,.02,.02,.02,the desk,an example
radars.prob_concealed,.02,.02,.02,the desk,an example
reports.prob_true,.2,.2,.2,the desk,an example
reports.lasting_days,1,3,5,the desk,an example
jet.sorties_per_day,1,2,2,the desk,an example
jet.sites_per_sortie,2,2,2,the desk,an example
jet.clear_sky,.5,.8,1,the desk,an example
jet.cost_per_sortie,1,4,4,the desk,an example
jet.loss_per_sortie,0,.01,.1,the desk,an example
"""
BASE = tuple(
    msgspec.structs.replace(entry, seq=number)
    for number, entry in enumerate(read_text(COAST, now=NOW).entries, 1)
)
ON = datetime(2024, 1, 13, 17, tzinfo=UTC)
CLEARANCES = (None, None, "open")


def case_of(log: Sequence[Entry]) -> Case:
    return Case(lambda: log, CaseHead("ledger", len(log), f"{len(log):064x}"), name="coast")


whens: st.SearchStrategy[When] = st.one_of(
    st.builds(lambda day: Day(date(2024, 1, day)), st.integers(2, 16)),
    st.builds(
        lambda day, hour: Instant(datetime(2024, 1, day, hour, tzinfo=UTC)),
        st.integers(2, 16),
        st.sampled_from((1, 4, 16, 23)),
    ),
    st.builds(
        lambda day, days: Span(Day(date(2024, 1, day)), Day(date(2024, 1, day + days))),
        st.integers(2, 13),
        st.integers(1, 8),
    ),
)
looks = st.builds(
    Look,
    means=st.sampled_from(("jet", "jet", "team", "ship")),
    outcome=st.sampled_from(("made", "made", "made", "refused", "aborted", "authorized")),
    sites=st.sampled_from(((), ("bay",), ("cape",), ("west",), ("bay", "dune"), ("nowhere",))),
    items=st.sampled_from(((), ("guns",), ("radars",), ("guns", "radars"))),
    coverage=st.sampled_from((None, None, 0.5)),
    number=st.sampled_from((None, None, 0, 3)),
    group=st.sampled_from(("", "", "crew", "readers")),
    what=st.sampled_from(("", "", "guns in the open", "cloud")),
    lost=st.sampled_from((None, None, 1)),
)
others: st.SearchStrategy[AnyBody] = st.one_of(
    st.builds(
        Event,
        kind=st.sampled_from(("incident", "removed", "access_gap")),
        party=st.just(("S",)),
        about=st.sampled_from(((), ("U-1",))),
        what=st.just("patrol"),
    ),
    st.builds(
        Assumption,
        name=st.just("jet.guns.detection"),
        low=st.just(0.3),
        best=st.sampled_from((0.4, 0.6)),
        high=st.just(0.7),
        author=st.just("the desk"),
        basis=st.just("a second example"),
    ),
    st.builds(
        Alleging,
        allegation=st.just("guns in the West"),
        item=st.just("guns"),
        site=st.just("west"),
        would_break=st.just(("U-2",)),
    ),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Looks and counts of them, late, corrected, withdrawn, erased and hidden ones among them."""
    found: list[Entry] = []
    for index in range(draw(st.integers(2, 12))):
        earlier = [str(one.id) for one in found]
        named = [str(one.id) for one in found if isinstance(one.body, Look)]
        corrects = draw(st.sampled_from([None, None, None, *earlier]))
        counts = st.builds(
            Count,
            item=st.sampled_from(("guns", "radars")),
            number=st.sampled_from((None, 0, 2)),
            low=st.sampled_from((None, None, 1)),
            moving=st.sampled_from(("present", "present", "leaving", "arriving")),
            site=st.sampled_from(("", "bay", "cape")),
            look=st.sampled_from(["", *named]),
        )
        body: AnyBody = draw(st.one_of(looks, looks, counts, others))
        if corrects and draw(st.booleans()):
            body = Correction(reason="wrong")
        elif corrects and draw(st.integers(0, 5)) == 0:
            body, corrects = Erasure(of=corrects, reason="an order"), None
        day = draw(st.integers(9, 16))
        found.append(
            Entry(
                id=EntryId(f"e{index}"),
                seq=len(BASE) + index + 1,
                occurred=draw(whens),
                recorded=datetime(2024, 1, day, 3, tzinfo=UTC),
                body=body,
                corrects=EntryId(corrects) if corrects else None,
                reading=draw(st.sampled_from(("high", "high", "unverified"))),
                standing=draw(st.sampled_from(("established", "established", "disputed"))),
                source=draw(st.sampled_from(("log", "radio"))),
                marking=draw(st.sampled_from(("open", "open", "secret"))),
            )
        )
    return found


def told(view: View) -> object:
    """Everything that rests on looks, and the page."""
    return (
        [told_of(view, item) for item in ("guns", "radars")],
        view.allegations(),
        view.followed(),
        view.sites_seen,
        next_looks(view),
        to_json(brief(view)),
    )


def told_of(view: View, item: str) -> object:
    try:
        found = view.assurance(item)
    except InputError as fault:
        return str(fault)
    return {name: plain(getattr(found, name)) for name in found.__struct_fields__}


def plain(value: object) -> object:
    return value.table() if hasattr(value, "table") else repr(value)


def next_looks(view: View) -> object:
    try:
        now = view.watch()
    except (InputError, Faults) as fault:
        return str(fault)
    return view.next_looks(), now.detect.tolist(), now.detected(0).tolist(), now.excluded


Growing = given(logs(), st.sampled_from(CLEARANCES), st.data())


@settings(max_examples=10, deadline=None)
@Growing
def test_a_view_gone_on_by_each_entry_tells_what_the_whole_log_tells(
    log: list[Entry], cleared: str | None, data: st.DataObject
) -> None:
    go_on(log, cleared, data)


@pytest.mark.long
@settings(max_examples=250, deadline=None)
@Growing
def test_views_of_many_logs_gone_on_by_each_entry_tell_what_the_whole_logs_tell(
    log: list[Entry], cleared: str | None, data: st.DataObject
) -> None:
    go_on(log, cleared, data)


def go_on(log: list[Entry], cleared: str | None, data: st.DataObject) -> None:
    """By one or more entries at a time, as time moves on too; asked at each step or not."""
    on, size = ON, len(BASE)
    known = data.draw(st.sampled_from((None, datetime(2024, 2, 1, tzinfo=UTC))))
    whole = [*BASE, *log]
    case = case_of(BASE)
    view = case.on(on, known_by=known, cleared=cleared)
    told(view)
    while size < len(whole):
        end = min(size + data.draw(st.sampled_from((1, 1, 2))), len(whole))
        on += timedelta(hours=data.draw(st.sampled_from((0, 0, 1, 26))))
        case = case.updated(whole[size:end], CaseHead("ledger", end, f"{end:064x}"))
        view = view.updated(case, whole[size:end], on=on, known_by=known or on)
        size = end
        if data.draw(st.booleans()) or size == len(whole):
            anew = case_of(whole[:end]).on(on, known_by=known, cleared=cleared)
            assert told(view) == told(anew)
            # What is supposed takes up what is known and leaves it as it was.
            supposed = {"jet.guns.detection": 0.55}
            assert told(view.assuming(supposed)) == told(anew.assuming(supposed))
            assert told(view) == told(anew)
