"""What a mail is to us, in the order in which it is asked; the first answer that fits decides (casework 2).

STAGES is that order. Each row: when it applies, and what is decided then.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from maild.domain.case import Case
from maild.domain.circulation import Item
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication, Mail
from maild.domain.verdict import Verdict
from maild.workflow.afterend import answered_after_end, answers_after_end
from maild.workflow.append import add_unconfirmed, adds_to_case
from maild.workflow.asked import answered, can_answer
from maild.workflow.askedround import ordered_round
from maild.workflow.besides import said_besides
from maild.workflow.blocking import is_blocked, set_apart
from maild.workflow.circulating import warned
from maild.workflow.contact import contact_confirmed
from maild.workflow.desk import Desk, may_know, once
from maild.workflow.expert import concerns_expert, expert_wrote
from maild.workflow.facts import Facts
from maild.workflow.learned import Learned, learn, names_in, names_noted, posts_in
from maild.workflow.listreply import reply_to_list
from maild.workflow.machine import machine_mail, of_no_case
from maild.workflow.mergedaway import to_merged
from maild.workflow.minutes import begins_record, confirmed_record, record_begun
from maild.workflow.office import Office
from maild.workflow.onbehalf import open_for, spoken_for
from maild.workflow.opening import open_case
from maild.workflow.order import carry_out, keyless
from maild.workflow.originals import Originals
from maild.workflow.plan import Plan
from maild.workflow.pressing import added_by_requester
from maild.workflow.quarantine import MISUSE, WRONG_KEY, misused_keys, strike, tried_by
from maild.workflow.recognise import Lead, Writer, recognise
from maild.workflow.refuse import forged, misdirected, suspicious
from maild.workflow.release import orders_about_held
from maild.workflow.returned import returned
from maild.workflow.roundasked import begins_round, confirmed_start, round_begun
from maild.workflow.suspect import why_suspect
from maild.workflow.triage import Triage, unsure, verdict_on, with_names, writing_of
from maild.workflow.watch import watch_over
from maild.workflow.withoutcase import answers_without_case, helped

HOUR = timedelta(hours=1)


def decide(
    mail: Mail, office: Office, *, facts: Facts, received: datetime, tools: tuple[Triage, Originals], released: bool
) -> Plan:  # fmt: skip
    """Everything that this mail changes."""
    recognition = recognise(mail, facts, office)
    desk = Desk(mail=mail, recognition=recognition, office=office, facts=facts, received=received, triage=tools[0],
                originals=tools[1], released=released)  # fmt: skip
    return next(act(desk) for applies, act in STAGES if applies(desk)) + strike(mail, recognition)


def _is_own(desk: Desk) -> bool:
    mail = desk.mail
    ours = desk.facts.sent(maild_id=mail.maild_id) or desk.facts.sent(message_id=mail.message_id)
    return ours is not None and mail.report is None and desk.office.own(mail.author.address)


def _returned(desk: Desk) -> Plan:
    report = desk.mail.report
    assert report is not None  # noqa: S101  the row applies only then
    return returned(desk.mail, report, desk.recognition, desk.office, facts=desk.facts)


def _forged(desk: Desk) -> Plan:
    watch = watch_over(desk.mail, desk.office, desk.triage)
    return forged(desk.mail, desk.recognition, desk.office, facts=desk.facts, watch=watch)


def _machine(desk: Desk) -> Plan:
    case = desk.recognition.case
    if case is None:
        return of_no_case(desk.mail, watch_over(desk.mail, desk.office, desk.triage))
    return machine_mail(case, desk.mail, desk.recognition, desk.office, facts=desk.facts, originals=desk.originals)


def _misuses_keys(desk: Desk) -> bool:
    who = tried_by(desk.mail.author.address, desk.recognition.authentication)
    tries = desk.facts.count(WRONG_KEY, who, desk.office.now - HOUR)
    carries = desk.recognition.wrong_key or desk.recognition.key is not None
    return carries and tries >= MISUSE and not desk.released


def _order(desk: Desk) -> Plan:
    recognition, mail = desk.recognition, desk.mail
    case = recognition.case
    if recognition.writer is not Writer.KEY_HOLDER or not may_know(desk):
        return misdirected(mail, recognition, desk.office, facts=desk.facts)
    if recognition.key is not None and recognition.key.purpose == LetterKind.RELEASE.value:
        return orders_about_held(mail, recognition, desk.office, facts=desk.facts, originals=desk.originals)
    if case is None:
        return (
            confirmed_record(desk)
            or confirmed_start(desk)
            or reply_to_list(mail, recognition, desk.office, facts=desk.facts, originals=desk.originals)
        )
    return once(desk, _carried_out)


def _carried_out(desk: Desk) -> Plan:
    mail, recognition, case = desk.mail, desk.recognition, desk.recognition.case
    assert case is not None  # noqa: S101  a reply to a list was answered before
    if refused := to_merged(mail, recognition, desk.office, facts=desk.facts):
        return refused
    learned = _learn(desk, case, _noted(desk))
    known = replace(recognition, case=learned.case)
    if said := said_besides(desk, learned.case):
        return learned.plan + said
    return learned.plan + carry_out(mail, known, desk.office, facts=desk.facts, originals=desk.originals)


def _noted(desk: Desk) -> tuple[str, ...]:
    """Whom a colleague's mail names; a doubtful one moves no case."""
    if desk.recognition.authentication is Authentication.UNKNOWN:
        return ()
    return names_noted(desk.mail.fresh_text, desk.office.index)


