"""The sender of a plan item hears its date, and each change of it, at most once a day (P3.4.2, P3.5.9)."""

from datetime import date, time, timedelta

from maild.domain.case import Case
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.sections import parts_of
from maild.domain.wording import day_text
from maild.domain.worktime import WorkCalendar
from maild.workflow.facts import Facts
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Sent
from maild.workflow.view import unit_label

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_WAITS = "ready"


def told_of_plan(case: Case, office: Office, facts: Facts, *, calendar: WorkCalendar, words: str = "") -> Plan:
    """The date to the requester: of several changes in a day the last alone, at its end.

    What somebody wrote to the requester with the date leaves as any answer does; where its letter is overtaken before
    it left, the words go along with the next.
    """
    who, day = case.requester, case.plan_date
    if not who.address or day is None:
        return Plan()
    earlier = [mail for mail in facts.sent_for(case.number, who.address) if mail.kind == LetterKind.PLANNED.value]
    waiting = tuple(mail.maild_id for mail in earlier if mail.state == _WAITS)
    left = [mail.sent_at or mail.queued_at for mail in earlier if mail.state not in {_WAITS, "withdrawn"}]
    text = words or (_words_before(case, facts) if waiting else "")
    free = office.now + office.hold(case)
    letter = Letter(
        kind=LetterKind.PLANNED, to=Address(address=who.address, name=who.name), language=who.language,
        case=case.number, data=_data(case, day, office, calendar) | {"text": text, "changed": bool(left)},
        lane=Lane.REQUESTER, keyed=True, not_before=free if text else max([free, *(at + _DAY for at in left)]),
    )  # fmt: skip
    return Plan(letters=(letter,), withdrawn=waiting)


def later_told(told: Plan, office: Office) -> list[str]:
    """The remark of an echo where the new date of a plan is told a day after the last one."""
    waits = any(one.kind is LetterKind.PLANNED and one.not_before and one.not_before > office.now + _HOUR
                for one in told.letters)  # fmt: skip
    return ["told-once-a-day"] if waits else []


def told_again(
    case: Case, undone: tuple[Sent, ...], office: Office, facts: Facts, *, calendar: WorkCalendar
) -> Plan:  # fmt: skip
    """After a change was taken back: the date before, where its letter had been overtaken before it left."""
    kind, ids = LetterKind.PLANNED.value, {mail.maild_id for mail in undone}
    if not any(mail.kind == kind for mail in undone):
        return Plan()
    others = [mail for mail in facts.sent_for(case.number, case.requester.address)
              if mail.kind == kind and mail.maild_id not in ids]  # fmt: skip
    overtaken = bool(others) and others[0].state == "withdrawn"
    told = told_of_plan(case, office, facts, calendar=calendar) if overtaken else Plan()
    return Plan(letters=told.letters)


def _words_before(case: Case, facts: Facts) -> str:
    """What the order before wanted to be told."""
    said = [event for event in facts.events(case.number) if event.kind == "planned"]
    return parts_of(str(said[-1].data.get("text", ""))).answer if said else ""


def _data(case: Case, day: date, office: Office, calendar: WorkCalendar) -> dict[str, object]:
    unit = office.index.unit(case.unit) if case.unit else None
    language = case.requester.language
    return {
        "date": day.isoformat(), "date_text": day_text(calendar.local(calendar.instant(day, time(12))), language),
        "unit_name": unit_label(unit, language) if unit else office.organisation.name,
        "subject": "" if case.confidential else case.subject[:60],
    }  # fmt: skip
