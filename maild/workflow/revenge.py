"""The answer to "has anything happened to you because of it?": 没有 is noted, 有 becomes a case of revenge (P3.6.4).

It goes straight to the gm, past everybody whom the old case or the answer complains of, and keeps the old alias.
"""

import re
from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.script import fold
from maild.domain.thanks import only_thanks
from maild.workflow.aftermath import AFTERMATH, RETALIATION
from maild.workflow.desk import Desk
from maild.workflow.opening import open_case
from maild.workflow.plan import Happening, Plan
from maild.workflow.recognise import Writer
from maild.workflow.triage import verdict_on, with_names, writing_of

_LEAD = r"\s*(?:(?:您好|你好|领导好|hello|hi)[,，.。!！:：\s]*)?(?:我|目前|暂时|到目前为止|至今)?\s*"
_END = r"(?=\s*(?:[,，.。!！;；:：~\n]|谢谢|感谢|thank|$))"
_NO = re.compile(
    rf"{_LEAD}(?:没有|没|无|并没有|还没有|都没有|没有(?:发生|遇到|受到)?(?:过)?(?:刁难|报复|打击报复|这种情况|这样的事|任何事)?"
    rf"|一切正常|no|none|nothing|nothing (?:has )?happened|no,? nothing)(?:的|过|了)?{_END}",
    re.IGNORECASE,
)
_YES = re.compile(rf"{_LEAD}(?:有|有的|有过|是|是的|确实有|yes|yes,? it has|it has)(?:的|过|了)?{_END}", re.IGNORECASE)
_BUT = re.compile(r"但|不过|只是|可是|除了|but|except|however", re.IGNORECASE)


def answers_aftermath(desk: Desk) -> bool:
    """Whether the requester says yes or no to that question, or tells something that is revenge."""
    key = desk.recognition.key
    if key is None or AFTERMATH not in key.data or desk.recognition.writer is not Writer.REQUESTER:
        return False
    if desk.recognition.case is None:
        return False
    return _says_no(desk) or _says_yes(desk)


def aftermath_answered(desk: Desk) -> Plan:
    """没有 is kept in the history; everything else opens the case."""
    case = desk.recognition.case
    assert case is not None  # noqa: S101  the row applies only then
    if not _says_no(desk):
        return _opened(case, desk)
    event = Event(kind="aftermath-none", at=desk.office.now, actor="requester", human=True,
                  data={"mail": desk.mail.sha256})  # fmt: skip
    return Plan(disposition="appended", number=case.number, happenings=(Happening(number=case.number, event=event),))


def _says_no(desk: Desk) -> bool:
    text = fold(desk.mail.fresh_text.strip()[:400])
    found = _NO.match(text)
    return found is not None and not _BUT.search(text) and (len(text) - found.end() < 12 or only_thanks(text))


def _says_yes(desk: Desk) -> bool:
    if _YES.match(fold(desk.mail.fresh_text.strip()[:400])):
        return True
    return verdict_on(desk.mail, desk.office, desk.triage).type == RETALIATION


def _opened(old: Case, desk: Desk) -> Plan:
    """A case of revenge, linked to the old one; whoever that one complains of hears nothing of this one."""
    office, mail = desk.office, desk.mail
    said = with_names(verdict_on(mail, office, desk.triage), writing_of(mail), office, desk.triage)
    rule = office.pack.policy.types_by_id[RETALIATION]
    names = tuple(dict.fromkeys((*old.names, *said.names, *desk.triage.blamed(writing_of(mail), office))))
    verdict = replace(
        said, type=RETALIATION, confidential=True, names=names, acknowledge=True, confidence=1.0,
        missing=said.missing if said.type == RETALIATION else (), summary=said.summary,
        urgency=max(said.urgency, rule.at_least, key=("low", "normal", "high", "critical").index),
    )  # fmt: skip
    plan = open_case(mail, desk.recognition, verdict, office, facts=desk.facts, received=desk.received)
    new = plan.cases[0]
    excluded = tuple(dict.fromkeys((*new.excluded, *old.excluded)))
    known = replace(new, links=tuple(dict.fromkeys((*new.links, old.number))), alias=old.alias, excluded=excluded,
                    known_by=old.known_by if old.confidential else new.known_by)  # fmt: skip
    linked = replace(old, links=tuple(dict.fromkeys((*old.links, new.number))))
    event = Event(kind="aftermath-revenge", at=office.now, actor="requester", human=True,
                  data={"mail": mail.sha256, "case": new.number})  # fmt: skip
    return replace(plan, cases=(known, *plan.cases[1:], linked)) + Plan(
        happenings=(Happening(number=old.number, event=event),)
    )
