"""Who handles a case, who is told of it, and who may read the letter (casework 3; conflict of interest in P3).

A case moves away from the handler of its route only where that one is excluded: open types to the nearest superior
who is not, confidential types to the first of hr, gm-office, gm who is not, at the top to the supervisory body.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date

from maild.domain.conflict import PROTECTED, Exclusion
from maild.domain.desk import Desk, Seat, entitled_heads
from maild.domain.lookup import Index
from maild.domain.route import Matter, Routes, Special
from maild.domain.value import value


@value
class Assignment:
    """Who must answer a case. Without a person it waits: see `waits` and `nobody`."""

    unit: str | None = None
    """Unit id."""
    person: str | None = None
    """First address of the person who answers for it, also where its unit's address gets the mail."""
    deliver_to: str | None = None
    """The address that the assignment goes to: the person's, or the unit's own."""
    route: str = ""
    why: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """Words of the letter that spoke for the route."""
    told: tuple[str, ...] = ()
    """First addresses of those who get a notice: coordinator, gm."""
    full_letter_to: tuple[str, ...] = ()
    """Those among handler and told who may read the letter; the others hear number, type, deadline."""
    existence_only: tuple[str, ...] = ()
    """Those among the told who hear only that the case is there (security.md)."""
    moved: str = ""
    """Why the route's own handler did not get it: `conflict`, `own-matter`, `not-entitled`, or ""."""
    stands_in_for: str | None = None
    """First address of the one who is away."""
    waits: bool = False
    """Everybody who could handle it is excluded; it waits for a supervisory body that is not."""
    nobody: bool = False
    """No handler is wanted: not feedback."""

    @property
    def moved_because_of_conflict(self) -> bool:
        """Whether the route's own handler is excluded."""
        return self.moved == "conflict"


def choose_handler(
    matter: Matter,
    *,
    routes: Routes,
    index: Index,
    exclusion: Exclusion,
    today: date,
    load: Mapping[str, int] | None = None,
) -> Assignment:
    """Who gets a new case; `today` is the local day, `load` counts cases by person for units that share among members.

    For `least-loaded` these are open cases, for `round-robin` all that a person ever got.
    """
    choice = routes.choose(matter, index)
    said = Assignment(route=choice.route.id, why=choice.route.why, words=choice.words)
    if choice.route.to == Special.NOBODY:
        return replace(said, nobody=True)
    desk = Desk(matter, routes=routes, index=index, exclusion=exclusion, today=today, load=load or {})
    seat, moved = _first_without_objection(desk, list(desk.seats(choice.route.to)))
    return _with_notices(_seated(said, seat, moved), desk)


def unit_handler(
    name: str, matter: Matter, *, index: Index, exclusion: Exclusion, today: date, load: Mapping[str, int] | None = None
) -> Assignment:
    """Who of a unit gets a case that a person routes there; without a person where nobody of it may.

    A person's order is never bent: nobody else gets the case instead. An open case may go to its own writer.
    """
    unit = index.unit(name)
    desk = Desk(matter, routes=Routes(), index=index, exclusion=exclusion, today=today, load=load or {})
    seat = desk.seat_in(unit) if unit else None
    if seat is None or desk.objection(seat) in {"conflict", "not-entitled"}:
        return Assignment(unit=unit.id if unit else None)
    return _seated(Assignment(), seat, "")


def successor(
    unit: str | None, matter: Matter, *, routes: Routes, index: Index, exclusion: Exclusion, today: date
) -> Assignment:
    """Who takes a case over from somebody of `unit` (an id) who has left; without a person where nobody may."""
    desk = Desk(matter, routes=routes, index=index, exclusion=exclusion, today=today, load={})
    seat, moved = _first_without_objection(desk, list(desk.heads(unit)))
    return _seated(Assignment(), seat, moved)


def refusal(index: Index, exclusion: Exclusion, *, address: str, kind: str) -> str | None:
    """Why `route` may not give a case to this person; None where it may.

    `unknown`: not in the directory; `excluded`: a conflict of interest; `confidential`: the type is for others.
    """
    if index.person(address) is None and not in_supervisory_body(index, address):
        return "unknown"
    if exclusion.bars(address):
        return "excluded"
    return None if may_handle(index, address, kind) else "confidential"


def handled_as(kind: str, confidential: bool) -> str:
    """The type by whose rules a case is handled: what was confidential stays for those entitled, whatever it became."""
    return kind if not confidential or kind in PROTECTED else min(PROTECTED)


