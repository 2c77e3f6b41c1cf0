"""What a requester may ask for by one word: a rating, and the withdrawal of the letter (casework 4 and 5)."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Clock, Event, State
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.workflow.ending import closed
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan


def rated_satisfied(case: Case, office: Office) -> Plan:
    """满意: the rating of a case that was answered; of a closed one within seven days, later it counts no more."""
    if case.state not in {State.ANSWERED, State.CLOSED}:
        return Plan()
    late = case.closed_at is not None and office.now - case.closed_at > office.pack.deadlines.after.rating
    event = Event(kind="rated", at=office.now, actor="requester", human=True,
                  data={"rating": "satisfied", "late": late})  # fmt: skip
    rated = case if late else replace(case, rating="satisfied", last_human_event=office.now)
    return Plan(cases=(rated,), happenings=(Happening(number=case.number, event=event),))


def withdrawn(case: Case, mail: Mail, office: Office, *, clocks: Sequence[Clock]) -> Plan:
    """The requester takes the letter back. Of a protected type HR or the GM office confirms, and may go on."""
    if not case.confidential:
        end = closed(case, "withdrawn", office, clocks=clocks, actor="requester", asks=True, mail=mail.sha256)
        return end + Plan(letters=_to_handler(case, office, LetterKind.ADDITION))
    data: dict[str, object] = {"mail": mail.sha256}
    event = Event(kind="withdrawal-asked", at=office.now, actor="requester", human=True, data=data)
    return Plan(
        cases=(replace(case, last_human_event=office.now),), letters=_to_handler(case, office, LetterKind.WITHDRAWAL),
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip


def _to_handler(case: Case, office: Office, kind: LetterKind) -> tuple[Letter, ...]:
    person = office.index.person(case.handler or office.coordinator(case))
    if person is None:
        return ()
    data: dict[str, object] = {"letter": None, "attachments": [], "confirmed": True, "withdrawn": True}
    return (
        Letter(kind=kind, to=to_person(person), language=person.language, case=case.number, data=data, lane=lane(case),
               keyed=True),
    )  # fmt: skip
