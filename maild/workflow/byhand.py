"""A person wrote from the shared mailbox with a mail client of their own: it stands in Sent, and counts (casework 1).

Found by In-Reply-To, References or a key, it is the case's answer where it went to the requester: the clock stops as of
the moment it was sent, and the handler hears of it. Sent to anybody else it is an inside note of the case.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.case import Answered, Case, Clock, Event
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.sla import met, silenced
from maild.domain.transitions import Trigger, can_move, move
from maild.workflow.ending import settled
from maild.workflow.facts import Facts
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.ordering import clocks_after
from maild.workflow.plan import Happening, Plan
from maild.workflow.recognise import recognise
from maild.workflow.sight import may_read_letter
from maild.workflow.waiting import awake

_TEXT = 4000


def sent_by_hand(mail: Mail, office: Office, *, facts: Facts, received: datetime) -> Plan:
    """What a mail that somebody sent from the shared mailbox changes; `received` is when it was sent."""
    ours = facts.sent(maild_id=mail.maild_id) or facts.sent(message_id=mail.message_id)
    if ours is not None:
        return Plan(disposition="own-mail", number=ours.number, reason="our own copy")
    case = recognise(mail, facts, office).case
    if mail.automatic is not None or mail.report is not None or case is None:
        return Plan(disposition="sent-by-hand", number=case.number if case else None)
    readers = {address.address for address in (*mail.to, *mail.cc)}
    if not case.requester.address or case.requester.address not in readers:
        return Plan(disposition="sent-by-hand", number=case.number,
                    happenings=(_event("sent-by-hand", case, mail, office, received=received),))  # fmt: skip
    if not can_move(case.state, Trigger.ANSWER):
        return Plan(disposition="answered-by-hand", number=case.number,
                    happenings=(_event("answered", case, mail, office, received=received),))  # fmt: skip
    going, woken = awake(case, facts.clocks(case.number), office)
    running = clocks_after(facts.clocks(case.number), woken)
    ended = _ended(running, case, office, received=received)
    answered = replace(
        going, state=move(case.state, Trigger.ANSWER), answered_at=received, answer=Answered.SENT,
        last_human_event=max(case.last_human_event, received),
    )  # fmt: skip
    return Plan(
        disposition="answered-by-hand", number=case.number, letters=_told(answered, mail, office),
        clocks=tuple({clock.id: clock for clock in (*woken, *ended)}.values()),
        happenings=(_event("answered", case, mail, office, received=received),),
    ) + settled(answered, office, clocks_after(running, ended))  # fmt: skip


def _ended(running: Sequence[Clock], case: Case, office: Office, *, received: datetime) -> tuple[Clock, ...]:
    """The clocks that an answer ends, met when it was sent in time, however late it was found."""
    ended = (*met(running, "accept", received), *met(running, "reply", received))
    ended = tuple({clock.id: clock for clock in ended}.values())
    rest = [clock for clock in running if clock.id not in {one.id for one in ended}]
    deadlines, calendar = office.pack.deadlines, office.calendar_of(case)
    return (*ended, *silenced(rest, "reply", office.now, deadlines=deadlines, calendar=calendar))


def _event(kind: str, case: Case, mail: Mail, office: Office, *, received: datetime) -> Happening:
    data: dict[str, object] = {
        "mail": mail.sha256, "message_id": mail.message_id, "to": [a.address for a in mail.to][:20], "by": "hand",
        "sent": received.isoformat(), "text": mail.fresh_text[:_TEXT],
    }  # fmt: skip
    event = Event(kind=kind, at=office.now, actor=office.box.address, human=True, data=data)
    return Happening(number=case.number, event=event)


def _told(case: Case, mail: Mail, office: Office) -> tuple[Letter, ...]:
    """The handler hears what was answered, or the coordinator where nobody handles it yet."""
    person = office.index.person(case.handler or office.coordinator(case))
    if person is None:
        return ()
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {"letter": None, "attachments": [], "hidden": not readable}
    if readable:
        data |= {"mail": mail.sha256, "fresh": True}
    return (
        Letter(kind=LetterKind.BY_HAND, to=to_person(person), language=person.language, case=case.number, data=data,
               lane=lane(case), keyed=True),
    )  # fmt: skip
