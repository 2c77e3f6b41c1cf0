"""The ledger's letters: lists of entries to who decides or pays, and the question before a yes counts (security.md)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from maild.domain.directory import Person
from maild.domain.ledger import Entry
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Mail
from maild.domain.wording import day_text
from maild.workflow.ledger import ALIAS
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.view import unit_label

LEDGER = "ledger"
"""Under this name a key keeps the ids of the entries that its letter shows, in their order."""
MOST_ROWS = 60
CONFIRM_WITHIN = timedelta(hours=24)
PAYS = frozenset({"pay", "claimed"})
"""Lists that HR answers with 已发放."""
_ASKS = frozenset({"asked", *PAYS})


def entry_list(
    entries: Sequence[Entry], person: Person, office: Office, *, what: str, problem: str = "", mail: Mail | None = None,
    code: str = "",
) -> Letter:  # fmt: skip
    """A numbered list; `what`: asked, done, pay, or what became of an award: claimed (by `code`), renounced, lapsed."""
    shown = entries[:MOST_ROWS]
    data: dict[str, object] = {
        "what": what, "problem": problem, "more": len(entries) - len(shown), "code": code,
        "items": [entry_row(n, entry, person, office) for n, entry in enumerate(shown, 1)],
        "key_data": {LEDGER: [entry.id for entry in shown], "pays": what in PAYS},
        "key_expires": office.now + office.pack.deadlines.after.staff_key,
    }  # fmt: skip
    letter = Letter(kind=LetterKind.LEDGER, to=to_person(person), language=person.language, data=data,
                    keyed=what in _ASKS and bool(shown))  # fmt: skip
    return _answering(letter, mail)


def asked_twice(
    numbered: Sequence[tuple[int, Entry]], person: Person, office: Office, *, mail: Mail, name: str = LEDGER,
    what: str = "approve",
) -> Letter:  # fmt: skip
    """One word back before money, sanctions and notices count, with the entries that it would be for; for 24 hours."""
    expires = office.now + CONFIRM_WITHIN
    line = next((part.strip() for part in mail.fresh_text.splitlines() if part.strip()), "")[:200]
    data: dict[str, object] = {
        "command_line": line, "what": what, "twice": True,
        "items": [entry_row(n, entry, person, office) for n, entry in numbered],
        "expires_text": when(expires, office, person.address, person.language),
        "key_data": {name: [entry.id for _, entry in numbered]}, "key_expires": expires,
    }  # fmt: skip
    letter = Letter(kind=LetterKind.CONFIRMATION, to=to_person(person), language=person.language, data=data, keyed=True)
    return _answering(letter, mail)


def entry_row(n: int, entry: Entry, person: Person, office: Office) -> dict[str, object]:
    """One entry as its reader sees it; a complainant is an alias."""
    concerned, unit = office.index.person(entry.person), office.index.unit(entry.unit)
    day = office.calendar_at(person.address).local(entry.proposed_at)
    return {
        "n": n, "id": entry.id, "ledger": entry.number, "number": entry.case,
        "name": office.pack.ledger.name(entry, person.language),
        "person_name": concerned.name if concerned else "" if entry.who == ALIAS else entry.who,
        "alias": entry.who == ALIAS, "unit_name": unit_label(unit, person.language) if unit else "",
        "points": entry.points, "amount": entry.amount, "cause": entry.cause, "state": entry.state.value,
        "date_text": day_text(day, person.language), "loss": entry.note if entry.cause == "reporting" else "",
    }  # fmt: skip


def _answering(letter: Letter, mail: Mail | None) -> Letter:
    if mail is None:
        return letter
    return replace(letter, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id), lane=Lane.ECHO)
