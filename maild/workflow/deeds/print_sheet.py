"""`print` 处理单: the case on one page of paper, for a written instruction that comes back as a photo (casework 7)."""

from maild.domain.case import Event
from maild.domain.letter import Lane, Letter, LetterKind
from maild.workflow.notify import to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import Sight, sight


def print_sheet(order: Order) -> Result:
    """A read, like `attachment`: the sheet shows what its reader may see, and the case stands as before."""
    case, person, mail = order.case, order.person, order.mail
    sees = sight(case, person, order.office)
    if sees < Sight.FACTS:
        return Result(refusal="letter-hidden")
    data: dict[str, object] = {"hidden": sees < Sight.LETTER}
    letter = Letter(
        kind=LetterKind.SHEET, to=to_person(person), language=person.language, case=case.number, data=data,
        lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
    read = Event(kind="printed", at=order.office.now, actor=person.address, data={"mail": mail.sha256})
    return Result(plan=Plan(letters=(letter,), happenings=(Happening(number=case.number, event=read),)))
