"""`attachment` 附件 2: the case's files to whoever may read its letter, in as many mails as they need (casework 8)."""

from collections.abc import Sequence

from maild.domain.case import Event
from maild.domain.filelist import ALL_FILES
from maild.domain.letter import Lane, Letter, LetterKind
from maild.workflow.filed import CaseFile
from maild.workflow.listing import listed_file
from maild.workflow.notify import to_person
from maild.workflow.ordering import Order, Result
from maild.workflow.originals import ATTACHED_BYTES
from maild.workflow.plan import Happening, Plan
from maild.workflow.sight import may_read_letter

ALONE_BYTES = 36 << 20
"""A single file up to this size is tried in a mail of its own: encoded some 50 MB, the most that mail servers take."""
MOST_MAILS = 20
"""In answer to one order."""


def attachment(order: Order) -> Result:
    """A read: it is an event of the case, and neither silences a clock nor counts as work on the case."""
    if not may_read_letter(order.case, order.person, order.office):
        return Result(refusal="letter-hidden")
    files = order.originals.files_of(order.case, order.facts)
    if not files:
        return Result(refusal="no-attachments")
    asked = order.command.list or ALL_FILES
    wanted = {int(one) for one in asked.split(",")} if asked != ALL_FILES else {one.number for one in files}
    chosen = [one for one in files if one.number in wanted]
    if len(chosen) < len(wanted):
        return Result(refusal="no-such-attachment", detail=f"1-{len(files)}" if len(files) > 1 else "1")
    data: dict[str, object] = {"numbers": [one.number for one in chosen], "mail": order.mail.sha256}
    read = Event(kind="attachments-fetched", at=order.office.now, actor=order.person.address, data=data)
    return Result(
        plan=Plan(letters=_letters(chosen, order), happenings=(Happening(number=order.case.number, event=read),))
    )


def parcels(files: Sequence[CaseFile]) -> list[list[CaseFile]]:
    """The files in their order, as many together as fit; one that is too large for company goes alone."""
    result: list[list[CaseFile]] = []
    room = 0
    for one in files:
        if one.file.size > room:
            result.append([])
            room = ATTACHED_BYTES
        result[-1].append(one)
        room -= one.file.size
    return result


def _letters(chosen: Sequence[CaseFile], order: Order) -> tuple[Letter, ...]:
    sent = parcels([one for one in chosen if one.file.size <= ALONE_BYTES])
    left = [one for one in chosen if one.file.size > ALONE_BYTES] + [one for more in sent[MOST_MAILS:] for one in more]
    mails = sent[:MOST_MAILS] or [[]]
    return tuple(
        _letter(own, order, part=n, parts=len(mails), left=left if n == 1 else ()) for n, own in enumerate(mails, 1)
    )


def _letter(own: Sequence[CaseFile], order: Order, *, part: int, parts: int, left: Sequence[CaseFile]) -> Letter:
    person, mail = order.person, order.mail
    data: dict[str, object] = {
        "files": [_row(one) for one in own], "part": part, "parts": parts,
        "left": [{**_row(one), "large": one.file.size > ALONE_BYTES} for one in left],
    }  # fmt: skip
    return Letter(
        kind=LetterKind.FILES, to=to_person(person), language=person.language, case=order.case.number, data=data,
        lane=Lane.WORK, keyed=True, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
        attachments=tuple(one.pair for one in own),
    )  # fmt: skip


def _row(one: CaseFile) -> dict[str, object]:
    return {"n": one.number, **listed_file(one.file)}
