"""The ledger's proposals by mail: with the morning's digest a numbered list to who decides, and what a reply decides.

A yes is confirmed by a second mail (security.md), a no counts at once. What was approved goes to HR, who pays awards
and says so; of a confidential case they see number and sum.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.domain.directory import Person
from maild.domain.ledger import Entry, EntryState
from maild.domain.letter import Letter
from maild.domain.message import Mail
from maild.domain.numbered import Numbered
from maild.domain.ruling import read_ruling
from maild.workflow.award import awarded
from maild.workflow.facts import Facts
from maild.workflow.ledger import decider, entries_of, pays_it, settled
from maild.workflow.ledgerletters import LEDGER, asked_twice, entry_list
from maild.workflow.office import Office
from maild.workflow.plan import Key, Plan
from maild.workflow.publicnotice import proposed_notice
from maild.workflow.recognise import Recognition

_BARE_YES = re.compile(r"\s*(?:确认|确定|confirm(?:ed)?)\s*[。.!！]?\s*", re.IGNORECASE)
"""A word that says nothing of which entries."""


def ledger_lists(office: Office, facts: Facts) -> Plan:
    """One letter to each who decides something that waits."""
    by_person: dict[str, list[Entry]] = {}
    for entry in facts.ledger_proposed(office.box.address):
        person = _decides(entry, office, facts)
        if person is not None:
            by_person.setdefault(person.address, []).append(entry)
    people = {address: office.index.person(address) for address in by_person}
    letters = [entry_list(own, p, office, what="asked") for a, own in by_person.items() if (p := people[a]) is not None]
    return Plan(letters=tuple(letters))


def orders_about_ledger(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """What a reply to such a list decides, or the list again where it cannot be read in exactly one way."""
    key, person = recognition.key, recognition.person
    assert key is not None and person is not None  # noqa: S101, PT018  a key holder has both
    pays = bool(key.data.get("pays"))
    entries = entries_of(key.data.get(LEDGER), facts)
    ruling = read_ruling(mail.fresh_text, range(1, len(entries) + 1))
    if ruling is None or (pays and ruling.no):
        what = "pay" if pays else "asked"
        own = [one for one in _open(entries, pays=pays) if _has_say(one, person, office, facts, pays=pays)]
        problem = "which" if _BARE_YES.fullmatch(mail.fresh_text) else "not-understood"
        again = entry_list(own, person, office, what=what, problem=problem, mail=mail)
        return Plan(disposition="asked-back", letters=(again,))
    if pays:
        return _paid(entries, ruling, person, office, mail=mail, facts=facts)
    own = [e for e in _open(entries, pays=False) if _has_say(e, person, office, facts, pays=False)]
    numbers = {entry.id: n for n, entry in enumerate(entries, 1)}
    no = [entry for entry in own if numbers[entry.id] in ruling.no]
    yes = [entry for entry in own if numbers[entry.id] in ruling.yes]
    plan = settled(no, EntryState.DECLINED, person.address, office, mail=mail.sha256, note=ruling.reason)
    if yes:
        asked = asked_twice([(numbers[one.id], one) for one in yes], person, office, mail=mail)
        return plan + Plan(disposition="confirm-first", letters=(asked,))
    done = entry_list([replace(one, state=EntryState.DECLINED) for one in no], person, office, what="done", mail=mail)
    return plan + Plan(disposition="command", command=True, letters=(done,))


def confirmed_ledger(key: Key, mail: Mail, person: Person, office: Office, *, facts: Facts) -> Plan:
    """确认 in answer to the question whether these shall be approved."""
    entries = [e for e in entries_of(key.data.get(LEDGER), facts) if e.state is EntryState.PROPOSED]
    own = [entry for entry in entries if _decides(entry, office, facts) == person]
    plan = settled(own, EntryState.APPROVED, person.address, office, mail=mail.sha256)
    approved = [replace(one, state=EntryState.APPROVED) for one in own]
    letters = [entry_list(approved, person, office, what="done", mail=mail), *_to_pay(approved, office, facts)]
    done = plan + Plan(disposition="command", command=True, letters=tuple(letters))
    return done + awarded(approved, office, facts) + proposed_notice(approved, person, office, facts)


def _decides(entry: Entry, office: Office, facts: Facts) -> Person | None:
    """Who decides an entry today."""
    case, rule = facts.case(entry.case), office.pack.ledger.rule(entry.rule)
    role = entry.role or (rule.decides if rule else "gm")
    return decider(case, role, office.index.person(entry.person), office) if case else None


def _has_say(entry: Entry, person: Person, office: Office, facts: Facts, *, pays: bool) -> bool:
    """Whether it is this person's word that counts today; an assistant's never does."""
    return (pays_it if pays else _decides)(entry, office, facts) == person


def _open(entries: Sequence[Entry], *, pays: bool) -> list[Entry]:
    return [one for one in entries if one.state is (EntryState.APPROVED if pays else EntryState.PROPOSED)]


def _paid(
    entries: Sequence[Entry], ruling: Numbered, person: Person, office: Office, *, mail: Mail, facts: Facts
) -> Plan:  # fmt: skip
    own = [e for n, e in enumerate(entries, 1) if n in ruling.yes and e.state is EntryState.APPROVED
           and _has_say(e, person, office, facts, pays=True)]  # fmt: skip
    done = entry_list([replace(one, state=EntryState.PAID) for one in own], person, office, what="done", mail=mail)
    return settled(own, EntryState.PAID, person.address, office, mail=mail.sha256) + Plan(
        disposition="command", command=True, letters=(done,)
    )


def _to_pay(entries: Sequence[Entry], office: Office, facts: Facts) -> list[Letter]:
    """What was approved for somebody, to HR, who pays it."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.amount > 0 or entry.cause == "suggestion-award":
            person = pays_it(entry, office, facts)
            if person is not None:
                by_person.setdefault(person.address, []).append(entry)
    found = ((office.index.person(address), own) for address, own in by_person.items())
    return [entry_list(own, person, office, what="pay") for person, own in found if person is not None]
