"""Names learned after a case was opened take effect at once (security.md, "Conflict of interest").

The requester writes more, or somebody inside notes `涉及 王强`: whoever is meant is out from this moment. The case
moves where its handler is meant, and what still waits in the outbox for them never leaves.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.domain.assign import Assignment, upwards
from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.conflict import Exclusion, excluded
from maild.domain.lookup import Index
from maild.domain.message import Mail
from maild.domain.policy import UNCLASSIFIED
from maild.domain.sla import dropped, start_clock
from maild.domain.thanks import only_thanks
from maild.domain.value import value
from maild.workflow.facts import Facts
from maild.workflow.notify import assignment_letter, custodian_notice, names_custodian, question_letter
from maild.workflow.office import Office
from maild.workflow.originals import Originals
from maild.workflow.plan import Happening, Plan
from maild.workflow.related import mails_of
from maild.workflow.sight import exclusion_of, is_barred
from maild.workflow.triage import Triage, holders, writing_of
from maild.workflow.whoismeant import question_of, undecided

_INVOLVES = re.compile(
    r"(?:涉及|牵涉|被投诉人|被举报人|投诉|举报)(?:人员|到|的是|是|的)?(?P<gap>[:：\s]*)(?P<zh>[^\n。；;!！?？]{1,80})"
    r"|\b(?:involves|concerns|complains of)\b(?P<space>[:\s]+)(?P<en>[^\n.;!?]{1,80})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[、,，/和及与]|\s+and\s+", re.IGNORECASE)
_LONGEST_NAME = 30
_OPEN = frozenset({State.NEW, State.ASSIGNED, State.IN_PROGRESS, State.WAITING, State.REOPENED})
_RESTARTED = (ClockKind.ACCEPT, ClockKind.FIRST_ANSWER, ClockKind.RESOLVE)


@value
class Learned:
    """The case as it is from now on, and what follows."""

    case: Case
    plan: Plan


def names_noted(text: str, index: Index) -> tuple[str, ...]:
    """Whom a note names: `涉及 王强、采购部`, `involves Wang Qiang`; only those whom the directory knows."""
    found = (match for match in _INVOLVES.finditer(text[:10_000]))
    pieces = (
        (piece.strip(), bool(match["gap"] or match["space"]))
        for match in found
        for piece in _BETWEEN.split(match["zh"] or match["en"])
    )
    return tuple(dict.fromkeys(piece for piece, apart in pieces if _is_known(piece, index, apart=apart)))


def _is_known(piece: str, index: Index, *, apart: bool) -> bool:
    """Whether this is somebody's name; without a gap before it only a person's whole name, or a unit's and it."""
    if not piece or len(piece) > _LONGEST_NAME:
        return False
    if apart:
        return bool(index.fitting(piece) or index.unit_meant(piece))
    begins = (mention.start for mention in index.mentions(piece))
    return any(at == 0 or index.unit_meant(piece[:at]) is not None for at in begins)


def names_in(mail: Mail, case: Case, office: Office, triage: Triage) -> tuple[str, ...]:
    """Whom more of a known case complains of; nobody in a mere thank-you.

    In a confidential or unclear case everybody counts who may be meant. In an open one the handler is spoken of all
    the time (何经理说周五发货): there a name counts where this mail is a complaint of its own, or says so.
    """
    if only_thanks(mail.fresh_text):
        return ()
    writing = writing_of(mail)
    anybody = case.confidential or case.type == UNCLASSIFIED
    blamed = triage.blamed(writing, office) if anybody else triage(writing, office).names
    return (*blamed, *names_noted(mail.fresh_text, office.index))


def posts_in(mail: Mail, office: Office, triage: Triage) -> tuple[str, ...]:
    """Posts without a name of which more of a known case complains."""
    return () if only_thanks(mail.fresh_text) else triage(writing_of(mail), office).posts


def learn(
    case: Case, names: Sequence[str], office: Office, *, facts: Facts, originals: Originals, posts: Sequence[str] = ()
) -> Learned:
    """Take names into a case: who is out now, who handles it instead, what must not leave any more."""
    new = tuple(name for name in dict.fromkeys(names) if name not in case.names)
    writer = case.requester.address
    held = excluded(office.index, kind=case.type, names=(), writer=writer, holders=holders(posts, writer, office))
    if not new and set(held.excluded) <= set(case.excluded):
        return Learned(case=case, plan=Plan())
    known = replace(case, names=(*case.names, *new), excluded=(*case.excluded, *held.excluded))
    out = exclusion_of(known, office.index)
    kept = tuple(one for one in case.supervisors if not out.bars(one))
    known = replace(known, excluded=out.excluded, supervisors=kept)
    event = Event(kind="names-learned", at=office.now, actor="maild", data={"names": list(new)})
    plan = Plan(
        cases=(known,), withdrawn=_waiting(case, out, facts),
        letters=custodian_notice(known, office) if names_custodian(known, office, new) else (),
        happenings=(Happening(number=case.number, event=event),),
    )  # fmt: skip
    fresh = excluded(office.index, kind=case.type, names=new, writer=writer)
    if fresh.ask_coordinator and case.handler in fresh.possible:
        asked = _asked(known, fresh, office, facts=facts)
        return Learned(case=asked.case, plan=plan + asked.plan)
    if case.handler is None or not is_barred(known, case.handler, office.index):
        return Learned(case=known, plan=plan)
    moved = _moved(known, out, office, facts=facts, originals=originals)
    return Learned(case=moved.case, plan=plan + moved.plan)


