"""Another type for a case: who handles it then, by when, and who hears of it (casework 5, `type`).

What was confidential stays so and stays with those entitled; whom the case excluded stays out.
"""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.assign import Assignment, choose_handler
from maild.domain.case import Case, Clock, ClockKind, State
from maild.domain.letter import Letter
from maild.domain.message import Mail
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.route import Matter
from maild.domain.sla import clocks_for, dropped, met, start_clock
from maild.domain.transitions import Trigger, move
from maild.domain.value import value
from maild.domain.verdict import Verdict
from maild.workflow.facts import Facts
from maild.workflow.notify import assignment_letter, new_case_letters
from maild.workflow.office import Office
from maild.workflow.sight import exclusion_of
from maild.workflow.turns import Turns

_LEVELS = ("low", "normal", "high", "critical")
_BEGIN_ANEW = frozenset({ClockKind.FIRST_ANSWER, ClockKind.ANSWER, ClockKind.RESOLVE, ClockKind.RELAY})


@value
class Retyped:
    """A case under its new type."""

    case: Case
    chosen: Assignment
    moves: bool
    """Whether it has another handler now."""


def retyped(case: Case, kind: str, office: Office, *, mail: Mail | None, facts: Facts) -> Retyped:
    """The case under the type `kind`, with the handler of that type's route; `mail` is its first mail."""
    policy = office.pack.policy.types_by_id[kind]
    known = replace(
        case, type=kind, confidential=case.confidential or policy.confidential,
        urgency=max(case.urgency, policy.at_least, key=_LEVELS.index),
    )  # fmt: skip
    exclusion = exclusion_of(known, office.index)
    text = (mail.fresh_text or mail.text) if mail else ""
    matter = Matter(
        kind=kind, writer=case.requester.address, subject=case.subject, text=text, names=case.names,
        customer_kind=case.customer_kind, subject_class=case.subject_class,
    )  # fmt: skip
    chosen = choose_handler(matter, routes=office.pack.routes, index=office.index, exclusion=exclusion,
                            today=office.now.astimezone(office.zone).date(),
                            load=Turns(office, facts))  # fmt: skip
    if case.confidential and not policy.confidential and kind != NOT_FEEDBACK:
        chosen = replace(chosen, unit=case.unit, person=case.handler, deliver_to=case.handler, told=())
    out = tuple(dict.fromkeys((*case.excluded, *exclusion.excluded)))
    same = chosen.unit == case.unit and case.handler is not None and not exclusion.bars(case.handler)
    if chosen.nobody or same:
        return Retyped(case=replace(known, excluded=out, state=_state(case, chosen)), chosen=chosen, moves=False)
    given = replace(known, excluded=out, unit=chosen.unit, handler=chosen.person, supervisors=(),
                    state=_state(case, chosen, moves=True))  # fmt: skip
    return Retyped(case=given, chosen=chosen, moves=True)


def _state(case: Case, chosen: Assignment, *, moves: bool = False) -> State:
    if chosen.nobody:
        return move(case.state, Trigger.SET_ASIDE)
    state = move(case.state, Trigger.TAKE_UP) if case.state is State.SET_ASIDE else case.state
    return move(state, Trigger.ASSIGN) if moves or state is State.NEW else state


def clocks_under(before: Case, after: Retyped, running: Sequence[Clock], office: Office) -> tuple[Clock, ...]:
    """The clocks of the new type, begun now; what is set aside has none, what had none has all."""
    case = after.case
    if case.state is State.SET_ASIDE:
        return tuple(dropped(clock) for clock in running)
    triage = met(running, "type", office.now)
    if before.state is State.SET_ASIDE:
        return clocks_for(replace(case, received=office.now, last_human_event=office.now), text="",
                          deadlines=office.pack.deadlines, calendar=office.calendar_of(case))  # fmt: skip
    kinds = [kind for kind in _BEGIN_ANEW if after.moves or any(c.kind is kind for c in running)]
    if after.moves or before.handler is None:
        kinds = [ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.RESOLVE]
    old = {*kinds, *(_BEGIN_ANEW | {ClockKind.ACCEPT} if after.moves else ())}
    ended = tuple(dropped(c) for c in running if c.kind in old and c.id not in {t.id for t in triage})
    begun = (
        start_clock(case, kind, start=office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(case))
        for kind in sorted(kinds)
    )
    return (*triage, *ended, *(clock for clock in begun if clock))


def letters_under(after: Retyped, office: Office, *, mail: Mail | None, by: str) -> tuple[Letter, ...]:
    """The assignment to who has it now, and notices to those whom the type tells; none to who changed it."""
    case, chosen = after.case, after.chosen
    if case.state is State.SET_ASIDE:
        return ()
    if not after.moves or mail is None:
        to = case.handler
        return (assignment_letter(case, office, to, mail=mail, reason="retyped"),) if to and to != by else ()
    verdict = Verdict(type=case.type, confidence=1.0, names=case.names, confidential=case.confidential)
    letters = new_case_letters(case, mail, verdict, office, assignment=chosen, same=())
    return tuple(letter for letter in letters if letter.to.address != by)
