"""A new case: what kind it is, who must answer, by when, and who hears of it (casework 2 and 3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from maild.domain.assign import Assignment, choose_handler
from maild.domain.case import Case, Clock, ClockKind, Event, Requester, State
from maild.domain.circulation import Item
from maild.domain.conflict import Exclusion
from maild.domain.letter import LetterKind
from maild.domain.message import Mail
from maild.domain.route import Matter
from maild.domain.sla import clocks_for
from maild.domain.verdict import Verdict
from maild.mail.language import letter_language
from maild.workflow.acknowledge import acknowledgement, only_copied
from maild.workflow.circulating import goes_round, named_receivers, offering, sent_round, told_of_round
from maild.workflow.emergency import ring, woken
from maild.workflow.facts import Facts
from maild.workflow.gathering import gathered
from maild.workflow.notify import new_case_letters
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.pressing import told_of_crisis
from maild.workflow.recognise import Recognition
from maild.workflow.sameness import lines_of, perhaps_same
from maild.workflow.sight import is_barred
from maild.workflow.triage import exclusion_by, spoken
from maild.workflow.turns import Turns, turn_of
from maild.workflow.waiting import stopped
from maild.workflow.whoismeant import Question, question_of, undecided


def open_case(
    mail: Mail, recognition: Recognition, verdict: Verdict, office: Office, *, facts: Facts, received: datetime,
    receivers: Sequence[Item] = (),
) -> Plan:  # fmt: skip
    """Everything that follows from a mail that begins a case; `receivers` are those that its writer ordered."""
    chosen, exclusion, question = chosen_for(mail, verdict, office, facts)
    number = facts.new_number(office.box.identity.case_prefix, received.astimezone(office.zone).year)
    case = _case(
        number, mail, recognition, verdict, office=office, received=received, chosen=chosen, exclusion=exclusion
    )
    same = perhaps_same(case, facts)
    case = woken(case, mail, office, same=same)
    asked = acknowledgement(case, mail, recognition, verdict, office=office, facts=facts)
    case, clocks = _waiting(case, _clocks(case, mail, office), asked, office)
    crowd = None if question else gathered(case, clocks, office, facts)
    case, clocks = (crowd.case, crowd.clocks) if crowd else (case, clocks)
    plan = Plan(
        disposition="new-case", number=number, cases=(case,), clocks=clocks,
        happenings=_happenings(case, mail, verdict, chosen, recognition=recognition, office=office),
    )  # fmt: skip
    if case.state is State.SET_ASIDE:
        return plan + Plan(lines=(Line(kind="set-aside", number=number),))
    plan += asked + ring(case, office, facts) + told_of_crisis(case, case.crisis, mail, office)
    plan += turn_of(case, office)
    plan += Plan(lines=lines_of(case, same))
    receivers = receivers or named_receivers(case, mail, office)
    by_itself = goes_round(mail, recognition.authentication, office) and not only_copied(mail, office)
    if receivers and by_itself:
        return _gone_round(plan, mail, receivers, office)
    letters = new_case_letters(case, mail, verdict, office, assignment=chosen, same=same, question=question)
    if crowd:
        plan, letters = plan + crowd.plan, tuple(one for one in letters if one.kind is not LetterKind.ASSIGNMENT)
    return plan + Plan(letters=tuple(offering(letter, case, receivers, office) for letter in letters))


def _gone_round(plan: Plan, mail: Mail, receivers: Sequence[Item], office: Office) -> Plan:
    """The new case on its way to the receivers that its letter names; the coordinator gets the register."""
    case = plan.cases[-1]
    round_ = sent_round(case, receivers, office, mail=mail, by="maild", start=case.received)
    kept = tuple(clock for clock in plan.clocks if clock.kind is not ClockKind.RELAY)
    going = replace(plan, cases=(), clocks=kept) + round_
    return going + Plan(letters=told_of_round(round_.cases[-1], office, what="started"))


def chosen_for(
    mail: Mail, verdict: Verdict, office: Office, facts: Facts
) -> tuple[Assignment, Exclusion, Question | None]:
    """Who handles a letter that was judged so, who is out, and what the coordinator is asked before it moves."""
    matter = Matter(
        kind=verdict.type, writer=mail.author.address, subject=mail.topic, text=spoken(mail),
        names=verdict.names, customer_kind=verdict.customer_kind, subject_class=verdict.subject_class,
    )  # fmt: skip
    exclusion = exclusion_by(verdict, mail.author.address, office)
    today = office.now.astimezone(office.zone).date()
    chosen = choose_handler(matter, routes=office.pack.routes, index=office.index, exclusion=exclusion, today=today,
                            load=Turns(office, facts))  # fmt: skip
    question = question_of(chosen, exclusion, verdict.type, office)
    return question.asked if question else chosen, exclusion, question


def _case(
    number: str, mail: Mail, recognition: Recognition, verdict: Verdict, *, office: Office, received: datetime,
    chosen: Assignment, exclusion: Exclusion,
) -> Case:  # fmt: skip
    language = letter_language(mail.fresh_text or mail.text or mail.attached_text or mail.topic, mail.lang)
    state = State.SET_ASIDE if chosen.nobody else State.ASSIGNED if chosen.person else State.NEW
    return Case(
        number=number, pack=office.pack.id, mailbox=office.box.address, type=verdict.type, state=state,
        requester=Requester(
            address=mail.author.address, name=mail.author.name, language=language, role=verdict.sender_role
        ),
        received=received, subject=mail.topic[:200], summary=verdict.summary, urgency=verdict.urgency,
        customer_kind=verdict.customer_kind, subject_class=verdict.subject_class, unit=chosen.unit,
        handler=chosen.person, names=verdict.names, excluded=exclusion.excluded,
        undecided=undecided(exclusion, mail.author.address),
        confidential=verdict.confidential, missing=verdict.missing, last_human_event=received,
        links=_links(mail, recognition, office), crisis=verdict.crisis,
    )  # fmt: skip


def _links(mail: Mail, recognition: Recognition, office: Office) -> tuple[str, ...]:
    """The case that the mail speaks of; not where a link would tell somebody of a case that is not theirs to know."""
    case = recognition.case
    if case is None or case.confidential or is_barred(case, mail.author.address, office.index):
        return ()
    return (case.number,)


def _clocks(case: Case, mail: Mail, office: Office) -> tuple[Clock, ...]:
    """The clocks of a new case; none for what is set aside or came for information only."""
    if case.state is State.SET_ASIDE or only_copied(mail, office):
        return ()
    return clocks_for(case, text=f"{mail.topic}\n{mail.fresh_text}", deadlines=office.pack.deadlines,
                      calendar=office.calendar_of(case))  # fmt: skip


def _waiting(case: Case, clocks: tuple[Clock, ...], asked: Plan, office: Office) -> tuple[Case, tuple[Clock, ...]]:
    """The case as it waits for what its acknowledgement asks; never `accept`, and not in pressing cases."""
    asks = asked.letters or any(line.kind == "ack-owed" for line in asked.lines)
    known = office.pack.policy.points_by_id
    blind = any(known[point].waits for point in case.missing if point in known)
    if not (blind and asks and clocks) or case.state is not State.ASSIGNED or _is_pressing(case):
        return case, clocks
    waits, changed = stopped(case, clocks, office, by="maild")
    still = {clock.kind for clock in changed}
    return waits, (*(clock for clock in clocks if clock.kind not in still), *changed)


def _is_pressing(case: Case) -> bool:
    return case.urgency in {"high", "critical"} or case.type in {"retaliation", "staff-report"}


def _happenings(
    case: Case, mail: Mail, verdict: Verdict, chosen: Assignment, *, recognition: Recognition, office: Office
) -> tuple[Happening, ...]:
    opened = Event(
        kind="opened", at=office.now, actor="requester", human=True,
        data={"mail": mail.sha256, "message_id": mail.message_id, "authentication": recognition.authentication.value,
              "received": case.received.isoformat(), "attachments": [a.filename for a in mail.files]},
    )  # fmt: skip
    classified = Event(
        kind="classified", at=office.now, actor="maild",
        data={"type": verdict.type, "confidence": verdict.confidence, "urgency": verdict.urgency,
              "reasons": [[r.text, r.why, r.weight] for r in verdict.reasons]},
    )  # fmt: skip
    assigned = Event(
        kind="assigned", at=office.now, actor="maild",
        data={"unit": case.unit, "handler": case.handler, "route": chosen.route, "moved": chosen.moved},
    )  # fmt: skip
    return tuple(Happening(number=case.number, event=event) for event in (opened, classified, assigned))
