"""`undo` 撤销 and `correction` 更正: an order taken back, and words put right that have left (casework 5, "Undo")."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Answered, Case, Event, State
from maild.domain.letter import OUTSIDE, Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.verb import HANDLER
from maild.workflow.deeds.answering import letter_out, why_not
from maild.workflow.deeds.telling import echo, happened
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.memory import FOR_GOOD, UNDO_WITHIN, Memory, as_before, letters_of, memories, unmade, words_out
from maild.workflow.notify import to_person
from maild.workflow.ordering import Order, Result, clocks_after
from maild.workflow.plan import Happening, Plan, Sent
from maild.workflow.plantold import told_again

_INSTANT = frozenset({LetterKind.ECHO.value, LetterKind.REFUSAL.value})


def undo(order: Order) -> Result:
    """The person's last order in this case, undone: nothing of it leaves, state and clocks return by a new event."""
    memory = None if FOR_GOOD in order.key.data else _last(order)
    if memory is None or order.office.now - memory.at > UNDO_WITHIN:
        return Result(refusal="nothing-to-undo")
    mails = letters_of(memory, order.facts)
    if left_already := words_out(mails):
        if any(mail.kind == LetterKind.EXPERT.value for mail in left_already):
            # 更正 would go to the requester.
            return Result(refusal="forward-sent")
        left = max(mail.sent_at or mail.queued_at for mail in left_already)
        return Result(refusal="hold-over", detail=when(left, order.office, order.person.address, order.person.language))
    if _overtaken(memory, order):
        return Result(refusal="overtaken")
    cases, clocks = as_before(memory, order.facts)
    own = next((case for case in cases if case.number == order.case.number), order.case)
    event = happened(order, "undone", {"order": memory.mail, "serial": memory.serial})
    gone, ended = unmade(memory, order.facts, order.office)
    others = tuple(_undone(case, order, memory) for case in (*cases, *gone) if case.number != order.case.number)
    plan = Plan(
        cases=(*(replace(case, last_human_event=order.office.now) for case in cases), *gone),
        clocks=(*clocks, *ended),
        withdrawn=tuple(mail.maild_id for mail in mails if mail.state == "ready"),
        publications=tuple(
            replace(one, withdrawn_at=order.office.now) for one in order.facts.publications_of(order.case.number)
            if one.mail == memory.mail and one.withdrawn_at is None
        ),
        letters=(*_withdrawn(mails, order), *_as_it_was(mails, cases, memory)), happenings=(event, *others),
    )  # fmt: skip
    plan += told_again(own, tuple(mails), order.office, order.facts, calendar=order.calendar)
    running = [c for c in clocks_after(order.clocks, clocks) if c.case == own.number]
    return Result(plan=plan, echo=echo(order, running))


def correction(order: Order) -> Result:
    """Words that put right what was sent before; state and clocks stay."""
    case, text = order.case, order.command.text.strip()
    if case.answer in {Answered.NO, Answered.RETURNED} or case.state in {State.MERGED, State.SET_ASIDE}:
        return Result(refusal="nothing-to-correct")
    if why := why_not(order, text):
        return Result(refusal=why)
    event = happened(order, "corrected", {"text": text})
    known = replace(case, last_human_event=order.office.now)
    letters = (letter_out(order, LetterKind.CORRECTION, text),)
    plan = Plan(cases=(known,), letters=letters, happenings=(event,))
    return Result(plan=plan, echo=echo(order, order.clocks, visible_to="requester"))


def undone_serials(facts: Facts, number: str) -> frozenset[tuple[str, int]]:
    """The orders of a case that were undone: the mail that gave each, and the serial of its echo's key."""
    events = (event for event in facts.events(number) if event.kind in {"undone", "answer-stopped"})
    return frozenset((str(e.data["order"]), int(str(e.data["serial"]))) for e in events)


def _last(order: Order) -> Memory | None:
    """The newest order of this person that was not undone yet; an echo's own key names its order."""
    done = undone_serials(order.facts, order.case.number)
    own = [m for m in memories(order.facts, order.case.number)
           if _is_own(m, order) and (m.mail, m.serial) not in done]  # fmt: skip
    its = "undo" in order.key.data and order.key.number == order.case.number
    named = [m for m in own if its and m.serial == order.key.serial]
    return next(iter(named or own), None)


def _is_own(memory: Memory, order: Order) -> bool:
    """Whose order it was; that of a handler who has left is now the present handler's."""
    index = order.office.index
    if HANDLER in order.roles and index.leaver(memory.person):
        return True
    return memory.person in {order.person.address, *order.person.former, order.key.recipient}


def _overtaken(memory: Memory, order: Order) -> bool:
    """Whether somebody has done something with one of the cases since."""
    own = {memory.mail, order.mail.sha256}
    return any(
        event.human and event.at >= memory.at and event.data.get("mail") not in own
        for number in (*(case.number for case in memory.cases), *memory.made) for event in order.facts.events(number)
    )  # fmt: skip


def _undone(case: Case, order: Order, memory: Memory) -> Happening:
    data: dict[str, object] = {"order": memory.mail, "serial": memory.serial, "mail": order.mail.sha256}
    event = Event(kind="undone", at=order.office.now, actor=order.person.address, human=True, data=data)
    return Happening(number=case.number, event=event)


def _as_it_was(mails: list[Sent], cases: Sequence[Case], memory: Memory) -> tuple[Letter, ...]:
    """A requester who was told of a merger or a split hears that it is undone; one who was not hears of neither."""
    numbers = list(memory.made or [case.number for case in cases])
    told = [mail for mail in mails if mail.kind == LetterKind.REGROUPED.value and mail.state != "ready"]
    return tuple(
        Letter(kind=LetterKind.REGROUPED, to=Address(address=mail.recipient, name=case.requester.name),
               language=case.requester.language, case=case.number, lane=Lane.REQUESTER, keyed=True,
               data={"what": "whole" if memory.made else "apart", "other": "", "numbers": numbers})
        for mail in told for case in cases if case.number == mail.number
    )  # fmt: skip


def _withdrawn(mails: list[Sent], order: Order) -> tuple[Letter, ...]:
    """Inside mails left at once: whoever got one hears that it counts no more."""
    letters = []
    for mail in mails:
        person = order.office.index.person(mail.recipient)
        inside = LetterKind(mail.kind) not in OUTSIDE and mail.kind not in _INSTANT
        if person is None or not inside or mail.state == "ready" or person == order.person:
            continue
        data: dict[str, object] = {"letter_name": mail.kind, "by": order.person.name}
        letters.append(
            Letter(kind=LetterKind.WITHDRAWN, to=to_person(person), language=person.language, case=mail.number,
                   data=data, lane=Lane.WORK)
        )  # fmt: skip
    return tuple(letters)
