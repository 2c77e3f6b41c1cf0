"""The ledger's proposals by mail: with the morning's digest a numbered list to who decides, and what a reply decides.

A yes is confirmed by a second mail (security.md), a no counts at once. What was approved goes to HR, who pays awards
and says so; of a confidential case they see number and sum.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.case import Event
from maild.domain.directory import Person
from maild.domain.ledger import Entry, EntryState
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.numbered import Numbered
from maild.domain.ruling import read_ruling
from maild.domain.wording import day_text
from maild.workflow.facts import Facts
from maild.workflow.ledger import ALIAS, decider
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Key, Plan
from maild.workflow.recognise import Recognition
from maild.workflow.view import unit_label

LEDGER = "ledger"
"""Under this name a key keeps the ids of the entries that its letter shows, in their order."""
MOST_ROWS = 60
CONFIRM_WITHIN = timedelta(hours=24)
_PAID_BY = "hr"


def ledger_lists(office: Office, facts: Facts) -> Plan:
    """One letter to each who decides something that waits."""
    by_person: dict[str, list[Entry]] = {}
    for entry in facts.ledger_proposed(office.box.address):
        person = _decides(entry, office, facts)
        if person is not None:
            by_person.setdefault(person.address, []).append(entry)
    people = {address: office.index.person(address) for address in by_person}
    letters = [_list(own, p, office, what="asked") for a, own in by_person.items() if (p := people[a]) is not None]
    return Plan(letters=tuple(letters))


def orders_about_ledger(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """What a reply to such a list decides, or the list again where it cannot be read in exactly one way."""
    key, person = recognition.key, recognition.person
    assert key is not None and person is not None  # noqa: S101, PT018  a key holder has both
    pays = bool(key.data.get("pays"))
    entries = _shown(key.data.get(LEDGER), facts)
    ruling = read_ruling(mail.fresh_text, range(1, len(entries) + 1))
    if ruling is None or (pays and ruling.no):
        what = "pay" if pays else "asked"
        own = [one for one in _open(entries, pays=pays) if _has_say(one, person, office, facts, pays=pays)]
        again = _list(own, person, office, what=what, problem="not-understood", mail=mail)
        return Plan(disposition="asked-back", letters=(again,))
    if pays:
        return _paid(entries, ruling, person, office, mail=mail, facts=facts)
    own = [e for e in _open(entries, pays=False) if _has_say(e, person, office, facts, pays=False)]
    numbers = {entry.id: n for n, entry in enumerate(entries, 1)}
    no = [entry for entry in own if numbers[entry.id] in ruling.no]
    yes = [entry for entry in own if numbers[entry.id] in ruling.yes]
    plan = _settled(no, EntryState.DECLINED, person, office, mail=mail, note=ruling.reason)
    if yes:
        return plan + Plan(disposition="confirm-first", letters=(_asked(yes, person, office, mail=mail),))
    done = _list([replace(one, state=EntryState.DECLINED) for one in no], person, office, what="done", mail=mail)
    return plan + Plan(disposition="command", command=True, letters=(done,))


def confirmed_ledger(key: Key, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """确认 in answer to the question whether these shall be approved."""
    entries = [e for e in _shown(key.data.get(LEDGER), facts) if e.state is EntryState.PROPOSED]
    own = [entry for entry in entries if _decides(entry, office, facts) == person]
    plan = _settled(own, EntryState.APPROVED, person, office, mail=mail)
    approved = [replace(one, state=EntryState.APPROVED) for one in own]
    letters = [_list(approved, person, office, what="done", mail=mail), *_to_pay(approved, office, facts)]
    return plan + Plan(disposition="command", command=True, letters=tuple(letters))


def _decides(entry: Entry, office: Office, facts: Facts) -> Person | None:
    """Who decides an entry today."""
    case = facts.case(entry.case)
    rule = next((r for r in office.pack.ledger.rules if r.id == entry.rule), None)
    if case is None or rule is None:
        return None
    return decider(case, rule.decides, office.index.person(entry.person), office)


def _pays(entry: Entry, office: Office, facts: Facts) -> Person | None:
    """Who pays what was approved."""
    case = facts.case(entry.case)
    return decider(case, _PAID_BY, office.index.person(entry.person), office) if case else None


def _has_say(entry: Entry, person: Person, office: Office, facts: Facts, *, pays: bool) -> bool:
    """Whether it is this person's word that counts today; an assistant's never does."""
    return (_pays if pays else _decides)(entry, office, facts) == person


def _shown(data: object, facts: Facts) -> list[Entry]:
    idents = [int(str(one)) for one in data] if isinstance(data, list) else []
    known = {entry.id: entry for entry in facts.ledger_by_id(idents)}
    return [known[ident] for ident in idents if ident in known]


def _open(entries: Sequence[Entry], *, pays: bool) -> list[Entry]:
    return [one for one in entries if one.state is (EntryState.APPROVED if pays else EntryState.PROPOSED)]


def _settled(
    entries: Sequence[Entry], state: EntryState, person: Person, office: Office, *, mail: Mail, note: str = ""
) -> Plan:
    """The entries in their new state, each an event of its case."""
    now = office.now
    changed = tuple(
        replace(e, state=state, decided_at=now, decided_by=person.address, note=note or e.note) for e in entries
    )
    happenings = tuple(
        Happening(number=e.case, event=Event(
            kind=f"ledger-{state.value}", at=now, actor=person.address, human=True,
            data={"id": e.id, "entry": e.rule, "mail": mail.sha256, "note": note},
        )) for e in changed
    )  # fmt: skip
    return Plan(entries=changed, happenings=happenings)


def _paid(
    entries: Sequence[Entry], ruling: Numbered, person: Person, office: Office, *, mail: Mail, facts: Facts
) -> Plan:  # fmt: skip
    own = [e for n, e in enumerate(entries, 1) if n in ruling.yes and e.state is EntryState.APPROVED
           and _has_say(e, person, office, facts, pays=True)]  # fmt: skip
    done = _list([replace(one, state=EntryState.PAID) for one in own], person, office, what="done", mail=mail)
    return _settled(own, EntryState.PAID, person, office, mail=mail) + Plan(
        disposition="command", command=True, letters=(done,)
    )


def _to_pay(entries: Sequence[Entry], office: Office, facts: Facts) -> list[Letter]:
    """What was approved for somebody, to HR, who pays it."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.amount > 0 or entry.cause == "suggestion-award":
            person = _pays(entry, office, facts)
            if person is not None:
                by_person.setdefault(person.address, []).append(entry)
    found = ((office.index.person(address), own) for address, own in by_person.items())
    return [_list(own, person, office, what="pay") for person, own in found if person is not None]


