"""Open clocks after the calendar changed, or its data arrived (casework 6): only those that move are written.

Looked at once at the start and after each reload. What was reckoned with a guessed year is reckoned again when the
year is known; whose date moved hears of it in the next digest.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from maild.domain.calendarmarks import changed_from, month_marks
from maild.domain.case import Case, Clock, ClockKind, Event
from maild.domain.circulation import item_of
from maild.domain.directory import Person
from maild.domain.formterm import reckoned_anew
from maild.domain.letter import Letter, LetterKind
from maild.domain.sla import recomputed
from maild.workflow.again import again
from maild.workflow.books import Books, Store
from maild.workflow.formrounds import owners_calendar
from maild.workflow.lists import list_key
from maild.workflow.localtime import when
from maild.workflow.notify import to_person
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan
from maild.workflow.sight import Sight, sight

AT_ONCE = 500
DAY = timedelta(days=1)
"""Units may be so far ahead of the office's midnight."""
MOVED = "date-moved"


def recalendar(office: Office, store: Store) -> int:
    """Reckon anew what a changed calendar moves, and remember the calendar; returns how many clocks changed.

    A crash on the way costs nothing: the calendar is remembered last, and what was reckoned anew stays as it is.
    """
    marks = _marks(office)
    name = f"calendar:{office.box.address}"
    with store.reading() as books:
        before = _read(books.kept_text(name))
    since = _since(before, marks)
    changed = 0
    if since is not None:
        changed = sum(_batches(since, office, store))
    if marks != before:
        with store.writing() as books:
            books.keep_text(name, json.dumps(marks, separators=(",", ":")))
    return changed


def _marks(office: Office) -> dict[str, str]:
    """The months of the office's calendar, and of each unit that has one of its own, as `2027-02 london`."""
    today = office.now.astimezone(office.zone).date()
    marks = month_marks(office.calendar, today)
    known: dict[int, dict[str, str]] = {}
    for unit, calendar in office.calendars.items():
        own = known.setdefault(id(calendar), {}) or month_marks(calendar, today)
        known[id(calendar)] = own
        marks |= {f"{month} {unit}": mark for month, mark in own.items()}
    return marks


def _since(before: Mapping[str, str], now: Mapping[str, str]) -> date | None:
    """The first day of what changed; everything where another row of units has a calendar of its own."""
    units = [{name.partition(" ")[2] for name in marks} for marks in (before, now)]
    return changed_from(before, now) if units[0] == units[1] else date.min


def _anew(clock: Clock, office: Office, books: Books) -> Clock:
    """The clock by the calendar that it runs on; its case is read only where it decides."""
    returns = clock.kind is ClockKind.RETURN
    case = books.case(clock.case) if clock.case and (office.calendars or returns) else None
    if returns and case is not None and case.round is not None:
        return reckoned_anew(clock, case.round, owners_calendar(case.round.entry, office))
    if case is None or clock.kind is ClockKind.TRIAGE:
        return recomputed(clock, office.calendar_at(office.coordinator(case)))
    return recomputed(clock, office.calendar_of(case))


def _batches(since: date, office: Office, store: Store) -> Iterator[int]:
    begin = datetime.min.replace(tzinfo=UTC) if since == date.min else office.calendar.instant(since, time()) - DAY
    last = 0
    while True:
        clocks, changed = again(lambda last=last: _batch(begin, last, office, store))  # type: ignore[misc]
        yield changed
        if len(clocks) < AT_ONCE:
            return
        last = clocks[-1].id


def _batch(begin: datetime, last: int, office: Office, store: Store) -> tuple[Sequence[Clock], int]:
    with store.writing() as books:
        clocks = books.open_clocks(office.box.address, due_from=begin, after=last, limit=AT_ONCE)
        plan = _reckoned(clocks, office, books)
        if plan != Plan():
            books.save(plan, (), mailbox=office.box.address, now=office.now)
        return clocks, len(plan.clocks)


