"""A mail that the coordinator has triaged again: its case is judged anew by the rules of today (casework 1).

One letter stays one case. Type, handler and clocks are decided as for a new one; whom the case excludes stays out,
what was confidential stays so, and nothing leaves the organisation.
"""

from dataclasses import replace

from maild.domain.case import Case, Clock, Event, State
from maild.domain.message import Mail
from maild.domain.sla import clocks_for, dropped
from maild.workflow.acknowledge import only_copied
from maild.workflow.facts import Facts
from maild.workflow.notify import new_case_letters
from maild.workflow.office import Office
from maild.workflow.opening import chosen_for
from maild.workflow.plan import Happening, Plan
from maild.workflow.pressing import alarmed, told_of_crisis
from maild.workflow.triage import Triage, verdict_on, with_names, writing_of
from maild.workflow.whoismeant import undecided


def triaged_again(mail: Mail, case: Case, office: Office, *, facts: Facts, triage: Triage) -> Plan:
    """The case of this letter as it is from now on, and who hears of it."""
    if case.merged_into:
        return Plan(disposition="triaged-again", number=case.number, reason="its case was merged into another one")
    writing = writing_of(mail)
    verdict = with_names(verdict_on(mail, office, triage), writing, office, triage)
    names = tuple(dict.fromkeys((*case.names, *verdict.names)))
    chosen, exclusion, question = chosen_for(mail, replace(verdict, names=names), office, facts)
    state = State.SET_ASIDE if chosen.nobody else State.ASSIGNED if chosen.person else State.NEW
    again = replace(
        case, type=verdict.type, urgency=verdict.urgency, unit=chosen.unit, handler=chosen.person, state=state,
        supervisors=(), names=names, excluded=tuple(dict.fromkeys((*case.excluded, *exclusion.excluded))),
        undecided=undecided(exclusion, mail.author.address),
        confidential=case.confidential or verdict.confidential, last_human_event=office.now, answered_at=None,
        crisis=tuple(dict.fromkeys((*case.crisis, *verdict.crisis))),
    )  # fmt: skip
    again, rung = alarmed(case, again, office, facts, mail=mail)
    rung += told_of_crisis(again, tuple(word for word in verdict.crisis if word not in case.crisis), mail, office)
    events = (
        Event(kind="classified", at=office.now, actor="maild",
              data={"type": verdict.type, "confidence": verdict.confidence, "urgency": verdict.urgency, "again": True}),
        Event(kind="assigned", at=office.now, actor="maild",
              data={"unit": again.unit, "handler": again.handler, "route": chosen.route, "moved": chosen.moved}),
    )  # fmt: skip
    letters = (
        ()
        if state is State.SET_ASIDE
        else new_case_letters(again, mail, verdict, office, assignment=chosen, same=(), question=question)
    )
    return Plan(
        disposition="triaged-again", number=case.number, cases=(again,), clocks=_clocks(again, mail, office, facts),
        letters=letters, happenings=tuple(Happening(number=case.number, event=event) for event in events),
    ) + rung  # fmt: skip


def _clocks(case: Case, mail: Mail, office: Office, facts: Facts) -> tuple[Clock, ...]:
    """What ran runs no more, and everything begins now."""
    ended = tuple(dropped(clock) for clock in facts.clocks(case.number))
    if case.state is State.SET_ASIDE or only_copied(mail, office):
        return ended
    text = f"{mail.subject}\n{mail.fresh_text}"
    begun = clocks_for(replace(case, received=office.now), text=text, deadlines=office.pack.deadlines,
                       calendar=office.calendar_of(case))  # fmt: skip
    return (*ended, *begun)