def moved_on(case: Case, office: Office, *, facts: Facts, originals: Originals) -> Plan:
    """The case away from a handler who is out of it by now, and from others who are."""
    out = exclusion_of(case, office.index)
    known = replace(case, excluded=tuple(dict.fromkeys((*case.excluded, *out.excluded))),
                    supervisors=tuple(one for one in case.supervisors if not out.bars(one)))  # fmt: skip
    moved = _moved(known, out, office, facts=facts, originals=originals)
    return Plan(withdrawn=_waiting(case, out, facts)) + moved.plan


def _asked(case: Case, out: Exclusion, office: Office, *, facts: Facts) -> Learned:
    """The handler may be meant by a name that fits many: the case waits with the coordinator until that is said."""
    known = Exclusion(addresses=frozenset(case.excluded), ask_coordinator=True, possible=out.possible)
    question = question_of(Assignment(unit=case.unit, person=case.handler), known, case.type, office)
    assert question is not None  # noqa: S101  it asks
    asked = question.asked
    waiting = replace(
        case, unit=asked.unit, handler=asked.person, undecided=undecided(out, case.requester.address),
        state=case.state if case.state not in _OPEN else State.ASSIGNED if asked.person else State.NEW,
    )  # fmt: skip
    data: dict[str, object] = {"unit": waiting.unit, "handler": waiting.handler, "route": "", "moved": asked.moved}
    event = Event(kind="assigned", at=office.now, actor="maild", data=data)
    mails, person = mails_of(case, facts), office.index.person(asked.person)
    letters = (
        (question_letter(waiting, question, person, office, mail=mails[0].sha256 if mails else ""),) if person else ()
    )
    return Learned(
        case=waiting,
        plan=Plan(cases=(waiting,), clocks=_clocks(waiting, office, facts), letters=letters,
                  happenings=(Happening(number=case.number, event=event),)),
    )  # fmt: skip


def _moved(case: Case, out: Exclusion, office: Office, *, facts: Facts, originals: Originals) -> Learned:
    """Open cases go to the nearest superior who is not out, confidential ones along hr, gm-office, gm (P3)."""
    above = upwards(case.handler or "", case.type, routes=office.pack.routes, index=office.index, exclusion=out)
    person = office.index.person(next((one for one in above if one != case.requester.address), None))
    unit = office.index.leads(person) if person else None
    state = case.state if case.state not in _OPEN else State.ASSIGNED if person else State.NEW
    moved = replace(
        case, unit=unit.id if unit else person.unit if person else None, handler=person.address if person else None,
        state=state,
    )  # fmt: skip
    data: dict[str, object] = {"unit": moved.unit, "handler": moved.handler, "route": "", "moved": "conflict"}
    event = Event(kind="assigned", at=office.now, actor="maild", data=data)
    mails = mails_of(case, facts)
    first = originals.mail(mails[0].sha256) if mails else None
    letters = (assignment_letter(moved, office, person.address, mail=first, reason="routed"),) if person else ()
    return Learned(
        case=moved,
        plan=Plan(cases=(moved,), clocks=_clocks(moved, office, facts), letters=letters,
                  happenings=(Happening(number=case.number, event=event),)),
    )  # fmt: skip


def _clocks(case: Case, office: Office, facts: Facts) -> tuple[Clock, ...]:
    """What the old handler had to keep waits no more; a new handler has the time that everybody has."""
    known = facts.clocks(case.number)
    if not known:
        # For information only: it has no clock until somebody gives it one.
        return ()
    running = [clock for clock in known if clock.kind in _RESTARTED and not clock.subject]
    kinds = dict.fromkeys((ClockKind.ACCEPT, *(clock.kind for clock in running))) if case.handler else ()
    begun = (
        start_clock(case, kind, start=office.now, deadlines=office.pack.deadlines, calendar=office.calendar_of(case))
        for kind in kinds
    )
    return (*(dropped(clock) for clock in running), *(clock for clock in begun if clock))


def _waiting(case: Case, out: Exclusion, facts: Facts) -> tuple[str, ...]:
    """What still waits in the outbox for who is out, and copies for mailing lists: nobody knows who reads them."""
    to = [address for address in out.excluded if address not in case.excluded]
    mails = [sent for address in to for sent in (*facts.sent_for(case.number, address), *facts.waiting(address))]
    mails += [sent for address in case.lists for sent in facts.sent_for(case.number, address)]
    return tuple(dict.fromkeys(sent.maild_id for sent in mails if sent.state == "ready"))