def _asked(entries: Sequence[Entry], person: Person, office: Office, *, mail: Mail) -> Letter:
    """One word back before money and sanctions count; it lasts 24 hours."""
    expires = office.now + CONFIRM_WITHIN
    line = next((part.strip() for part in mail.fresh_text.splitlines() if part.strip()), "")[:200]
    data: dict[str, object] = {
        "command_line": line, "what": "approve",
        "expires_text": when(expires, office, person.address, person.language),
        "key_data": {LEDGER: [entry.id for entry in entries]}, "key_expires": expires,
    }  # fmt: skip
    return Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data,
                  lane=Lane.ECHO, keyed=True, in_reply_to=mail.message_id,
                  references=(*mail.references, mail.message_id))  # fmt: skip


def _list(
    entries: Sequence[Entry], person: Person, office: Office, *, what: str, problem: str = "", mail: Mail | None = None
) -> Letter:
    shown = entries[:MOST_ROWS]
    data: dict[str, object] = {
        "what": what, "problem": problem, "more": len(entries) - len(shown),
        "items": [_row(n, entry, person, office) for n, entry in enumerate(shown, 1)],
        "key_data": {LEDGER: [entry.id for entry in shown], "pays": what == "pay"},
        "key_expires": office.now + office.pack.deadlines.after.staff_key,
    }  # fmt: skip
    return Letter(
        kind=LetterKind.LEDGER, to=to_person(person), language=person.language, data=data,
        lane=Lane.ECHO if mail else Lane.WORK, keyed=what != "done" and bool(shown),
        in_reply_to=mail.message_id if mail else "", references=(*mail.references, mail.message_id) if mail else (),
    )  # fmt: skip


def _row(n: int, entry: Entry, person: Person, office: Office) -> dict[str, object]:
    concerned, unit = office.index.person(entry.person), office.index.unit(entry.unit)
    day = office.calendar_at(person.address).local(entry.proposed_at)
    return {
        "n": n, "id": entry.id, "number": entry.case, "name": office.pack.ledger.name(entry.rule, person.language),
        "person_name": concerned.name if concerned else "" if entry.who == ALIAS else entry.who,
        "alias": entry.who == ALIAS, "unit_name": unit_label(unit, person.language) if unit else "",
        "points": entry.points, "amount": entry.amount, "cause": entry.cause, "state": entry.state.value,
        "date_text": day_text(day, person.language),
    }  # fmt: skip