def _learn(desk: Desk, case: Case, names: Sequence[str], posts: Sequence[str] = ()) -> Learned:
    return learn(case, names, desk.office, facts=desk.facts, originals=desk.originals, posts=posts)


def _added(desk: Desk) -> Plan:
    own = desk.recognition.writer is Writer.REQUESTER and desk.mail.date is not None
    return once(desk, _appended) if own else _appended(desk)


def _appended(desk: Desk) -> Plan:
    case = desk.recognition.case
    assert case is not None  # noqa: S101  the row applies only then
    names = names_in(desk.mail, case, desk.office, desk.triage)
    learned = _learn(desk, case, names, posts_in(desk.mail, desk.office, desk.triage))
    if concerns_expert(desk.recognition):
        return learned.plan + expert_wrote(learned.case, desk.mail, desk.recognition, desk.office)
    if desk.recognition.writer is Writer.REQUESTER:
        return learned.plan + added_by_requester(learned.case, desk)
    # A stranger's word changes nothing; yet whom it names does not get it either.
    moved = contact_confirmed(learned.case, desk.mail, desk.recognition.key, desk.office)
    return moved or add_unconfirmed(learned.case, desk.mail, desk.office, facts=desk.facts)


def _party_without_key(desk: Desk) -> Plan:
    case = desk.recognition.case
    assert case is not None  # noqa: S101  the row applies only then
    learned = _learn(desk, case, _noted(desk))
    return learned.plan + keyless(desk.mail, replace(desk.recognition, case=learned.case), desk.office)


def _new(desk: Desk) -> Plan:
    if behalf := spoken_for(desk.mail, desk.recognition, desk.office):
        return once(desk, lambda _desk: open_for(behalf, desk))
    verdict = verdict_on(desk.mail, desk.office, desk.triage)
    recognition = desk.recognition
    suspect = why_suspect(desk.mail, recognition, desk.office)
    if suspect:
        verdict = unsure(verdict)
    verdict = with_names(verdict, writing_of(desk.mail), desk.office, desk.triage)
    verdict, round_ = (verdict, ()) if suspect else ordered_round(desk.mail, recognition, verdict, desk.office)
    if verdict.type in desk.office.pack.circulating.types:
        return once(desk, lambda one: warned(_opened(one, verdict, round_), recognition.authentication))
    plan = _opened(desk, verdict, round_)
    if suspect and plan.cases:
        plan += suspicious(desk.mail, desk.office, what=suspect, case=plan.cases[0])
    return plan


def _opened(desk: Desk, verdict: Verdict, receivers: Sequence[Item]) -> Plan:
    return open_case(desk.mail, desk.recognition, verdict, desk.office, facts=desk.facts, received=desk.received,
                     receivers=receivers)  # fmt: skip


Row = tuple[Callable[[Desk], bool], Callable[[Desk], Plan]]
STAGES: tuple[Row, ...] = (
    (_is_own, lambda _d: Plan(disposition="own-mail", reason="our own mail came back")),
    (lambda d: d.mail.report is not None, _returned),
    (lambda d: d.recognition.forged, _forged),
    (lambda d: d.mail.automatic is not None, _machine),
    (_misuses_keys, lambda d: misused_keys(d.mail)),
    (lambda d: d.recognition.key is not None and d.recognition.key.role in {"staff", "gone"}, _order),
    (answers_after_end, lambda d: once(d, answered_after_end)),
    (lambda d: concerns_expert(d.recognition) or adds_to_case(d.recognition, d.office), _added),
    (begins_record, lambda d: once(d, record_begun)),
    (begins_round, lambda d: once(d, round_begun)),
    (lambda d: d.recognition.writer is Writer.PARTY and d.recognition.lead is not Lead.NONE, _party_without_key),
    (is_blocked, set_apart),
    (can_answer, lambda d: once(d, answered)),
    (answers_without_case, lambda d: once(d, helped)),
    (lambda _d: True, _new),
)
"""When, and what then. A forgery is asked about before anything that has an effect on a case."""
