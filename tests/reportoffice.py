"""Histories of an office by a seed, and a recount of them from every row, for the tests and the benchmark of reports.

The recount reads all cases, events and clocks there are and walks each from its first event, as nobody would in
earnest; it shares no code with the program's own counting.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import text

from maild.adapters.store import Store
from maild.domain.case import Case, Clock, ClockKind, ClockState, Event, Requester, State
from maild.domain.ledger import Entry, EntryState
from maild.workflow.plan import Happening, Plan

GM = "gm@corp.example"
UNITS = {"logistics": "he.zhiqiang@corp.example", "quality": "a@corp.example", "hr": "zhou.min@corp.example"}
TYPES = ("customer-complaint", "operational-problem", "staff-complaint", "not-feedback")
CAUSES = ("面单破损被退回", "面单破损，仓库退回", "仓库人手不足", "供应商来料延迟", "供应商来料又延迟了")
BEGIN = datetime(2025, 9, 20, tzinfo=UTC)
Said = Mapping[str, object]


@dataclass
class History:
    """One case as it goes on."""

    dice: Random
    number: str
    now: datetime
    case: Case = field(init=False)
    events: list[Event] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def happens(self, kind: str, actor: str = "maild", **data: object) -> None:
        """An event, some hours after the last one."""
        self.now += timedelta(minutes=self.dice.randint(1, 5000))
        self.events.append(Event(kind=kind, at=self.now, actor=actor, human=actor != "maild", data=dict(data)))

    def plan(self) -> Plan:
        """What the store keeps of it."""
        return Plan(cases=(replace(self.case, last_human_event=self.now),), clocks=tuple(self.clocks),
                    happenings=tuple(Happening(number=self.number, event=e) for e in self.events))  # fmt: skip


def fill(
    store: Store, seed: int, count: int, *, begin: datetime = BEGIN, days: int = 470, prefix: str = "GM-2026",
    over: bool = False,
) -> None:  # fmt: skip
    """So many cases, from `begin` on over so many days; with `over` all of them are closed at last."""
    dice = Random(seed)
    plan = Plan()
    for at in range(count):
        one = _history(dice, f"{prefix}-{seed:02}{at:06}", begin + timedelta(minutes=dice.randint(0, days * 1440)))
        if over and one.case.state is not State.SET_ASIDE:
            _closed(one)
        plan += one.plan()
        if dice.random() < 0.3:
            plan += Plan(entries=(_entry(dice, one),))
        if at % 200 == 199 or at == count - 1:
            with store.writing() as books:
                books.save(plan, (), mailbox=GM, now=one.now)
            plan = Plan()


def _history(dice: Random, number: str, received: datetime) -> History:
    one = History(dice=dice, number=number, now=received)
    kind, unit = dice.choice(TYPES), dice.choice([*UNITS, None])
    one.case = Case(
        number=number, pack="gm-mailbox", mailbox=GM, type=kind, state=State.ASSIGNED, received=received,
        requester=Requester(address=f"{number.lower()}@mail-a.example"), subject=dice.choice(CAUSES), unit=unit,
        summary=number[-2:], urgency=dice.choice(("low", "normal")), last_human_event=received,
        customer_kind=dice.choice(("partner", "consumer", None)), origin=dice.choice(("", "", "", "", "observed")),
        missing=dice.choice(((), ("order-number",))),
    )  # fmt: skip
    one.happens("opened", "requester", mail=f"m{number}")
    one.happens("classified", type=kind, urgency=one.case.urgency)
    one.happens("assigned", unit=unit, handler=UNITS.get(unit or ""))
    _clock(one, ClockKind.ACCEPT)
    if kind == "not-feedback":
        one.case = replace(one.case, state=State.SET_ASIDE)
        return one
    for _ in range(dice.randint(0, 6)):
        dice.choice((_routed, _retyped, _pressed, _refused, _planned, _closed, _closed, _reopened, _wrote, _undone))(
            one
        )
    return one


def _routed(one: History) -> None:
    if one.case.state in {State.CLOSED, State.MERGED}:
        return
    by, unit = one.dice.choice([*UNITS.values(), "gm@nobody.example"]), one.dice.choice(list(UNITS))
    one.happens("routed", by, unit=unit, handler=UNITS[unit], mail=f"r{len(one.events)}")
    one.case = replace(one.case, unit=unit)
    _clock(one, ClockKind.FIRST_ANSWER)


def _retyped(one: History) -> None:
    if one.case.state in {State.CLOSED, State.MERGED}:
        return
    kind = one.dice.choice(TYPES[:3])
    one.happens("reclassified", "lin.xiaoyue@corp.example", type=kind, was=one.case.type, unit=one.case.unit)
    one.case = replace(one.case, type=kind)


def _pressed(one: History) -> None:
    level = one.dice.choice(("low", "normal", "high"))
    one.happens("urgency-changed", "lin.xiaoyue@corp.example", urgency=level, was=one.case.urgency)
    one.case = replace(one.case, urgency=level)


def _refused(one: History) -> None:
    one.happens("refused", "x@corp.example", why=one.dice.choice(("empty-answer", "copy-of-question", "unknown-unit")))


def _planned(one: History) -> None:
    if one.case.state in {State.CLOSED, State.MERGED}:
        return
    day = (one.now + timedelta(days=one.dice.randint(5, 60))).date()
    one.happens("planned", "x@corp.example", date=day.isoformat(), mail=f"p{len(one.events)}")
    one.case = replace(one.case, state=State.PLANNED, plan_date=day)


def _closed(one: History) -> None:
    if one.case.state in {State.CLOSED, State.MERGED}:
        return
    if one.dice.random() < 0.1:
        one.happens("merged", "lin.xiaoyue@corp.example", into="GM-2026-000001")
        one.case = replace(one.case, state=State.MERGED)
        return
    outcome = one.dice.choice(("resolved", "resolved", "no-details"))
    words = (
        {"analysis": one.dice.choice(CAUSES), "measure": "已整改"} if outcome == "resolved" else {"reason": "无线索"}
    )
    if one.dice.random() < 0.2:
        words.pop("measure", None)
    one.happens("closed", "x@corp.example", outcome=outcome, mail=f"c{len(one.events)}", **words)
    one.case = replace(one.case, state=State.CLOSED, closed_at=one.now)
    _clock(one, ClockKind.RESOLVE, at=one.now)
    if one.dice.random() < 0.5:
        kind = one.dice.choice(("rated", "not-rated"))
        one.happens(kind, "requester" if kind == "rated" else "maild", rating="satisfied", late=one.dice.random() < 0.2)


def _reopened(one: History) -> None:
    if one.case.state is not State.CLOSED:
        return
    one.happens("reopened", "requester", dissatisfied=one.dice.random() < 0.5, times=1)
    one.case = replace(one.case, state=State.REOPENED, plan_date=None)


def _wrote(one: History) -> None:
    one.happens(one.dice.choice(("appended", "answered")), "requester")


def _undone(one: History) -> None:
    """A closing or a route that was taken back at once."""
    if one.case.state in {State.CLOSED, State.MERGED}:
        return
    mail = f"u{len(one.events)}"
    if one.dice.random() < 0.5:
        one.happens("closed", "x@corp.example", outcome="resolved", analysis="误报", measure="无", mail=mail)
    else:
        one.happens("routed", UNITS["hr"], unit="quality", handler="", mail=mail)
    one.happens("undone", "x@corp.example", order=mail, serial=1, mail=f"v{mail}")


def _clock(one: History, kind: ClockKind, at: datetime | None = None) -> None:
    start = one.case.received
    due = start + timedelta(hours=one.dice.randint(1, 400))
    ended = at or start + timedelta(hours=one.dice.randint(1, 700))
    if one.dice.random() < 0.3 and at is None:
        one.clocks.append(Clock(case=one.number, kind=kind, start=start, due=due, next_at=due))
        return
    state = ClockState.MET if ended <= due else ClockState.MISSED
    one.clocks.append(Clock(case=one.number, kind=kind, start=start, due=due, next_at=None, state=state, ended=ended))


def _entry(dice: Random, one: History) -> Entry:
    state = dice.choice((EntryState.PROPOSED, EntryState.APPROVED, EntryState.PAID, EntryState.WITHDRAWN))
    unit = dice.choice(list(UNITS))
    return Entry(case=one.number, rule=dice.choice(("idle", "late-answer")), cause="idle", person=UNITS[unit], unit=unit,
                 points=-dice.randint(1, 3), amount=dice.choice((0, 200)), origin=f"{one.number}:idle", state=state,
                 proposed_at=one.now)  # fmt: skip


@dataclass
class Row:
    """A case of the database with everything that happened to it, undone orders left out."""

    data: dict[str, Any]
    events: list[dict[str, Any]]
    clocks: list[dict[str, Any]]

    def walk(self, end: datetime) -> dict[str, Any]:
        """What it was right before `end`, walked from its first event."""
        was = {"type": self.data["type"], "urgency": self.data["urgency"], "unit": None, "over": False, "plan": ""}
        first = next(e for e in self.events if e["kind"] == "classified")
        was["type"], was["urgency"] = first["data"]["type"], first["data"]["urgency"]
        was["over"] = was["type"] == "not-feedback"
        was["unit"] = next(e for e in self.events if e["kind"] == "assigned")["data"]["unit"]
        for event in self.events:
            if event["at"] < end:
                _walk(was, event)
        return was

    def unit_when(self, event: dict[str, Any]) -> str:
        """Whose it was when this happened."""
        unit = next(e for e in self.events if e["kind"] == "assigned")["data"]["unit"]
        for one in self.events:
            if one is event:
                break
            if one["kind"] in {"assigned", "routed", "reclassified"}:
                unit = one["data"]["unit"]
        return unit or ""

    def within(self, start: datetime, end: datetime, *kinds: str) -> list[dict[str, Any]]:
        """What happened of these kinds."""
        return [e for e in self.events if e["kind"] in kinds and start <= e["at"] < end]


def _walk(was: dict[str, Any], event: dict[str, Any]) -> None:
    kind, data = event["kind"], event["data"]
    if kind in {"assigned", "routed", "reclassified"}:
        was["unit"] = data["unit"]
    if kind == "reclassified":
        was["type"] = data["type"]
    if kind == "urgency-changed":
        was["urgency"] = data["urgency"]
    if kind in {"closed", "merged"}:
        was["over"], was["plan"] = True, ""
    if kind == "reopened":
        was["over"] = False
    if kind == "planned":
        was["plan"] = data["date"]


def every_row(store: Store) -> Iterator[Row]:
    """Every case of the database."""
    with store.reading() as books:
        for number in list(books.connection.execute(text('select number from "case" order by number')).scalars()):
            case = books.case(number)
            assert case is not None
            events = [
                {"kind": e.kind, "at": e.at, "actor": e.actor, "data": dict(e.data)} for e in books.events(number)
            ]
            back = {str(e["data"]["order"]) for e in events if e["kind"] == "undone"}  # type: ignore[index]
            kept = [e for e in events if e["kind"] != "undone" and e["data"].get("mail") not in back]  # type: ignore[attr-defined]
            clocks = [{"state": c.state.value, "start": c.start, "due": c.due, "ended": c.ended, "kind": c.kind.value}
                      for c in books.all_clocks(number)]  # fmt: skip
            yield Row(data={"number": number, "type": case.type, "urgency": case.urgency, "origin": case.origin,
                            "received": case.received, "customer": case.customer_kind, "missing": case.missing},
                      events=kept, clocks=clocks)  # fmt: skip


def recount(rows: list[Row], start: datetime, end: datetime, last: date) -> Counter[str]:
    """The figures of the period, from every row there is."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.data["origin"]:
            if start <= row.data["received"] < end:
                found[f"apart/{row.data['origin']}"] += 1
            continue
        _count(row, start, end, last, found)
    return found


