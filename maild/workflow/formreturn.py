"""A form comes back: read, checked cell by cell, kept as far as it goes, and what is faulty asked for once more."""

from collections.abc import Sequence
from dataclasses import replace

from maild.domain.case import Case, Event
from maild.domain.circulation import Item, unsigned, with_item, with_step
from maild.domain.form import Row, checked
from maild.domain.formread import answers_in, answers_in_quoted, corrected, rows_of, says_nothing_to_report
from maild.domain.formround import RETURNED, Return, is_whole, latest
from maild.domain.formsheet import rows_in
from maild.domain.sla import ended
from maild.workflow.desk import Desk
from maild.workflow.findings import found
from maild.workflow.formend import completed, said_by_owner, told_late
from maild.workflow.formletters import return_letter, round_of
from maild.workflow.formreply import Reply
from maild.workflow.plan import Happening, Plan

TAKEN = "form-returned"
"""What became of a mail that brought a form back."""
_NTH = "nth"


def answered_round(desk: Desk, case: Case) -> Plan | None:
    """What a key holder's reply to a letter of a round brings: a return, an analysis, a report.

    None where it says something else, which is read as any order.
    """
    key, person = desk.recognition.key, desk.recognition.person
    if key is None or person is None:
        return None
    reply = Reply(mail=desk.mail, case=case, key=key, person=person, office=desk.office, facts=desk.facts)
    return said_by_owner(reply) or returned(reply)


def returned(reply: Reply) -> Plan | None:
    """What the mail brings back; None where it holds nothing of the form and says something else."""
    item = reply.item
    if item is None:
        return None
    known, before = round_of(reply.case), tuple(reply.facts.returns(reply.case.number))
    old = _corrects(reply, item, before)
    rows = _rows(reply, old)
    if rows is None:
        sheets = [
            one for one in reply.mail.attachments if one.filename.lower().endswith((".xlsx", ".xls", ".et", ".csv"))
        ]
        return _answer(reply, item, None, "nothing") if sheets else None
    today = reply.office.calendar_at(item.receiver).local(reply.office.now).date()
    clean, faults = checked(rows, known.form, reply.office.index, today)
    if old is not None and (old.rows, old.faults) == (clean, faults):
        return _answer(reply, item, old, "same")
    nth = old.nth if old else max((one.nth for one in before if one.receiver == item.receiver), default=0) + 1
    versions = [one.version for one in before if (one.receiver, one.nth) == (item.receiver, nth)]
    new = Return(
        number=reply.case.number, receiver=item.receiver, nth=nth, version=max(versions, default=0) + 1,
        author=reply.person.address, at=reply.office.now, late=reply.office.now > known.due, rows=clean, faults=faults,
        mail=reply.mail.sha256,
    )  # fmt: skip
    return _taken(reply, item, new, before)


def _corrects(reply: Reply, item: Item, before: tuple[Return, ...]) -> Return | None:
    """The return that this mail changes: the one that its letter speaks of, or the receiver's only one."""
    known, nth = round_of(reply.case), reply.key.data.get(_NTH)
    if isinstance(nth, int):
        return latest(before, item.receiver, nth)
    last = latest(before, item.receiver)
    return last if last is not None and (not known.entry.several or last.faults) else None


def _rows(reply: Reply, old: Return | None) -> tuple[Row, ...] | None:
    """The rows that the mail brings: a spreadsheet, the lines above, or those filled in where the form is quoted."""
    mail, form = reply.mail, round_of(reply.case).form
    for sheet in mail.sheets:
        if found_rows := rows_in(sheet, form):
            return found_rows
    answers = answers_in(mail.fresh_text, form) or answers_in_quoted(mail.text, form)
    if answers:
        return corrected(old.rows, answers, form, old.faults) if old else rows_of(answers, form)
    return () if form.may_be_empty and says_nothing_to_report(mail.fresh_text) else None


def _taken(reply: Reply, item: Item, new: Return, before: Sequence[Return]) -> Plan:
    """The return kept; one without a fault replaces all before it and is signed."""
    case, now = reply.case, reply.office.now
    own = [one for one in before if (one.receiver, one.nth) == (new.receiver, new.nth) and not one.replaced]
    # A faulty correction leaves the good version standing until it is mended.
    gone = tuple(replace(one, replaced=True) for one in own if is_whole(new) or not is_whole(one))
    data: dict[str, object] = {
        "receiver": item.receiver, "nth": new.nth, "version": new.version, "late": new.late, "mail": reply.mail.sha256,
        "rows": len(new.rows), "faults": [[one.row, one.field, one.code] for one in new.faults],
    }  # fmt: skip
    event = Event(kind="returned", at=now, actor=reply.person.address, human=True, data=data)
    case = replace(case, last_human_event=now)
    plan = Plan(returns=(new, *gone), happenings=(Happening(number=case.number, event=event),))
    if not is_whole(new):
        return plan + Plan(cases=(case,)) + _answer(reply, item, new, "faulty")
    signed = with_step(item, RETURNED, now)
    going = replace(case, circulation=with_item(case.circulation, signed))
    running = reply.facts.clocks(case.number)
    clocks = tuple(ended(c, now) for c in running if c.subject == item.receiver and c.kind == "return")
    returns = [one for one in (*before, new) if one.id not in {old.id for old in gone} or one is new]
    plan += Plan(cases=(going,), clocks=clocks) + _answer(reply, item, new, "whole")
    plan += found(going, new, before, tester=reply.person, office=reply.office, facts=reply.facts)
    rest = tuple(c for c in running if c.id not in {one.id for one in clocks})
    if round_of(going).stage != "collecting":
        return plan + told_late(going, returns, reply.office, by=reply.person, clocks=rest)
    if unsigned(going.circulation, going.steps) or round_of(going).entry.several:
        return plan
    return plan + completed(going, returns, reply.office, clocks=rest)


def _answer(reply: Reply, item: Item, taken: Return | None, what: str) -> Plan:
    letter = return_letter(reply.case, taken, reply.person.address, reply.office, mail=reply.mail, what=what,
                           receiver=item.receiver)  # fmt: skip
    return Plan(disposition=TAKEN, number=reply.case.number, letters=(letter,), command=True)
