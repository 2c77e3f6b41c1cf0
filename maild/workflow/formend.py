"""After the returns: the table to the owner, the analysis, the instruction from above, and back down (casework 7)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, State
from maild.domain.circulation import unsigned
from maild.domain.directory import Person
from maild.domain.emptyanswer import why_empty
from maild.domain.formlist import person_named
from maild.domain.formround import Return, Round
from maild.domain.ladder import not_before
from maild.domain.letter import Letter
from maild.domain.sla import ended
from maild.domain.span import parse_span
from maild.domain.worktime import due, reminder
from maild.workflow.ending import closed
from maild.workflow.facts import Facts
from maild.workflow.formletters import counted, result_letter, round_letter, round_of
from maild.workflow.formreply import Reply
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan

_ANALYSIS = re.compile(r"\s*(?:分析|分析汇总|analysis)[ \t　]*[:：]\s*(?P<text>.+)", re.IGNORECASE | re.DOTALL)
_REPORT = re.compile(
    r"\s*(?:处理报告|意见处理报告|办理报告|handling report|report)[ \t　]*[:：]\s*(?P<text>.+)",
    re.IGNORECASE | re.DOTALL,
)


def round_due(clock: Clock, case: Case, office: Office, *, facts: Facts) -> Plan:
    """The round's own time is over: the table goes to the owner, whoever has not returned is chased on."""
    met = replace(clock, state=ClockState.MET, next_at=None)
    if round_of(case).stage != "collecting" or case.state is not State.CIRCULATING:
        return Plan(clocks=(met,))
    rest = tuple(one for one in facts.clocks(case.number) if one.id != clock.id)
    return Plan(clocks=(met,)) + _compiled(case, facts.returns(case.number), office, clocks=rest, what="due")


def completed(case: Case, returns: Sequence[Return], office: Office, *, clocks: Sequence[Clock]) -> Plan:
    """Everybody has returned before the time was over."""
    own = tuple(replace(c, state=ClockState.MET, next_at=None) for c in clocks if _is_the_rounds(c))
    rest = [c for c in clocks if c.id not in {one.id for one in own}]
    return Plan(clocks=own) + _compiled(case, returns, office, clocks=rest, what="complete")


def told_late(
    case: Case, returns: Sequence[Return], office: Office, *, by: Person, clocks: Sequence[Clock]
) -> Plan:  # fmt: skip
    """A return or a correction behind the time: the owner gets the table anew, and the last one ends the round."""
    if case.handler is None:
        return Plan()
    letter = round_letter(case, case.handler, office, what="late", returns=returns, by=by.name)
    waits = unsigned(case.circulation, case.steps) or round_of(case).stage != "over"
    if waits or case.state is not State.CIRCULATING:
        return Plan(letters=(letter,))
    end = closed(case, "carried-out", office, clocks=clocks, actor=by.address, asks=False)
    return end + Plan(letters=(letter,))


def said_by_owner(reply: Reply) -> Plan | None:
    """分析：… and 处理报告：… of the round's owner; None where the mail says something else."""
    owner, stage = reply.office.index.person(reply.case.handler), round_of(reply.case).stage
    acts = owner is not None and (reply.person == owner or reply.key.recipient in owner.addresses)
    form = {"analysing": _ANALYSIS, "handling": _REPORT}.get(stage)
    found = form.match(reply.mail.fresh_text) if form and acts else None
    if found is None:
        return None
    text = found["text"].strip()
    if why := why_empty(text, reply.case.summary):
        return reply.refused(why)
    return _analysed(reply, text) if stage == "analysing" else _handled(reply, text)


def instructed_round(case: Case, text: str, *, by: Person, office: Office, facts: Facts) -> Plan:
    """The instruction from above goes back to everybody who returned; then the handling report is due, or it ends.

    Of a round that waits for no instruction nothing changes.
    """
    known = round_of(case)
    if known.stage != "reported":
        return Plan()
    running, now = facts.clocks(case.number), office.now
    over = tuple(ended(c, now) for c in running if c.kind is ClockKind.INSTRUCT)
    rest = [c for c in running if c.id not in {one.id for one in over}]
    case = _at(replace(case, last_human_event=now), known, stage="handling" if known.entry.handling else "over",
               instruction=text)  # fmt: skip
    returns = facts.returns(case.number)
    people = dict.fromkeys(address for one in counted(returns) for address in (one.receiver, one.author))
    letters = tuple(result_letter(case, to, office, text=text, by=by.name) for to in people if to != by.address)
    plan = Plan(clocks=over, letters=letters)
    if known.entry.handling and case.handler:
        clock = _clock(case, ClockKind.RESOLVE, known.entry.handling, office)
        letter = round_letter(case, case.handler, office, what="instructed", returns=returns, text=text, by=by.name,
                              until=clock.due)  # fmt: skip
        return plan + Plan(cases=(case,), clocks=(clock,), letters=(letter,))
    return plan + closed(case, "carried-out", office, clocks=rest, actor=by.address, asks=False)