def _count(row: Row, start: datetime, end: datetime, last: date, found: Counter[str]) -> None:
    was = row.walk(end)
    feedback = was["type"] != "not-feedback"
    if start <= row.data["received"] < end:
        if not feedback:
            found["apart/not-feedback"] += 1
        else:
            for code in ("received", f"received/type/{was['type']}", f"received/unit/{was['unit'] or ''}",
                         f"received/urgency/{was['urgency']}", f"received/customer/{row.data['customer'] or 'none'}"):  # fmt: skip
                found[code] += 1
    if row.data["received"] < end and feedback and not was["over"]:
        found["open"] += 1
        found[f"open/unit/{was['unit'] or ''}"] += 1
        late = [
            c for c in row.clocks if c["start"] < end and c["due"] < end and (c["ended"] is None or c["ended"] >= end)
        ]
        found["overdue"] += bool(late)
        found["planned/open"] += bool(was["plan"])
        found["planned/late"] += bool(was["plan"]) and was["plan"] < last.isoformat()
    for event in row.within(start, end, "closed")[-1:]:
        found["closed"] += 1
        unit = row.unit_when(event)
        if unit:
            found[f"score/closed/{unit}"] += 1
            found[f"score/complete/{unit}"] += _whole(row, event)
    for event in row.within(start, end, "reopened", "refused"):
        counts = event["kind"] == "reopened" or event["data"]["why"] in {"empty-answer", "copy-of-question"}
        found["reopened"] += event["kind"] == "reopened"
        if counts and (unit := row.unit_when(event)):
            found[f"score/faults/{unit}"] += 1
    for unit in _wrong(row, start, end):
        found[f"score/faults/{unit}"] += 1
    for clock in row.clocks:
        if clock["state"] in {"met", "missed"} and start <= clock["ended"] < end:
            unit = row.walk(clock["ended"])["unit"]
            if unit:
                found[f"score/timeliness/{unit}"] += 1
                found[f"score/met/{unit}"] += clock["state"] == "met"


def _whole(row: Row, event: dict[str, Any]) -> bool:
    said = event["data"]
    has = (
        bool(said.get("reason"))
        if said["outcome"] == "no-details"
        else bool(said.get("analysis") and said.get("measure"))
    )
    before = row.events[: row.events.index(event)]
    return has and (not row.data["missing"] or any(e["kind"] == "appended" for e in before))


def _wrong(row: Row, start: datetime, end: datetime) -> Iterator[str]:
    """Units whose person routed to a unit that routed on before it had done anything."""
    whose = {address: unit for unit, address in UNITS.items()}
    routes = [e for e in row.events if e["kind"] == "routed" and e["data"]["unit"] != row.unit_when(e)]
    for first, second in pairwise(routes):
        between = row.events[row.events.index(first) + 1 : row.events.index(second)]
        worked = any(
            e["kind"] in {"answered", "told", "asked", "planned", "resolved", "reclassified", "closed"} for e in between
        )
        if not worked and whose.get(first["actor"]) and start <= second["at"] < end:
            yield whose[first["actor"]]
