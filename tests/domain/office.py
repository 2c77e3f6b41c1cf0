"""The sample organisation and the shipped deadlines, as the tests of clocks and ladders use them."""

from dataclasses import replace
from functools import cache
from typing import Any

from maild.adapters.deadlinefile import read_deadlines
from maild.adapters.directoryfile import read_directory
from maild.adapters.shipped import shipped
from maild.domain.case import Case, Clock, ClockKind, Requester, State
from maild.domain.ladder import TimeDecision, on_time
from maild.domain.lookup import Index
from maild.domain.sla import start_clock
from tests.domain.times import CALENDAR, at

PACK = shipped("rules") / "gm-mailbox"
DEADLINES = read_deadlines(PACK)

GM = "chen.guodong@corp.example"
COORDINATOR = "lin.xiaoyue@corp.example"
HR = "zhou.min@corp.example"
MARKETING_DEPUTY = "shen.lan@corp.example"
PRODUCTION_DEPUTY = "wu.jianhua@corp.example"
LOGISTICS = "he.zhiqiang@corp.example"
SALES = "ma.jun@corp.example"
CLERK = "peng.yu@corp.example"


@cache
def index() -> Index:
    """Everybody of corp.example."""
    return Index(read_directory(PACK / "directory.yaml"), domain="corp.example")


def member(unit: str) -> str:
    """Somebody of a unit who leads nothing."""
    leaders = {a for one in index().directory.units for a in (one.head, one.deputy)}
    return next(person.address for person in index().members(unit) if person.address not in leaders)


def case(received: str = "2026-11-23 10:00", **changes: Any) -> Case:
    """A customer's complaint at logistics, come on a Monday."""
    values: dict[str, Any] = {
        "number": "GM-2026-000142",
        "pack": "gm-mailbox",
        "mailbox": "gm@corp.example",
        "type": "customer-complaint",
        "state": State.ASSIGNED,
        "requester": Requester(address="li@mail-a.example"),
        "received": at(received),
        "last_human_event": at(received),
        "unit": "logistics",
        "handler": LOGISTICS,
    }
    return Case(**{**values, **changes})


def clock(of: Case, kind: ClockKind = ClockKind.ACCEPT, **changes: Any) -> Clock:
    """The clock of this kind that started when the case came."""
    found = start_clock(of, kind, start=of.received, deadlines=DEADLINES, calendar=CALENDAR)
    assert found is not None
    return replace(found, **changes)


def look(one: Clock, of: Case, now: str, coordinator: str | None = COORDINATOR) -> TimeDecision:
    """Look at a clock at a local time."""
    return on_time(one, of, now=at(now), deadlines=DEADLINES, calendar=CALENDAR, tree=index(), coordinator=coordinator)


def told(decision: TimeDecision) -> list[str]:
    """Who is told, without those whom only the weekly digest tells."""
    return [one.person for one in decision.told if not one.weekly]
