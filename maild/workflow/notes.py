"""Inside notes, and the letters that answer a staff mail at once."""

from maild.domain.case import Case, Event
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening


def noted(case: Case, mail: Mail, person: Person, office: Office) -> Happening:
    """What a person said inside, as an event of the case."""
    data: dict[str, object] = {"mail": mail.sha256, "text": mail.fresh_text[:4000]}
    return Happening(
        number=case.number, event=Event(kind="note", at=office.now, actor=person.address, human=True, data=data)
    )


def staff_letter(kind: LetterKind, case: Case, person: Person, data: dict[str, object], *, mail: Mail) -> Letter:
    """An answer at once to a staff mail, with a key of its own."""
    return Letter(
        kind=kind, to=to_person(person), language=person.language, case=case.number, data=data, lane=Lane.ECHO,
        keyed=True, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
