"""Processed mail that stands in the inbox again: dragged back, a restored backup, a new UIDVALIDITY (casework 1).

It makes nothing new and sends nothing outside. The coordinator gets one notice, many in one, and orders by one word
that it be triaged again. A second delivery of the same mail is none of this: it came by a way of its own, and its
trace headers (RFC 5321 section 4.4) make other bytes of it.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from maild.domain.case import Event
from maild.domain.directory import Person
from maild.domain.letter import Lane, Letter, LetterKind
from maild.domain.message import Authentication, Mail
from maild.workflow.books import Books
from maild.workflow.facts import Facts
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Entry, Happening, Line, Plan, Tally
from maild.workflow.recognise import Recognition
from maild.workflow.sight import Sight, sight
from maild.workflow.watch import Watch, shown_subject

REAPPEARED = "reappeared"
_TOLD = "reappeared-told"
_HOUR = timedelta(hours=1)
_SETTLED = timedelta(minutes=10)
"""So long a notice waits at most while more mail is being taken in."""
_MOST_SHOWN = 20
_ORDER = re.compile(
    r"\s*(?:请|麻烦|please\s+)?\s*(?:全部|都)?\s*(?:(?:重新|再次)(?:分办|分类|处理)|(?:re-?)?triage(?:\s+(?:it|them|all))?\s+again"
    r"|re-?triage)(?:一下|一次|\s+(?:it|them|all))?[\s,，。.!！]*(?:谢谢|多谢|thanks?|thank you)?[\s,，。.!！]*",
    re.IGNORECASE,
)
"""Nothing but the order."""
Item = dict[str, object]


def seen_again(entry: Entry, mail: Mail, *, number: str | None, watch: Watch) -> Plan:
    """A processed mail stands in the inbox again: a line for the notice, and nothing else."""
    item: Item = {
        "entry": entry.id, "from": "" if watch.private else str(mail.author)[:200],
        "subject": "" if watch.private else shown_subject(mail.subject), "at": entry.internal_date.isoformat(),
        "reader": watch.reader.address if watch.reader else "",
    }  # fmt: skip
    return Plan(
        disposition="duplicate", number=number, reason="a mail that was handled before is in the inbox again",
        lines=(Line(kind=REAPPEARED, number=number, data=item),),
    )  # fmt: skip


def reappeared(office: Office, books: Books) -> Plan:
    """One notice to each reader about what reappeared, once an hour at most, when no more is being taken in."""
    waiting = books.lines(office.box.address, REAPPEARED)
    last = books.last(_TOLD, office.box.address)
    if not waiting or (last is not None and office.now - last < _HOUR):
        return Plan()
    if books.entries(office.box.address, ["archived"], limit=1) and office.now - waiting[0][1] < _SETTLED:
        return Plan()
    readers: dict[str, list[Item]] = {}
    for _, _, line in waiting:
        reader = str(line.data.get("reader") or office.coordinator() or "")
        readers.setdefault(reader, []).append({**line.data, "number": line.number or ""})
    people = [(person, own) for address, own in readers.items() if (person := office.index.person(address))]
    letters = tuple(letter for person, own in people if (letter := _letter(own, person, office, facts=books)))
    return Plan(letters=letters, tallies=(Tally(kind=_TOLD, who=office.box.address),),
                settled=tuple(ident for ident, _, _ in waiting))  # fmt: skip


def orders_about_reappeared(mail: Mail, recognition: Recognition, office: Office, *, facts: Facts) -> Plan:
    """The one order there is, `重新分办 / triage again`; of doubtful origin it is asked back once."""
    key, person = recognition.key, recognition.person
    order = _ORDER.fullmatch(next(iter(mail.fresh_text.strip().splitlines()), ""))
    if key is None or person is None or order is None:
        return Plan(disposition="not-understood", reason="not the order to triage again")
    items = [dict(one) for one in _listed(key.data.get("items"))]
    if recognition.authentication is Authentication.UNKNOWN and not key.data.get("sure"):
        letter = _letter(items, person, office, facts=facts, sure=True)
        return Plan(disposition="confirm-first", letters=(letter,) if letter else ())
    numbers = dict.fromkeys(str(item["number"]) for item in items if item.get("number"))
    happenings = tuple(
        Happening(number=number, event=Event(kind="triage-ordered", at=office.now, actor=person.address, human=True))
        for number in numbers
    )
    done: Item = {"done": [{"verb": "triage-again", "visible_to": "inside"}]}
    echo = Letter(
        kind=LetterKind.ECHO, to=to_person(person), language=person.language, data=done, lane=Lane.ECHO,
        in_reply_to=mail.message_id, references=(*mail.references, mail.message_id),
    )  # fmt: skip
    return Plan(
        disposition="triaged-again", again=tuple(int(str(item["entry"])) for item in items), letters=(echo,),
        happenings=happenings, command=True,
    )  # fmt: skip


def _letter(
    items: Sequence[Item], person: Person, office: Office, *, facts: Facts, sure: bool = False
) -> Letter | None:
    known = [row for item in items if (row := _known(item, person, office, facts))]
    if not known:
        return None
    shown = [row | {"received_text": _when(row, office, person)} for row in known[:_MOST_SHOWN]]
    data: Item = {
        "items": shown, "more": len(known) - len(shown), "key_data": {"items": known, "sure": sure},
        "key_expires": office.now + office.pack.deadlines.after.staff_key,
    }  # fmt: skip
    return Letter(kind=LetterKind.TRIAGE_AGAIN, to=to_person(person), language=person.language, data=data, keyed=True)


def _known(item: Item, person: Person, office: Office, facts: Facts) -> Item | None:
    """The mail as far as this reader may know of its case."""
    case = facts.case(str(item["number"])) if item.get("number") else None
    if case is None:
        return item
    sees = sight(case, person, office)
    if sees is Sight.NOTHING:
        return None
    return item if sees is Sight.LETTER else {**item, "from": "", "subject": ""}


def _when(item: Item, office: Office, person: Person) -> str:
    return when(datetime.fromisoformat(str(item["at"])), office, person.address, person.language)


def _listed(data: object) -> list[Item]:
    return [dict(item) for item in data if isinstance(item, dict)] if isinstance(data, list) else []
