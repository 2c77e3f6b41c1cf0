"""The calendar starts form rounds: each receiver gets the form, the owner hears, the clocks begin (casework 7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from maild.domain.case import Case, Clock, ClockKind, Event, Requester, State
from maild.domain.formlist import person_named, receivers_listed
from maild.domain.formround import RETURNED, Entry, Round
from maild.domain.recurrence import Opening, opening_before, openings, parse_recurrence
from maild.domain.sla import OWN_DATE
from maild.domain.span import parse_span
from maild.domain.value import value
from maild.domain.worktime import WorkCalendar, due, reminder, workday_after
from maild.workflow.books import Books
from maild.workflow.circulating import with_stand_in
from maild.workflow.facts import Facts
from maild.workflow.formletters import form_letter, round_letter, title
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan

ASKED = "form-start"
"""Under this name the command line leaves which rounds shall start now."""
_OVER = "over"
_DAY = timedelta(days=1)


@value
class Term:
    """When one round runs; times are aware UTC."""

    key: str
    opens: datetime
    window: datetime
    """From when the receivers are reminded."""
    due: datetime


def asked_name(mailbox: str) -> str:
    """The name of the small fact that asks for rounds of a mailbox."""
    return f"{ASKED}:{mailbox}"


def term_of(entry: Entry, opening: Opening, calendar: WorkCalendar) -> Term:
    """When this round of the entry opens and ends, by the owner's calendar."""
    first = opening.first
    if entry.opens:
        first = opening_before(parse_recurrence(entry.opens), opening.first, calendar) or first
    window = _opens_at(opening.first, calendar)
    if opening.last is None:
        return Term(key=opening.key, opens=_opens_at(first, calendar), window=window,
                    due=due(window, parse_span(entry.due), calendar).at)  # fmt: skip
    length = (opening.last - opening.first).days
    worked = (opening.last - back * _DAY for back in range(length + 1))
    last = next((day for day in worked if calendar.is_workday(day)), workday_after(opening.last, calendar))
    return Term(key=opening.key, opens=_opens_at(first, calendar), window=min(window, calendar.closing(last)),
                due=calendar.closing(last))  # fmt: skip


def terms(entry: Entry, day: date, calendar: WorkCalendar) -> Iterator[Term]:
    """The entry's rounds that are not over on this day, in order."""
    return (term_of(entry, one, calendar) for one in openings(parse_recurrence(entry.when), day, calendar))


def due_rounds(office: Office, books: Books) -> Plan:
    """The rounds whose time has come, each once, and those that somebody asked for.

    Like a directive no round goes out by itself before maild is live. An entry that is seen for the first time begins
    with the round that opens today or later; a time that passed while nothing ran is started late as long as it is
    not over, else told.
    """
    plan = Plan()
    name = asked_name(office.box.address)
    if wanted := books.kept_text(name).split():
        for ident in dict.fromkeys(wanted):
            entry = office.pack.rounds.entry(ident)
            plan += started_now(entry, office, books) if entry else Plan()
        plan += Plan(texts=((name, ""),))
    if office.box.mode != "live":
        return plan
    for entry in office.pack.rounds.rounds:
        if entry.enabled:
            plan += _by_calendar(entry, office, books)
    return plan


def started_now(entry: Entry, office: Office, facts: Facts) -> Plan:
    """The round that runs or comes next, started by a person; with the same end as the calendar's."""
    calendar = _calendar(entry, office)
    today = calendar.local(office.now).date()
    single = not parse_recurrence(entry.when).is_window
    term = None if single else next((one for one in terms(entry, today, calendar) if one.due > office.now), None)
    if term is None:
        end = due(office.now, parse_span(entry.due), calendar).at
        term = Term(key=today.isoformat(), opens=office.now, window=office.now, due=end)
    return _started(entry, replace(term, opens=office.now), office, facts)


