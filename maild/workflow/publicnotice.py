"""A public notice of a ledger entry, where its rule says so: drafted, approved by a second mail, told to all units.

It names who is concerned, what for and how much; never a case, and nothing from a confidential one (casework 7, P1.4).
"""

from collections.abc import Sequence

from maild.domain.case import Event
from maild.domain.directory import Person
from maild.domain.ledger import Entry, EntryState
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.ruling import read_ruling
from maild.workflow.facts import Facts
from maild.workflow.ledger import ALIAS, entries_of
from maild.workflow.ledgerletters import asked_twice, entry_row
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Key, Plan
from maild.workflow.recognise import Recognition

PUBLISH = "publish"
"""Under this name a key keeps the ids of the entries that a notice would tell of."""


def proposed_notice(entries: Sequence[Entry], person: Person, office: Office, facts: Facts) -> Plan:
    """The draft to who has just approved these entries; nothing where no rule of theirs wants a notice."""
    told = [entry for entry in entries if _may_be_told(entry, office, facts)]
    return Plan(letters=(_draft(told, person, office),)) if told else Plan()


def orders_about_notice(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """同意 asks for one word more, 不同意 leaves it untold; what cannot be read brings the draft again."""
    key, person = recognition.key, recognition.person
    assert key is not None and person is not None  # noqa: S101, PT018  a key holder has both
    entries = [one for one in entries_of(key.data.get(PUBLISH), facts) if _may_be_told(one, office, facts)]
    if key.recipient not in person.addresses or not entries:
        return Plan(disposition="refused", reason="not-yours")
    ruling = read_ruling(mail.fresh_text, range(1, len(entries) + 1))
    if ruling is None:
        return Plan(disposition="asked-back", letters=(_draft(entries, person, office, problem="not-understood"),))
    chosen = [(n, entry) for n, entry in enumerate(entries, 1) if n in ruling.yes]
    if not chosen:
        return Plan(disposition="command", command=True)
    asked = asked_twice(chosen, person, office, mail=mail, name=PUBLISH, what=PUBLISH)
    return Plan(disposition="confirm-first", letters=(asked,))


def confirmed_notice(key: Key, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """确认: the notice goes to the head of each unit and to whom it concerns, once."""
    entries = [one for one in entries_of(key.data.get(PUBLISH), facts) if _may_be_told(one, office, facts)]
    if key.recipient not in person.addresses or not entries:
        return Plan(disposition="refused", reason="not-yours")
    heads = (office.index.person(unit.head) for unit in office.index.directory.units)
    concerned = (office.index.person(entry.person) for entry in entries)
    people = dict.fromkeys(one for one in (*heads, *concerned) if one is not None)
    letters = tuple(
        Letter(kind=LetterKind.PUBLIC_NOTICE, to=to_person(one), language=one.language, lane=Lane.BULK,
               data={"items": _rows(entries, one, office), "by": person.name})
        for one in people
    )  # fmt: skip
    events = tuple(
        Happening(number=entry.case, event=Event(
            kind="notice-published", at=office.now, actor=person.address, human=True,
            data={"id": entry.id, "mail": mail.sha256},
        )) for entry in entries
    )  # fmt: skip
    done = _draft(entries, person, office, what="done")
    return Plan(disposition="command", command=True, letters=(*letters, done), happenings=events)


def _may_be_told(entry: Entry, office: Office, facts: Facts) -> bool:
    """Whether its rule wants a notice, it counts, and it comes from no confidential case nor was told before."""
    rule, case = office.pack.ledger.rule(entry.rule), facts.case(entry.case)
    if rule is None or not rule.notice or case is None or case.confidential or entry.who == ALIAS:
        return False
    told = any(e.kind == "notice-published" and e.data.get("id") == entry.id for e in facts.events(entry.case))
    return not told and entry.state in {EntryState.APPROVED, EntryState.PAID}


def _draft(
    entries: Sequence[Entry], person: Person, office: Office, *, what: str = "asked", problem: str = ""
) -> Letter:  # fmt: skip
    data: dict[str, object] = {
        "what": what, "problem": problem, "items": _rows(entries, person, office),
        "key_data": {PUBLISH: [entry.id for entry in entries]},
        "key_expires": office.now + office.pack.deadlines.after.staff_key,
    }  # fmt: skip
    return Letter(kind=LetterKind.PUBLICATION, to=to_person(person), language=person.language, data=data,
                  lane=Lane.ECHO, keyed=what == "asked")  # fmt: skip


def _rows(entries: Sequence[Entry], reader: Person, office: Office) -> list[dict[str, object]]:
    """The entries without the numbers of their cases."""
    rows = (entry_row(n, entry, reader, office) for n, entry in enumerate(entries, 1))
    return [{**row, "number": ""} for row in rows]
