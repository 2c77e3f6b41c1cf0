"""A receiver of a circulation is away: the delegate gets it too, and the coordinator hears (casework 2)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from maild.domain.case import Case, ClockKind, ClockState, Event, State
from maild.domain.circulation import Item, item_of, with_item
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.wording import day_text
from maild.mail.absence import absence_until
from maild.workflow.circulating import circulation_letter, stands_in
from maild.workflow.facts import Facts
from maild.workflow.formletters import form_letter
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Line, Plan, Tally

_TOLD = "receiver-away"
_DAY = timedelta(days=1)


def receiver_away(
    case: Case, mail: Mail, person: Person, office: Office, *, facts: Facts, originals: Originals
) -> Plan:
    """The directory's delegate, never a name read from the mail, gets the circulation as well and may sign.

    The coordinator hears at once where the time to pass it on runs out today, else in the next digest; of one receiver
    once a day, however often the mailbox answers.
    """
    item = item_of(case.circulation, person.addresses)
    if item is None or case.state is not State.CIRCULATING or not item.owes(case.steps):
        return Plan()
    today = office.now.astimezone(office.zone).date()
    until = absence_until(mail.text, today)
    delegate = office.index.delegate(item.receiver, today)
    if delegate is not None and not stands_in(case, item, delegate.address, office):
        delegate = None
    mark = f"{case.number} {item.receiver}"
    told = Plan()
    if not facts.count(_TOLD, mark, office.now - _DAY):
        told = _told(case, item, office, facts=facts, delegate=delegate, until=until)
        told += Plan(tallies=(Tally(kind=_TOLD, who=mark, number=case.number),))
    return told + (_passed_to(case, item, delegate, office, facts=facts, originals=originals) if delegate else Plan())


def _passed_to(
    case: Case, item: Item, delegate: Person, office: Office, *, facts: Facts, originals: Originals
) -> Plan:  # fmt: skip
    beside = replace(item, beside=(*item.beside, delegate.address))
    going = replace(case, circulation=with_item(case.circulation, beside))
    if going.round:
        letter = form_letter(going, beside, delegate.address, office)
    else:
        first = originals.mail(facts.mails(case.number)[0].sha256)
        letter = circulation_letter(going, beside, delegate.address, office, mail=first,
                                    clocks=facts.clocks(case.number))  # fmt: skip
    event = Event(kind="receiver-away", at=office.now, actor="maild",
                  data={"receiver": item.receiver, "delegate": delegate.address})  # fmt: skip
    return Plan(cases=(going,), letters=(letter,), happenings=(Happening(number=case.number, event=event),))


def _told(
    case: Case, item: Item, office: Office, *, facts: Facts, delegate: Person | None, until: date | None
) -> Plan:  # fmt: skip
    """The coordinator's letter or line; nothing where the absence ends before the time does."""
    today = office.now.astimezone(office.zone).date()
    dues = [c.due for c in facts.clocks(case.number)
            if c.kind is ClockKind.RELAY and c.state is ClockState.OPEN and c.subject == item.receiver]  # fmt: skip
    due = min(dues, default=None)
    presses = due is not None and due.astimezone(office.zone).date() <= today and (until is None or until > today)
    person = office.coordinator_person(case)
    if not presses or person is None or due is None:
        data: dict[str, object] = {"handler": item.receiver, "until": until.isoformat() if until else ""}
        line = Line(kind="away-without-delegate", number=case.number, data=data)
        return Plan(lines=() if delegate else (line,))
    away = office.index.person(item.receiver)
    words: dict[str, object] = {
        "who": away.name if away else item.receiver, "delegate": delegate.name if delegate else "",
        "until": day_text(datetime.combine(until, time()), person.language) if until else "",
        "due_text": when(due, office, person.address, person.language, case=case),
    }  # fmt: skip
    return Plan(letters=(Letter(kind=LetterKind.AWAY, to=to_person(person), language=person.language, case=case.number,
                                data=words, keyed=True),))  # fmt: skip
