"""One mail to each person who takes over: all their cases, each with its key, deadline and ready replies.

A row holds what the letters were that the one who left had or would have had: an assignment, a supervisor's seat, a
question that waits for a decision, or something to know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from maild.domain.case import Case, Clock, ClockKind
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.value import value
from maild.workflow.above import head_for
from maild.workflow.books import Books
from maild.workflow.deeds.decision import DECISIONS
from maild.workflow.ledger import decider as approver
from maild.workflow.lists import list_key
from maild.workflow.localtime import when
from maild.workflow.memory import WORDS
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Key

_KINDS = {
    "handler": LetterKind.ASSIGNMENT,
    "joined": LetterKind.ASSIGNMENT,
    "supervisor": LetterKind.ESCALATION,
    "receiver": LetterKind.CIRCULATION,
}
_MOST_TEXTS = 30
"""How many cases of one mail show what was written; the rest show their summary."""


@value
class Given:
    """One case that somebody takes over, or must know of."""

    to: str
    """First address."""
    case: Case
    clocks: tuple[Clock, ...]
    role: str
    """handler, joined, supervisor, decision, told."""
    before: str = ""
    """The name of who had it."""
    asked: Key | None = None
    """The key of the question that waits for a decision."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What else the row shows."""


def handover_letters(given: Sequence[Given], office: Office, books: Books) -> tuple[Letter, ...]:
    """One mail to each who takes over."""
    people = dict.fromkeys(one.to for one in given)
    known = [(person, [one for one in given if one.to == to]) for to in people if (person := office.index.person(to))]
    outside = [to for to in people if not office.index.person(to)]
    members = [(Person(addresses=(to,), name=""), [one for one in given if one.to == to]) for to in outside]
    return tuple(_letter(person, own, office, books) for person, own in (*known, *members))


def questions(case: Case, gone: frozenset[str], books: Books) -> list[Key]:
    """The questions about a case that wait for the decision of somebody who has left."""
    asked = [k for k in books.keys(case.number) if k.recipient in gone and k.role == "staff" and k.purpose in DECISIONS]
    if not asked:
        return []
    events = books.events(case.number)
    done = {str(event.data.get("request", "")) for event in events} - {""}
    ended = any(event.kind == "withdrawal-declined" for event in events)
    return [
        key for key in asked
        if str(key.data.get("mail", "-")) not in done and not (key.purpose == LetterKind.WITHDRAWAL and ended)
    ]  # fmt: skip


def decider(key: Key, case: Case, office: Office) -> str | None:
    """Who decides instead: over the handler's time who is above who asked, over a type the coordinator.

    Over a circulation who approves it now.
    """
    if key.purpose == LetterKind.WITHDRAWAL:
        return case.handler
    asker = office.index.person(str(key.data.get("by", "")))
    if key.purpose == LetterKind.PROPOSAL and key.data.get("approval"):
        approves = approver(case, office.pack.circulating.approves, asker, office)
        return approves.address if approves else None
    if asker is None:
        return None
    asked = head_for(case, asker, office) if key.purpose == LetterKind.EXTENSION else office.coordinator_person(case)
    person = asked or office.index.gm()
    return person.address if person and person != asker else None


def _letter(person: Person, given: Sequence[Given], office: Office, books: Books) -> Letter:
    ordered = sorted(given, key=lambda one: _until(one.clocks) or datetime.max.replace(tzinfo=office.zone))
    items = [_row(one, person, office, books, text=at < _MOST_TEXTS) for at, one in enumerate(ordered)]
    critical = any(one.case.urgency == "critical" for one in given)
    data: dict[str, object] = {
        "items": items, "people": list(dict.fromkeys(one.before for one in given if one.before)),
        "handled": sum(one.role == "handler" for one in given),
    } | list_key((one.case.number for one in ordered), office)  # fmt: skip
    return Letter(kind=LetterKind.HANDED_OVER, to=to_person(person), language=person.language, data=data,
                  lane=Lane.ECHO if critical else Lane.WORK, keyed=True)  # fmt: skip


def _row(one: Given, person: Person, office: Office, books: Books, *, text: bool) -> dict[str, object]:
    case, until = one.case, _until(one.clocks)
    kind = LetterKind(one.asked.purpose) if one.asked else _KINDS.get(one.role, LetterKind.NOTICE)
    # What came in to a form round is what others returned.
    mails = books.mails(case.number) if text and not case.round else ()
    reader = (person.address, person.language)
    leaves = _leaves(case, office, books)
    row: dict[str, object] = {
        "number": case.number, "kind": kind.value, "keyed": True,
        "type_name": office.pack.type_name(case.type, person.language), "summary": case.summary,
        "due_text": when(until, office, *reader, case=case) if until else "", "order": "", "role": one.role,
        "state": case.state.value, "before": one.before, "hidden": False, "steps": list(case.steps),
        "outgoing_text": when(leaves, office, *reader, case=case) if leaves else "",
        "mail": mails[0].sha256 if mails else "",
    }  # fmt: skip
    return row | (_question(one.asked, person, office, books) if one.asked else {})


def _question(key: Key, person: Person, office: Office, books: Books) -> dict[str, object]:
    """What is asked, in the words in which it was asked."""
    asker = office.index.person(str(key.data.get("by", "")))
    kind = str(key.data.get("type", ""))
    until = next(
        (str(e.data["until"]) for e in books.events(key.number)
         if e.kind == "extension-asked" and e.data.get("mail") == key.data.get("mail")), ""
    )  # fmt: skip
    return {
        "key_data": dict(key.data), "by": asker.name if asker else "", "order": str(key.data.get("reason", "")),
        "wish": office.pack.type_name(kind, person.language) if kind else
        when(datetime.fromisoformat(until), office, person.address, person.language) if until
        else str(key.data.get("list") or key.data.get("case") or ""),
    }  # fmt: skip


def _until(clocks: Sequence[Clock]) -> datetime | None:
    return min((clock.due for clock in clocks if clock.kind is not ClockKind.IDLE), default=None)


def _leaves(case: Case, office: Office, books: Books) -> datetime | None:
    """When words that somebody wrote to the requester leave, where they still wait."""
    mails = books.sent_for(case.number, case.requester.address) if case.requester.address else ()
    held = [mail.queued_at for mail in mails if mail.state == "ready" and LetterKind(mail.kind) in WORDS]
    return max(held) + office.hold(case) if held else None


def readdressed(letter: Letter, to: str, office: Office) -> Letter:
    """A letter that waits for its release, to somebody else."""
    person = office.index.person(to)
    return replace(letter, to=to_person(person), language=person.language) if person else letter
