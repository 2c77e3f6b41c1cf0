"""What would become of one mail, without a database: the same decisions as for a mail that comes in (casework 3).

`maild classify`, `maild explain` and `maild eval` stand on this; nothing is stored and nothing is sent.
"""

from dataclasses import replace

from maild.domain.assign import Assignment, choose_handler
from maild.domain.case import Case, Clock, ClockKind
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Automatic, Mail
from maild.domain.policy import NOT_FEEDBACK
from maild.domain.route import Matter
from maild.domain.value import value
from maild.domain.verdict import Reason, Verdict
from maild.workflow.nopast import NoPast
from maild.workflow.office import Office
from maild.workflow.opening import open_case
from maild.workflow.recognise import recognise
from maild.workflow.suspect import why_suspect
from maild.workflow.triage import Triage, exclusion_by, spoken, unsure, verdict_on, with_names, writing_of
from maild.workflow.whoismeant import question_of

MACHINE = "machine"
"""The rule of a verdict that no rule of the pack gave: RFC 3834 and RFC 3464 did."""


@value
class Judgement:
    """The verdict on a mail, and the case that it would open."""

    verdict: Verdict
    case: Case | None = None
    """None: a machine's mail, which never is a case of its own."""
    clocks: tuple[Clock, ...] = ()
    acknowledgement: Letter | None = None
    silent: str = ""
    """Why no acknowledgement would go, one word."""

    @property
    def deadlines(self) -> tuple[Clock, ...]:
        """The clocks that a person must keep."""
        return tuple(clock for clock in self.clocks if clock.kind is not ClockKind.IDLE)


def judge(mail: Mail, office: Office, triage: Triage) -> Judgement:
    """What a mail that arrives now would become, as the first mail of its sender."""
    verdict = verdict_on(mail, office, triage)
    if mail.report is not None or mail.automatic is not None:
        return Judgement(verdict=_of_machine(verdict, mail, office), silent=MACHINE)
    facts = NoPast()
    recognition = recognise(mail, facts, office)
    if recognition.forged:
        return Judgement(verdict=replace(verdict, acknowledge=False), silent="not-authenticated")
    suspect = why_suspect(mail, recognition, office)
    if suspect:
        verdict = unsure(verdict)
    known = with_names(verdict, writing_of(mail), office, triage)
    plan = open_case(mail, recognition, known, office, facts=facts, received=office.now)
    said = (str(line.data.get("why", "")) for line in plan.lines if line.kind == "not-acknowledged")
    return Judgement(
        verdict=verdict,
        case=plan.cases[0],
        clocks=plan.clocks,
        acknowledgement=next((one for one in plan.letters if one.kind is LetterKind.ACKNOWLEDGEMENT), None),
        silent="suspect" if suspect else next(said, "" if verdict.acknowledge else NOT_FEEDBACK),
    )


def assignment_of(mail: Mail, verdict: Verdict, office: Office) -> Assignment:
    """Why the handler of `judge` is the handler: the route, its words, and whether a conflict moved the case."""
    matter = Matter(
        kind=verdict.type, writer=mail.author.address, subject=mail.topic, text=spoken(mail),
        names=verdict.names, customer_kind=verdict.customer_kind, subject_class=verdict.subject_class,
    )  # fmt: skip
    exclusion = exclusion_by(verdict, mail.author.address, office)
    today = office.now.astimezone(office.zone).date()
    chosen = choose_handler(matter, routes=office.pack.routes, index=office.index, exclusion=exclusion, today=today)
    question = question_of(chosen, exclusion, verdict.type, office)
    return question.asked if question else chosen


def with_shared_address(office: Office, mail: Mail) -> Office:
    """The office with the shared address that this mail was written to, where no settings name it.

    It is the first address of To or Cc in the organisation's domain that is no person's and no unit's; where there is
    none, the first of To: a mail that is asked about is taken as meant for us.
    """
    if office.box.address:
        return office
    domain = office.organisation.domain.lower()
    everybody = [_without_tag(one.address) for one in (*mail.to, *mail.cc)]
    ours = (
        a for a in everybody if a.endswith(f"@{domain}") and not (office.index.person(a) or office.index.unit_at(a))
    )
    address = next(ours, next(iter(everybody), f"{office.pack.id}@{domain}"))
    return replace(office, box=replace(office.box, address=address))


def _without_tag(address: str) -> str:
    """An address without its plus-tag (RFC 5233)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _of_machine(verdict: Verdict, mail: Mail, office: Office) -> Verdict:
    """A delivery report, automatic reply or list mail is no feedback, and nobody answers it (RFC 3834 section 2)."""
    code = mail.automatic.value if mail.automatic else f"delivery {mail.report.action.value}" if mail.report else ""
    words = mail.automatic_reason or code
    role = verdict.sender_role
    if mail.report is not None or (mail.automatic is Automatic.READ_RECEIPT and role == "unknown"):
        role = "system"
    reason = Reason(
        text=words, why=office.pack.type_name(NOT_FEEDBACK, "zh"), why_en=office.pack.type_name(NOT_FEEDBACK, "en"),
        weight=10.0, rule=MACHINE, field="header",
    )  # fmt: skip
    return Verdict(
        type=NOT_FEEDBACK, confidence=1.0, reasons=(reason,), urgency="low", sender_role=role, acknowledge=False,
        summary=verdict.summary,
    )  # fmt: skip
