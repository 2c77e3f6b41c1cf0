"""What the coordinator hears when people have left: who, what became of their cases, and where they are still named."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from maild.domain.absences import read_absences
from maild.domain.case import Case
from maild.domain.directory import Dangling, Person
from maild.domain.leaving import Change
from maild.domain.letter import Letter, LetterKind
from maild.workflow.absent import ABSENCES
from maild.workflow.books import Books
from maild.workflow.handover import Given
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Plan, Sent, Tally

_TOLD = "leavers-told"
_AGAIN = timedelta(hours=1)
"""A second mailbox of the same coordinator that finds the same change within it tells its own cases alone."""


def report(
    change: Change, cases: Sequence[Case], given: Sequence[Given], stopped: Sequence[Sent], *, office: Office,
    books: Books,
) -> Plan:  # fmt: skip
    """One mail to the coordinator; to the general manager where nobody coordinates any more."""
    person = office.coordinator_person() or office.index.gm()
    if person is None:
        return Plan()
    items = _items(cases, given, person, office)
    mark = f"{person.address} {_mark(change)}"
    known = bool(books.count(_TOLD, mark, office.now - _AGAIN))
    named = () if known else still_named(office, books)
    if known and not items and not stopped:
        return Plan()
    if not (change.left or change.back or named or stopped):
        return Plan()
    data: dict[str, object] = {
        "left": [_who(one, person, office) for one in change.left],
        "back": [_who(one, person, office) for one in change.back],
        "items": items, "named": named,
        "stopped": [{"kind": kind, "count": count} for kind, count in Counter(m.kind for m in stopped).items()],
    }  # fmt: skip
    letter = Letter(kind=LetterKind.LEAVERS, to=to_person(person), language=person.language, data=data)
    return Plan(letters=(letter,), tallies=(Tally(kind=_TOLD, who=mark),))


def still_named(office: Office, books: Books) -> list[dict[str, object]]:
    """Where somebody who has left, or an address that has changed, is still named in files and absences."""
    places = (*office.index.directory.dangling, *office.pack.routes.dangling)
    return [_named(one, office) for one in places] + [
        {"what": "stand-in", "whose": _name(away.person, office), "who": _name(away.delegate, office), "place": ""}
        for away in read_absences(books.kept_text(ABSENCES))
        if away.delegate and office.index.leaver(away.delegate) and away.end >= office.now.date()
    ]  # fmt: skip


def _named(one: Dangling, office: Office) -> dict[str, object]:
    return {"what": one.what, "whose": one.whose, "who": _name(one.address, office), "place": one.place}


def _name(address: str | None, office: Office) -> str:
    person = office.index.person(address) or office.index.leaver(address)
    return f"{person.name} <{address}>" if person and person.name else address or ""


def _who(one: Person, reader: Person, office: Office) -> dict[str, object]:
    unit = office.index.units.get(one.unit or "")
    return {"name": one.name or one.address, "address": one.address, "title": one.title,
            "unit_name": unit.name if unit else "", "language": reader.language}  # fmt: skip


def _items(cases: Sequence[Case], given: Sequence[Given], reader: Person, office: Office) -> list[dict[str, object]]:
    """The cases that have another handler; the last gate takes out what this reader must not know."""
    had = {one.case.number: one.before for one in given if one.role == "handler"}
    rows: list[dict[str, object]] = []
    for case in cases:
        if case.number not in had and case.handler is not None:
            continue
        holder = office.index.person(case.handler)
        rows.append({
            "number": case.number, "kind": "", "type_name": office.pack.type_name(case.type, reader.language),
            "before": had.get(case.number, ""), "handler_name": holder.name if holder else case.handler or "",
        })  # fmt: skip
    return rows


def _mark(change: Change) -> str:
    names = [f"left {one.address}" for one in change.left] + [f"back {one.address}" for one in change.back]
    names += [f"moved {old} {new}" for old, new in change.renamed.items()]
    return sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
