"""Night and emergencies (casework 6): whom a critical case wakes, by mail and by the second channel.

From inside: the person on duty and everybody on the type's list at once, and one rung up every quarter of an hour
until somebody accepts. From outside: the person on duty alone, who widens the alarm with one word; after three within
an hour by mail alone. A drill or a repeat wakes nobody. Whoever the case excludes is not woken, on duty or not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Case, Clock, ClockKind, Event, State
from maild.domain.channels import DUTY
from maild.domain.emergency import is_drill
from maild.domain.instant import Instant
from maild.domain.ladder import not_before
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.rungs import Staff, Told
from maild.domain.sla import later_look
from maild.mail.authentication import authentication
from maild.workflow.facts import Facts
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan, Tally
from maild.workflow.sight import is_barred, may_read_letter

CRITICAL = "critical"
OUTSIDE_AN_HOUR = 3
"""Alarms an hour from outside that ring; further ones are a mail to the person on duty and a line of the digest."""
HOUR = timedelta(hours=1)
REPEAT_WITHIN = timedelta(days=1)
_FROM_OUTSIDE = "alarm-outside"
_OVER = frozenset({State.CLOSED, State.MERGED, State.SET_ASIDE})


def woken(case: Case, mail: Mail, office: Office, *, same: Sequence[Case]) -> Case:
    """A new case with whom it wakes; `same` are the sender's earlier letters that are alike."""
    if case.urgency != CRITICAL or case.state is State.SET_ASIDE:
        return case
    repeats = [c for c in same if c.urgency == CRITICAL and c.received > case.received - REPEAT_WITHIN]
    if DUTY not in office.pack.channels.by(case.urgency, case.type):
        return replace(case, alarm="told")
    if is_drill(mail.subject, mail.fresh_text or mail.text) or any(c.state not in _OVER for c in repeats):
        return replace(case, alarm="none")
    # A colleague's name that nobody vouches for is no colleague: whoever cries wolf in it wakes one person.
    doubtful = authentication(mail, office.box.trusted_authserv_ids) is Authentication.UNKNOWN
    inside = not doubtful and office.index.person(mail.author.address) is not None
    return replace(case, alarm="wide" if inside else "duty", woken=first_woken(case, office))


def first_woken(case: Case, office: Office) -> str:
    """The person on duty; where nobody is, or that one may not know, the handler, the coordinator, the gm."""
    duty, gm = office.index.on_duty(office.now), office.index.gm()
    row = (duty.person if duty else None, case.handler, office.coordinator(case), gm.address if gm else None)
    return next((found for one in row if one and (found := free(one, case, office))), "")


def ring(case: Case, office: Office, facts: Facts) -> Plan:
    """The alarm of a case that `woken` has seen: one mail to who is woken first, one message to every channel."""
    if case.urgency != CRITICAL:
        return Plan(instants=arrived(case, office))
    if case.alarm == "told":
        return Plan(instants=messages(case, office, CRITICAL))
    if case.alarm == "none" or not case.woken:
        return Plan()
    outside = case.alarm == "duty"
    role = "duty-widen" if outside else "duty"
    plan = Plan(
        letters=tuple(called(case, (case.woken,), office, role=role, crisis=case.crisis)),
        happenings=(_event(case, office),),
    )  # fmt: skip
    if outside and facts.count(_FROM_OUTSIDE, "", office.now - HOUR) >= OUTSIDE_AN_HOUR:
        return plan + Plan(lines=(Line(kind="alarm-held", number=case.number),))
    tallies = (Tally(kind=_FROM_OUTSIDE, who="", number=case.number),) if outside else ()
    return plan + Plan(instants=messages(case, office, "outside" if outside else CRITICAL), tallies=tallies)


def widened(case: Case, clocks: Sequence[Clock], office: Office) -> tuple[Case, Plan]:
    """From now on the alarm rings for everybody on the first rung, and climbs from there."""
    wide = replace(case, alarm="wide")
    ringing = [c for c in clocks if office.pack.deadlines.alarms(wide, c.kind)]
    first, calendar = ringing[0] if ringing else None, office.calendar_of(case)
    on_it = [told.person for told in _first_rung(wide, first, office) if told.person != case.woken] if first else []
    return wide, Plan(
        cases=(wide,), instants=messages(wide, office, CRITICAL),
        letters=tuple(called(wide, on_it, office, role="called")),
        clocks=tuple(
            replace(c, start=office.now, rung=0, next_at=later_look(office.now, office.pack.deadlines, calendar))
            for c in ringing
        ),
    )  # fmt: skip


def called(
    case: Case, people: Sequence[str], office: Office, *, role: str, crisis: Sequence[str] = ()
) -> Iterator[Letter]:
    """One mail a person: go and look now. It passes the gate like every other."""
    for address in dict.fromkeys(people):
        person = office.index.person(address)
        if person is not None:
            hidden = not may_read_letter(case, person, office)
            data: dict[str, object] = {"role": role, "hidden": hidden, "crisis": [] if hidden else list(crisis)}
            yield Letter(
                kind=LetterKind.ALARM, to=to_person(person), language=person.language, case=case.number, data=data,
                lane=Lane.ECHO, keyed=True,
            )  # fmt: skip


def messages(case: Case, office: Office, kind: str) -> tuple[Instant, ...]:
    """What the second channel says of this case, number and urgency, by the ways of its pack's row; none without."""
    ways = office.pack.channels.messages(case.urgency, case.type)
    person = office.index.person(case.woken) or office.coordinator_person(case)
    language = person.language if person else "zh"
    one = Instant(kind=kind, number=case.number, urgency=case.urgency, language=language, ways=ways)
    return (one,) if ways else ()


def arrived(case: Case, office: Office) -> tuple[Instant, ...]:
    """The message on a case that is not critical, where its row has one; it waits until the quiet hours are over."""
    calendar, quiet = office.calendar_of(case), office.pack.deadlines.quiet
    return tuple(
        replace(one, not_before=not_before(office.now, case.urgency, quiet, calendar))
        for one in messages(case, office, "arrived")
    )


def _first_rung(case: Case, clock: Clock, office: Office) -> Sequence[Told]:
    staff = Staff(
        clock=clock, case=case, tree=office.index, coordinator=office.coordinator(case),
        weekly=office.pack.deadlines.gm_weekly,
    )  # fmt: skip
    rungs = staff.rungs(office.pack.deadlines.ladder(case, ClockKind.ACCEPT))
    return rungs[0] if rungs else ()


def free(address: str, case: Case, office: Office) -> str:
    """The first address of one who may know of the case; of a confidential one only who may read the letter."""
    person = office.index.person(address)
    if person is None or is_barred(case, person.address, office.index):
        return ""
    return person.address if not case.confidential or may_read_letter(case, person, office) else ""


def _event(case: Case, office: Office) -> Happening:
    data: dict[str, object] = {"alarm": case.alarm, "woken": case.woken}
    return Happening(number=case.number, event=Event(kind="alarmed", at=office.now, actor="maild", data=data))
