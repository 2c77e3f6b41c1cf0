"""What was set aside and is feedback after all is acknowledged now, with the day on which it arrived (casework 7)."""

from dataclasses import replace

from maild.domain.case import Case
from maild.domain.letter import Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.verdict import Verdict
from maild.workflow.acknowledge import acknowledgement
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.office import Office
from maild.workflow.plan import Plan
from maild.workflow.recognise import recognise


def acknowledged_late(case: Case, mail: Mail | None, office: Office, facts: Facts) -> Plan:
    """The acknowledgement as it would have gone at once; none where none may go, or where one went before."""
    if mail is None or mail.author.address != case.requester.address or mail.automatic is not None:
        return Plan()
    if any(one.kind == LetterKind.ACKNOWLEDGEMENT.value for one in facts.sent_for(case.number, mail.author.address)):
        return Plan()
    verdict = Verdict(type=case.type, confidence=1.0)
    plan = acknowledgement(case, mail, recognise(mail, facts, office), verdict, office=office, facts=facts)
    return replace(plan, letters=tuple(_dated(one, case, office) for one in plan.letters))


def _dated(letter: Letter, case: Case, office: Office) -> Letter:
    arrived = when(case.received, office, letter.to.address, letter.language, case=case)
    return replace(letter, data={**letter.data, "arrived_text": arrived})
