"""An expert outside wrote about a case that was forwarded to them: kept with it, and told to the handler (casework 5).

Whatever it says orders nothing, asks no status, and never reaches the requester by itself.
"""

from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.directory import Person
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.workflow.notify import lane, to_person
from maild.workflow.office import Office
from maild.workflow.originals import pairs
from maild.workflow.plan import Happening, Plan
from maild.workflow.recognise import Recognition, Writer
from maild.workflow.sight import may_read_letter


def concerns_expert(recognition: Recognition) -> bool:
    """Whether a mail is an expert's, or came under an expert's key from anybody but the requester."""
    if recognition.case is None or recognition.writer is Writer.REQUESTER:
        return False
    keyed = recognition.key is not None and recognition.key.role == "expert"
    return recognition.writer is Writer.EXPERT or keyed


def expert_wrote(case: Case, mail: Mail, recognition: Recognition, office: Office) -> Plan:
    """The mail stands in the case as from the expert, or as from somebody who is not known to be; no clock moves."""
    sure = recognition.writer is Writer.EXPERT
    data: dict[str, object] = {"mail": mail.sha256, "message_id": mail.message_id, "from": mail.author.address,
                               "confirmed": sure, "attachments": [a.filename for a in mail.files]}  # fmt: skip
    event = Event(kind="expert-wrote", at=office.now, actor=mail.author.address if sure else "unconfirmed", human=sure,
                  data=data)  # fmt: skip
    known = replace(case, last_human_event=office.now) if sure else case
    people = (office.index.person(address) for address in (case.handler, office.coordinator(case)) if address)
    return Plan(
        disposition="from-expert", number=case.number, cases=(known,),
        happenings=(Happening(number=case.number, event=event),),
        letters=tuple(_told(known, mail, office, person=p, sure=sure) for p in dict.fromkeys(people) if p),
    )  # fmt: skip


def _told(case: Case, mail: Mail, office: Office, *, person: Person, sure: bool) -> Letter:
    readable = may_read_letter(case, person, office)
    data: dict[str, object] = {"letter": None, "attachments": [], "confirmed": sure, "hidden": not readable,
                               "expert": mail.author.address if readable else ""}  # fmt: skip
    if readable:
        data |= {"mail": mail.sha256, "attach": True, "fresh": True}
    return Letter(kind=LetterKind.EXPERT_REPLY, to=to_person(person), language=person.language, case=case.number,
                  data=data, lane=lane(case), keyed=True, attachments=pairs(mail) if readable else ())  # fmt: skip
