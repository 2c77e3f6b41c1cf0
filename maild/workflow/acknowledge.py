"""The acknowledgement 受理回执: to whom, with what, and when none may go (casework 8, RFC 3834)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from maild.domain.arrival import is_older
from maild.domain.case import Case
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address, Authentication, Mail
from maild.domain.verdict import Verdict
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.oddities import asks
from maild.workflow.office import Office
from maild.workflow.plan import Line, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.sight import is_barred
from maild.workflow.view import quotable

TOGETHER = timedelta(minutes=10)
DAY = timedelta(days=1)
MOST_A_DAY = 5
MOST_RECIPIENTS = 10
SELF_HARM = "self-harm"
HARM = frozenset({SELF_HARM, "threat"})
"""Crisis words behind which somebody may be in danger."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def acknowledgement(
    case: Case, mail: Mail, recognition: Recognition, verdict: Verdict, *, office: Office, facts: Facts
) -> Plan:
    """The acknowledgement of a new case, now, within ten minutes together with others, or none with the reason."""
    silent = why_silent(mail, recognition, verdict, office)
    if silent:
        return Plan(lines=(Line(kind="not-acknowledged", number=case.number, data={"why": silent}),))
    to = answer_address(mail, recognition, case, office)
    both = dict.fromkeys((to.address, mail.author.address))
    if any(facts.count("acknowledged", one, office.now - DAY) >= MOST_A_DAY for one in both):
        return Plan(lines=(Line(kind="not-acknowledged", number=case.number, data={"why": "rate"}),))
    last = max((at for one in both if (at := facts.last("acknowledged", one))), default=None)
    if last is not None and office.now - last < TOGETHER:
        owed: dict[str, object] = {"address": to.address, "name": to.name, "after": (last + TOGETHER).isoformat(),
                                   "author": mail.author.address}  # fmt: skip
        return Plan(lines=(Line(kind="ack-owed", who=to.address, number=case.number, data=owed),))
    letter = compose_ack(case, mail, recognition, office, facts=facts)
    return Plan(
        letters=(letter,), tallies=tuple(Tally(kind="acknowledged", who=one, number=case.number) for one in both)
    )


def compose_ack(case: Case, mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Letter:
    """The acknowledgement letter itself."""
    to = answer_address(mail, recognition, case, office)
    language = case.requester.language
    earlier = [c for c in facts.cases_of(case.requester.address, _BEGINNING) if c.number != case.number]
    believed = recognition.authentication is not Authentication.FAILED
    subject = "" if case.confidential else quotable(mail.topic, believed=believed, known=bool(earlier))
    data: dict[str, object] = {
        "subject": subject,
        "arrived_text": when(case.received, office, case.requester.address, language, case=case)
        if is_older(case.received, office.now)
        else "",
        "missing": [office.pack.question(point, language) for point in case.missing],
        **emergency_words((case,), office, language),
        "together": 1,
        "asks": asks(mail),
        "fallback": mail.author.address if to.address != mail.author.address else "",
    }
    return Letter(
        kind=LetterKind.ACKNOWLEDGEMENT, to=to, language=language, case=case.number, data=data, lane=Lane.REQUESTER,
        keyed=True, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip


def emergency_words(cases: Sequence[Case], office: Office, language: str) -> dict[str, object]:
    """That mail is no emergency call, with numbers: for what is critical, or may harm somebody (casework 6)."""
    crisis = tuple(dict.fromkeys(word for case in cases for word in case.crisis if word in HARM))
    pressing = bool(crisis) or any(case.urgency == "critical" for case in cases)
    return {
        "critical": pressing, "help": SELF_HARM in crisis,
        "phones": office.pack.phone_list(language, crisis) if pressing else [],
    }  # fmt: skip


def why_silent(mail: Mail, recognition: Recognition, verdict: Verdict, office: Office) -> str:
    """Why no acknowledgement may go, one word; "" where one should."""
    if not verdict.acknowledge:
        return "not-feedback"
    if not mail.author.address or office.own(mail.author.address):
        return "no-address"
    if recognition.authentication is Authentication.FAILED:
        return "not-authenticated"
    if len(mail.to) + len(mail.cc) > MOST_RECIPIENTS:
        return "many-recipients"
    return "for-information" if only_copied(mail, office) else ""


def may_acknowledge(mail: Mail, office: Office) -> bool:
    """Whether a mail was written to us, and to few enough that its writer may expect an answer (casework 8)."""
    return len(mail.to) + len(mail.cc) <= MOST_RECIPIENTS and not only_copied(mail, office)


def only_copied(mail: Mail, office: Office) -> bool:
    """Whether the shared address stands only in Cc or nowhere: for information, until somebody gives it a clock."""
    return not any(office.own(address.address) for address in mail.to)


def answer_address(mail: Mail, recognition: Recognition, case: Case, office: Office) -> Address:
    """Where an answer goes: Reply-To only when it has From's domain or the mail is authenticated, else From.

    Never to ourselves, and never to one whom the case excludes: a Reply-To is no way to tell them of it.
    """
    wish = mail.reply_to[0] if mail.reply_to else None
    if wish is None or not wish.address or office.own(wish.address) or is_barred(case, wish.address, office.index):
        return mail.author
    same = wish.address.rpartition("@")[2] == mail.author.address.rpartition("@")[2]
    return wish if same or recognition.authentication is Authentication.AUTHENTICATED else mail.author
