"""The end of a case: the moment its outcome has all it needs, and what follows from it (casework 4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind, Event
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.outcome import BY_COORDINATOR, TOLD_TO_SENDER, arrived, lacking
from maild.domain.sla import dropped, ended
from maild.domain.transitions import Trigger, move
from maild.workflow.aftermath import aftermath_owed
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.retesting import retest_asked, tester_of
from maild.workflow.unrated import rating_owed

_NOBODYS = frozenset({ClockKind.IDLE, ClockKind.WAIT})
"""Clocks whose end is nobody's merit."""
_RECEIVERS = frozenset({ClockKind.RELAY, ClockKind.RECEIPT, ClockKind.RETURN})


def outcome_of(case: Case, office: Office) -> str:
    """The outcome of the case's type; a type without one of its own ends as `resolved`, a form round is carried out."""
    if case.round:
        return "carried-out"
    found = office.pack.policy.types_by_id.get(case.type)
    return found.outcome if found and found.outcome != "none" else "resolved"


def closed(
    case: Case, outcome: str, office: Office, *, clocks: Sequence[Clock], actor: str, asks: bool, mail: str = ""
) -> Plan:  # fmt: skip
    """The case closed: no clock watches it any more. `asks`: a mail of its own asks whether this solved it.

    What a test found waits for its tester first.
    """
    if outcome == "resolved" and (tester := tester_of(case, office)):
        return retest_asked(case, tester, office, clocks=clocks, actor=actor)
    done = replace(
        case, state=move(case.state, Trigger.CLOSE), outcome=outcome, settling="", closed_at=office.now, rating="",
        waiting_since=None,
    )  # fmt: skip
    data: dict[str, object] = {"outcome": outcome, "mail": mail} | {
        name: text for name in ("analysis", "measure", "decision", "reason") if (text := getattr(case, name))
    }
    event = Event(kind="closed", at=office.now, actor=actor, human=actor != "maild", data=data)
    at_end = tuple(
        dropped(c) if c.kind in _NOBODYS or outcome in BY_COORDINATOR or _is_unsigned(c, office.now)
        else ended(c, office.now) for c in clocks
    )  # fmt: skip
    letters = (closing_letter(done, office),) if asks and is_told(done, outcome) else ()
    return rating_owed(done) + aftermath_owed(done) + Plan(cases=(done,), clocks=at_end, letters=letters,
                                    happenings=(Happening(number=case.number, event=event),))  # fmt: skip


def _is_unsigned(clock: Clock, now: datetime) -> bool:
    """Whether a receiver of a circulation still had time to sign: that it ended before is nobody's merit."""
    return clock.kind in _RECEIVERS and clock.subject != "" and now <= clock.due


def settled(case: Case, office: Office, clocks: Sequence[Clock]) -> Plan:
    """The end of a case whose outcome waited for its answer alone, now that it arrived; else nothing but the case."""
    if not case.settling or not arrived(case) or lacking(case, case.settling):
        return Plan(cases=(case,))
    return closed(case, case.settling, office, clocks=clocks, actor="maild", asks=False)


def is_told(case: Case, outcome: str) -> bool:
    """Whether the requester hears of this end by mail."""
    return bool(case.requester.address) and (outcome not in BY_COORDINATOR or outcome in TOLD_TO_SENDER)


def closing_letter(case: Case, office: Office) -> Letter:
    """The case is closed: did this solve it? Without a word of what was said inside."""
    rates = case.outcome not in BY_COORDINATOR and case.outcome != "withdrawn"
    data: dict[str, object] = {"outcome": case.outcome or "", "closing": rates, "subject": case.subject[:60]}
    return Letter(
        kind=LetterKind.CLOSED, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, data=data, lane=Lane.REQUESTER, keyed=True,
        not_before=office.now + office.hold(case),
    )  # fmt: skip
