"""`resolve` 结案 / 办结: the case ends, once its outcome has all it needs (the table of casework 4)."""

from dataclasses import replace

from maild.domain.case import Answered, Case, ClockKind, State
from maild.domain.emptyanswer import lacks_substance
from maild.domain.letter import Letter, LetterKind
from maild.domain.outcome import lacking, stated, with_words
from maild.domain.permission import NOT_YOURS
from maild.domain.sla import idle_clock
from maild.domain.transitions import Trigger, move
from maild.domain.verb import COORDINATOR, HANDLER
from maild.workflow.deeds.answering import letter_out, why_not
from maild.workflow.deeds.correct import is_unanswered
from maild.workflow.deeds.telling import echo, happened, moved
from maild.workflow.ending import closed, outcome_of
from maild.workflow.ordering import Order, Result, met_by, running_after
from maild.workflow.plan import Plan
from maild.workflow.retesting import tester_of


def resolve(order: Order) -> Result:
    """Close the case, or say what is missing; only the part named 答复来信人 leaves, of a plan item the whole."""
    move(order.case.state, Trigger.CLOSE)
    outcome, reason = stated(order.command)
    if outcome:
        return _by_coordinator(order, outcome, reason)
    if HANDLER not in order.roles and outcome_of(order.case, order.office) != "carried-out":
        return Result(refusal=NOT_YOURS)
    case, answer = with_words(order.case, order.command), order.command.text.strip()
    if case.state is State.PLANNED and answer and not order.command.measure:
        case = replace(case, analysis=case.analysis or case.measure or answer, measure=answer)
    return ended_with(order, case, answer)


def ended_with(order: Order, case: Case, answer: str) -> Result:
    """The case with what it lacked; closed now, or when its answer has arrived."""
    if is_unanswered(order):
        return Result(refusal="correction-open")
    outcome = outcome_of(case, order.office)
    tester = tester_of(case, order.office) if outcome == "resolved" else None
    # Who tests again hears by that what was done.
    missing = lacking(case, outcome, answering=bool(answer or tester), receipts_open=_receipts_open(order))
    if case.round and case.round.entry.analyse and not case.analysis:
        missing = ("analysis", *missing)
    if missing:
        return Result(refusal="incomplete", missing=missing)
    if answer and (why := why_not(order, answer)):
        return Result(refusal=why)
    words: dict[str, object] = {"outcome": outcome, "analysis": case.analysis, "measure": case.measure}
    event = happened(order, "resolved", words | ({"text": answer} if answer else {}))
    if answer or (case.answer is Answered.QUEUED and outcome != "carried-out"):
        return _settling(order, case, answer, Plan(cases=(replace(case, settling=outcome),), happenings=(event,)))
    end = closed(case, outcome, order.office, clocks=order.clocks, actor=order.person.address, asks=True,
                 mail=order.mail.sha256)  # fmt: skip
    more = ["retest-asked"] if tester else []
    return Result(plan=Plan(happenings=(event,)) + end, echo=echo(order, (), more=more))


def _settling(order: Order, case: Case, answer: str, plan: Plan) -> Result:
    """Everything is there; the case closes at the moment its answer arrives."""
    now = order.office.now
    waits = replace(plan.cases[0], state=moved(order, Trigger.ANSWER).state, last_human_event=now)
    letters: tuple[Letter, ...] = ()
    if answer:
        waits = replace(waits, answer=Answered.QUEUED, answered_at=now)
        letters = (letter_out(order, LetterKind.ANSWER, answer, closing=tester_of(case, order.office) is None),)
    clocks = met_by(order, "resolve")
    if not running_after(order, clocks):
        # A plan item has no clock but its date: until the answer has arrived somebody must see where it hangs.
        clocks += (idle_clock(waits, deadlines=order.office.pack.deadlines, calendar=order.calendar),)
    more = ["closes-on-arrival", *(["lacks-substance"] if answer and lacks_substance(answer) else [])]
    said = echo(order, running_after(order, clocks), visible_to="requester" if answer else "inside", more=more)
    return Result(
        plan=plan + Plan(cases=(waits,), clocks=clocks, letters=letters), echo=said | {"text": answer or case.measure}
    )


def _by_coordinator(order: Order, outcome: str, reason: str) -> Result:
    """Outcomes that only the coordinator states, with a reason."""
    answer = order.command.text.strip()
    if COORDINATOR not in order.roles:
        return Result(refusal=NOT_YOURS)
    if not reason:
        return Result(refusal="incomplete", missing=("reason",))
    if answer and (why := why_not(order, answer)):
        return Result(refusal=why)
    case = replace(order.case, reason=reason, last_human_event=order.office.now)
    end = closed(case, outcome, order.office, clocks=order.clocks, actor=order.person.address, asks=not answer,
                 mail=order.mail.sha256)  # fmt: skip
    letters = (letter_out(order, LetterKind.ANSWER, answer),) if answer else ()
    return Result(plan=end + Plan(letters=letters), echo=echo(order, ()))


def _receipts_open(order: Order) -> bool:
    """Whether receivers of a directive still owe their receipt; the coordinator's reason goes before that."""
    owed = {ClockKind.RELAY, ClockKind.RECEIPT, ClockKind.RETURN}
    return COORDINATOR not in order.roles and any(c.kind in owed and c.subject for c in order.clocks)
