"""Reasons in words: one plain sentence for a state, and what would have to come.

Nothing is decided here; every sentence says what the monitor found, with names, days and amounts.
"""

from collections.abc import Iterable
from datetime import date, datetime

from excomm.entries.language import (
    All,
    Any,
    Condition,
    Counted,
    Is,
    Not,
    Relative,
)
from excomm.terms.assured import figure_words
from excomm.terms.book import Book
from excomm.terms.conditions import judge
from excomm.terms.evidence import UNKNOWN, Act, Amounts
from excomm.terms.judging import Found
from excomm.terms.outcome import Ground
from excomm.terms.phrases import counted, day_words, figures, party_words, spelt
from excomm.terms.points import local_day

_WHAT_CHARS_MAX = 90


class Words:
    """The words for one undertaking on one day."""

    def __init__(self, name: str, found: Found, book: Book) -> None:
        self._name = name
        self._found = found
        self._book = book
        self._outcome = found.outcomes[name]
        self._body = self._outcome.body

    # -- the reason ------------------------------------------------------------------------

    def reason(self) -> str:
        """One sentence for the state."""
        outcome = self._outcome
        said = self._said(outcome.ground)
        readings = outcome.readings or {}
        if outcome.contested and outcome.state not in ("fulfilled", "lapsed"):
            act = self._act(outcome.contested[-1])
            if act is not None:
                said += f"; {self._who(act)} claims a suspension, which nobody has agreed to"
        elif outcome.disputed and outcome.ground != "alleged" and not readings:
            said += "; disputed"
        if readings:
            each = (
                f"{state.replace('_', ' ')} as {self._party(party)} reads it"
                for party, state in readings.items()
            )
            said += f"; {', '.join(each)}"
        by_figure = outcome.ground in ("assured", "not_assured", "assured_broken")
        if (outcome.state == "fulfilled" or by_figure) and (figure := self.assurance()):
            said += f" ({figure})"
        return f"{said[:1].upper()}{said[1:]}."

    def assurance(self) -> str:
        """The figure against the standard, with its prior; empty where there is none."""
        figure = self._found.sight.figure(self._name, self._body)
        if figure is None or self._body.standard is None or not self._outcome.begun:
            return ""
        said = figure_words(figure, self._body.standard)
        assessed = self._book.assessed.get(self._name)
        return f"{said}; assessed {self._day(assessed.at)}" if assessed else said

    def _said(self, ground: Ground) -> str:  # noqa: PLR0911, PLR0912
        body, outcome = self._body, self._outcome
        by = " and ".join(self._party(party) for party in body.by)
        match ground:
            case "outsider":
                return f"{by} never accepted it"
            case "no_start":
                return f"waits to be accepted by {by}: the text gives no start"
            case "starts_later":
                return self._start_to_come()
            case "condition_open":
                said = f"waits for {self._open_words()}"
                if outcome.flags and outcome.due:
                    said += f"; its own deadline, {self._day(outcome.due)}, is already over"
                return said
            case "condition_unknown":
                return f"cannot be known to have begun: it waits for {self._open_words()}"
            case "running" | "deadline_near":
                return self._running()
            case "evidence_awaited":
                last = self._day(outcome.evidence_until)
                return f"deadline over on {self._day(outcome.due)}; evidence may come until {last}"
            case "performed":
                return self._performed()
            case "term_kept":
                return f"term over on {self._day(outcome.since)}, no breach shown"
            case "unused":
                return f"the right was not used by {self._day(outcome.since)}"
            case "terminated":
                return f"ended on {self._day(outcome.since)}{self._what()}"
            case "term_over":
                return f"term over on {self._day(outcome.since)}"
            case "violated":
                return f"broken on {self._day(outcome.since)}{self._by_whom()}{self._what()}"
            case "refused":
                return f"refused by {by} on {self._deciding_day()}{self._what()}"
            case "not_performed":
                return f"not done{self._after_deadline()}, as established on {self._deciding_day()}"
            case "partial":
                sofar = self._amounts() or "done in part only"
                return f"{sofar}{self._after_deadline()}, as established on {self._deciding_day()}"
            case "not_done_when_asked":
                return f"asked for, and not done on {self._deciding_day()}"
            case "silence_is_breach" if body.kind == "recur":
                return (
                    f"no entry speaks of the period that was over on {self._day(outcome.since)}, "
                    "and by the text silence is a breach"
                )
            case "silence_is_breach":
                return (
                    f"deadline over on {self._day(outcome.since)}, no entry speaks of it, and by "
                    "the text silence is a breach"
                )
            case "broken_by_nobody_known":
                return f"broken on {self._day(outcome.since)}{self._what()}; by whom is not known"
            case "by_agreement":
                return f"suspended by agreement since {self._day(outcome.since)}"
            case "in_answer":
                return self._in_answer()
            case "silence":
                return f"deadline over on {self._day(outcome.since)}, and no entry speaks of it"
            case "only_claims":
                return f"deadline over on {self._day(outcome.since)}, and it rests on claims alone"
            case "nobody_can_tell":
                return f"deadline over on {self._day(outcome.since)}, and nobody can tell"
            case "amounts_open":
                by = self._day(outcome.due)
                return f"{self._amounts()} by the deadline, {by}; the rest is open"
            case "alleged":
                said = f"alleged on {self._deciding_day()}{self._by_whom()}"
                return f"{said}{' and denied' if outcome.disputed else ''}; nothing since covers it"
            case "means_gone":
                relied = " and ".join(body.relies_on)
                return (
                    f"nothing established since {self._day(outcome.since)}: {relied}, on which the "
                    "evidence rests, gave none"
                )
            case "assured":
                return "sure enough by its assurance figure"
            case "not_assured":
                return f"{self._amounts() or 'shown to be done'}, and not sure enough"
            case "assured_broken":
                return "not done, as far as its assurance figure can say"
            case "means_refused":
                return f"cannot be seen: the means were refused{self._by_whom()} on " + (
                    f"{self._day(outcome.since)}{self._what()}"
                )

    def _running(self) -> str:
        body, outcome = self._body, self._outcome
        due = outcome.due if outcome.due and outcome.due >= self._book.on else None
        if body.modality == "may":
            last = due or outcome.ends
            return f"a right that may be used{f' until {self._day(last)}' if last else ''}"
        if body.kind == "achieve":
            amounts = self._amounts()
            if amounts:
                return f"{amounts}; {self._more()}{f' by {self._day(due)}' if due else ' to come'}"
            return f"binding, to be done{f' by {self._day(due)}' if due else '; no deadline runs'}"
        since = f" since {self._day(outcome.starts)}" if outcome.starts else ""
        if body.kind == "recur":
            return f"binding{since}" + (f"; next due by {self._day(due)}" if due else "")
        term = f" until {self._day(outcome.ends)}" if outcome.ends else ""
        return f"binding{since}{term}; no breach established"

    def _performed(self) -> str:
        outcome = self._outcome
        amounts = "" if self._more() else self._amounts()
        said = f"{amounts or 'done'} {'by' if amounts else 'on'} {self._day(outcome.since)}"
        said += self._beyond()
        if outcome.days_late:
            return f"{said}, {counted(outcome.days_late, 'day')} late"
        if outcome.due and outcome.since:
            days = (self._local(outcome.due) - self._local(outcome.since)).days
            return f"{said}, {counted(days, 'day')} early" if days > 0 else f"{said}, in time"
        return said

    def _start_to_come(self) -> str:
        if self._outcome.starts is not None:
            return f"starts on {self._day(self._outcome.starts)}"
        starts = self._body.starts
        if isinstance(starts, Relative):
            return f"waits for its start, {starts.duration} after {starts.anchor}".replace(
                "start,  after", "start, after"
            )
        return "waits for its start"

    def _in_answer(self) -> str:
        outcome = self._outcome
        answered = [act for act in map(self._act, outcome.basis[1:]) if act is not None]
        broken = [name for act in answered for name in act.event.about if name != self._name]
        to = f" in answer to the breach of {broken[0]}" if broken else " in answer to a breach"
        return f"suspended since {self._day(outcome.since)}{to}"

    # -- what is missing -------------------------------------------------------------------

    def missing(self) -> tuple[str, ...]:  # noqa: PLR0911
        """What would have to come for the state to be better or sure, each in a few words."""
        outcome, body = self._outcome, self._body
        match outcome.state:
            case "fulfilled" | "lapsed":
                return ()
            case "pending":
                return self._missing_to_begin()
            case "suspended":
                return ("its resumption",)
            case "in_force" | "due":
                return self._missing_to_perform()
            case "breached" if body.kind == "achieve":
                return (self._more() or "performance, which would be late",)
            case "breached":
                return ("a later good period",) if body.kind == "recur" else ()
            case "unverifiable":
                means = f", by {' or '.join(body.verification)}" if body.verification else ""
                if outcome.ground == "means_refused":
                    refused = self._act(outcome.basis[0])
                    who = self._who(refused) if refused else "whoever refused"
                    return (f"the consent of {who} to the agreed means",)
                return (f"established evidence{means}",)
        return ()

    def _missing_to_begin(self) -> tuple[str, ...]:
        outcome, body = self._outcome, self._body
        by = " and ".join(self._party(party) for party in body.by)
        if outcome.ground in ("outsider", "no_start"):
            return (f"acceptance by {by}",)
        if outcome.ground == "starts_later":
            return (self._start_to_come(),)
        if body.condition is None:
            return ()
        parts = body.condition.parts if isinstance(body.condition, All) else (body.condition,)
        return tuple(self._condition(part) for part in parts if self._is_open(part))

    def _missing_to_perform(self) -> tuple[str, ...]:
        outcome, body = self._outcome, self._body
        if body.modality != "must" or body.kind == "maintain":
            return ()
        if outcome.ground == "not_assured" and body.standard is not None:
            return (f"a figure whose low end reaches {body.standard:g}",)
        if outcome.ground == "evidence_awaited":
            return (f"the agreed evidence, by {self._day(outcome.evidence_until)}",)
        if body.kind == "recur" and outcome.state == "in_force":
            return ()
        by = f", by {self._day(outcome.due)}" if outcome.due else ""
        return (f"{self._more() or 'performance'}{by}",)

    # -- conditions ------------------------------------------------------------------------

    def _open_words(self) -> str:
        return self._condition(self._body.condition) if self._body.condition else "its start"

    def _is_open(self, condition: Condition) -> bool:
        return judge(condition, self._name, self._found.sight).truth != "true"

    def _condition(self, condition: Condition) -> str:  # noqa: PLR0911
        match condition:
            case Is("fulfilled", of):
                return f"{of} to be fulfilled"
            case Is("in_force", of):
                return f"{of} to be in force"
            case Is("breached", of):
                return f"{of} to be broken"
            case Is("requested_by", of):
                return f"a request by {self._party(of)}"
            case Is("accepted_by", of):
                return f"acceptance by {self._party(of)}"
            case Is(_, of):
                return f"{of} to happen"
            case Counted(of, at_least):
                return f"{spelt(at_least)} counted under {of}"
            case All(parts):
                return " and ".join(self._condition(p) for p in parts if self._is_open(p))
            case Any(parts):
                return " or ".join(self._condition(part) for part in parts)
            case Not(part):
                return f"it not to hold that there is {self._condition(part)}"

    # -- amounts, days, names --------------------------------------------------------------

    def _amounts(self) -> str:
        amounts = self._outcome.amounts
        if amounts is None or not amounts.at_least:
            return ""
        unit = f" {self._unit(amounts)}".rstrip()
        return f"{figures(amounts.at_least)} of {figures(amounts.number)}{unit} counted"

    def _unit(self, amounts: Amounts) -> str:
        return amounts.unit or self._book.units.get(amounts.item) or amounts.item

    def _beyond(self) -> str:
        """More than was owed says something of the declaration, not of the performance."""
        amounts = self._outcome.amounts
        if amounts is None or amounts.at_least <= amounts.number:
            return ""
        over = figures(amounts.at_least - amounts.number)
        return f" ({over} more than the number declared: what was declared was not all)"

    def _more(self) -> str:
        amounts = self._outcome.amounts
        if amounts is None or amounts.at_least >= amounts.number:
            return ""
        what = "more" if amounts.at_least else self._unit(amounts)
        return f"{spelt(amounts.number - amounts.at_least)} {what}"

    def _after_deadline(self) -> str:
        due = self._outcome.due
        if due is None or self._body.kind != "achieve":
            return ""
        return f" when the deadline passed on {self._day(due)}"

    def _deciding(self) -> Iterable[Act]:
        return (act for act in map(self._act, self._outcome.basis) if act is not None)

    def _deciding_day(self) -> str:
        act = next((a for a in self._deciding() if a.kind != "request"), None)
        return self._day(act.at if act else self._outcome.since)

    def _by_whom(self) -> str:
        act = next(iter(self._deciding()), None)
        return f" by {self._who(act)}" if act and act.parties and UNKNOWN not in act.parties else ""

    def _what(self) -> str:
        act = next(iter(self._deciding()), None)
        what = act.event.what or act.event.reason if act else ""
        return f": {what.rstrip('.')}" if 0 < len(what) <= _WHAT_CHARS_MAX else ""

    def _act(self, act_id: str) -> Act | None:
        return self._book.acts.get(act_id)

    def _who(self, act: Act) -> str:
        return " and ".join(self._party(party) for party in act.parties) or "somebody"

    def _party(self, party: str) -> str:
        return party_words(party, self._book.names.get(party, party))

    def _local(self, at: datetime) -> date:
        return local_day(at, self._book.zone)

    def _day(self, at: datetime | None) -> str:
        if at is None:
            return "a day not known"
        return day_words(self._local(at), self._book.today.year)
