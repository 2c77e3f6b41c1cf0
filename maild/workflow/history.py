"""Old mail becomes history: cases that can be found and followed, with no clock, and nothing sent to anybody.

`maild import` reads it oldest first, so that answers find what they answer. A case comes in closed; one that came in
since the day which the office names comes in open and waits on the coordinator's list, to be let go or dropped.
"""

from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Event, State
from maild.domain.letter import LetterKind
from maild.domain.message import Mail
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.holding import held_line
from maild.workflow.office import Office
from maild.workflow.opening import open_case
from maild.workflow.plan import Happening, Plan
from maild.workflow.recognise import recognise
from maild.workflow.triage import Triage, verdict_on, with_names, writing_of

_OFFERED = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.ASSIGNMENT, LetterKind.NOTICE})


@value
class Backfill:
    """How old mail is taken in."""

    triage: Triage
    open_since: datetime | None = None
    """Cases that came in since then are open; None: all are closed."""

    def plan(self, mail: Mail, office: Office, *, facts: Facts, received: datetime) -> Plan:
        """What this old mail adds to the history; its letters are left out, whatever it is."""
        recognition = recognise(mail, facts, office)
        case = recognition.case
        if mail.report is not None or mail.automatic is not None:
            return Plan(disposition="machine-mail", number=case.number if case else None, reason="imported")
        if recognition.forged:
            return Plan(disposition="refused", reason="not authenticated")
        if case is not None:
            return _added(case, mail, office, received=received)
        if office.own(mail.author.address):
            return Plan(disposition="own-mail", reason="imported: sent from the shared mailbox, of no known case")
        writing = writing_of(mail)
        verdict = with_names(verdict_on(mail, office, self.triage), writing, office, self.triage)
        then = office.at(received)
        plan = open_case(mail, recognition, verdict, then, facts=facts, received=received)
        return self._closed(plan, office)

    def _closed(self, plan: Plan, office: Office) -> Plan:
        case = plan.cases[0]
        is_open = self.open_since is not None and case.received >= self.open_since and case.state is not State.SET_ASIDE
        state = case.state if is_open or case.state is State.SET_ASIDE else State.CLOSED
        old = replace(case, state=state, origin="imported", supervisors=())
        event = Event(kind="imported", at=office.now, actor="maild", data={"state": state.value})
        offered = [one for one in plan.letters if is_open and one.kind in _OFFERED]
        return Plan(
            disposition="new-case", number=case.number, reason="imported", cases=(old,),
            happenings=(*plan.happenings, Happening(number=case.number, event=event)),
            lines=tuple(held_line(one) for one in offered),
        )  # fmt: skip


def _added(case: Case, mail: Mail, office: Office, *, received: datetime) -> Plan:
    """One more mail of a known case: an answer where it came from the shared mailbox itself. No state changes."""
    is_ours = office.own(mail.author.address)
    person = office.index.person(mail.author.address)
    actor = office.box.address if is_ours else person.address if person else "requester"
    data: dict[str, object] = {"mail": mail.sha256, "message_id": mail.message_id, "received": received.isoformat()}
    event = Event(kind="answered" if is_ours else "appended", at=office.now, actor=actor, human=True,
                  data=data | {"imported": True})  # fmt: skip
    later = replace(case, last_human_event=max(case.last_human_event, received))
    cases = (later,) if case.origin == "imported" else ()
    return Plan(disposition="answered-by-hand" if is_ours else "appended", number=case.number, reason="imported",
                cases=cases, happenings=(Happening(number=case.number, event=event),))  # fmt: skip
