"""Orders that may be are done: all of one mail or none, with one echo, and so that they can be undone (casework 5)."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.command import Command
from maild.domain.directory import Person
from maild.domain.emptyanswer import COPY, EMPTY
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.permission import may, standing
from maild.domain.value import value
from maild.workflow.deeds.table import carried_out
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.memory import FOR_GOOD, UNDO_WITHIN, WORDS, remembered, sent_anyway
from maild.workflow.notes import staff_letter
from maild.workflow.office import Office
from maild.workflow.ordering import Order, clocks_after, numbered, to_be_kept
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Key, Plan
from maild.workflow.recognise import Recognition

_QUOTED = 400
_FOR_GOOD = frozenset({"hold", "lift-hold"})
"""What no 撤销 takes back: the opposite is an order of its own, with its own reason."""


@value
class Reply:
    """One staff reply and everything its reading may look at."""

    mail: Mail
    case: Case
    key: Key
    person: Person
    recognition: Recognition
    office: Office
    facts: Facts
    originals: Originals


def refused(reply: Reply, command: Command, why: str, *, detail: str = "", missing: Sequence[str] = ()) -> Plan:
    """Tell the writer why an order is not carried out; nothing changes."""
    data: dict[str, object] = {"command": command.verb, "reason": why, "detail": detail, "missing": list(missing),
                               "fix": [], "yours": own_words(reply.mail, reply.recognition)}  # fmt: skip
    if why in {EMPTY, COPY}:
        data["key_data"] = {"anyway": sent_anyway(reply.mail.sha256, reply.key)}
    event = Event(kind="refused", at=reply.office.now, actor=reply.person.address, human=True,
                  data={"command": command.verb, "why": why, "mail": reply.mail.sha256})  # fmt: skip
    return Plan(
        disposition="refused", number=reply.case.number, reason=why, command=True,
        letters=(staff_letter(LetterKind.REFUSAL, reply.case, reply.person, data, mail=reply.mail),),
        happenings=(Happening(number=reply.case.number, event=event),),
    )  # fmt: skip


def numbers_of(reply: Reply) -> tuple[str, ...]:
    """The numbers that name the very case whose mail is answered."""
    return (reply.case.number, reply.key.number, *reply.case.absorbed)


def own_words(mail: Mail, recognition: Recognition) -> str:
    """What a person wrote, for the mail that answers it; nothing where it may be another's who wrote in their name."""
    if recognition.authentication is Authentication.UNKNOWN:
        return ""
    words = mail.fresh_text.strip()
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED].rstrip()} …"


def denied(reply: Reply, commands: Sequence[Command], acting_for: str) -> tuple[Command, str] | None:
    """The first order that this person may not give, and why."""
    coordinator = reply.office.coordinator(reply.case)
    for command in commands:
        why = may(command, actor=reply.person, case=reply.case, index=reply.office.index, coordinator=coordinator,
                  acting_for=acting_for)  # fmt: skip
        if why:
            return command, why
    return None


def do(reply: Reply, commands: Sequence[Command], *, anyway: bool = False) -> Plan:
    """Carry out orders that may be: all of them, or none where one is refused; with one echo."""
    plan, done, case = Plan(disposition="command", number=reply.case.number, command=True), [], reply.case
    running = tuple(reply.facts.clocks(case.number))
    beside = frozenset(command.verb for command in commands)
    for command in commands:
        result = carried_out(replace(_order(reply, command, case), clocks=running, anyway=anyway, beside=beside))
        if result.refusal:
            return refused(reply, command, result.refusal, detail=result.detail, missing=result.missing)
        others = {c.number for c in plan.cases} - {case.number}
        if others & {c.number for c in result.plan.cases}:
            return refused(reply, command, "one-at-a-time")
        changed = numbered(result.plan.clocks, plan.clocks)
        plan += replace(result.plan, clocks=changed)
        case = next((c for c in reversed(result.plan.cases) if c.number == case.number), case)
        running = clocks_after(running, [clock for clock in changed if clock.case == case.number])
        if result.echo:
            done.append(result.echo)
    if not done:
        return replace(plan, clocks=to_be_kept(plan.clocks))
    for_good = beside <= _FOR_GOOD
    done = done if for_good else _with_hold(done, plan, reply)
    undoing = for_good or "undo" in beside
    memory = {} if undoing else remembered(plan, reply.facts, reply.office, mail=reply.mail.sha256, key=reply.key)
    data: dict[str, object] = {"done": done, "for_good": for_good}
    if memory or for_good:
        data["key_data"] = {"undo": memory} if memory else {FOR_GOOD: True}
    goes_on = next((c for c in reversed(plan.cases) if c.number == case.merged_into), case)
    echo = staff_letter(LetterKind.ECHO, goes_on, reply.person, data, mail=reply.mail)
    plan += Plan(withdrawn=_no_longer_asked(reply, case))
    return replace(plan, clocks=to_be_kept(plan.clocks), letters=(*plan.letters, echo))


def _no_longer_asked(reply: Reply, case: Case) -> tuple[str, ...]:
    """A question that still waits for its hold, where its answer is not waited for any more."""
    if reply.case.waiting_since is None or case.waiting_since is not None:
        return ()
    mails = reply.facts.sent_for(case.number, case.requester.address)
    return tuple(m.maild_id for m in mails if m.kind == LetterKind.QUESTION.value and m.state == "ready")


def _with_hold(done: list[dict[str, object]], plan: Plan, reply: Reply) -> list[dict[str, object]]:
    """What the echo says of taking it back: until when words to the outside are held, or until when an undo counts."""
    office, language = reply.office, reply.person.language
    hold = office.hold(reply.case)
    held = any(letter.kind in WORDS for letter in plan.letters)
    if held and not hold:
        return done
    until = when(office.now + (hold if held else UNDO_WITHIN), office, reply.person.address, language)
    minutes = int(hold.total_seconds() // 60)
    said: dict[str, object] = (
        {"held_until_text": until, "hold_minutes": minutes} if held else {"undo_until_text": until}
    )
    # What an order began anew is taken back by none.
    changed = any(reply.facts.case(case.number) for case in plan.cases)
    return [*done[:-1], done[-1] | said] if changed else done


def _order(reply: Reply, command: Command, case: Case) -> Order:
    roles = standing(reply.person, case, index=reply.office.index, coordinator=reply.office.coordinator(case),
                     acting_for=reply.key.recipient)  # fmt: skip
    return Order(command=command, case=case, clocks=(), mail=reply.mail, person=reply.person, office=reply.office,
                 facts=reply.facts, originals=reply.originals, key=reply.key, roles=roles)  # fmt: skip
