"""Who inside hears of a case: the handler's assignment, the coordinator's and the gm's notice (casework 3)."""

from collections.abc import Sequence

from maild.domain.assign import Assignment
from maild.domain.case import Case, State
from maild.domain.conflict import excluded
from maild.domain.directory import Deliver, Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Mail
from maild.domain.verdict import Verdict
from maild.workflow.acknowledge import only_copied
from maild.workflow.office import Office
from maild.workflow.originals import pairs
from maild.workflow.sameness import noticed
from maild.workflow.sight import is_barred, may_read_letter
from maild.workflow.whoismeant import Question, asks


def lane(case: Case) -> Lane:
    """Critical mails go before everything else."""
    return Lane.ECHO if case.urgency == "critical" else Lane.WORK


def to_person(person: Person) -> Address:
    """A directory person as a recipient."""
    return Address(address=person.address, name=person.name)


def reader_of(address: str | None, office: Office) -> Person | None:
    """The person of an address, or the unit that has it as one who reads its mail."""
    unit = office.index.unit_at(address) if address else None
    person = office.index.person(address)
    if person is not None or unit is None or address is None:
        return person
    return Person(addresses=(address,), name=unit.name, language=unit.language or "zh", unit=unit.id)


def to_handler(case: Case, person: Person, office: Office) -> Address:
    """Where the handler's mail goes: to the unit's own address where it wants that and nobody has accepted yet."""
    unit = office.index.unit(case.unit) if case.unit else None
    waits = case.state in {State.NEW, State.ASSIGNED, State.REOPENED} and person.address == case.handler
    waits = waits and person.address not in case.released
    if unit is None or unit.address is None or unit.deliver is not Deliver.UNIT or not waits:
        return to_person(person)
    shared = Address(address=unit.address, name=unit.name)
    return to_person(person) if is_barred(case, unit.address, office.index) else shared


def assignment_letter(
    case: Case, office: Office, to: str, *, mail: Mail | None, reason: str, order: str = "", by: str = ""
) -> Letter:
    """The assignment of a case to one address, with the letter where its person may read it."""
    person = office.index.person(to)
    unit = office.index.unit_at(to)
    reader = person or (office.index.person(case.handler) if unit else None)
    readable = mail is not None and may_read_letter(case, reader, office)
    data: dict[str, object] = {
        "order": order, "ordered_by": by, "reason": reason, "abstract_only": not readable, "letter": None,
        "attachments": [],
    }  # fmt: skip
    if readable and mail is not None:
        data |= {"mail": mail.sha256, "attach": True}
    if reason == "new" and mail is not None:
        data["for_information"] = only_copied(mail, office)
    name = person.name if person else unit.name if unit else ""
    language = (person.language if person else unit.language if unit else None) or "zh"
    return Letter(
        kind=LetterKind.ASSIGNMENT, to=Address(address=to, name=name), language=language,
        case=case.number, data=data, lane=lane(case), keyed=True,
        attachments=pairs(mail) if readable and mail else (),
    )  # fmt: skip


def new_case_letters(
    case: Case, mail: Mail, verdict: Verdict, office: Office, *, assignment: Assignment, same: Sequence[Case],
    question: Question | None = None,
) -> tuple[Letter, ...]:  # fmt: skip
    """The assignment to the handler and a notice to each who is told, as far as each may know."""
    triage = verdict.type == "unclassified" or assignment.person is None or question is not None
    letters = []
    if assignment.person and not triage:
        letters.append(
            assignment_letter(case, office, assignment.deliver_to or assignment.person, mail=mail, reason="new")
        )
    told = [office.index.person(a) for a in (*((assignment.person,) if triage else ()), *assignment.told)]
    letters += [
        _notice(case, mail, verdict, office, person=person, assignment=assignment, same=same, question=question)
        for person in dict.fromkeys(p for p in told if p is not None)
        if triage or person.address not in {assignment.person, assignment.deliver_to}
    ]
    return tuple(letters)


def custodian_notice(case: Case, office: Office) -> tuple[Letter, ...]:
    """To the gm, without content: the case names somebody who could read the raw mail (security.md)."""
    gm = office.index.gm()
    if gm is None or gm.address == case.handler or is_barred(case, gm.address, office.index):
        return ()
    data: dict[str, object] = {"letter": None, "attachments": [], "hidden": True, "custodian": True}
    return (
        Letter(kind=LetterKind.NOTICE, to=to_person(gm), language=gm.language, case=case.number, data=data,
               lane=lane(case), keyed=True),
    )  # fmt: skip


def names_custodian(case: Case, office: Office, names: Sequence[str] | None = None) -> bool:
    """Whether a name of the case, or one of these, means somebody with access to server, database or mailbox."""
    asked = case.names if names is None else tuple(names)
    out = excluded(office.index, kind=case.type, names=asked, writer=case.requester.address)
    return any(one.custodian for address in out.named if (one := office.index.person(address)) is not None)


def question_letter(case: Case, question: Question, person: Person, office: Office, *, mail: str) -> Letter:
    """The question who is meant, of a case that others had already; `mail` is its first mail."""
    data: dict[str, object] = {"letter": None, "attachments": [], "hidden": False, **({"mail": mail} if mail else {})}
    return Letter(
        kind=LetterKind.NOTICE, to=to_person(person), language=person.language, case=case.number,
        data=data | asks(question, case, person, office), lane=lane(case), keyed=True,
    )  # fmt: skip


def _notice(
    case: Case, mail: Mail, verdict: Verdict, office: Office, *, person: Person, assignment: Assignment,
    same: Sequence[Case], question: Question | None,
) -> Letter:  # fmt: skip
    readable = may_read_letter(case, person, office) and person.address not in assignment.existence_only
    data: dict[str, object] = {
        "letter": None, "attachments": [], "hidden": not readable,
        "triage": verdict.type == "unclassified" or assignment.person is None,
        "reasons": [
            {"text": r.text, "why": r.why_for(person.language), "weight": r.weight}
            for r in (verdict.reasons if readable else ())
        ],
        "alternatives": [
            {"type": a.type, "type_name": office.pack.type_name(a.type, person.language)}
            for a in (verdict.alternatives[:3] if readable else ())
        ],
        "perhaps_same": noticed(case, same, person, office) if readable else [],
        "moved_because": assignment.moved if readable and question is None else "",
        "custodian": "gm" in person.roles and names_custodian(case, office),
    }  # fmt: skip
    if question is not None and person.address == assignment.person:
        data |= asks(question, case, person, office) | {"triage": False}
    if readable:
        data["mail"] = mail.sha256
    return Letter(
        kind=LetterKind.NOTICE, to=to_person(person), language=person.language, case=case.number, data=data,
        lane=lane(case), keyed=True,
    )  # fmt: skip
