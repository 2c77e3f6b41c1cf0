"""What a return found becomes a case of its own, which stays open until it is rectified and tested again (P3.3.3)."""

from collections.abc import Sequence

from maild.domain.assign import Assignment, choose_handler, unit_handler
from maild.domain.case import Case, Event, Requester, State
from maild.domain.conflict import NOBODY
from maild.domain.directory import Person
from maild.domain.form import Row, shown
from maild.domain.formround import Findings, Return, is_finding, is_whole
from maild.domain.route import Matter
from maild.domain.sla import clocks_for
from maild.workflow.facts import Facts
from maild.workflow.formletters import round_of
from maild.workflow.notify import assignment_letter
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Plan

_SUMMARY = 120


def found(
    case: Case, new: Return, before: Sequence[Return], *, tester: Person, office: Office, facts: Facts
) -> Plan:  # fmt: skip
    """One case for each row that tells of something to rectify; what an earlier version told has its case already."""
    findings = round_of(case).entry.findings
    if findings is None:
        return Plan()
    earlier = [one for one in before if (one.receiver, one.nth) == (new.receiver, new.nth) and is_whole(one)]
    known = [_matter(row, findings) for one in earlier for row in one.rows]
    plan = Plan()
    for row in new.rows:
        if is_finding(row, findings) and _matter(row, findings) not in known:
            plan += _opened(case, row, findings, new, tester=tester, office=office, facts=facts)
    return plan


def _opened(
    round_: Case, row: Row, findings: Findings, new: Return, *, tester: Person, office: Office, facts: Facts
) -> Plan:  # fmt: skip
    form, zone = round_of(round_).form, office.zone
    number = facts.new_number(office.box.identity.case_prefix, office.now.astimezone(zone).year)
    matter = _matter(row, findings)
    chosen = _handler(row, findings, tester, office)
    case = Case(
        number=number, pack=round_.pack, mailbox=round_.mailbox, type=findings.type,
        state=State.ASSIGNED if chosen.person else State.NEW, received=office.now, subject=matter[:_SUMMARY],
        requester=Requester(address=tester.address, name=tester.name, language=tester.language, role="staff"),
        summary=matter[:_SUMMARY], unit=chosen.unit, handler=chosen.person, links=(round_.number,),
        last_human_event=office.now,
    )  # fmt: skip
    lines = [
        f"{field.name.in_language(tester.language)}: {shown(row[field.id], field, tester.language, office.index)}"
        for field in form.fields if field.id in row
    ]  # fmt: skip
    data: dict[str, object] = {"from": round_.number, "text": "\n".join(lines), "unit": case.unit,
                               "handler": case.handler, "mail": new.mail}  # fmt: skip
    event = Event(kind="found", at=office.now, actor=tester.address, human=True, data=data)
    clocks = clocks_for(case, text="", deadlines=office.pack.deadlines, calendar=office.calendar_of(case))
    to = chosen.deliver_to or chosen.person or office.coordinator(case)
    letters = (assignment_letter(case, office, to, mail=None, reason="found", order="\n".join(lines),
                                 by=tester.name),) if to else ()  # fmt: skip
    return Plan(cases=(case,), clocks=clocks, letters=letters, happenings=(Happening(number=number, event=event),))


def _handler(row: Row, findings: Findings, tester: Person, office: Office) -> Assignment:
    """The unit that the row names, else whom the pack's routes name."""
    today = office.now.astimezone(office.zone).date()
    matter = Matter(kind=findings.type, writer=tester.address, text=_matter(row, findings))
    unit = office.index.unit(row.get(findings.unit)) if findings.unit else None
    if unit is not None:
        chosen = unit_handler(unit.id, matter, index=office.index, exclusion=NOBODY, today=today)
        return chosen if chosen.person else Assignment(unit=unit.id, person=unit.head)
    return choose_handler(matter, routes=office.pack.routes, index=office.index, exclusion=NOBODY, today=today)


def _matter(row: Row, findings: Findings) -> str:
    """What was found, on one line."""
    said = [row[ident] for ident in (*findings.summary, findings.where) if row.get(ident)]
    return " ".join(dict.fromkeys(" ".join(said).split("\n")))
