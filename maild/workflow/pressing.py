"""A case that becomes critical, or shows crisis words: who is woken, who is told, also later (casework 3 and 6).

An order, another type, a second triage or more of the requester's words may do so. What a case was before decides
whether anybody is woken: it rings once, when it becomes critical.
"""

from dataclasses import replace

from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.emergency import is_drill
from maild.domain.message import Mail
from maild.domain.sla import OWN_DATE, start_clock
from maild.domain.thanks import only_thanks
from maild.workflow.append import add_confirmed
from maild.workflow.desk import Desk
from maild.workflow.emergency import CRITICAL, called, first_woken, free, ring, woken
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan
from maild.workflow.preview import with_preview
from maild.workflow.triage import Triage, writing_of

_LEVELS = ("low", "normal", "high", CRITICAL)
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def alarmed(before: Case, after: Case, office: Office, facts: Facts, *, mail: Mail | None = None) -> tuple[Case, Plan]:
    """The case with whom it wakes, where it has become critical only now; `mail` is what made it so, else an order."""
    if after.urgency != CRITICAL or before.urgency == CRITICAL or after.state in _OVER:
        return after, Plan()
    if mail is not None:
        case = woken(after, mail, office, same=())
    else:
        case = replace(after, alarm="wide", woken=first_woken(after, office))
    return case, Plan(cases=(case,)) + ring(case, office, facts)


def told_of_crisis(case: Case, words: tuple[str, ...], mail: Mail, office: Office) -> Plan:
    """One mail at once to everybody whom the pack names for these crisis words, where they may know of the case.

    `mail` holds the words; those of a drill are told to nobody.
    """
    if not words or case.state in _OVER or is_drill(mail.subject, mail.fresh_text or mail.text):
        return Plan()
    named = [person for name in office.pack.channels.told(words) for person in _people(name, office)]
    able = (found for address in named if (found := free(address, case, office)))
    people = [address for address in dict.fromkeys(able) if address != case.woken]
    event = Event(kind="crisis-told", at=office.now, actor="maild", data={"crisis": list(words), "told": people})
    return Plan(
        letters=tuple(called(case, people, office, role="crisis", crisis=words)),
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip


def added_by_requester(case: Case, desk: Desk) -> Plan:
    """The requester's own mail, with what it makes of the case's urgency; thanks make nothing of it."""
    mail, office, facts, triage = desk.mail, desk.office, desk.facts, desk.triage
    if only_thanks(mail.fresh_text):
        return add_confirmed(case, mail, office, facts=facts)
    case, more = heard_more(case, mail, office, facts=facts, triage=triage)
    plan = replace(more, clocks=()) + add_confirmed(case, mail, office, facts=facts) + Plan(clocks=more.clocks)
    return with_preview(plan, desk)


def heard_more(case: Case, mail: Mail, office: Office, *, facts: Facts, triage: Triage) -> tuple[Case, Plan]:
    """The case as more words of its requester make it: new crisis words are told, what is critical now wakes people.

    The urgency rises with them and never falls; its clocks follow.
    """
    verdict = triage(writing_of(mail), office)
    words = tuple(word for word in verdict.crisis if word not in case.crisis)
    raised = _LEVELS.index(verdict.urgency) > _LEVELS.index(case.urgency)
    level = verdict.urgency if raised and (words or verdict.urgency == CRITICAL) else case.urgency
    if not words and level == case.urgency:
        return case, Plan()
    after = replace(case, crisis=(*case.crisis, *words), urgency=level)
    after, rung = alarmed(case, after, office, facts, mail=mail)
    running = facts.clocks(case.number)
    clocks = tuple(new for clock in running if (new := clock_at(clock, case, after, office)) is not None)
    event = Event(kind="urgency-changed", at=office.now, actor="maild",
                  data={"urgency": level, "was": case.urgency, "crisis": list(words)})  # fmt: skip
    plan = Plan(cases=(after,), clocks=clocks, happenings=(Happening(number=case.number, event=event),))
    return after, plan + rung + told_of_crisis(after, words, mail, office)


def clock_at(clock: Clock, before: Case, after: Case, office: Office) -> Clock | None:
    """The clock at the case's new urgency; None where it stays. Raised, it never leaves less than its new length."""
    own = clock.length == OWN_DATE or clock.kind in {ClockKind.IDLE, ClockKind.WAIT} or after.round is not None
    if own or before.urgency == after.urgency:
        return None
    raised = _LEVELS.index(after.urgency) > _LEVELS.index(before.urgency)
    new = start_clock(after, clock.kind, start=office.now if raised else clock.start, deadlines=office.pack.deadlines,
                      calendar=office.calendar_of(after), subject=clock.subject)  # fmt: skip
    if new is None or (raised and new.due >= clock.due):
        return None
    still = after.waiting_since is not None and clock.next_at is None
    return replace(new, id=clock.id, start=clock.start, next_at=None if still else new.next_at)


def _people(name: str, office: Office) -> tuple[str, ...]:
    """Who is meant by a unit, a role or an address."""
    index = office.index
    if unit := index.unit(name):
        lead = unit.head or unit.deputy
        return (lead,) if lead else tuple(person.address for person in index.members(unit.id))
    if person := index.person(name):
        return (person.address,)
    return tuple(person.address for person in index.with_role(name))
