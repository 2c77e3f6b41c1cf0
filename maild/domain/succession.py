"""What becomes of the seats in a case whose holder has left, or is known by another address now (interfaces.md).

The handler's seat goes to the head of the unit, or as routing goes on from there; a supervisor's and a helper's go to
the head of theirs. Who only got copies, or was woken once, has no successor. What stands still stays as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date

from maild.domain.assign import Assignment, handled_as, successor
from maild.domain.case import Case, State
from maild.domain.circulation import Item
from maild.domain.conflict import Exclusion
from maild.domain.directory import Person
from maild.domain.leaving import Change
from maild.domain.lookup import Index
from maild.domain.route import Matter, Routes
from maild.domain.value import value

_BEGINS_ANEW = frozenset({State.NEW, State.ASSIGNED, State.IN_PROGRESS})
"""The new handler has not accepted what the old one had; every other state says what the requester was told."""

NO_CHANGE = Change(people=())


@value
class Handover:
    """A case as it is from now on."""

    case: Case
    roles: Mapping[str, str]
    """By first address, what somebody has become in it: handler, joined, supervisor, receiver."""
    left: tuple[str, ...]
    """Whose seats were given on."""
    moved: bool = False
    """It has another handler, not the same one under another address."""
    received_for: Mapping[str, str | None] = field(default_factory=dict)
    """Receivers of a directive that goes round, to who owes the receipt now; None: nobody does."""


class Succession:
    """The directory after somebody left, asked for one case after the other."""

    def __init__(self, index: Index, routes: Routes, today: date, change: Change = NO_CHANGE) -> None:
        """`change` is what the directory has just changed; whoever left before is in the index."""
        self._index, self._routes, self._today = index, routes, today
        self._left = {a: person for person in change.left for a in (*person.addresses, *person.former)}
        self._renamed = change.renamed

    def of(self, case: Case, out: Exclusion) -> Handover | None:
        """The case with every seat in the hands of somebody who is there; None where nothing has to change.

        `out` is who must never hear of the case.
        """
        given, roles = self._with_handler(case, out)
        joined, supervisors, report_to = (
            self._seats(seats, case, out, taken={given.handler})
            for seats in (case.joined, case.supervisors, case.report_to)
        )
        roles |= {one: "joined" for one in joined if self._is_new(one, case)}
        roles |= {one: "supervisor" for one in supervisors if self._is_new(one, case)}
        given = replace(
            given, joined=joined, supervisors=supervisors, report_to=report_to,
            followers=tuple(one for one in map(self._today_of, case.followers) if one),
            woken=self._today_of(case.woken) or "",
        )  # fmt: skip
        items, received_for = self._received(case, out)
        given = replace(given, circulation=items)
        roles |= {new: "receiver" for old, new in received_for.items() if new and self.leaver(old) and new not in roles}
        if given == case:
            return None
        moved = given.handler != case.handler and self.leaver(case.handler) is not None
        return Handover(case=given, roles=roles, left=self._seats_left(case), moved=moved, received_for=received_for)

    def heir(self, address: str, case: Case, out: Exclusion) -> str | None:
        """Who hears instead of somebody who has left of a case in which they had no seat."""
        leaver = self.leaver(address)
        if leaver is None:
            return self._today_of(address)
        return self._successor(leaver.unit, case, out).person

    def leaver(self, address: str | None) -> Person | None:
        """Who had this address and has left; an address that has passed to somebody else was theirs until now."""
        if not address or address in self._renamed:
            return None
        return self._left.get(address) or self._index.leaver(address)

    def _with_handler(self, case: Case, out: Exclusion) -> tuple[Case, dict[str, str]]:
        leaver = self.leaver(case.handler)
        if leaver is None:
            return replace(case, handler=self._today_of(case.handler)), {}
        known = case.unit if case.unit in self._index.units else leaver.unit
        chosen = self._successor(known, case, out)
        state = case.state
        if state in _BEGINS_ANEW:
            state = State.ASSIGNED if chosen.person else State.NEW
        given = replace(case, handler=chosen.person, unit=chosen.unit, state=state)
        return given, {chosen.person: "handler"} if chosen.person else {}

    def _seats(self, people: Iterable[str], case: Case, out: Exclusion, *, taken: set[str | None]) -> tuple[str, ...]:
        found = dict[str, None]()
        for address in people:
            one = self.heir(address, case, out)
            if one and (one == address or one not in taken):
                found[one] = None
        return tuple(found)

    def _received(self, case: Case, out: Exclusion) -> tuple[tuple[Item, ...], dict[str, str | None]]:
        """The receivers of a directive: what a leaver still owes is owed by who heads the unit now, once."""
        items, changed = dict[str, Item](), dict[str, str | None]()
        own = {self._today_of(item.receiver) for item in case.circulation if self.leaver(item.receiver) is None}
        for item in case.circulation:
            leaver = self.leaver(item.receiver)
            to = self._today_of(item.receiver) if leaver is None else item.receiver
            if leaver is not None and item.owes(case.steps):
                known = item.unit if item.unit in self._index.units else leaver.unit
                to = self._successor(known, case, out).person
            if to != item.receiver:
                changed[item.receiver] = to
            # Who takes over has an own letter already: what they have signed stands for both.
            if to and to not in items and not (leaver is not None and to in own):
                beside = tuple(one for one in map(self._today_of, item.beside) if one)
                items[to] = replace(item, receiver=to, beside=beside)
        return tuple(items.values()), changed

    def _successor(self, unit: str | None, case: Case, out: Exclusion) -> Assignment:
        matter = Matter(kind=handled_as(case.type, case.confidential), writer=case.requester.address, names=case.names)
        return successor(
            unit, matter, routes=self._routes, index=self._index, exclusion=out, today=self._today
        )  # fmt: skip

    def _today_of(self, address: str | None) -> str | None:
        """The same person's first address of today; None for who has left."""
        if not address or address in self._renamed:
            return self._renamed[address] if address else address
        if self.leaver(address):
            return None
        person = self._index.person(address)
        holder = None if person else self._index.holder(address)
        return holder.address if holder else address

    def _is_new(self, address: str, case: Case) -> bool:
        """Whether they had no seat in the case before, under whatever address."""
        own = {self._today_of(one) for one in (case.handler, *case.joined, *case.supervisors)}
        return address not in own

    def _seats_left(self, case: Case) -> tuple[str, ...]:
        receivers = (item.receiver for item in case.circulation if item.owes(case.steps))
        seats = (case.handler, *case.joined, *case.supervisors, *case.report_to, *case.followers, *receivers)
        return tuple(dict.fromkeys(one for one in seats if one and self.leaver(one)))
