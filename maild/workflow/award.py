"""An award to somebody known by an alias: collected or declined by mail within twelve months (security.md).

HR draws the sum under the ledger number and hands it out for a code, finance hears number and sum, and neither mail
names anybody. What nobody collects lapses.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from maild.domain.award import AwardWish, award_wish
from maild.domain.case import Case, Event
from maild.domain.ledger import Entry, EntryState
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Address
from maild.domain.wording import day_text
from maild.workflow.books import Books
from maild.workflow.desk import Desk
from maild.workflow.facts import Facts
from maild.workflow.ledger import ALIAS, entries_of, pays_it, settled
from maild.workflow.ledgerletters import entry_list
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.recognise import Writer
from maild.workflow.sight import is_barred

AWARD = "award"
"""Under this name a key keeps the entry that it is for, and the database what waits to be collected."""
WITHIN = timedelta(days=365)
_REMIND_BEFORE = timedelta(days=30)
_REQUESTERS = "requester"
"""Whose line it is: no digest tells it."""
DECLINED, LAPSED = "declined-by-writer", "not-collected"
"""Notes of an entry, by their code in the catalogues."""


def awarded(entries: Sequence[Entry], office: Office, facts: Facts) -> Plan:
    """What follows when awards without a name are approved: the writer hears, and finance gets number and sum."""
    own = [(entry, case) for entry in entries
           if entry.who == ALIAS and entry.amount > 0 and (case := facts.case(entry.case)) is not None]  # fmt: skip
    plan = Plan(letters=_to_finance(own, office))
    ends = office.now + WITHIN
    for entry, case in own:
        if case.requester.address and not case.requester.unconfirmed:
            data: dict[str, object] = {"entry": entry.id, "ends": ends.isoformat(), "reminded": False}
            plan += Plan(letters=(_letter(entry, case, office, what="ready", ends=ends),),
                         lines=(Line(kind=AWARD, who=_REQUESTERS, number=case.number, data=data),),
                         happenings=(_event("award-ready", entry, office),))  # fmt: skip
    return plan


def answers_award(desk: Desk) -> bool:
    """Whether the requester says 领取 or 放弃 in answer to a letter about an award."""
    key = desk.recognition.key
    about = key is not None and AWARD in key.data and desk.recognition.writer is Writer.REQUESTER
    return about and desk.recognition.case is not None and award_wish(desk.mail.fresh_text) is not None


def award_answered(desk: Desk) -> Plan:
    """What the writer wishes, done once: the code by which HR hands the sum out, or the entry cancelled."""
    case, key, office = desk.recognition.case, desk.recognition.key, desk.office
    assert case is not None and key is not None  # noqa: S101, PT018  the row applies only then
    entry = next(iter(entries_of([key.data[AWARD]], desk.facts)), None)
    done = Plan(disposition="appended", number=case.number)
    if entry is None:
        return done
    if entry.state is not EntryState.APPROVED:
        return done + Plan(letters=(_letter(entry, case, office, what=entry.state.value, ends=key.expires),))
    mail = desk.mail.sha256
    if award_wish(desk.mail.fresh_text) is AwardWish.RENOUNCE:
        plan = settled([entry], EntryState.RENOUNCED, "requester", office, mail=mail, note=DECLINED)
        return done + plan + _told(entry, case, office, desk.facts, what="renounced", ends=key.expires)
    again = _is_claimed(entry, desk.facts)
    claimed = Plan(happenings=() if again else (_event("award-claimed", entry, office, mail=mail),))
    return done + claimed + _told(entry, case, office, desk.facts, what="claimed", ends=key.expires, again=again)


def awards_due(office: Office, books: Books) -> Plan:
    """Each morning: a reminder thirty days before an award lapses, and the end of what nobody has collected."""
    plan, done = Plan(), []
    for ident, _, line in books.lines(office.box.address, AWARD, who=_REQUESTERS):
        entry, case = next(iter(entries_of([line.data["entry"]], books)), None), books.case(line.number or "")
        ends = datetime.fromisoformat(str(line.data["ends"]))
        if entry is None or case is None or entry.state is not EntryState.APPROVED or _is_claimed(entry, books):
            done.append(ident)
        elif office.now >= ends:
            done.append(ident)
            plan += settled([entry], EntryState.LAPSED, "maild", office, note=LAPSED)
            plan += _told(entry, case, office, books, what="lapsed")
        elif office.now >= ends - _REMIND_BEFORE and not line.data["reminded"]:
            done.append(ident)
            plan += Plan(letters=(_letter(entry, case, office, what="reminder", ends=ends),),
                         lines=(replace(line, data={**line.data, "reminded": True}),),
                         happenings=(_event("award-reminded", entry, office),))  # fmt: skip
    books.lines_told(done, office.now)
    return plan


def _told(
    entry: Entry, case: Case, office: Office, facts: Facts, *, what: str, ends: datetime | None = None,
    again: bool = False,
) -> Plan:  # fmt: skip
    """The letter to the writer, and the one to HR, who has the sum."""
    code = _code(entry, office) if what == "claimed" else ""
    person = pays_it(entry, office, facts)
    ours = () if person is None or again else (entry_list([entry], person, office, what=what, code=code),)
    return Plan(letters=(_letter(entry, case, office, what=what, ends=ends, code=code), *ours))


def _code(entry: Entry, office: Office) -> str:
    """By what HR knows who may have the sum, without a name."""
    short = office.keys.short(number=entry.number, recipient=entry.case, purpose=AWARD, serial=entry.id)
    return f"{short[:4]}-{short[4:]}"


def _is_claimed(entry: Entry, facts: Facts) -> bool:
    return any(e.kind == "award-claimed" and e.data.get("id") == entry.id for e in facts.events(entry.case))


def _event(kind: str, entry: Entry, office: Office, *, mail: str = "") -> Happening:
    """Nothing of the sum's owner but that there is one."""
    who = "requester" if kind == "award-claimed" else "maild"
    data: dict[str, object] = {"id": entry.id, "mail": mail} if mail else {"id": entry.id}
    return Happening(number=entry.case, event=Event(kind=kind, at=office.now, actor=who, data=data))


def _letter(
    entry: Entry, case: Case, office: Office, *, what: str, ends: datetime | None = None, code: str = ""
) -> Letter:  # fmt: skip
    language = case.requester.language
    until = day_text(ends.astimezone(office.zone), language, year=True) if ends else ""
    payer = office.index.unit("hr")
    data: dict[str, object] = {
        "what": what, "ledger": entry.number, "amount": entry.amount, "until_text": until, "code": code,
        "unit_name": payer.name if payer else "",
        "key_data": {AWARD: entry.id}, "key_expires": ends or office.now,
    }  # fmt: skip
    to = Address(address=case.requester.address, name=case.requester.name)
    return Letter(kind=LetterKind.AWARD, to=to, language=language, case=case.number, data=data, lane=Lane.REQUESTER,
                  keyed=ends is not None)  # fmt: skip


def _to_finance(own: Sequence[tuple[Entry, Case]], office: Office) -> tuple[Letter, ...]:
    """Number and sum to the head of the unit that the pack names; nothing to one whom a case excludes."""
    unit = office.index.unit(office.pack.ledger.finance) if office.pack.ledger.finance else None
    head = office.index.person(unit.head) if unit else None
    rows = [{"ledger": entry.number, "amount": entry.amount} for entry, case in own
            if head is not None and not is_barred(case, head.address, office.index)]  # fmt: skip
    if head is None or not rows:
        return ()
    return (
        Letter(kind=LetterKind.PAYMENT, to=to_person(head), language=head.language, data={"items": rows}),
    )  # fmt: skip
