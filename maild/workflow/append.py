"""More of a known case: the requester wrote again, or somebody else added to it (casework 2 and 5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, State
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.sla import answer_clock
from maild.domain.thanks import only_thanks
from maild.workflow.acknowledge import may_acknowledge, only_copied
from maild.workflow.facts import Facts
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan, Tally
from maild.workflow.recognise import Recognition, Writer
from maild.workflow.sight import may_read_letter

DAY = timedelta(days=1)
REOPEN_WITHIN = timedelta(days=30)


def adds_to_case(recognition: Recognition, now: datetime) -> bool:
    """Whether a mail is the requester's, or came under the requester's key; not where the case is long closed.

    30 days after the closing a new case begins, linked to the old one (casework 4).
    """
    case = recognition.case
    if case is None or (case.state is State.CLOSED and now - case.last_human_event > REOPEN_WITHIN):
        return False
    return recognition.writer is Writer.REQUESTER or recognition.key is not None


def add_confirmed(case: Case, mail: Mail, office: Office, *, facts: Facts) -> Plan:
    """The requester's own mail: to the handler, with a new clock unless it is only thanks or a receipt."""
    plan = Plan(disposition="appended", number=case.number, happenings=(_appended(case, mail, office, confirmed=True),))
    if only_thanks(mail.fresh_text):
        return plan
    if case.state in {State.ANSWERED, State.CLOSED}:
        return plan + _reopen(case, mail, office, facts=facts)
    plan += Plan(cases=(replace(case, last_human_event=office.now),))
    plan += Plan(letters=_to_handler(case, mail, office, LetterKind.ADDITION, confirmed=True))
    return plan if only_copied(mail, office) else plan + Plan(clocks=_answer_clocks(case, office, facts))


def add_unconfirmed(case: Case, mail: Mail, office: Office, *, facts: Facts, machine: bool = False) -> Plan:
    """Somebody else's mail under the requester's key: kept apart from the requester's word, no answer to its writer.

    The requester gets one line at most a day, none when the text is a machine's receipt.
    """
    plan = Plan(
        disposition="machine-mail" if machine else "appended-unconfirmed",
        number=case.number,
        happenings=(_appended(case, mail, office, confirmed=False),),
    )
    if machine:
        return plan
    plan += Plan(letters=_to_handler(case, mail, office, LetterKind.ADDITION, confirmed=False))
    who = f"{case.number} {case.requester.address}"
    if not case.requester.address or facts.count("added", who, office.now - DAY):
        return plan
    line = Letter(
        kind=LetterKind.ADDED, to=Address(address=case.requester.address, name=case.requester.name),
        language=case.requester.language, case=case.number, lane=Lane.REQUESTER, keyed=True,
    )  # fmt: skip
    return plan + Plan(letters=(line,), tallies=(Tally(kind="added", who=who, number=case.number),))


def _reopen(case: Case, mail: Mail, office: Office, *, facts: Facts) -> Plan:
    """A contradiction or a new demand opens the case again with the same unit; head and coordinator are told."""
    again = replace(
        case, state=State.REOPENED, reopened=case.reopened + 1, last_human_event=office.now, answered_at=None
    )
    event = Event(kind="reopened", at=office.now, actor="requester", human=True, data={"mail": mail.sha256})
    unit = office.index.unit(case.unit) if case.unit else None
    told = dict.fromkeys(a for a in (case.handler, unit.head if unit else None, office.coordinator(case)) if a)
    letters = [letter for a in told for letter in _to(a, case, mail, office, kind=LetterKind.REOPENED, confirmed=True)]
    if may_acknowledge(mail, office):
        to = Address(address=case.requester.address, name=case.requester.name)
        letters.append(
            Letter(kind=LetterKind.REOPENED_ACK, to=to, language=case.requester.language, case=case.number,
                   lane=Lane.REQUESTER, keyed=True, in_reply_to=mail.message_id,
                   references=(*mail.references, mail.message_id))
        )  # fmt: skip
    clocks = () if only_copied(mail, office) else _answer_clocks(again, office, facts)
    return Plan(
        disposition="reopened", cases=(again,), letters=tuple(letters), clocks=clocks,
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip


def _answer_clocks(case: Case, office: Office, facts: Facts) -> tuple[Clock, ...]:
    """The clock `answer` starts again each time the requester wrote last; first-answer goes on where it runs."""
    running = facts.clocks(case.number)
    if any(c.kind is ClockKind.FIRST_ANSWER for c in running):
        return ()
    ended = tuple(replace(c, state=ClockState.DROPPED, next_at=None) for c in running if c.kind is ClockKind.ANSWER)
    new = answer_clock(case, start=office.now, deadlines=office.pack.deadlines, calendar=office.calendar)
    return (*ended, new) if new else ended


def _to_handler(case: Case, mail: Mail, office: Office, kind: LetterKind, *, confirmed: bool) -> tuple[Letter, ...]:
    address = case.handler or office.coordinator(case)
    return _to(address, case, mail, office, kind=kind, confirmed=confirmed) if address else ()


def _to(
    address: str, case: Case, mail: Mail, office: Office, *, kind: LetterKind, confirmed: bool
) -> tuple[Letter, ...]:
    person = office.index.person(address)
    if person is None:
        return ()
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {"letter": None, "attachments": [], "confirmed": confirmed, "hidden": not readable}
    if readable:
        data |= {"mail": mail.sha256, "attach": True, "fresh": True}
    letter = Letter(
        kind=kind, to=to_person(person), language=person.language, case=case.number, data=data, lane=lane(case),
        keyed=True, attachments=pairs(mail) if readable else (),
    )  # fmt: skip
    return (letter,)


def _appended(case: Case, mail: Mail, office: Office, *, confirmed: bool) -> Happening:
    data: dict[str, object] = {
        "mail": mail.sha256,
        "message_id": mail.message_id,
        "confirmed": confirmed,
        "attachments": [a.filename for a in mail.attachments],
    }
    event = Event(kind="appended", at=office.now, actor="requester" if confirmed else "unconfirmed", human=confirmed,
                  data=data)  # fmt: skip
    return Happening(number=case.number, event=event)
