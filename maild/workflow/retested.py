"""复测通过 closes what a test found; 复测不通过 opens it again with the unit that said it was rectified (P3.3.3)."""

from dataclasses import replace

from maild.domain.case import Case, ClockKind, Event
from maild.domain.letter import LetterKind
from maild.domain.message import Authentication
from maild.domain.sla import ended
from maild.workflow.desk import Desk
from maild.workflow.ending import closed
from maild.workflow.notes import staff_letter
from maild.workflow.plan import Happening, Plan
from maild.workflow.reopening import reopened
from maild.workflow.retesting import FAILED, PASSED, may_judge


def retested(desk: Desk, case: Case) -> Plan | None:
    """What the tester's reply says of the retest; None where it says something else, or is not theirs to say."""
    key, person, text = desk.recognition.key, desk.recognition.person, desk.mail.fresh_text
    failed, passed = FAILED.match(text), PASSED.match(text)
    if case.retest != "asked" or key is None or person is None or not (failed or passed):
        return None
    if not may_judge(case, person, key.recipient, desk.office):
        return None
    if desk.recognition.authentication is Authentication.UNKNOWN and key.purpose != LetterKind.FRESH_KEY.value:
        line = text.strip().split("\n")[0][:200]
        letter = staff_letter(LetterKind.FRESH_KEY, case, person, {"command_line": line}, mail=desk.mail)
        return Plan(disposition="confirm-first", number=case.number, letters=(letter,))
    now, running = desk.office.now, desk.facts.clocks(case.number)
    over = tuple(ended(c, now) for c in running if c.kind is ClockKind.REVIEW)
    rest = tuple(c for c in running if c.id not in {one.id for one in over})
    data: dict[str, object] = {"passed": not failed, "text": text.strip()[:2000], "mail": desk.mail.sha256}
    event = Event(kind="retested", at=now, actor=person.address, human=True, data=data)
    plan = Plan(clocks=over, happenings=(Happening(number=case.number, event=event),), command=True)
    if failed:
        again = reopened(replace(case, retest=""), desk.mail, desk.office, clocks=rest, dissatisfied=True)
        return plan + again + _echo(desk, again.cases[-1], "retest-failed") + Plan(disposition="reopened")
    done = replace(case, retest="passed", last_human_event=now)
    end = closed(done, "resolved", desk.office, clocks=rest, actor=person.address, asks=False, mail=desk.mail.sha256)
    return plan + end + _echo(desk, end.cases[-1], "retest-passed") + Plan(disposition="command", number=case.number)


def _echo(desk: Desk, case: Case, verb: str) -> Plan:
    person = desk.recognition.person
    assert person is not None  # noqa: S101  asked before
    done: dict[str, object] = {"verb": verb, "visible_to": "inside"}
    return Plan(letters=(staff_letter(LetterKind.ECHO, case, person, {"done": [done]}, mail=desk.mail),))
