"""Rows into values and back; each pair of functions is each other's inverse."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from maild.domain.audit import Chained
from maild.domain.case import Case, Clock, ClockKind, ClockState, Event
from maild.workflow.plan import Key, Received, Sent

T = TypeVar("T")


@cache
def _adapter(kind: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(kind)


def case_row(case: Case) -> dict[str, Any]:
    """The columns of a case, but for its chain head."""
    return {
        "number": case.number,
        "pack": case.pack,
        "mailbox": case.mailbox,
        "type": case.type,
        "state": case.state.value,
        "urgency": case.urgency,
        "unit": case.unit,
        "handler": case.handler,
        "requester": case.requester.address,
        "received": case.received,
        "data": _adapter(Case).dump_python(case, mode="json"),
    }


def case_value(data: Mapping[str, Any]) -> Case:
    """The case that `data` holds."""
    case: Case = _adapter(Case).validate_python(data)
    return case


def clock_row(clock: Clock) -> dict[str, Any]:
    """The columns of a clock; its id only where it has one."""
    row = {name: getattr(clock, name) for name in Clock.__dataclass_fields__ if name != "case"}
    row["number"] = clock.case
    row["kind"], row["state"] = clock.kind.value, clock.state.value
    if not clock.id:
        del row["id"]
    return row


def clock_value(row: Mapping[Any, Any]) -> Clock:
    """The clock of this row."""
    values = {name: row[name] for name in row if name not in {"number", "mailbox", "kind", "state"}}
    return Clock(case=row["number"], kind=ClockKind(row["kind"]), state=ClockState(row["state"]), **values)


def event_value(row: Mapping[Any, Any]) -> Event:
    """The event of this row."""
    return Event(kind=row["kind"], at=row["at"], actor=row["actor"], human=row["human"], data=dict(row["data"]))


def chained_row(one: Chained) -> dict[str, Any]:
    """The columns of an event in its chain."""
    event = one.event
    return {
        "number": one.number, "seq": one.seq, "at": event.at, "kind": event.kind, "actor": event.actor,
        "human": event.human, "data": event.data, "previous": one.previous, "hash": one.hash, "salt": one.salt,
        "digest": one.digest,
    }  # fmt: skip


def chained_value(row: Mapping[Any, Any]) -> Chained:
    """The event of this row in its chain."""
    names = ("number", "seq", "previous", "hash", "salt", "digest")
    return Chained(event=event_value(row), **{name: row[name] for name in names})


def key_value(row: Mapping[Any, Any]) -> Key:
    """The remembered key of this row."""
    names = ("number", "recipient", "purpose", "role", "serial", "expires")
    return Key(**{name: row[name] for name in names}, data=dict(row["data"]))


def sent_value(row: Mapping[Any, Any]) -> Sent:
    """The outgoing mail of this row, without its bytes."""
    names = ("maild_id", "message_id", "number", "kind", "recipient", "fallback", "state", "queued_at", "sent_at")
    return Sent(**{name: row[name] for name in names})


def received_value(row: Mapping[Any, Any]) -> Received:
    """The incoming mail of this row."""
    names = ("message_id", "sha256", "number", "author", "subject", "received", "disposition", "mailbox")
    return Received(**{name: row[name] for name in names})
