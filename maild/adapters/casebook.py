"""Cases as plain data for the command line and scripts (interfaces.md: the keys of a case)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text

from maild.adapters.reading import TABLES, Reading
from maild.adapters.store import Store
from maild.adapters.tables import OPEN_CASE
from maild.domain.alias import alias_of, hidden_data
from maild.domain.case import Case, Clock, Event
from maild.domain.circulation import Item
from maild.domain.masks import PLAIN, Look, masked_data

_CASE = TABLES["case"]
_PLAIN = frozenset({"number", "pack", "type", "state", "outcome", "urgency", "unit", "received", "clocks", "requester"})
"""Keys that tell nothing of who wrote; all others are held to the alias."""
_WORDS = ("summary", "subject", "events", "requester", "names")
"""Keys that hold what people wrote."""


class Casebook:
    """Read-only view of all cases."""

    def __init__(self, store: Store, units: Mapping[str, str], looks: Mapping[str, Look] = {}) -> None:
        self._store = store
        self._units = units
        """Unit names by id: what people outside the directory file know a unit by."""
        self.looks = looks
        """What is masked, by the address of the mailbox."""

    def all(self) -> list[dict[str, Any]]:
        """Every case, closed, set aside and merged ones too, oldest first."""
        with self._store.reading() as reading:
            query = select(_CASE.c.number, _CASE.c.data).order_by(_CASE.c.received, _CASE.c.number)
            found = reading.connection.execute(query).mappings().all()
            return [self._plain(reading.case_of(row), reading) for row in found]

    def rounds(self) -> list[dict[str, Any]]:
        """The cases that go round now, oldest first."""
        going = select(_CASE.c.number, _CASE.c.data).where(_CASE.c.state == "circulating", text(OPEN_CASE))
        with self._store.reading() as reading:
            found = reading.connection.execute(going.order_by(_CASE.c.received, _CASE.c.number)).mappings().all()
            return [self._plain(reading.case_of(row), reading) for row in found]

    def one(self, number: str) -> dict[str, Any] | None:
        """One case by its number."""
        with self._store.reading() as reading:
            case = reading.case(number)
            return self._with_merged(case, reading) if case else None

    def _with_merged(self, case: Case, reading: Reading) -> dict[str, Any]:
        """The case with the events of those that were merged into it, each with the number of its own case."""
        plain = self._plain(case, reading)
        merged = (reading.case(number) for number in case.absorbed)
        others = [e | {"case": old.number} for old in merged if old for e in self._plain(old, reading)["events"]]
        return plain | {"events": sorted((*plain["events"], *others), key=lambda one: str(one["at"]))}

    def _plain(self, case: Case, reading: Reading) -> dict[str, Any]:
        plain = self._whole(case, reading)
        look = self.looks.get(case.mailbox, PLAIN)
        plain |= {name: masked_data(plain[name], look) for name in _WORDS}
        if not case.confidential:
            return plain
        plain |= {"events": [_unnamed(event) for event in plain["events"]]}
        return {name: one if name in _PLAIN else hidden_data(one, case) for name, one in plain.items()}

    def _whole(self, case: Case, reading: Reading) -> dict[str, Any]:
        return {
            "number": case.number,
            "pack": case.pack,
            "type": case.type,
            "state": case.state.value,
            "outcome": case.outcome,
            "urgency": case.urgency,
            "unit": self._units.get(case.unit or "", case.unit),
            "handler": case.handler,
            "requester": alias_of(case) if case.confidential and case.requester.address else case.requester.address,
            "received": case.received.isoformat(),
            "clocks": [_clock(clock) for clock in reading.all_clocks(case.number)],
            "summary": case.summary,
            "events": [_event(event) for event in reading.events(case.number)],
            "customer_kind": case.customer_kind,
            "confidential": case.confidential,
            "released_to": list(case.released),
            "names": list(case.names),
            "excluded": list(case.excluded),
            "missing": list(case.missing),
            "links": list(case.links),
            "merged_into": case.merged_into,
            "absorbed": list(case.absorbed),
            "split_from": case.split_from,
            "members": list(case.members),
            "led_by": case.led_by,
            "supervisors": list(case.supervisors),
            "subject": case.subject,
            "origin": case.origin,
            "rating": case.rating,
            "plan_date": case.plan_date.isoformat() if case.plan_date else None,
            "round": case.round.entry.id if case.round else None,
            "circulation": [self._item(item, case) for item in case.circulation],
        }

    def _item(self, item: Item, case: Case) -> dict[str, Any]:
        """One receiver of a circulation: for which unit, what was signed when, what is open."""
        return {
            "unit": self._units.get(item.unit or "", item.unit),
            "receiver": item.receiver,
            "beside": list(item.beside),
            "signed": {step: at.isoformat() for step, at in item.signed},
            "open": list(item.owes(case.steps)),
            "returned": item.returned,
        }


def _unnamed(event: dict[str, Any]) -> dict[str, Any]:
    """An event of a confidential case without Message-IDs, which may name the writer's machine or provider."""
    return event | {"data": {name: said for name, said in event["data"].items() if name != "message_id"}}


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "kind": clock.kind.value,
        "start": clock.start.isoformat(),
        "due": clock.due.isoformat(),
        "state": clock.state.value,
        "provisional": clock.provisional,
        "rung": clock.rung,
        "subject": clock.subject,
    }


def _event(event: Event) -> dict[str, Any]:
    return {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "data": event.data}
