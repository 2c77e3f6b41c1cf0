"""The calendar starts form rounds: each receiver gets the form, the owner hears, the clocks begin (casework 7)."""

from dataclasses import replace
from datetime import datetime, time

from maild.domain.case import Case, Clock, ClockKind, Event, Requester, State
from maild.domain.formlist import person_named, receivers_listed
from maild.domain.formround import RETURNED, Entry, Round
from maild.domain.formterm import Term, terms, terms_since
from maild.domain.recurrence import parse_recurrence
from maild.domain.sla import OWN_DATE
from maild.domain.span import parse_span
from maild.domain.worktime import WorkCalendar, due, reminder
from maild.workflow.books import Books
from maild.workflow.circulating import with_stand_in
from maild.workflow.facts import Facts
from maild.workflow.formletters import form_letter, round_letter, title
from maild.workflow.office import Office
from maild.workflow.plan import Happening, Line, Plan

ASKED = "form-start"
"""Under this name the command line leaves which rounds shall start now."""
_OVER = "over"


def asked_name(mailbox: str) -> str:
    """The name of the small fact that asks for rounds of a mailbox."""
    return f"{ASKED}:{mailbox}"


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
    calendar = owners_calendar(entry, office)
    today = calendar.local(office.now).date()
    single = not parse_recurrence(entry.when).is_window
    term = None if single else next((one for one in terms(entry, today, calendar) if one.due > office.now), None)
    if term is None:
        end = due(office.now, parse_span(entry.due), calendar)
        term = Term(key=today.isoformat(), opens=office.now, window=office.now, due=end.at,
                    provisional=end.provisional)  # fmt: skip
    return _started(entry, replace(term, opens=office.now), office, facts)


def rounds_due(office: Office, books: Books) -> bool:
    """Whether the calendar or a person starts one now; asked without writing, since it seldom does."""
    if books.kept_text(asked_name(office.box.address)):
        return True
    entries = office.pack.rounds.rounds if office.box.mode == "live" else ()
    return any(entry.enabled and _since(entry, office, books) is not None for entry in entries)


def _mark(entry: Entry, office: Office) -> tuple[str, str]:
    """Under which name the entry's mark stands, and the words that begin it: others make it a new entry."""
    return f"round:{office.box.address}:{entry.id}", f"{entry.when}|{entry.opens}|"


def _since(entry: Entry, office: Office, books: Books) -> tuple[datetime, bool] | None:
    """From when on openings count, and whether the entry is new; None where nothing opens now."""
    name, words = _mark(entry, office)
    known, calendar = books.kept_text(name), owners_calendar(entry, office)
    if not known.startswith(words):
        return calendar.instant(calendar.local(office.now).date(), time()), True
    if known == words + _OVER:
        return None
    since = datetime.fromisoformat(known.removeprefix(words))
    return (since, False) if since <= office.now else None


def _by_calendar(entry: Entry, office: Office, books: Books) -> Plan:
    """What the calendar starts now; the mark says from when on openings count, and for which words."""
    found = _since(entry, office, books)
    if found is None:
        return Plan()
    (since, fresh), calendar = found, owners_calendar(entry, office)
    plan, mark = Plan(), _OVER
    for term in terms_since(entry, calendar.local(since).date(), calendar):
        if term.opens > office.now:
            mark = term.opens.isoformat()
            break
        # A form that went out early, for a window that is still to come, goes out now where it is new.
        if term.opens >= since or (fresh and term.window >= since):
            over = term.due <= office.now
            plan += _told("round-missed", entry, office) if over else _started(entry, term, office, books)
    name, words = _mark(entry, office)
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
                  provisional=term.provisional, length=OWN_DATE)  # fmt: skip
    return (whole, *(replace(whole, start=start, next_at=first, subject=one.receiver) for one in case.circulation))


def owners_calendar(entry: Entry, office: Office) -> WorkCalendar:
    """By whose days a round runs: those of who owns it."""
    owner = person_named(entry.owner, office.index)
    return office.calendar_at(owner.address if owner else None)


def _told(kind: str, entry: Entry, office: Office) -> Plan:
    person = office.coordinator_person()
    return Plan(lines=(Line(kind=kind, data={"what": entry.name.in_language(person.language if person else "zh")}),))
