"""A mailbox changes its mode: what gathered under the old one is offered, never sent by itself (casework 1).

From `observe`: cases of the time of watching lose their clocks, so that nothing rings for them; the coordinator gets
their list and lets go what nobody has answered meanwhile. To `observe`: what still waited in the outbox is withdrawn.
"""

from dataclasses import replace

from maild.domain.case import Event
from maild.domain.letter import LetterKind
from maild.domain.sla import dropped
from maild.workflow.books import Books
from maild.workflow.holding import WOULD_SEND
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan

_MANY = 100_000


def switched(before: str, office: Office, books: Books) -> Plan:
    """What the change from `before` ("" at the first start) to the mode of today brings with it."""
    if not before:
        return Plan()
    return _stop(office, books) if office.box.mode == "observe" else _begin(before, office, books)


def _begin(before: str, office: Office, books: Books) -> Plan:
    if before != "observe":
        return Plan()
    seen = [case.number for case in books.open_cases(office.box.address, _MANY) if case.origin == "observed"]
    watched = [case for number in seen if (case := books.case(number))]
    clocks = tuple(dropped(clock) for case in watched for clock in books.clocks(case.number))
    owed = tuple(ident for ident, _, _ in books.lines(office.box.address, "ack-owed"))
    event = Event(kind="watching-ended", at=office.now, actor="maild", data={"mode": office.box.mode})
    return Plan(
        cases=tuple(replace(case, supervisors=()) for case in watched), clocks=clocks, settled=owed,
        happenings=tuple(Happening(number=case.number, event=event) for case in watched),
    )  # fmt: skip


def _stop(office: Office, books: Books) -> Plan:
    """Mails on their way are withdrawn and stand in the next digest: later they would be a pile of old letters."""
    waiting = [mail for mail in books.unsent(office.box.address) if mail.kind != LetterKind.DIGEST.value]
    lines = tuple(
        Line(kind=WOULD_SEND, number=mail.number, data={"to": mail.recipient, "letter": mail.kind, "first": ""})
        for mail in waiting
    )
    return Plan(withdrawn=tuple(mail.maild_id for mail in waiting), lines=lines)