def upwards(address: str, kind: str, *, routes: Routes, index: Index, exclusion: Exclusion) -> tuple[str, ...]:
    """Who a case can go up to from a handler, the nearest first; nobody excluded is among them (casework 6, P3.3.7).

    Open types climb the tree. Protected ones go on through hr, gm-office, gm to the supervisory body; open ones come
    there only where the gm is excluded.
    """
    gm = index.gm()
    if kind in routes.protected:
        row = [person.address for person in entitled_heads(index, routes)]
        above = [*row[row.index(address) + 1 if address in row else 0 :], *index.directory.supervisory_body]
    else:
        above = [person.address for person in index.superiors(address)]
        above += index.directory.supervisory_body if gm and exclusion.bars(gm.address) else ()
    return tuple(one for one in dict.fromkeys(above) if one != address and not exclusion.bars(one))


def may_handle(index: Index, address: str, kind: str, *, routes: Routes | None = None) -> bool:
    """Whether a person may handle this type: confidential ones are for gm, hr, gm-office alone (casework 3).

    The supervisory body may, because cases come to it where all these are excluded.
    """
    rules, person = routes or Routes(), index.person(address)
    if in_supervisory_body(index, address):
        return True
    entitled = person is not None and not set(rules.entitled).isdisjoint(person.roles)
    return entitled or (person is not None and kind not in rules.protected)


def in_supervisory_body(index: Index, address: str) -> bool:
    """Whether this address is one of a member of the supervisory body."""
    person = index.person(address)
    addresses = {address.lower(), *(person.addresses if person else ())}
    return not addresses.isdisjoint(member.lower() for member in index.directory.supervisory_body)


def _first_without_objection(desk: Desk, seats: list[Seat]) -> tuple[Seat | None, str]:
    objections = [desk.objection(seat) for seat in seats]
    moved = objections[0] if objections else ""
    free = (seat for seat, objection in zip(seats, objections, strict=True) if not objection)
    own = (seat for seat, objection in zip(seats, objections, strict=True) if objection == "own-matter")
    seat = next(free, None)
    if seat is None and not desk.protected and (seat := next(own, None)):
        return seat, "" if seat is seats[0] else moved
    return (seat, moved) if seat else (next(desk.supervisory_body(), None), moved or "conflict")


def _seated(said: Assignment, seat: Seat | None, moved: str) -> Assignment:
    if seat is None:
        return replace(said, moved=moved, waits=True)
    return replace(
        said,
        unit=seat.unit,
        person=seat.person.address,
        deliver_to=seat.deliver_to,
        stands_in_for=seat.away,
        moved=moved,
    )


def _with_notices(assignment: Assignment, desk: Desk) -> Assignment:
    """Add who is told: the coordinator of each new case but retaliation, the gm of what the pack says (casework 3)."""
    full = tuple(address for address in _hearers(desk) if address != assignment.person)
    bare = tuple(address for address in _warned(desk) if address not in {*full, assignment.person})
    if desk.exclusion.named and (office := _office_named(desk)):
        bare = (*bare, *(address for address in full if address in office))
    readers = (address for address in full if address not in bare and _may_read(desk, address))
    handler = (assignment.person,) if assignment.person else ()
    told = tuple(dict.fromkeys((*full, *bare)))
    return replace(assignment, told=told, existence_only=bare, full_letter_to=(*handler, *readers))


def _office_named(desk: Desk) -> frozenset[str]:
    """The people of the coordinator's unit, where the case complains of one of them (security.md)."""
    office = frozenset(person.address for person in desk.index.members(desk.index.coordinator_unit))
    return frozenset() if office.isdisjoint(desk.exclusion.named) else office


def _warned(desk: Desk) -> tuple[str, ...]:
    """The gm, without content, where a case names somebody who could read the raw mail (security.md, custodians)."""
    named = (desk.index.person(address) for address in desk.exclusion.named)
    gm = desk.index.gm()
    warned = gm is not None and any(person and person.custodian for person in named)
    return (gm.address,) if gm and warned and not desk.exclusion.bars(gm.address) else ()


def _hearers(desk: Desk) -> Iterable[str]:
    coordinator = None if desk.matter.kind in desk.routes.coordinator_hears_nothing else desk.coordinator()
    gm = desk.index.gm() if desk.matter.kind in desk.routes.gm_hears else None
    people = (person.address for person in (coordinator, gm) if person)
    return (address for address in dict.fromkeys(people) if not desk.exclusion.bars(address))


def _may_read(desk: Desk, address: str) -> bool:
    return not desk.protected or desk.entitled(desk.index.person(address))