def _compiled(case: Case, returns: Sequence[Return], office: Office, *, clocks: Sequence[Clock], what: str) -> Plan:
    """The table to its owner; the time to analyse it begins, or the round is over where nobody has to."""
    known = round_of(case)
    missing = [item.receiver for item in unsigned(case.circulation, case.steps)]
    data: dict[str, object] = {"what": what, "returns": len(counted(returns)), "missing": missing}
    event = Event(kind="round-compiled", at=office.now, actor="maild", data=data)
    noted = Plan(happenings=(Happening(number=case.number, event=event),))
    if known.entry.analyse:
        case = _at(case, known, stage="analysing")
        clock = _clock(case, ClockKind.ANALYSE, known.entry.analyse, office)
        return noted + Plan(
            cases=(case,), clocks=(clock,), letters=_table(case, returns, office, what=what, clock=clock)
        )
    case = _at(case, known, stage="over")
    letters = _table(case, returns, office, what=what)
    if unsigned(case.circulation, case.steps):
        return noted + Plan(cases=(case,), letters=letters)
    end = closed(case, "carried-out", office, clocks=clocks, actor="maild", asks=False)
    return noted + end + Plan(letters=letters)


def _table(
    case: Case, returns: Sequence[Return], office: Office, *, what: str, clock: Clock | None = None
) -> tuple[Letter, ...]:
    if case.handler is None:
        return ()
    calendar = office.calendar_at(case.handler)
    free = not_before(office.now, case.urgency, office.pack.deadlines.quiet, calendar)
    letter = round_letter(case, case.handler, office, what=what, returns=returns, until=clock.due if clock else None)
    return (replace(letter, not_before=free),)


def _analysed(reply: Reply, text: str) -> Plan:
    known, office = round_of(reply.case), reply.office
    running = reply.facts.clocks(reply.case.number)
    over = tuple(ended(c, office.now) for c in running if c.kind is ClockKind.ANALYSE)
    case = replace(reply.case, analysis=text, last_human_event=office.now)
    plan = Plan(disposition="command", number=case.number, command=True, clocks=over,
                happenings=(_said("round-analysed", reply, text),))  # fmt: skip
    above = _above(case, office)
    if above is None or above.address == case.handler:
        rest = [c for c in running if c.id not in {one.id for one in over}]
        done = _at(case, known, stage="over")
        end = closed(done, "carried-out", office, clocks=rest, actor=reply.person.address, asks=False,
                     mail=reply.mail.sha256)  # fmt: skip
        return plan + end + Plan(letters=(reply.echo(done, "analysed-over"),))
    case = _at(case, known, stage="reported", reports_to=above.address)
    case = replace(case, supervisors=tuple(dict.fromkeys((*case.supervisors, above.address))))
    clock = replace(_clock(case, ClockKind.INSTRUCT, known.entry.instruct, office), subject=above.address)
    report = round_letter(case, above.address, office, what="report", returns=reply.facts.returns(case.number),
                          text=text, by=reply.person.name, until=clock.due)  # fmt: skip
    return plan + Plan(cases=(case,), clocks=(clock,), letters=(report, reply.echo(case, "analysed", above)))


def _above(case: Case, office: Office) -> Person | None:
    """Who gets the analysis, or who stands in for them today."""
    name = round_of(case).entry.report_to
    person = person_named(name, office.index, under=case.handler or "") if name else None
    return office.index.present(person.address, office.now.astimezone(office.zone).date()) if person else None


def _handled(reply: Reply, text: str) -> Plan:
    """The handling report goes up, and the round is over."""
    case, office, known = reply.case, reply.office, round_of(reply.case)
    done = _at(replace(case, measure=text, last_human_event=office.now), known, stage="over")
    end = closed(done, "carried-out", office, clocks=reply.facts.clocks(case.number), actor=reply.person.address,
                 asks=False, mail=reply.mail.sha256)  # fmt: skip
    report = round_letter(done, known.reports_to, office, what="handled", returns=reply.facts.returns(case.number),
                          text=text, by=reply.person.name)  # fmt: skip
    said = reply.echo(done, "handled", office.index.person(known.reports_to))
    plan = Plan(disposition="command", number=case.number, command=True,
                happenings=(_said("round-handled", reply, text),))  # fmt: skip
    return plan + end + Plan(letters=(report, said))


def _at(case: Case, known: Round, **changed: str) -> Case:
    """The case with its round one stage further."""
    return replace(case, round=replace(known, **changed))  # type: ignore[arg-type]


def _said(kind: str, reply: Reply, text: str) -> Happening:
    data: dict[str, object] = {"text": text, "mail": reply.mail.sha256}
    event = Event(kind=kind, at=reply.office.now, actor=reply.person.address, human=True, data=data)
    return Happening(number=reply.case.number, event=event)


def _clock(case: Case, kind: ClockKind, words: str, office: Office) -> Clock:
    """So long from now on, or of the analysis from the day of the round's due time where that is later."""
    calendar = office.calendar_at(case.handler)
    # The due time is a closing hour: what counts from it counts from that day.
    start = max(office.now, round_of(case).due - timedelta(minutes=1)) if kind is ClockKind.ANALYSE else office.now
    end = due(start, parse_span(words), calendar)
    first = min(reminder(start, end.at, calendar), end.at)
    return Clock(case=case.number, kind=kind, start=start, due=end.at, next_at=first, provisional=end.provisional,
                 length=words)  # fmt: skip


def _is_the_rounds(clock: Clock) -> bool:
    return clock.kind is ClockKind.RETURN and not clock.subject