def _reckoned(clocks: Sequence[Clock], office: Office, books: Books) -> Plan:
    pairs = [(old, new) for old in clocks if (new := _anew(old, office, books)) != old]
    plan = Plan(clocks=tuple(new for _, new in pairs))
    for number in dict.fromkeys(old.case for old, _ in pairs):
        own = [(old, new) for old, new in pairs if old.case == number]
        data: dict[str, object] = {
            "clocks": [[old.kind.value, old.due.isoformat(), new.due.isoformat(), new.provisional] for old, new in own]
        }
        event = Event(kind="recomputed", at=office.now, actor="maild", data=data)
        plan += Plan(happenings=(Happening(number=number, event=event),))
        # A date that only became certain is no news.
        moved = [new for old, new in own if old.due != new.due and new.kind is not ClockKind.IDLE]
        if moved and (case := books.case(number)):
            plan += Plan(cases=_round_moved(case, moved), lines=_lines(case, moved, office))
    return plan


def _round_moved(case: Case, moved: Sequence[Clock]) -> tuple[Case, ...]:
    """The case of a round whose returns are due at another time now."""
    end = next((clock.due for clock in moved if clock.kind is ClockKind.RETURN), None)
    return (replace(case, round=replace(case.round, due=end)),) if case.round and end else ()


def _lines(case: Case, moved: Sequence[Clock], office: Office) -> tuple[Line, ...]:
    """What is read with the next digest: by the coordinator, and by each whose clock it is."""
    own: dict[str, list[list[str]]] = {}
    for clock in moved:
        for who in _readers(clock, case, office):
            own.setdefault(who, []).append([clock.kind.value, clock.due.isoformat()])
    own.pop(office.coordinator(case) or "", None)
    lines = (Line(kind=MOVED, who=who, number=case.number, data={"clocks": clocks}) for who, clocks in own.items())
    return (Line(kind=MOVED, number=case.number), *lines)


def _readers(clock: Clock, case: Case, office: Office) -> tuple[str, ...]:
    """The handler; of what each receiver of a round or directive owes, that one, a unit's head, and who stands in."""
    if not clock.subject:
        return (case.handler,) if case.handler else ()
    item, unit = item_of(case.circulation, (clock.subject,)), office.index.unit_at(clock.subject)
    receiver = (unit.head or unit.deputy) if unit else clock.subject
    return tuple(one for one in (receiver, *(item.beside if item else ())) if one)


def moved_dates(office: Office, books: Books) -> Plan:
    """One mail to each handler about the dates that moved since the last digest."""
    waiting = [(ident, line) for ident, _, line in books.lines(office.box.address, MOVED) if line.who]
    books.lines_told([ident for ident, _ in waiting], office.now)
    letters = []
    for who in dict.fromkeys(line.who for _, line in waiting):
        person = office.index.person(who)
        rows = [row for _, line in waiting if line.who == who and person for row in _rows(line, person, office, books)]
        if person and rows:
            data = {"items": rows, **list_key((str(row["number"]) for row in rows), office)}
            letters.append(
                Letter(kind=LetterKind.COMBINED, to=to_person(person), language=person.language, data=data, keyed=True)
            )
    return Plan(letters=tuple(letters))


def _rows(line: Line, person: Person, office: Office, books: Books) -> list[dict[str, object]]:
    case = books.case(line.number) if line.number else None
    if case is None or sight(case, person, office) <= Sight.EXISTS:
        return []
    clocks = line.data.get("clocks")
    return [
        {
            "number": case.number, "type_name": office.pack.type_name(case.type, person.language),
            "summary": case.summary if sight(case, person, office) is Sight.LETTER else "", "clock": kind,
            "due_text": when(datetime.fromisoformat(due), office, person.address, person.language, case=case),
            "what": "moved", "role": "handler",
        }
        for kind, due in (clocks if isinstance(clocks, list) else ())
    ]  # fmt: skip


def _read(text: str) -> Mapping[str, str]:
    """What was remembered; nothing where it cannot be read, so that everything is reckoned again."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(month): str(mark) for month, mark in found.items()} if isinstance(found, dict) else {}