def _by_calendar(entry: Entry, office: Office, books: Books) -> Plan:
    """What the calendar starts now; the mark says from when on openings count, and for which words."""
    name, calendar = f"round:{office.box.address}:{entry.id}", _calendar(entry, office)
    words = f"{entry.when}|{entry.opens}|"
    known = books.kept_text(name)
    if known == words + _OVER:
        return Plan()
    since, fresh = calendar.instant(calendar.local(office.now).date(), time()), not known.startswith(words)
    if not fresh:
        since = datetime.fromisoformat(known.removeprefix(words))
        if since > office.now:
            return Plan()
    plan, mark = Plan(), _OVER
    for term in terms(entry, calendar.local(since).date() - 370 * _DAY, calendar):
        if term.opens > office.now:
            mark = term.opens.isoformat()
            break
        # A form that went out early, for a window that is still to come, goes out now where it is new.
        if term.opens >= since or (fresh and term.window >= since):
            over = term.due <= office.now
            plan += _told("round-missed", entry, office) if over else _started(entry, term, office, books)
    return plan + Plan(texts=((name, words + mark),))


def _started(entry: Entry, term: Term, office: Office, facts: Facts) -> Plan:
    index, today = office.index, office.now.astimezone(office.zone).date()
    owner = person_named(entry.owner, index) or office.coordinator_person()
    items = receivers_listed(entry.to, index, coordinator=office.pack.coordinator)
    if owner is None or not items:
        return _told("round-nobody", entry, office)
    owner = index.present(owner.address, today) or owner
    number = facts.new_number(office.box.identity.case_prefix, today.year)
    form = office.pack.rounds.form(entry.form)
    case = Case(
        number=number, pack=office.pack.id, mailbox=office.box.address, type=entry.type, state=State.CIRCULATING,
        requester=Requester(address="", language=owner.language), received=office.now, unit=owner.unit,
        handler=owner.address, steps=(RETURNED,), origin="round", last_human_event=office.now,
        round=Round(entry=entry, form=form, period=term.key, opened=office.now, due=term.due),
    )  # fmt: skip
    named = title(case, owner.language)
    own = tuple(with_stand_in(item, case, office, today=today) for item in items)
    case = replace(case, subject=named, summary=named, circulation=own)
    letters = [form_letter(case, item, to, office) for item in own for to in (item.receiver, *item.beside)]
    letters.append(round_letter(case, owner.address, office, what="started", returns=()))
    data: dict[str, object] = {"round": entry.id, "period": term.key, "due": term.due.isoformat(),
                               "receivers": [item.receiver for item in own]}  # fmt: skip
    event = Event(kind="round-started", at=office.now, actor="maild", data=data)
    return Plan(cases=(case,), clocks=_clocks(case, term, office), letters=tuple(letters),
                happenings=(Happening(number=number, event=event),))  # fmt: skip


def _clocks(case: Case, term: Term, office: Office) -> tuple[Clock, ...]:
    """One for each return, and one for the round as a whole."""
    calendar = office.calendar_at(case.handler)
    start = max(term.window, office.now) if term.window < term.due else office.now
    first = min(reminder(start, term.due, calendar), term.due)
    whole = Clock(case=case.number, kind=ClockKind.RETURN, start=office.now, due=term.due, next_at=term.due,
                  length=OWN_DATE)  # fmt: skip
    return (whole, *(replace(whole, start=start, next_at=first, subject=one.receiver) for one in case.circulation))


def _calendar(entry: Entry, office: Office) -> WorkCalendar:
    owner = person_named(entry.owner, office.index)
    return office.calendar_at(owner.address if owner else None)


def _opens_at(day: date, calendar: WorkCalendar) -> datetime:
    """The opening hour of a day, or of the next working day."""
    return calendar.intervals(workday_after(day, calendar, 0))[0].start


def _told(kind: str, entry: Entry, office: Office) -> Plan:
    person = office.coordinator_person()
    return Plan(lines=(Line(kind=kind, data={"what": entry.name.in_language(person.language if person else "zh")}),))
