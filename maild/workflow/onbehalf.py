"""A case for somebody who did not write it: recorded calls, letters, and customers' mails handed on (casework 2).

The requester is the person spoken of, the recorder a follower. The acknowledgement goes to an address that the recorder
wrote; otherwise the recorder gets the receipt, and an address found in forwarded text gets nothing before one click.
"""

from dataclasses import replace
from datetime import datetime

from maild.domain.case import Case, Event
from maild.domain.command import Answers, Decision
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Authentication, Mail
from maild.mail.behalf import Behalf, forwarded_for, written_for
from maild.workflow.desk import Desk
from maild.workflow.facts import Facts
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.opening import open_case
from maild.workflow.plan import Happening, Plan
from maild.workflow.reading import read
from maild.workflow.recognise import Lead, Recognition
from maild.workflow.triage import verdict_on, with_names, writing_of

_LONGEST = 200
"""More words above a forwarded original are a letter of their own."""


def spoken_for(mail: Mail, recognition: Recognition, office: Office) -> Behalf | None:
    """For whom a colleague's mail is; None where it is the colleague's own, or nobody vouches for it."""
    if recognition.person is None or recognition.authentication is not Authentication.AUTHENTICATED:
        return None
    if recognition.lead is not Lead.NONE:
        return None
    behalf = written_for(mail) or _handed_on(mail, office)
    if behalf is None or not behalf.address:
        return behalf
    inside = office.index.person(behalf.address) or office.index.unit_at(behalf.address) or office.own(behalf.address)
    return replace(behalf, address="") if inside and not behalf.sure else behalf


def _handed_on(mail: Mail, office: Office) -> Behalf | None:
    """A forward without an order on top, of one letter from outside."""
    behalf = forwarded_for(mail) if len(mail.fresh_text) <= _LONGEST else None
    if behalf is None or office.index.role_of(behalf.address) in {"staff", *office.pack.routes.entitled}:
        return None
    said = read(mail.fresh_text, office, by=mail.author.address, answers=Answers.NONE)
    return behalf if said.decision is Decision.NOTE and not office.own(behalf.address) else None


def open_for(behalf: Behalf, desk: Desk) -> Plan:
    """The case of the person spoken of, and the receipt to the recorder."""
    mail, recognition, office, facts = desk.mail, desk.recognition, desk.office, desk.facts
    received, triage = desk.received, desk.triage
    person = recognition.person
    assert person is not None  # noqa: S101  only a colleague's mail is spoken for
    name = _anonymous(facts, received.astimezone(office.zone), person) if behalf.anonymous else behalf.name
    author = Address(address=behalf.address if behalf.sure else "", name=name)
    theirs = replace(mail, author=author, reply_to=())
    judged = replace(theirs, author=replace(author, address=behalf.address))
    verdict = with_names(verdict_on(judged, office, triage), writing_of(judged), office, triage)
    plan = open_case(theirs, replace(recognition, person=None), verdict, office, facts=facts, received=received)
    case = plan.cases[0]
    requester = replace(
        case.requester, address=behalf.address, name=name, unconfirmed=bool(behalf.address) and not behalf.sure
    )
    known = replace(case, requester=requester, followers=(person.address,))
    event = Event(kind="recorded-for", at=office.now, actor=person.address, human=True,
                  data={"mail": mail.sha256, "anonymous": behalf.anonymous, "confirmed": behalf.sure})  # fmt: skip
    lines = tuple(line for line in plan.lines if line.kind != "not-acknowledged")
    return replace(plan, cases=(known, *plan.cases[1:]), lines=lines) + Plan(
        letters=(_receipt(known, person, office, mail=mail),),
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip


def _anonymous(facts: Facts, received: datetime, person: Person) -> str:
    number = int(facts.new_number("ANON", received.year).rpartition("-")[2])
    return f"匿名来信第{number}号" if person.language.startswith("zh") else f"anonymous letter no. {number}"


def _receipt(case: Case, person: Person, office: Office, *, mail: Mail) -> Letter:
    who = case.requester
    data: dict[str, object] = {
        "requester_name": who.name, "requester_address": who.address, "asks": who.unconfirmed,
        "missing": [office.pack.question(point, person.language) for point in case.missing],
    }  # fmt: skip
    if who.unconfirmed:
        data["key_data"] = {"requester": who.address}
    return Letter(
        kind=LetterKind.RECORDED, to=to_person(person), language=person.language, case=case.number, data=data,
        lane=Lane.REQUESTER, keyed=True, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip


def requester_confirmed(case: Case, person: Person, office: Office, *, address: str, mail: str) -> Plan:
    """确认 by the recorder: the address is the requester's from now on, and gets the acknowledgement."""
    known = replace(case, requester=replace(case.requester, unconfirmed=False), last_human_event=office.now)
    event = Event(kind="requester-confirmed", at=office.now, actor=person.address, human=True, data={"mail": mail})
    language = case.requester.language
    data: dict[str, object] = {"missing": [office.pack.question(point, language) for point in case.missing]}
    letter = Letter(
        kind=LetterKind.ACKNOWLEDGEMENT, to=Address(address=address, name=case.requester.name), language=language,
        case=case.number, data=data, lane=Lane.REQUESTER, keyed=True,
    )  # fmt: skip
    return Plan(disposition="command", number=case.number, command=True, cases=(known,), letters=(letter,),
                happenings=(Happening(number=case.number, event=event),))  # fmt: skip
